"""A policy document, however its text came about, as statements of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dynavet.iam.demands import Demands
from dynavet.iam.grammar import faults
from dynavet.model import Fault, Statement
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, List, Object, OneOf, Origin, Unknown, Value, single
from dynavet_parsers.iam_json.alignment import aligned
from dynavet_parsers.iam_json.elements import Reader, slots
from dynavet_parsers.iam_json.json_source import JsonError, parse_json
from dynavet_parsers.iam_json.symbolic import restored, unplaced
from dynavet_parsers.iam_json.symbols import with_stand_ins


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The fields of a `Policy` that come from its document, with the same meaning.

    `data` is the document itself, or the `Fault` in place of it; see `flawed`.
    """

    version: Value[Text | None] = ABSENT
    statements: tuple[Value[Statement | None], ...] = ()
    more: tuple[Unknown, ...] = ()
    data: Value[Any] = ABSENT


def read_document(document: Value[Any], origin: Origin, text_at: tuple[int, int] | None = None) -> Document:
    """The statements of a policy document.

    `document` is an object, JSON text (literal or symbolic), or one of several of these.
    Absent or empty reads as no statement. A hole in a string of the text is a hole there; a
    hole in the place of a value makes that value unknown. What has the wrong type is unknown,
    with a reason that says what was found.

    `origin` is where values stand that have no place of their own; values in text stand
    where the text does, unless `text_at` gives the line and column at which the text's own
    characters begin in the file of `origin`. Never raises.
    """
    if isinstance(document, Unknown):
        return Document(more=(Unknown(document.reason, document.origin or origin),))
    if isinstance(document, OneOf):
        branches = [(label, read_document(branch, origin, text_at)) for label, branch in document.branches]
        return _one_of(document, branches, document.origin or origin)
    data, place = document.value, document.origin or origin
    if isinstance(data, (Known, Unknown, OneOf)):
        return read_document(data, place, text_at)
    if isinstance(data, Text) and data.document is not None:
        return read_document(data.document if _is_value(data.document) else Known(data.document, place), place)
    if isinstance(data, str):
        data = Text.of(data)
    if isinstance(data, Text):
        return _text(data, place, text_at)
    return replace(_data(data, Reader(place)), data=Known(data, place))


def flawed(document: Document, demands: Demands) -> Value[Any]:
    """The field of a `Policy` of this name."""
    return document.data if next(faults(document.data, demands), None) is not None else ABSENT


def _is_value(thing: object) -> bool:
    return isinstance(thing, (Known, Unknown, OneOf))


def _text(text: Text, origin: Origin, text_at: tuple[int, int] | None) -> Document:
    if not text.parts or (text.literal or "x").isspace():
        return Document()
    if not any(isinstance(part, str) for part in text.parts):
        return Document(more=(_wholly_symbolic(text, origin),))
    replaced = with_stand_ins(text)
    if replaced is None:
        return Document(more=(Unknown("the policy text has too many undecided parts", origin),))
    json_text, symbols = replaced
    line, column = text_at or (1, 1)
    try:
        tree = single(parse_json(json_text, origin.path, line, column, atom=symbols.atom))
    except JsonError as error:
        at = Origin(origin.path, error.line, error.column, error.line, error.column + 1, origin.via)
        where = "" if text_at else f" (line {error.line}, column {error.column} of the text)"
        reason = f"the policy text is not JSON: {error.message}{where}"
        place = at if text_at else origin
        fault = Fault("", f"text that is not JSON: {error.message}{where}", "JSON", place)
        return Document(more=(Unknown(reason, place),), data=ABSENT if text.holes else Known(fault, place))
    if isinstance(tree, Unknown):
        return Document(more=(Unknown(tree.reason, origin),))
    whole = restored(tree, symbols) if symbols.parts else tree
    content = Known(whole.value if isinstance(whole, Known) else None, origin if text_at is None else tree.origin)
    read = _data(tree.value, Reader(origin, fixed=text_at is None, symbols=symbols))
    return replace(read, data=content if text_at else unplaced(content))


def _wholly_symbolic(text: Text, origin: Origin) -> Unknown:
    if text.holes:
        return Unknown(text.holes[0].reason, origin)
    reference = text.references[0]
    return Unknown(f"{reference.target}.{reference.attribute} is not known", origin)


def _data(data: Any, reader: Reader) -> Document:
    """The document that is this data, in one branch."""
    if data is None:
        return Document()
    if not isinstance(data, Object):
        return Document(more=(reader.wrong(Known(data), "the policy", "an object"),))
    version = reader.scalar(data.get("Version"), "Version")
    if "Statement" not in data.entries:
        further = (*(Unknown(each.reason, reader.at(each)) for each in data.more), *reader.symbolic_keys(data))
        return Document(version=version, more=further)
    statements, more = _statements(data.entries["Statement"], reader)
    return Document(version=version, statements=tuple(statements), more=more)


def _statements(value: Value[Any], reader: Reader) -> tuple[list[Value[Statement | None]], tuple[Unknown, ...]]:
    found, more = _listed(value, reader)
    items = [item for item in found if not (isinstance(item, Known) and item.value is None)]
    further = tuple(Unknown(each.reason, reader.at(each)) for each in more)
    return [_slot(item, index, reader) for index, item in enumerate(items)], further


def _listed(value: Value[Any], reader: Reader) -> tuple[Sequence[Value[Any]], tuple[Unknown, ...]]:
    """A single statement or a list of them as slots; branches share what both have."""
    if isinstance(value, Unknown):
        return (), (value,)
    if isinstance(value, OneOf):
        branches = [(label, _listed(branch, reader)) for label, branch in value.branches]
        places = [(label, [*items, *more]) for label, (items, more) in branches]
        return aligned(value, places, reader.at(value)), ()
    if isinstance(value.value, List):
        return value.value.items, value.value.more
    return (value,), ()


def _slot(value: Value[Any], index: int, reader: Reader) -> Value[Statement | None]:
    def read(known: Known[Any]) -> Value[Statement | None]:
        if known.value is None:
            return ABSENT
        if not isinstance(known.value, Object):
            return reader.wrong(known, f"Statement {index}", "an object")
        origin = reader.at(known)
        return Known(_statement(known.value, index, origin, reader), origin)

    return reader.over(value, read)


def _statement(data: Object, index: int, origin: Origin, reader: Reader) -> Statement:
    further = reader.symbolic_keys(data)
    if further:
        data = Object(data.entries, (*data.more, *further), data.keys)
    sid = reader.scalar(data.get("Sid"), "Sid") if "Sid" in data.entries else ABSENT
    literal = sid.value.literal if isinstance(sid, Known) and sid.value is not None else None
    conditions, more_conditions = reader.conditions(data.get("Condition"))
    return Statement(
        name=literal or str(index),
        index=index,
        origin=origin,
        sid=sid,
        effect=reader.scalar(data.get("Effect"), "Effect"),
        actions=reader.patterns(data.get("Action"), "Action"),
        not_actions=reader.patterns(data.get("NotAction"), "NotAction"),
        resources=reader.patterns(data.get("Resource"), "Resource"),
        not_resources=reader.patterns(data.get("NotResource"), "NotResource"),
        principals=reader.principals(data.get("Principal"), "Principal"),
        not_principals=reader.principals(data.get("NotPrincipal"), "NotPrincipal"),
        conditions=tuple(conditions),
        more_conditions=more_conditions,
    )


def _one_of(choice: OneOf[Any], branches: list[tuple[str, Document]], origin: Origin) -> Document:
    """Documents of which one holds, as one; what may be further in some branches stands in slots."""
    first = branches[0][1] if branches else Document()
    same = all(document.more == first.more for _, document in branches)
    places = [(label, [*each.statements, *(() if same else each.more)]) for label, each in branches]
    versions = tuple((label, document.version) for label, document in branches)
    version = slots(choice, [(label, [each]) for label, each in versions], origin)
    data = OneOf(choice.condition, tuple((label, each.data) for label, each in branches), choice.default, origin)
    return Document(
        version=version[0] if version else ABSENT,
        statements=tuple(slots(choice, places, origin)),
        more=first.more if same else (),
        data=data,
    )
