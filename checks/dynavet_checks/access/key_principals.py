"""Whom a statement of a key policy means."""

from __future__ import annotations

from collections.abc import Callable, Collection

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.patterns import ask_any, undecided_parts
from dynavet.iam.text_matching import as_literal, matches
from dynavet.model import Principal, Statement
from dynavet.text import Hole, Reference, Text
from dynavet.values import Known, Origin, Unknown, single
from dynavet_checks.access.key_resources import may_be_of

_DIGITS_OF_ACCOUNT = 12


def names_account(statement: Statement) -> Answer:
    """Whether the statement means the account, which leaves access to its identity policies."""
    return _any_named(statement, _is_account)


def names_identity(statement: Statement, principal: Principal, others: Collection[Principal]) -> Answer:
    """Whether the statement means everybody, or the identity by itself, which is none of the `others`."""
    known = {address for each in others for address in (each.address, *each.also)}

    def one(text: Text, origin: Origin | None) -> Answer:
        if text.literal == "*" or any(each.target in (principal.address, *principal.also) for each in text.references):
            return YES
        if text.reference is not None:
            return NO if text.reference.target in known else _is_referred(text.reference, origin)
        return _is_written(text, principal, origin)

    return _any_named(statement, one)


def _any_named(statement: Statement, question: Callable[[Text, Origin | None], Answer]) -> Answer:
    element, excepted = single(statement.principals), single(statement.not_principals)
    if isinstance(element, Unknown):
        return undecided(element)
    if element.value is None:
        if isinstance(excepted, Known) and excepted.value is None:
            return NO
        reason = Unknown("whom NotPrincipal leaves is not known", excepted.origin)
        return undecided(excepted if isinstance(excepted, Unknown) else reason)
    identifiers = (each for kind, each in element.value.by_type.items() if kind in ("AWS", "*"))
    named = (ask_any(Known(each), question, absent=NO) for each in identifiers)
    return any_of((*named, *(undecided(reason) for reason in element.value.more)))


def _is_account(text: Text, origin: Origin | None) -> Answer:
    literal = text.literal or ""
    reference = text.reference
    if str(text).endswith(":root") or (literal.isdigit() and len(literal) == _DIGITS_OF_ACCOUNT):
        return YES
    if reference is not None and reference.attribute == "account_id":
        return YES
    return _only_holes(text, origin)


def _only_holes(text: Text, origin: Origin | None) -> Answer:
    all_open = bool(text.parts) and all(isinstance(part, Hole) for part in text.parts)
    return undecided(*undecided_parts(text, origin)) if all_open else NO


def _is_written(text: Text, principal: Principal, origin: Origin | None) -> Answer:
    """Whether it is the identity's ARN, written out."""
    written = str(text)
    if ":assumed-role/" in written:
        return undecided(Unknown(f"whether {principal.address} acts as {text} is not known", origin))
    if f":{principal.kind}/" not in written:
        return _only_holes(text, origin)
    own = single(principal.name)
    if isinstance(own, Unknown):
        return undecided(own)
    return NO if own.value is None else matches(as_literal(_last_segment(text)), own.value, origin)


def _last_segment(text: Text) -> Text:
    """What follows the last slash: the name, without path."""
    parts = text.parts
    index = max(index for index, part in enumerate(parts) if isinstance(part, str) and "/" in part)
    return Text.of(str(parts[index]).rpartition("/")[2], *parts[index + 1 :])


def _is_referred(reference: Reference, origin: Origin | None) -> Answer:
    """Whether something else that is referred to may be the identity."""
    if reference.attribute not in ("arn", "unique_id") or not may_be_of("iam", reference.shape):
        return NO
    return undecided(Unknown(f"{reference.target}.{reference.attribute} is not known", origin))
