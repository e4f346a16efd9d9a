"""The context keys that follow from who makes a request, and on what.

Source: IAM User Guide, "AWS global condition context keys", "Properties of the principal" and
"Properties of the resource".
"""

from __future__ import annotations

from dynavet.iam.request import PrincipalType, Request, account_of_resource
from dynavet.iam.request_values import ContextValue
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Single, Unknown, single

_TYPE_VALUES = {
    PrincipalType.USER: "User",
    PrincipalType.ROLE: "AssumedRole",
    PrincipalType.FEDERATED_USER: "FederatedUser",
    PrincipalType.ROOT: "Account",
    PrincipalType.ANONYMOUS: "Anonymous",
}


def derived_keys(request: Request, kind: PrincipalType) -> dict[str, ContextValue]:
    """The keys of a request of one world; ``aws:PrincipalArn`` of a session is its role."""
    principal = request.principal
    arn = single(principal.issuer if kind is PrincipalType.ROLE else principal.arn)
    named = kind not in (PrincipalType.SERVICE, PrincipalType.FEDERATED, PrincipalType.ANONYMOUS)
    service = kind is PrincipalType.SERVICE
    type_value = _TYPE_VALUES.get(kind)
    return {
        "aws:PrincipalArn": _one(arn) if named else ABSENT,
        "aws:PrincipalAccount": _one(single(principal.account)) if named else ABSENT,
        "aws:PrincipalType": ABSENT if type_value is None else Known((Known(Text.of(type_value)),)),
        "aws:username": _user_name(single(principal.arn)) if kind is PrincipalType.USER else ABSENT,
        "aws:PrincipalIsAWSService": Known((Known(Text.of("true" if service else "false")),)),
        "aws:PrincipalServiceName": _one(single(principal.arn)) if service else ABSENT,
        "aws:ResourceAccount": _one(account_of_resource(request)),
    }


def _one(value: Single[Text | None]) -> ContextValue:
    if isinstance(value, Unknown):
        return value
    return ABSENT if value.value is None else Known((Known(value.value),))


def _user_name(arn: Single[Text | None]) -> ContextValue:
    """What follows the last slash of a user's ARN."""
    if isinstance(arn, Unknown):
        return Known((arn,))
    if arn.value is None:
        return ABSENT
    literal = arn.value.literal
    if literal is None:
        return Known((Unknown(f"the user of {arn.value} is not known", arn.origin),))
    return Known((Known(Text.of(literal.rpartition("/")[2])),))
