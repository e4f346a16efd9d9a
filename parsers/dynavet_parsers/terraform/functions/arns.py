"""Functions that the AWS provider defines: ``provider::aws::arn_build`` and its like.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_build
"""

from __future__ import annotations

import itertools
from typing import Any

from dynavet.text import Hole, Part, Text, as_text, plain
from dynavet.values import Known, Object, Value, apply, concatenate
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.conversion import Function, text_of

_FIELDS = ("partition", "service", "region", "account_id", "resource")


def _arn_build(arguments: list[Value[Any]]) -> Value[Any]:
    """``arn_build(partition, service, region, account_id, resource)``."""
    if len(arguments) != len(_FIELDS):
        raise EvaluationError(f"arn_build() takes {len(_FIELDS)} arguments")
    colons: list[Value[Any]] = [Known(":")] * len(arguments)
    return concatenate([Known("arn"), *itertools.chain.from_iterable(zip(colons, arguments, strict=True))])


def _arn_parse(arguments: list[Value[Any]]) -> Value[Any]:
    """``arn_parse(arn)``: its parts as an object; those of a symbolic ARN as far as it is literal."""
    return apply(_parsed, arguments[0])


def _parsed(data: Any) -> Object:
    fields: list[list[Part]] = [[]]
    for part in as_text(data).parts:
        pieces = part.split(":", 6 - len(fields)) if isinstance(part, str) else [part]
        fields[-1].append(pieces[0])
        fields += [[piece] for piece in pieces[1:]]
    if len(fields) == 1 + len(_FIELDS):
        texts = [plain(Text.of(*each)) for each in fields[1:]]
    elif isinstance(data, Text):
        texts = [Text.of(Hole(f"{name} of {data} is known only after deployment")) for name in _FIELDS]
    else:
        raise EvaluationError(f"{data!r} is not an ARN")
    return Object({name: Known(text) for name, text in zip(_FIELDS, texts, strict=True)})


def _trim_iam_role_path(arguments: list[Value[Any]]) -> Value[Any]:
    """``trim_iam_role_path(arn)``: without the path between ``role/`` and the name."""

    def trim(data: Any) -> Any:
        parts = as_text(data).parts
        last = parts[-1] if parts else None
        if not isinstance(last, str) or ":role/" not in last:
            return data
        head, _, path = last.partition(":role/")
        return text_of(Text.of(*parts[:-1], f"{head}:role/{path.rpartition('/')[2]}"))

    return apply(trim, arguments[0])


FUNCTIONS: dict[str, Function] = {
    "provider::aws::arn_build": _arn_build,
    "provider::aws::arn_parse": _arn_parse,
    "provider::aws::trim_iam_role_path": _trim_iam_role_path,
}
