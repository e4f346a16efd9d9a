"""Whether a statement holds for what DynamoDB asks of KMS on behalf of a caller of the own account."""

from __future__ import annotations

from dataclasses import replace

from dynavet.answers import YES, Answer, all_of, undecided
from dynavet.iam import Context
from dynavet.iam.conditions import conditions_of, read_operator
from dynavet.iam.globs import has_wildcard
from dynavet.model import Condition, Patterns, Statement
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Unknown, Value, single

VIA_SERVICE = "kms:ViaService"
_ACCOUNT_KEYS = frozenset({"kms:calleraccount", "aws:principalaccount"})
_SERVICE, _DOMAIN = "dynamodb.", ".amazonaws.com"
_THIS_REGION = f"{_SERVICE}us-east-1{_DOMAIN}"


def met(statement: Statement) -> Answer:
    """Whether the conditions of a statement of one world are met; Region and account are taken for right."""
    known, unknown = conditions_of(statement)
    return all_of((*map(_met, known), *(undecided(reason) for reason in unknown)))


def _met(condition: Condition) -> Answer:
    from dynavet.iam.condition_matching import Reading, condition_met  # few statements on keys have conditions

    key = condition.key.literal or ""
    operator = read_operator(condition.operator)
    if key.lower() in _ACCOUNT_KEYS and operator is not None and not operator.negated and operator.name != "Null":
        return YES
    if key.lower() == VIA_SERVICE.lower():
        condition = replace(condition, values=_in_this_region(condition.values))
    others = Unknown(f"{key or 'a condition key'} of the request is not known", condition.origin)
    keys = Context.of({VIA_SERVICE: _THIS_REGION}).keys
    return condition_met(condition, Reading(Context({**keys, "kms:GrantIsForAWSResource": ABSENT}, others), YES))


def _in_this_region(values: Value[Patterns]) -> Value[Patterns]:
    """The values, one Region in them being this one."""
    known = single(values)
    if isinstance(known, Unknown):
        return known
    items = tuple(_usual(item) for item in known.value.items)
    return Known(replace(known.value, items=items), known.origin)


def _usual(item: Value[Text]) -> Value[Text]:
    text = single(item)
    if isinstance(text, Unknown):
        return text
    written = "".join(part for part in text.value.parts if isinstance(part, str))
    is_one = str(text.value).startswith(_SERVICE) and _DOMAIN in written and not has_wildcard(written)
    return Known(Text.of(_THIS_REGION), text.origin) if is_one else text
