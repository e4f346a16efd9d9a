"""What trust policies ask of web identities.

Source: IAM User Guide, "Available keys for AWS web identity federation" and "Creating a role for
third-party identity providers"; Amazon Cognito Developer Guide, "Role trust and permissions".
"""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, any_of, ask, undecided
from dynavet.iam.conditions import conditions_of, read_operator
from dynavet.iam.globs import intersects, match
from dynavet.iam.patterns import as_written, ask_any, at_most, undecided_parts
from dynavet.iam.principals import COGNITO
from dynavet.model import Condition, Statement
from dynavet.text import Text
from dynavet.values import Known, Origin, Single, Unknown, single

_ACTION = "sts:assumerolewithwebidentity"
_AUDIENCE = (":aud", ":oaud", ":app_id")
"""The key of the application that a token is for, after the provider's name; Facebook and Amazon say ``app_id``."""

_SUBJECT = (":sub", ":id", ":user_id")
_AMR = f"{COGNITO}:amr"
GUEST = "unauthenticated"


def trusts_web_identity(statement: Statement) -> Answer:
    """Whether a statement of one world, whatever its effect, is about a web identity provider."""
    named = single(statement.principals)
    if isinstance(named, Unknown):
        return undecided(named) & _assumes(statement)
    providers = named.value.by_type.get("Federated") if named.value is not None else None
    if named.value is None or providers is None:
        return NO
    return ask_any(Known(providers), lambda text, _: Answer(_is_web(text)), absent=NO) & _assumes(statement)


def _is_web(provider: Text) -> bool:
    return ":saml-provider/" not in as_written(provider)


def _assumes(statement: Statement) -> Answer:
    def covers(text: Text, origin: Origin | None) -> Answer:
        if match(as_written(text).lower(), _ACTION):
            return YES
        possible = intersects(at_most(text).lower(), _ACTION)
        return undecided(*undecided_parts(text, origin)) if possible and undecided_parts(text) else NO

    return ask_any(single(statement.actions), covers, absent=NO)


def providers_of(statement: Statement) -> tuple[str, ...]:
    """The web identity providers of a statement of one world, for people."""
    named = single(statement.principals)
    listed = (
        named.value.by_type.get("Federated") if not isinstance(named, Unknown) and named.value is not None else None
    )
    known = [single(item) for item in listed.items] if listed is not None else []
    return tuple(str(each.value) for each in known if not isinstance(each, Unknown) and _is_web(each.value))


def asks_for_audience(statement: Statement) -> Answer:
    """Whether a condition of a statement of one world holds only for tokens for certain applications.

    Every token has an audience, so that operators which hold without the key do as well.
    """
    return _limits(statement, _AUDIENCE)


def asks_for_subject(statement: Statement) -> Answer:
    """The same for certain subjects: users, repositories, service accounts."""
    return _limits(statement, _SUBJECT)


def lets_guests_in(statement: Statement) -> Answer:
    """Whether a condition of a statement of one world names the guests of an identity pool."""

    def names_guests(condition: Condition) -> Answer:
        operator = read_operator(condition.operator)
        if operator is None or operator.negated or operator.name == "Null":
            return NO
        if as_written(condition.key).lower() != _AMR:
            return NO
        return ask_any(single(condition.values), lambda text, _: Answer(match(as_written(text), GUEST)), absent=NO)

    known, unknown = conditions_of(statement)
    return any_of((*map(names_guests, known), *((undecided(*unknown),) if unknown else ())))


def _limits(statement: Statement, suffixes: tuple[str, ...]) -> Answer:
    known, unknown = conditions_of(statement)
    answers = [_ends_with(condition, suffixes) & _is_limit(condition) for condition in known]
    return any_of((*answers, *((undecided(*unknown),) if unknown else ())))


def _ends_with(condition: Condition, suffixes: tuple[str, ...]) -> Answer:
    """Whether the key is one of a provider's, whatever the provider's name."""
    if as_written(condition.key).lower().endswith(suffixes):
        return YES
    reasons = undecided_parts(condition.key, condition.origin)
    possible = any(intersects(at_most(condition.key).lower(), f"*{suffix}") for suffix in suffixes)
    return undecided(*reasons) if reasons and possible else NO


def _is_limit(condition: Condition) -> Answer:
    operator = read_operator(condition.operator)
    if operator is None or operator.negated or operator.name == "Null":
        return NO
    values = single(condition.values)
    everything = ask(lambda found: any(_is_everything(single(each)) for each in found.items), values)
    return YES if isinstance(values, Unknown) else ~everything


def _is_everything(value: Single[Text]) -> bool:
    written = "" if isinstance(value, Unknown) else as_written(value.value)
    return written != "" and not written.strip("*?")


__all__ = [
    "GUEST",
    "asks_for_audience",
    "asks_for_subject",
    "lets_guests_in",
    "providers_of",
    "trusts_web_identity",
]
