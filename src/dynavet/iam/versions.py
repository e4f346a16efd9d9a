"""The versions of the policy language, and policy variables, which only the newer one has.

Source: IAM User Guide, "IAM JSON policy elements: Version" and "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Policy
from dynavet.regexes import regex
from dynavet.text import Text, closed
from dynavet.values import Unknown, single

CURRENT, OLD = "2012-10-17", "2008-10-17"
VERSIONS = (CURRENT, OLD)

_OF_OTHERS = "AWS::|(?:self|opt|env|sls|param|cf):"
"""How variables of CloudFormation and the Serverless Framework begin that nothing has put a value in."""

_VARIABLE = regex(rf"\$\{{(?:[*?$]|\s*(?!{_OF_OTHERS})[^{{}}:\s]+:[^{{}}]*)\}}")


def has_variables(policy: Policy) -> Answer | None:
    """Whether the version of a policy of one world knows policy variables; `None` if there is no such version."""
    version = single(policy.version)
    if isinstance(version, Unknown):
        return undecided(version)
    if version.value is None or version.value.literal == OLD:
        return NO
    if version.value.literal is None:
        return undecided(*undecided_parts(version.value, version.origin))
    return YES if version.value.literal == CURRENT else None


def policy_variables(text: Text) -> tuple[str, ...]:
    """The policy variables and escapes in a text as they are written; those of other languages are none.

    >>> policy_variables(Text.of("table/${aws:username}-${AWS::Region}-${Stage}"))
    ('${aws:username}',)
    """
    return tuple(found for part in text.parts if isinstance(part, str) for found in _VARIABLE.findall(closed(part)))
