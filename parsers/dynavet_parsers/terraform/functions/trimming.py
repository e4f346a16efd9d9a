"""Functions that change white space and ends of text; symbolic text stays, and so does the document it encodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dynavet.text import Text, plain
from dynavet.values import Value, apply
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.conversion import Function, plainly, text_of

Change = Callable[[str], str]


def _trimmed(left: Change, right: Change) -> Function:
    """A function of one text that trims its ends; a symbolic end stays as it is."""

    def trim(data: Any) -> Any:
        if not isinstance(data, Text):
            return right(left(_scalar(data)))
        parts = list(data.parts)
        for place, change in ((0, left), (-1, right)):
            part = parts[place] if parts else None
            if isinstance(part, str):
                parts[place] = change(part)
        return plain(Text(Text.of(*parts).parts, data.document))

    return lambda arguments: apply(trim, _only(arguments))


def _only(arguments: list[Value[Any]]) -> Value[Any]:
    if len(arguments) != 1:
        raise EvaluationError(f"one argument expected, found {len(arguments)}")
    return arguments[0]


def _scalar(data: Any) -> str:
    text = text_of(data)
    if data is None or not isinstance(text, str):
        raise EvaluationError("text expected")
    return text


def _indent(arguments: list[Value[Any]]) -> Value[Any]:
    """``indent(n, text)``: no line of JSON begins within a string, so a document stays what it is."""

    def run(number: Any, data: Any) -> Any:
        margin = "\n" + " " * int(number)
        if not isinstance(data, Text):
            return _scalar(data).replace("\n", margin)
        parts = tuple(part.replace("\n", margin) if isinstance(part, str) else part for part in data.parts)
        return Text(parts, data.document)

    return apply(run, *arguments)


FUNCTIONS: dict[str, Function] = {
    "trimspace": _trimmed(str.lstrip, str.rstrip),
    "chomp": _trimmed(lambda text: text, lambda text: text.rstrip("\r\n")),
    "indent": _indent,
    "trim": plainly(lambda text, characters: text.strip(characters)),
    "trimprefix": plainly(lambda text, prefix: text.removeprefix(prefix)),
    "trimsuffix": plainly(lambda text, suffix: text.removesuffix(suffix)),
}
