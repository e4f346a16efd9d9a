"""Policy variables in texts."""

from __future__ import annotations

import pytest

from dynavet.iam.versions import policy_variables
from dynavet.text import Hole, Text


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("table/${aws:username}", ("${aws:username}",)),
        ("${aws:PrincipalTag/team, 'none'}-${*}", ("${aws:PrincipalTag/team, 'none'}", "${*}")),
        ("${cognito-identity.amazonaws.com:sub}", ("${cognito-identity.amazonaws.com:sub}",)),
        ("${AWS::Region}/${Stage}/${self:custom.table}", ()),
        ("$aws:username {aws:username} ${}", ()),
    ],
)
def test_what_is_a_policy_variable(text: str, variables: tuple[str, ...]) -> None:
    assert policy_variables(Text.of(text)) == variables


def test_a_variable_stands_in_one_piece_of_text() -> None:
    assert policy_variables(Text.of("${aws:", Hole("var.x has no value"), "}")) == ()
