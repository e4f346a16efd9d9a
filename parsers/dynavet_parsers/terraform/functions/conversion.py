"""Type conversions and functions of values of any type."""

from __future__ import annotations

from typing import Any

from dynavet.values import Single, Unknown, Value
from dynavet_parsers.terraform.functions.signature import A_SET, ANY, BOOL, ITEMS, NUMBER, STRING, Function, map_of
from dynavet_parsers.terraform.secrets import kept_secret
from dynavet_parsers.terraform.types import Type

_FIRST = frozenset({0})


def _to(type_: Type) -> Function:
    return Function(lambda values: values[0], (type_,), partial=True, null=_FIRST)


def _same(values: list[Single[Any]]) -> Value[Any]:
    return values[0]


def _sensitive(values: list[Single[Any]]) -> Value[Any]:
    return kept_secret(values[0], "the argument of sensitive()")


def _is_sensitive(values: list[Single[Any]]) -> Value[Any]:
    return Unknown("issensitive() depends on what is declared sensitive", values[0].origin)


FUNCTIONS: dict[str, Function] = {
    "tobool": _to(BOOL),
    "tolist": _to(ITEMS),
    "tomap": _to(map_of(ANY)),
    "tonumber": _to(NUMBER),
    "toset": _to(A_SET),
    "tostring": _to(STRING),
    "sensitive": Function(_sensitive, (ANY,), partial=True, null=_FIRST),
    "nonsensitive": Function(_same, (ANY,), partial=True, null=_FIRST),
    "ephemeralasnull": Function(_same, (ANY,), partial=True, null=_FIRST),
    "issensitive": Function(_is_sensitive, (ANY,), partial=True, null=_FIRST),
}
