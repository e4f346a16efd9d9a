"""Whether a request that a statement is about gets through: past its conditions, and past what is denied beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dynavet.answers import YES, Answer, all_of, any_of, undecided
from dynavet.iam import Context
from dynavet.iam.actions import Action, arn_globs
from dynavet.iam.conditions import conditions_of, key_is
from dynavet.iam.patterns import covers_all_resources_of, may_be_resource_of
from dynavet.model import Patterns, Policy, PolicyKind, Statement
from dynavet.regexes import regex
from dynavet.remembering import remembered
from dynavet.rule import Grant
from dynavet.text import Hole, Reference, Text
from dynavet.values import ABSENT, Known, Origin, Unknown, single
from dynavet_checks.access.grants import known_statements

FREE = Unknown("the sender of the request is free in this")
"""What a request may choose: what only sometimes denies it is no obstacle."""

_ACCOUNT = Known(Text.of("000000000000"))
_OPEN_PART = regex(r"\$\{([*?$])\}|\$\{[^}]*\}|[*?]")


def with_keys(**keys: str | None) -> Context:
    """The context of a request with these keys of DynamoDB (`None`: without them), free in all others.

    >>> with_keys(Select="COUNT").value("dynamodb:Select").value[0].value.literal
    'COUNT'
    """
    given = {f"dynamodb:{name}": value for name, value in keys.items()}
    known = Context.of({key: value for key, value in given.items() if value is not None}).keys
    return Context({**known, **{key: ABSENT for key, value in given.items() if value is None}}, FREE)


def meets(statement: Statement, keys: Collection[str], context: Context) -> Answer:
    """Whether a request meets the conditions that a statement of one world has on these keys, `Null` among them."""
    from dynavet.iam.condition_matching import Reading, condition_met  # only statements with such keys need it

    known, unknown = conditions_of(statement)
    answers = [undecided(*unknown)] if unknown else []
    for condition in known:
        on_them = key_is(condition.key, keys, condition.origin)
        if on_them.truth is not False:
            answers.append(~on_them | condition_met(condition, Reading(context, YES)))
    return all_of(answers)


def gets_past(grant: Grant, action: Action, context: Context) -> Answer:
    """Whether such a request, on some resource of the statement, is denied by no statement of some holder.

    Without holders only the policy itself can deny. Conditions that the sender is free to avoid deny nothing.
    """
    return any_of(
        not_denied(grant, policies, action, resource, context)
        for policies in sides(grant)
        for resource in resources(grant.statement, action)
    )


def sides(grant: Grant) -> tuple[tuple[Policy, ...], ...]:
    """The policies of each holder; without holders, the policy alone."""
    return tuple(holder.policies for holder in grant.holders) or ((grant.policy,),)


def not_denied(grant: Grant, policies: tuple[Policy, ...], action: Action, resource: Text, context: Context) -> Answer:
    """Whether no statement of the policies denies the request."""
    some = [policy for policy in policies if denials(policy)]
    denying = tuple(each for policy in some if (each := _denials(policy, grant.statement)).statements)
    if not denying:
        return YES
    from dynavet.iam import Policies, PrincipalType, Request, RequestPrincipal, evaluate  # few scans come here

    everything = _allowing_everything(grant.policy)
    request = Request(
        principal=RequestPrincipal(type=Known(PrincipalType.ROLE), arn=FREE, account=_ACCOUNT, issuer=FREE),
        action=Known(Text.of(action.id)),
        resource=Known(resource),
        resource_account=_ACCOUNT,
        context=context,
    )
    decision = evaluate(request, Policies(identity=(everything, *denying)))
    if decision.allowed.truth is not None:
        return decision.allowed
    return settled(undecided(*decision.reasons))


def settled(answer: Answer) -> Answer:
    """An answer that only what the request is free in leaves open is yes."""
    if answer.truth is not None:
        return answer
    reasons = tuple(reason for reason in answer.reasons if reason.reason != FREE.reason)
    return undecided(*reasons) if reasons else YES


def _denials(policy: Policy, statement: Statement) -> Policy:
    """The policy with nothing but the statements that are known to deny something to all that the statement means."""
    kept = (each for each in denials(policy) if "*" in principals(each) or principals(statement) <= principals(each))
    bare = (Known(replace(each, principals=ABSENT, not_principals=ABSENT)) for each in kept)
    return replace(policy, statements=tuple(bare), more=())


def principals(statement: Statement) -> frozenset[str]:
    """The principals that a statement of one world names, as far as they are known; ``*`` if it needs none."""
    element, excepted = single(statement.principals), single(statement.not_principals)
    if isinstance(element, Unknown) or isinstance(excepted, Unknown) or excepted.value is not None:
        return frozenset()
    if element.value is None:
        return frozenset("*")
    named = [(kind, single(item)) for kind, each in element.value.by_type.items() for item in each.items]
    texts = [(kind, str(item.value)) for kind, item in named if not isinstance(item, Unknown)]
    return frozenset("*" if text == "*" else f"{kind} {text}" for kind, text in texts)


@remembered
def denials(policy: Policy) -> tuple[Statement, ...]:
    """The statements of a policy of one world that are known to deny."""
    return tuple(each for each in known_statements(policy) if _effect(each) == "Deny")


def _effect(statement: Statement) -> str | None:
    effect = single(statement.effect)
    return None if isinstance(effect, Unknown) or effect.value is None else effect.value.literal


def _allowing_everything(policy: Policy) -> Policy:
    anything = Known(Patterns(items=(Known(Text.of("*")),)))
    statement = Statement(
        name="", index=-1, origin=policy.origin, effect=Known(Text.of("Allow")), actions=anything, resources=anything
    )
    return Policy(address="", origin=policy.origin, kind=PolicyKind.IDENTITY, statements=(Known(statement),))


def resources(statement: Statement, action: Action) -> tuple[Text, ...]:
    """A resource for each pattern of a statement of one world that the action can work on, free where it is."""
    wanted = single(statement.resources)
    if isinstance(wanted, Unknown):
        return (Text.of(Hole(wanted.reason)),)
    if wanted.value is None:
        return (_any_resource(action),)
    texts = (single(item) for item in wanted.value.items)
    found = [_resource(text.value, action, text.origin) for text in texts if not isinstance(text, Unknown)]
    unknown = [item for item in map(single, wanted.value.items) if isinstance(item, Unknown)]
    holes = [Text.of(Hole(reason.reason)) for reason in (*unknown, *wanted.value.more)]
    return tuple(dict.fromkeys((*(each for each in found if each is not None), *holes)))


def _resource(pattern: Text, action: Action, origin: Origin | None) -> Text | None:
    if may_be_resource_of(pattern, action, origin).truth is False:
        return None
    if covers_all_resources_of(pattern, action, origin).truth:
        return _any_resource(action)
    return Text.of(*(_freed(part) if isinstance(part, str) else part for part in pattern.parts))


def _any_resource(action: Action) -> Text:
    """Any resource of the kind that the action works on; ``*`` for an action that works on none."""
    if not action.resource_types:
        return Text.of("*")
    kind = "table" if "table" in action.resource_types else action.resource_types[0]
    return _freed(arn_globs(action.service)[kind])


def _freed(pattern: str) -> Text:
    """The text with what a request may choose where the pattern has a wildcard or a policy variable."""
    parts: list[str | Hole] = []
    end = 0
    for found in _OPEN_PART.finditer(pattern):
        parts += [pattern[end : found.start()], found[1] or Hole(FREE.reason)]
        end = found.end()
    return Text.of(*parts, pattern[end:])


def table_named(resource: Text, otherwise: str = "TABLE") -> str:
    """The name of the table that a resource is or belongs to, for an example; `otherwise` if it has no fixed name."""
    for index, part in enumerate(resource.parts):
        if isinstance(part, Reference):
            if index == 0 or str(resource.parts[index - 1]).endswith(":table/"):
                return part.target
        elif isinstance(part, str) and ":table/" in part:
            name, slash, _ = part.partition(":table/")[2].partition("/")
            if name and (slash or index == len(resource.parts) - 1):
                return name
    return otherwise
