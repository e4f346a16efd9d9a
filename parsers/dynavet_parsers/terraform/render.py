"""Expressions as the text a reader would recognise."""

from __future__ import annotations

from dynavet_parsers.terraform.expressions import (
    Attribute,
    Call,
    Conditional,
    Expression,
    Index,
    Literal,
    Name,
    Operation,
    Splat,
    Template,
)


def render(e: Expression) -> str:
    """A short, canonical text; what is long or rare is abbreviated to ``…``."""
    if isinstance(e, Literal):
        return _literal(e)
    if isinstance(e, Name):
        return e.name
    if isinstance(e, Attribute):
        return f"{render(e.subject)}.{e.name}"
    if isinstance(e, Index):
        return f"{render(e.subject)}[{render(e.key)}]"
    if isinstance(e, Splat):
        return render(e.subject) + "[*]" + "".join(f".{s}" for s in e.each if isinstance(s, str))
    if isinstance(e, Call):
        return f"{e.name}({', '.join(render(a) for a in e.arguments)})"
    if isinstance(e, Operation):
        if len(e.operands) == 1:
            return f"{e.operator}{render(e.operands[0])}"
        return f" {e.operator} ".join(render(o) for o in e.operands)
    if isinstance(e, Conditional):
        return f"{render(e.condition)} ? {render(e.then)} : {render(e.otherwise)}"
    if isinstance(e, Template):
        return '"' + "".join(p if isinstance(p, str) else f"${{{render(p)}}}" for p in e.parts) + '"'
    return "…"


def _literal(e: Literal) -> str:
    if isinstance(e.value, bool):
        return "true" if e.value else "false"
    if e.value is None:
        return "null"
    return f'"{e.value}"' if isinstance(e.value, str) else str(e.value)
