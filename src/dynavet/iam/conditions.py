"""Condition operators and keys.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs.
multivalued context keys"; DynamoDB Developer Guide, "Specifying conditions".
"""

from __future__ import annotations

from collections.abc import Collection

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.globs import intersects
from dynavet.iam.patterns import as_written, at_most, undecided_parts
from dynavet.model import Condition, Statement
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Origin, Unknown, single

LEADING_KEYS = (
    "dynamodb:LeadingKeys",
    "dynamodb:FirstPartitionKeyValues",
    "dynamodb:SecondPartitionKeyValues",
    "dynamodb:ThirdPartitionKeyValues",
    "dynamodb:FourthPartitionKeyValues",
)
"""Keys that limit rows; the first two are the same key under two names."""

ATTRIBUTES = "dynamodb:Attributes"

_COMPARED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike"),
    *(f"{kind}{comparison}" for kind in ("Numeric", "Date") for comparison in _COMPARED),
    *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
    *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null"),
)
QUANTIFIERS = ("ForAllValues", "ForAnyValue")

_CANONICAL = {name.lower(): name for name in (*OPERATORS, *QUANTIFIERS)}


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator in its parts: ``ForAllValues:StringEqualsIfExists``.

    `quantifier` is ``ForAllValues``, ``ForAnyValue`` or empty.
    """

    quantifier: str
    name: str
    if_exists: bool

    @property
    def negated(self) -> bool:
        return "Not" in self.name

    @property
    def holds_without_key(self) -> bool:
        """Whether the condition is met by a request that does not carry the key (`Null` aside)."""
        if self.quantifier == "ForAnyValue":
            return False
        return self.quantifier == "ForAllValues" or self.if_exists or self.negated


def read_operator(text: str) -> Operator | None:
    """The parts of an operator, names in AWS's spelling whatever the case; `None` if there is no such.

    >>> read_operator("ForAllValues:StringEqualsIfExists")
    Operator(quantifier='ForAllValues', name='StringEquals', if_exists=True)
    """
    before, colon, name = text.rpartition(":")
    quantifier = _CANONICAL.get(before.lower(), "") if colon else ""
    if colon and quantifier not in QUANTIFIERS:
        return None
    if_exists = name.lower().endswith("ifexists")
    operator = _CANONICAL.get(name.lower().removesuffix("ifexists"))
    if operator not in OPERATORS or (operator == "Null" and (if_exists or colon)):
        return None
    return Operator(quantifier, operator, if_exists)


def key_is(key: Text, names: Collection[str], origin: Origin | None = None) -> Answer:
    """Whether the condition key is one of these, compared without case."""
    lowered = {name.lower() for name in names}
    if as_written(key).lower() in lowered:
        return YES
    upper = at_most(key).lower()
    reasons = undecided_parts(key, origin)
    return undecided(*reasons) if reasons and any(intersects(upper, name) for name in lowered) else NO


def conditions_of(statement: Statement) -> tuple[tuple[Condition, ...], tuple[Unknown, ...]]:
    """The conditions of a statement of one world, and why there may be further ones."""
    slots = [single(slot) for slot in statement.conditions]
    known = tuple(s.value for s in slots if not isinstance(s, Unknown) and s.value is not None)
    unknown = (s for s in slots if isinstance(s, Unknown))
    return known, (*unknown, *statement.more_conditions)


def has_condition_on(statement: Statement, names: Collection[str]) -> Answer:
    """Whether a condition other than `Null` is on one of the keys; the statement is of one world."""
    known, unknown = conditions_of(statement)
    result = undecided(*unknown) if unknown else NO
    for condition in known:
        operator = read_operator(condition.operator)
        if operator is None or operator.name != "Null":
            result = result | key_is(condition.key, names, condition.origin)
    return result


def limits_rows_or_attributes(statement: Statement) -> Answer:
    """Whether a statement of one world has a condition on partition key values or attribute names.

    `Select` alone and `Null` alone are no limit.
    """
    return has_condition_on(statement, (*LEADING_KEYS, ATTRIBUTES))
