"""Functions of providers: ``provider::aws::…`` and ``provider::terraform::…``.

https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/function
https://developer.hashicorp.com/terraform/language/functions/terraform-encode_tfvars
"""

from __future__ import annotations

from typing import Any

from dynavet.regexes import regex
from dynavet.text import Part, Text, plain
from dynavet.values import Known, Object, Single, Value
from dynavet_parsers.terraform.data import EvaluationError, symbolic, to_plain
from dynavet_parsers.terraform.functions.mappings import mapping
from dynavet_parsers.terraform.functions.sequences import decided
from dynavet_parsers.terraform.functions.signature import ANY, STRING, Function, known
from dynavet_parsers.terraform.functions.strings import glued, parts_of
from dynavet_parsers.terraform.numeric import undecided
from dynavet_parsers.terraform.type_conversion import text_of

_ARN = ("partition", "service", "region", "account_id", "resource")
_IDENTIFIER = regex(r"[^\W\d][\w-]*")


def _arn_build(values: list[Single[Any]]) -> Value[Any]:
    parts: list[Value[Any]] = [Known("arn")]
    for value in values:
        parts += [Known(":"), value]
    return glued(parts)


def _arn_parse(values: list[Single[Any]]) -> Value[Any]:
    """The parts of an ARN; those of a symbolic one as far as it is literal."""
    data = known(values[0])
    fields: list[list[Part]] = [[]]
    for part in parts_of(data):
        pieces = part.split(":", 6 - len(fields)) if isinstance(part, str) else [part]
        fields[-1].append(pieces[0])
        fields += [[piece] for piece in pieces[1:]]
    if len(fields) != 1 + len(_ARN) or fields[0] != ["arn"]:
        if isinstance(data, Text) and data.literal is None:
            return symbolic(data, values[0].origin)
        raise EvaluationError("not an ARN")
    texts = [Known(plain(Text.of(*each)), values[0].origin) for each in fields[1:]]
    return Known(Object(dict(zip(_ARN, texts, strict=True))))


def _trim_role_path(values: list[Single[Any]]) -> Value[Any]:
    arn = decided(values[0])
    pieces = arn.split(":", 5)
    if len(pieces) < 6 or pieces[0] != "arn":
        raise EvaluationError("not an ARN")
    resource = pieces[5].split("/")
    if pieces[2] != "iam" or pieces[3] or resource[0] != "role" or len(resource) < 2:
        raise EvaluationError("not the ARN of an IAM role")
    return Known(":".join((*pieces[:5], f"role/{resource[-1]}")), values[0].origin)


def _expression(data: Any, depth: int = 0) -> str:
    """Plain data as an expression, in the style of ``terraform fmt``."""
    if isinstance(data, str):
        return _string(data)
    if isinstance(data, list):
        items = [_expression(item, depth) for item in data]
        if sum("\n" in item for item in items) > 1:
            raise undecided("a list of several objects as an expression is not computed")
        return "[" + ", ".join(items) + "]"
    if isinstance(data, dict):
        return "{\n" + _attributes(data, depth + 1) + "  " * depth + "}" if data else "{}"
    return "null" if data is None else str(text_of(data))


def _attributes(data: dict[str, Any], depth: int) -> str:
    names = {key: key if _IDENTIFIER.fullmatch(key) else _string(key) for key in sorted(data)}
    lines = []
    for block in _blocks([(names[key], _expression(data[key], depth)) for key in sorted(data)]):
        width = max(len(name) for name, _ in block)
        lines += [f"{'  ' * depth}{name.ljust(width)} = {value}\n" for name, value in block]
    return "".join(lines)


def _blocks(pairs: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Lines whose equals signs stand below one another: those next to each other of one line each."""
    blocks: list[list[tuple[str, str]]] = [[]]
    for pair in pairs:
        if "\n" in pair[1]:
            blocks[-1].append(pair)
            blocks.append([])
        else:
            blocks[-1].append(pair)
    return [block for block in blocks if block]


def _string(text: str) -> str:
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    written = written.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return '"' + written.replace("${", "$${").replace("%{", "%%{") + '"'


def _encode_expression(values: list[Single[Any]]) -> Value[Any]:
    return Known(_expression(to_plain(values[0])))


def _encode_tfvars(values: list[Single[Any]]) -> Value[Any]:
    data = to_plain(Known(mapping(values[0])))
    if any(not _IDENTIFIER.fullmatch(key) for key in data):
        raise EvaluationError("a key that is no name of a variable")
    return Known(_attributes(data, 0))


def _decode_tfvars(values: list[Single[Any]], scope: Any) -> Value[Any]:
    from dynavet_parsers.terraform.evaluate import Scope, evaluate_strictly
    from dynavet_parsers.terraform.syntax import HclError, parse_body

    text = decided(values[0])
    path = values[0].origin.path if values[0].origin is not None else ""
    try:
        body = parse_body(text.encode(), path)
    except HclError as error:
        raise EvaluationError(f"not a file of variables: {error.message}") from error
    if body.blocks:
        raise EvaluationError("not a file of variables: it has a block")
    entries = {
        name: evaluate_strictly(argument.value, Scope(scope.module, {})) for name, argument in body.arguments.items()
    }
    return Known(Object(entries))


FUNCTIONS: dict[str, Function] = {
    "provider::aws::arn_build": Function(_arn_build, (STRING,) * 5, partial=True),
    "provider::aws::arn_parse": Function(_arn_parse, (STRING,), partial=True),
    "provider::aws::trim_iam_role_path": Function(_trim_role_path, (STRING,), partial=True),
    "provider::terraform::decode_tfvars": Function(_decode_tfvars, (STRING,), scoped=True),
    "provider::terraform::encode_expr": Function(_encode_expression, (ANY,), partial=True),
    "provider::terraform::encode_tfvars": Function(_encode_tfvars, (ANY,), partial=True),
}
