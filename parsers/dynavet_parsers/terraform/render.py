"""Expressions as the text a reader would recognise."""

from __future__ import annotations

from dynavet_parsers.terraform.expressions import (
    Attribute,
    Call,
    Conditional,
    Expression,
    Index,
    ListExpression,
    Literal,
    Name,
    Operation,
    Splat,
    Template,
)

MAX_DEPTH = 20
MAX_LITERAL = 200


def render(e: Expression, depth: int = 0) -> str:
    """A short, canonical text; what is deep or rare is abbreviated to ``…``."""
    if depth > MAX_DEPTH:
        return "…"
    depth += 1
    if isinstance(e, Literal):
        return _literal(e)
    if isinstance(e, Name):
        return e.name
    if isinstance(e, Attribute):
        return f"{render(e.subject, depth)}.{e.name}"
    if isinstance(e, Index):
        return f"{render(e.subject, depth)}[{render(e.key, depth)}]"
    if isinstance(e, Splat):
        return render(e.subject, depth) + "[*]" + "".join(f".{s}" for s in e.each if isinstance(s, str))
    if isinstance(e, Call):
        return f"{e.name}({', '.join(render(a, depth) for a in e.arguments)})"
    if isinstance(e, Operation):
        if len(e.operands) == 1:
            return f"{e.operator}{render(e.operands[0], depth)}"
        return f" {e.operator} ".join(render(o, depth) for o in e.operands)
    if isinstance(e, Conditional):
        return f"{render(e.condition, depth)} ? {render(e.then, depth)} : {render(e.otherwise, depth)}"
    if isinstance(e, ListExpression):
        return f"[{', '.join(render(item, depth) for item in e.items)}]"
    if isinstance(e, Template):
        return '"' + "".join(p if isinstance(p, str) else f"${{{render(p, depth)}}}" for p in e.parts) + '"'
    return "…"


def _literal(e: Literal) -> str:
    if isinstance(e.value, bool):
        return "true" if e.value else "false"
    if e.value is None:
        return "null"
    if not isinstance(e.value, str):
        return str(e.value)
    return f'"{e.value}"' if len(e.value) <= MAX_LITERAL else f'"{e.value[:MAX_LITERAL]}…"'
