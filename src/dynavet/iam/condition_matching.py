"""Whether a condition of a statement is met by a request.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for
multivalued context keys" and "Condition operator to check existence of condition keys".
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.condition_values import compare_values, matches_arn
from dynavet.iam.conditions import Operator, conditions_of, read_operator
from dynavet.iam.patterns import ask_any, undecided_parts
from dynavet.iam.request_values import Context
from dynavet.iam.text_matching import as_literal, in_lower_case, matches, reasons
from dynavet.iam.variables import substitute
from dynavet.model import Condition, Patterns, Statement
from dynavet.records import dataclass
from dynavet.text import Hole, Text
from dynavet.values import Origin, Single, Unknown, Value, single


@dataclass(frozen=True, slots=True)
class Reading:
    """What the conditions and resources of one document are read with."""

    context: Context
    has_variables: Answer

    def substitute(self, text: Text, *, in_arn: bool = False) -> Text | None:
        return substitute(text, self.context.single_value, self.has_variables, in_arn=in_arn)


def conditions_met(statement: Statement, reading: Reading) -> Answer:
    """Whether all conditions of a statement of one world are met."""
    known, unknown = conditions_of(statement)
    met = all_of(condition_met(condition, reading) for condition in known)
    return met & undecided(*unknown) if unknown else met


def condition_met(condition: Condition, reading: Reading) -> Answer:
    """Whether one condition of one world is met; undecided if its operator is none of IAM's."""
    operator = read_operator(condition.operator)
    if operator is None:
        return undecided(Unknown(f"Condition operator {condition.operator} is none of IAM's", condition.origin))
    key = condition.key.literal
    if key is None:
        return undecided(*undecided_parts(condition.key, condition.origin))
    given = reading.context.value(key)
    if operator.name == "Null":
        return _null_is(_is_null(given), single(condition.values))
    without = Answer(operator.holds_without_key)
    if isinstance(given, Unknown):
        return undecided(given)
    if given.value is None:
        return without
    values = tuple(single(each) for each in given.value)
    present = _holds(operator, values, single(condition.values), reading)
    if not operator.quantifier:
        return present
    return either(_is_null(given), without, present)


def either(condition: Answer, when_yes: Answer, when_no: Answer) -> Answer:
    """One of two answers; if the condition is undecided, the answer that they share."""
    if condition.truth is not None:
        return when_yes if condition.truth else when_no
    if when_yes.truth is not None and when_yes.truth == when_no.truth:
        return when_yes
    return undecided(*condition.reasons, *when_yes.reasons, *when_no.reasons)


def _is_null(given: Single[tuple[Value[Text], ...] | None]) -> Answer:
    """Whether the key is absent or has no value but the empty string."""
    if isinstance(given, Unknown):
        return undecided(given)
    return all_of(_is_empty(single(each)) for each in given.value or ())


def _is_empty(value: Single[Text]) -> Answer:
    if isinstance(value, Unknown):
        return undecided(value)
    if all(isinstance(part, Hole) for part in value.value.parts):
        return undecided(*reasons(value.value)) if value.value.parts else YES
    return NO


def _null_is(is_null: Answer, values: Single[Patterns]) -> Answer:
    """``true`` asks for a key that is absent or null, ``false`` for one that is neither."""

    def one(text: Text, origin: Origin | None) -> Answer:
        literal = text.literal
        if literal is None:
            return undecided(*reasons(text, origin))
        wanted = {"true": YES, "false": NO}.get(literal.lower())
        return NO if wanted is None else either(is_null, wanted, ~wanted)

    return ask_any(values, one, absent=NO)


def _holds(operator: Operator, given: tuple[Single[Text], ...], written: Single[Patterns], reading: Reading) -> Answer:
    """The answer for a key that the request carries.

    Several values without a set operator, which AWS does not define, are met by any of them.
    """
    name = operator.name.replace("Not", "", 1)
    matched = [_matches_any(name, value, written, reading) for value in given]
    if operator.quantifier == "ForAllValues":
        return all_of(~each if operator.negated else each for each in matched)
    if operator.quantifier == "ForAnyValue":
        return any_of(~each if operator.negated else each for each in matched)
    return ~any_of(matched) if operator.negated else any_of(matched)


def _matches_any(name: str, given: Single[Text], written: Single[Patterns], reading: Reading) -> Answer:
    value = Text.of(Hole(given.reason)) if isinstance(given, Unknown) else given.value

    def one(text: Text, origin: Origin | None) -> Answer:
        return _compare(name, text, value, reading, origin)

    return ask_any(written, one, absent=NO)


def _compare(name: str, text: Text, value: Text, reading: Reading, origin: Origin | None) -> Answer:
    """A positive operator with one value in the policy and one in the request."""
    if not name.startswith(("String", "Arn")):
        return compare_values(name, text, value, origin)
    pattern = reading.substitute(text)
    if pattern is None:
        return NO
    if name.startswith("Arn"):
        return matches_arn(pattern, value, origin)
    if name == "StringLike":
        return matches(pattern, value, origin)
    if name == "StringEquals":
        return matches(as_literal(pattern), value, origin)
    return matches(in_lower_case(as_literal(pattern)), in_lower_case(value), origin)
