"""Whether the policy of an endpoint limits what goes through it: who, what they do, or on which resources."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, all_of, any_of, ask, undecided
from dynavet.iam.actions import Action, actions_of
from dynavet.iam.breadth import Breadth, breadth_of
from dynavet.iam.conditions import conditions_of, key_is, read_operator
from dynavet.iam.patterns import ask_any, covers_all_resources_of
from dynavet.iam.public_access import means_everybody
from dynavet.iam.reach import reach
from dynavet.model import Condition, Policy, Statement
from dynavet.text import Text
from dynavet.values import Origin, Unknown, single
from dynavet_checks.access.grants import allows

NO_LIMIT = ("aws:SecureTransport", "aws:SourceVpc", "aws:SourceVpce")
"""Keys that say nothing of who asks for what: the endpoint itself, and its VPC, are the same for all its requests."""


def actions_through(service: str) -> tuple[Action, ...]:
    """The actions on tables, or of an endpoint for streams those on streams."""
    if service == "dynamodb-streams":
        return tuple(each for each in actions_of("dynamodb") if each.resource_types == ("stream",))
    return tuple(each for each in actions_of("dynamodb") if "table" in each.resource_types)


def limits_nothing(policy: Policy, service: str) -> Answer:
    """Whether a policy of one world lets everybody do every action on every resource.

    That may take several statements. Conditions on keys of `NO_LIMIT` do not count.
    """
    slots = [single(slot) for slot in policy.statements]
    statements = [each.value for each in slots if not isinstance(each, Unknown) and each.value is not None]
    unknown = [each for each in (*slots, *policy.more) if isinstance(each, Unknown)]
    open_to_all = [(each, for_all) for each in statements if (for_all := _for_everybody(each)).truth is not False]
    doubt = undecided(*unknown) if unknown else NO
    allowed = all_of(_allowed(action, open_to_all) | doubt for action in actions_through(service))
    return allowed & ~(any_of(map(_denies_some, statements)) | doubt)


def _for_everybody(statement: Statement) -> Answer:
    known, unknown = conditions_of(statement)
    limited = any_of((*map(_limits, known), *((undecided(*unknown),) if unknown else ())))
    return allows(statement) & means_everybody(statement) & ~limited


def _allowed(action: Action, statements: list[tuple[Statement, Answer]]) -> Answer:
    return any_of(for_all & _covers(statement, action) for statement, for_all in statements)


def _covers(statement: Statement, action: Action) -> Answer:
    """Whether a statement is about the action on every resource."""
    reached = any_of(each.includes(lambda other: other == action) for each in reach(statement))
    if reached.truth is False:
        return NO
    excepted = ask(lambda found: found is not None, single(statement.not_resources))
    return reached & ask_any(single(statement.resources), lambda t, at: _all(t, action, at), absent=~excepted)


def _all(pattern: Text, action: Action, origin: Origin | None) -> Answer:
    """Whether the pattern is about every table of every account; an endpoint serves one Region, so that may be named.

    What is filled in for the account is one account.
    """
    written = "".join(part if isinstance(part, str) else "\0" for part in pattern.parts)
    fields = written.split(":", 5)
    if len(fields) < 6 or fields[2] != "dynamodb":
        return covers_all_resources_of(pattern, action, origin)
    return breadth_of(pattern, origin).exceeds(Breadth.PREFIX) if fields[4] == "*" else NO


def _denies_some(statement: Statement) -> Answer:
    """Whether a statement denies something of DynamoDB, and not by conditions that are no limit alone."""
    if not any(action.service == "dynamodb" for each in reach(statement) for action in (*each.actions, *each.possible)):
        return NO
    known, unknown = conditions_of(statement)
    bare = YES if not known and not unknown else NO
    limits = any_of((bare, *map(_limits, known), *((undecided(*unknown),) if unknown else ())))
    return _denies(statement) & limits


def _denies(statement: Statement) -> Answer:
    return ask(lambda effect: str(effect) == "Deny", single(statement.effect))


def _limits(condition: Condition) -> Answer:
    """Whether a condition tells requests apart by who makes them or what for; ``*`` as a pattern does not."""
    operator = read_operator(condition.operator)
    if operator is not None and operator.name in ("StringLike", "ArnLike", "ArnEquals"):
        values = single(condition.values)
        items = [] if isinstance(values, Unknown) else [single(item) for item in values.value.items]
        if any(not isinstance(item, Unknown) and item.value.literal == "*" for item in items):
            return NO
    return ~key_is(condition.key, NO_LIMIT, condition.origin)


__all__ = ["limits_nothing"]
