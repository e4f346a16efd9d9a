"""Terraform's type conversions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dynavet.text import Text, as_text
from dynavet.values import Known, List, Object, Unknown, Value, apply, bind
from dynavet_parsers.terraform.data import (
    EvaluationError,
    NotPlain,
    branchwise,
    from_plain,
    symbolic,
    to_plain,
)

Function = Callable[[list[Value[Any]]], Value[Any]]


def plainly(function: Callable[..., Any]) -> Function:
    """A function over plain Python data: unknown as soon as an argument is."""

    def run(arguments: list[Value[Any]]) -> Value[Any]:
        try:
            plain = [to_plain(argument) for argument in arguments]
        except NotPlain as error:
            return error.unknown
        return from_plain(function(*plain), arguments[0].origin if arguments else None)

    return lambda arguments: branchwise(run, arguments)


def text_of(data: Any) -> str | Text:
    """A scalar as Terraform writes it in text. Raises `EvaluationError` for a list or an object."""
    if isinstance(data, (List, Object)):
        raise EvaluationError(f"{'a list' if isinstance(data, List) else 'an object'} is not text")
    text = as_text(data)
    return text.literal if text.literal is not None and text.document is None else text


def to_bool(data: Any) -> Value[bool]:
    """Raises `EvaluationError` for what is not a boolean."""
    if isinstance(data, bool):
        return Known(data)
    if data in ("true", "false"):
        return Known(data == "true")
    if isinstance(data, Text):
        return symbolic(data, None)
    raise EvaluationError(f"{_kind(data)} is not a boolean")


def to_number(data: Any) -> Value[int | float]:
    """Raises `EvaluationError` for what is not a number."""
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        return Known(data)
    if isinstance(data, Text):
        return symbolic(data, None)
    if isinstance(data, str):
        try:
            return Known(int(data) if data.lstrip("-").isdigit() else float(data))
        except ValueError:
            pass
    raise EvaluationError(f"{_kind(data)} is not a number")


def whole_number(data: Any) -> int | None:
    if isinstance(data, bool):
        return None
    if isinstance(data, (int, float)) and int(data) == data:
        return int(data)
    return int(data) if isinstance(data, str) and data.isdigit() else None


def _kind(data: Any) -> str:
    return "null" if data is None else repr(data)[:40]


def _to_string(arguments: list[Value[Any]]) -> Value[Any]:
    return apply(lambda data: None if data is None else text_of(data), arguments[0])


def to_list(data: Any) -> List:
    """Lists, sets and tuples are one thing here."""
    if isinstance(data, List):
        return data
    if isinstance(data, Object):
        return List(tuple(data.entries[key] for key in sorted(data.entries)), data.more)
    raise EvaluationError(f"{_kind(data)} is not a list")


def distinct(data: Any) -> List:
    """The first of equal items; what is unknown stays."""
    items: list[Value[Any]] = []
    for item in to_list(data).items:
        if isinstance(item, Unknown) or item not in items:
            items.append(item)
    return List(tuple(items), to_list(data).more)


def sorted_set(data: Any) -> List:
    """Distinct, in the order in which Terraform walks a set of strings."""
    unique = distinct(data)
    texts = [(item.value, item) for item in unique.items if isinstance(item, Known) and isinstance(item.value, str)]
    if len(texts) < len(unique.items):
        return unique
    return List(tuple(item for _, item in sorted(texts, key=lambda pair: pair[0])), unique.more)


FUNCTIONS: dict[str, Function] = {
    "tostring": _to_string,
    "tobool": lambda a: bind(lambda data: Known(None) if data is None else to_bool(data), a[0]),
    "tonumber": lambda a: bind(lambda data: Known(None) if data is None else to_number(data), a[0]),
    "tolist": lambda a: apply(to_list, a[0]),
    "toset": lambda a: apply(sorted_set, a[0]),
    "tomap": lambda a: a[0],
    "sensitive": lambda a: a[0],
    "nonsensitive": lambda a: a[0],
    "ephemeralasnull": lambda _: Known(None),
    "issensitive": lambda a: Unknown("issensitive() is not computed offline", a[0].origin),
}
