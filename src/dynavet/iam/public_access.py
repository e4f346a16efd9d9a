"""Whether a statement of a table's policy is open to everybody, as DynamoDB's Block Public Access sees it.

Source: DynamoDB Developer Guide, "Preventing public access with resource-based policies".
"""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.conditions import conditions_of, key_is, read_operator
from dynavet.iam.globs import has_wildcard
from dynavet.iam.patterns import as_written
from dynavet.model import Condition, Patterns, Principals, Statement
from dynavet.text import Text
from dynavet.values import Single, Unknown, single

SERVICE_FLAG = "aws:PrincipalIsAWSService"
LIMITING = (
    *("aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:UserId"),
    *("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"),
    *("aws:SourceVpc", "aws:SourceVpce", "aws:Ec2InstanceSourceVpc"),
    *("aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", SERVICE_FLAG),
)
"""The keys that make a policy for everybody a policy for some, given fixed values."""


def means_everybody(statement: Statement) -> Answer:
    """Whether the principal of a statement of one world is everybody; without a principal it is nobody.

    An Allow with `NotPrincipal` is for all but a few. An ARN with a wildcard for the account, which AWS
    does not take, is meant for all accounts.
    """
    named, excepted = single(statement.principals), single(statement.not_principals)
    if isinstance(excepted, Unknown):
        return undecided(excepted)
    if excepted.value is not None:
        return YES
    if isinstance(named, Unknown):
        return undecided(named)
    return NO if named.value is None else _anyone_in(named.value)


def _anyone_in(principals: Principals) -> Answer:
    listed = [_any_wildcard(ids) for kind, ids in principals.by_type.items() if kind in ("*", "AWS")]
    return any_of((*listed, *((undecided(*principals.more),) if principals.more else ())))


def _any_wildcard(identifiers: Patterns) -> Answer:
    answers = [_is_wildcard(single(item)) for item in identifiers.items]
    return any_of((*answers, *((undecided(*identifiers.more),) if identifiers.more else ())))


def _is_wildcard(item: Single[Text]) -> Answer:
    if isinstance(item, Unknown):
        return undecided(item)
    fields = as_written(item.value).split(":", 5)
    account = fields[4] if len(fields) == 6 and fields[2] in ("iam", "sts", "*") else fields[0]
    return Answer(has_wildcard(account))


def limited(statement: Statement, more_keys: tuple[str, ...] = ()) -> Answer:
    """Whether a condition of a statement of one world limits it to known principals or places.

    `more_keys` limit as well where the statement stands.
    """
    known, unknown = conditions_of(statement)
    answers = [_limits(condition, (*LIMITING, *more_keys)) for condition in known]
    return any_of((*answers, *((undecided(*unknown),) if unknown else ())))


def _limits(condition: Condition, keys: tuple[str, ...]) -> Answer:
    operator = read_operator(condition.operator)
    if operator is None or operator.name == "Null" or operator.holds_without_key:
        return NO
    key = key_is(condition.key, keys, condition.origin)
    if key.truth is False:
        return NO
    is_flag = key_is(condition.key, (SERVICE_FLAG,))
    return key & _all_values(condition, "true" if is_flag.truth else "")


def _all_values(condition: Condition, required: str) -> Answer:
    """Whether every value is fixed, or is the `required` one."""
    values = single(condition.values)
    if isinstance(values, Unknown):
        return undecided(values)
    more = (undecided(*values.value.more),) if values.value.more else ()
    return all_of((*(_is_fixed(single(item), required) for item in values.value.items), *more))


def _is_fixed(item: Single[Text], required: str) -> Answer:
    if isinstance(item, Unknown):
        return undecided(item)
    written = "".join(part for part in item.value.parts if isinstance(part, str))
    if required:
        return Answer(written.lower() == required)
    return Answer(not has_wildcard(written) and "${" not in written)


def not_counting(statement: Statement, more_keys: tuple[str, ...] = ()) -> Iterator[str]:
    """For people, why the conditions on limiting keys of a statement of one world do not limit it."""
    keys = (*LIMITING, *more_keys)
    for condition in conditions_of(statement)[0]:
        operator = read_operator(condition.operator)
        if key_is(condition.key, keys).truth is not True or _limits(condition, keys).truth is not False:
            continue
        what = f"{condition.operator} on {condition.key}"
        if operator is None or operator.name == "Null" or operator.negated:
            yield f"{what} says only what does not hold" if operator is not None else f"{what} is no operator of IAM"
        elif operator.holds_without_key:
            yield f"{what} also holds for a request without the key"
        else:
            yield f"{what} has a value that is not fixed"


__all__ = ["LIMITING", "limited", "means_everybody", "not_counting"]
