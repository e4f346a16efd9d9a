"""How ``data.aws_iam_policy_document`` merges documents: by Sid.

A statement replaces, in its place, the one of the same Sid; one without a Sid is always
added. Semantics of hashicorp/aws 5.100 (`IAMPolicyDoc.Merge`), held by a test that runs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dynavet.iam.globs import match
from dynavet.records import dataclass
from dynavet.text import Text, as_text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Origin, Unknown, Value, assume, bind
from dynavet_parsers.iam_json.alignment import aligned
from dynavet_parsers.terraform.data import symbolic
from dynavet_parsers.terraform.functions.encoding import parse_document

Slot = Value[Any]
"""A statement object, absent, or unknown; open where a condition decides."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document to merge; `more`: it may have further statements, for these reasons."""

    version: Value[Any] = ABSENT
    statements: Sequence[Slot] = ()
    more: tuple[Unknown, ...] = ()


def document_of(text: Value[Any]) -> Document:
    """The document that a text (of one or several branches) encodes; nothing for no text."""
    return _of_value(bind(parse_document, text))


def _of_value(value: Value[Any]) -> Document:
    if isinstance(value, Unknown):
        return Document(value, (), (value,))
    if isinstance(value, OneOf):
        branches = [(label, _of_value(branch)) for label, branch in value.branches]
        places = [(label, [*each.statements, *each.more]) for label, each in branches]
        version = OneOf(value.condition, tuple((label, each.version) for label, each in branches), value.default)
        return Document(version, aligned(value, places, value.origin))
    data = value.value
    if data is None:
        return Document()
    if not isinstance(data, Object):
        return Document(more=(Unknown("the policy document is not an object", value.origin),))
    statements, more = _listed(data.get("Statement"))
    further = () if "Statement" in data.entries else data.more
    return Document(data.get("Version"), statements, (*more, *further))


def _listed(value: Value[Any]) -> tuple[Sequence[Slot], tuple[Unknown, ...]]:
    if isinstance(value, Unknown):
        return (), (value,)
    if isinstance(value, OneOf):
        branches = [(label, _listed(branch)) for label, branch in value.branches]
        return aligned(value, [(label, [*found, *more]) for label, (found, more) in branches], value.origin), ()
    if isinstance(value.value, List):
        return value.value.items, value.value.more
    return ((value,) if value.value is not None else ()), ()


def newest(versions: Iterable[Value[Any]]) -> Value[Any]:
    """The highest of the versions: that of a document that merges them all."""
    present = [version for version in versions if not (isinstance(version, Known) and version.value is None)]
    known = [version for version in present if isinstance(version, Known)]
    highest = max(known, key=lambda version: str(version.value), default=None)
    if highest is not None and (highest.value == "2012-10-17" or len(known) == len(present)):
        return highest
    return next((version for version in present if not isinstance(version, Known)), ABSENT)


def repeated(slots: Iterable[Slot]) -> list[tuple[str, Origin | None]]:
    """The Sids that more than one statement certainly has, and where they come again."""
    seen: set[str] = set()
    found = []
    for slot in slots:
        sid = _literal(slot)
        if sid and sid in seen:
            found.append((sid, slot.origin))
        elif sid:
            seen.add(sid)
    return found


def laid_over(earlier: Sequence[Slot], later: Document, *, distinct: bool = False) -> list[Slot]:
    """The statements of both, the later ones in place of those whose Sid they have.

    What an undecided later statement may replace is there or not, as an open condition says.
    With `distinct` the later statements do not replace one another.
    """
    slots = list(earlier)
    added: list[Slot] = []
    for new in later.statements:
        place = _place(slots, new)
        if place is not None:
            slots[place] = _filled(new, slots[place])
            continue
        slots = [_left(old, new) for old in slots]
        (added if distinct else slots).append(new)
    for doubt in later.more:
        slots = [_left(old, doubt) for old in slots]
    return slots + added


def _place(slots: Sequence[Slot], new: Slot) -> int | None:
    """Where a statement stands that the new one replaces whenever it is there."""
    branches = [b for b in _branches(new) if not (isinstance(b, Known) and b.value is None)]
    sids = {_literal(branch) for branch in branches}
    if len(sids) != 1 or not (sid := sids.pop()):
        return None
    return next((number for number, old in enumerate(slots) if _literal(old) == sid), None)


def _branches(slot: Slot) -> list[Slot]:
    if isinstance(slot, OneOf):
        return [inner for _, branch in slot.branches for inner in _branches(branch)]
    return [slot]


def _filled(new: Slot, old: Slot) -> Slot:
    """The new statement, and the old one where the new one is absent."""
    if isinstance(new, OneOf):
        branches = tuple(
            (label, _filled(branch, assume(old, {new.condition: label}))) for label, branch in new.branches
        )
        return OneOf(new.condition, branches, new.default, new.origin)
    return old if isinstance(new, Known) and new.value is None else new


def _left(old: Slot, new: Slot) -> Slot:
    """What remains of a statement when another is merged that does not stand in its place."""
    if isinstance(new, OneOf):
        left = [(label, _left(old, branch)) for label, branch in new.branches]
        if all(each is old for _, each in left):
            return old
        decided = tuple((label, assume(each, {new.condition: label})) for label, each in left)
        return OneOf(new.condition, decided, new.default, new.origin)
    if isinstance(old, OneOf):
        branches = tuple((label, _left(branch, assume(new, {old.condition: label}))) for label, branch in old.branches)
        changed = any(a is not b for (_, a), (_, b) in zip(branches, old.branches, strict=True))
        return OneOf(old.condition, branches, old.default, old.origin) if changed else old
    if isinstance(old, Unknown) or (isinstance(new, Known) and new.value is None):
        return old
    mine, theirs = _sid(old), _sid(new)
    if mine == "" or theirs == "":
        return old
    if isinstance(mine, str) and isinstance(theirs, str):
        return ABSENT if mine == theirs else old
    return _doubtful(old, mine, theirs)


def _doubtful(old: Slot, mine: str | Text | Unknown, theirs: str | Text | Unknown) -> Slot:
    for one, other in ((mine, theirs), (theirs, mine)):
        if isinstance(one, str) and isinstance(other, Text) and not _may_be(other, one):
            return old
    open_one = next(each for each in (theirs, mine) if not isinstance(each, str))
    doubt = symbolic(open_one, None) if isinstance(open_one, Text) else open_one
    condition = f"what {doubt.reason.split(' ', 1)[0]} overrides"
    return OneOf(condition, (("kept", old), ("replaced", ABSENT)), None, old.origin)


def _may_be(text: Text, literal: str) -> bool:
    """Whether the text may turn out to be that one; a star in either counts for anything."""
    return match("".join(part if isinstance(part, str) else "*" for part in text.parts), literal)


def _literal(slot: Slot) -> str:
    sid = _sid(slot) if isinstance(slot, Known) else ""
    return sid if isinstance(sid, str) else ""


def _sid(slot: Slot) -> str | Text | Unknown:
    """The Sid of a statement in one branch, empty without one; unknown if the statement is."""
    if isinstance(slot, Unknown):
        return slot
    if isinstance(slot, OneOf) or not isinstance(slot.value, Object):
        return ""
    sid = slot.value.get("Sid")
    if isinstance(sid, OneOf):
        return Unknown(f"{sid.condition} is undecided", sid.origin)
    if isinstance(sid, Unknown):
        return sid
    if sid.value is None:
        return ""
    text = as_text(sid.value)
    return text.literal if text.literal is not None else text


__all__ = ["Document", "Slot", "document_of", "laid_over", "newest", "repeated"]
