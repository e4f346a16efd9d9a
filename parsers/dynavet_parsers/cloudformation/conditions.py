"""The `Conditions` of a template, expressed over the inputs that are undecided.

Two conditions that depend on one input then go together: what is undecided is the value of
a parameter, or an equality on an input without a value, never a condition as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dynavet.text import Hole, Text, as_text
from dynavet.values import MAX_WORLDS, Data, Known, List, Object, OneOf, Unknown, Value, apply, bind
from dynavet_parsers.cloudformation.template import literal
from dynavet_parsers.cloudformation.texts import shown

_MAX_CHAIN = 50
_CERTAIN = ("AWS::", "parameter ")


class Conditions:
    """Evaluates conditions by name, each once; a cycle is cut and left undecided."""

    def __init__(self, declared: Mapping[str, Value[Data]], evaluate: Callable[[Value[Data]], Value[Data]]) -> None:
        self._declared = declared
        self._evaluate = evaluate
        self._done: dict[str, Value[bool]] = {}
        self._open: list[str] = []

    def named(self, name: str) -> Value[bool]:
        """Whether the condition `name` holds."""
        if name in self._done:
            return self._done[name]
        declared = self._declared.get(name)
        if declared is None or name in self._open or len(self._open) >= _MAX_CHAIN:
            return _atom(f"condition {name}")
        self._open.append(name)
        try:
            result = self._of(declared, f"condition {name}")
        finally:
            self._open.pop()
        if leaves(result) > MAX_WORLDS:
            result = _atom(f"condition {name}")
        self._done[name] = result
        return result

    def _of(self, raw: Value[Data], name: str) -> Value[bool]:
        """The truth of one expression; `name` is what stays undecided if it is none."""
        content = raw.value if isinstance(raw, Known) else None
        if isinstance(content, bool):
            return Known(content)
        if not isinstance(content, Object) or len(content.entries) != 1:
            return _atom(name)
        (function, argument), *_ = content.entries.items()
        if function == "Condition":
            target = literal(argument)
            return self.named(target) if target is not None else _atom(name)
        operands = argument.value.items if isinstance(argument, Known) and isinstance(argument.value, List) else ()
        if function == "Fn::Equals" and len(operands) == 2:
            return equal(self._evaluate(operands[0]), self._evaluate(operands[1]))
        if function == "Fn::Not" and len(operands) == 1:
            return apply(lambda truth: not truth, self._of(operands[0], name))
        if function in ("Fn::And", "Fn::Or") and operands:
            return self._all(operands, name, function == "Fn::Or")
        return _atom(name)

    def _all(self, operands: tuple[Value[Data], ...], name: str, deciding: bool) -> Value[bool]:
        """And, or Or: one operand that is `deciding` decides."""
        result: Value[bool] = Known(not deciding)
        for operand in operands:
            truth = self._of(operand, name)
            result = apply(lambda a, b: (a or b) if deciding else (a and b), result, truth)
            if isinstance(result, Unknown) or leaves(result) > MAX_WORLDS:
                return _atom(name)
            if isinstance(result, Known) and result.value is deciding:
                return result
        return result


def equal(left: Value[Data], right: Value[Data]) -> Value[bool]:
    """``Fn::Equals``: compares as text; undecided, it is named by the input and the text."""

    def operand(value: Value[Data]) -> Value[Data]:
        return Known(Text((Hole(value.reason),))) if isinstance(value, Unknown) else value

    pairs: Value[tuple[Data, Data]] = apply(lambda a, b: (a, b), operand(left), operand(right))
    if isinstance(pairs, Unknown):
        return _atom(f"{shown(pairs)} in Fn::Equals")
    return merged(bind(lambda pair: _same(*pair), pairs))


def leaves(value: Value[object]) -> int:
    """How many branches a value has in the end."""
    if not isinstance(value, OneOf):
        return 1
    return sum(leaves(branch) for _, branch in value.branches)


def merged(value: Value[bool]) -> Value[bool]:
    """The truth itself where all branches agree."""
    if not isinstance(value, OneOf):
        return value
    first = value.branches[0][1]
    agreed = isinstance(first, Known) and all(branch == first for _, branch in value.branches)
    return first if agreed else value


def _same(left: Data, right: Data) -> Value[bool]:
    if isinstance(left, (List, Object)) or isinstance(right, (List, Object)):
        return _atom(f"{shown(left)} equals {shown(right)}")
    one, other = _text(left), _text(right)
    if one.literal is not None and other.literal is not None:
        return Known(one.literal == other.literal)
    if one.parts == other.parts and all(hole.reason.startswith(_CERTAIN) for hole in one.holes):
        return Known(True)
    if not _may_match(one, other) or not _may_match(other, one):
        return Known(False)
    names = sorted((_operand(one), _operand(other)), key=lambda name: name.startswith('"'))
    return _atom(" equals ".join(names if '"' in names[1] else sorted(names)))


def _text(data: Data) -> Text:
    return as_text("" if data is None else data)


def _operand(text: Text) -> str:
    return shown(text) if text.literal is None else f'"{text.literal}"'


def _may_match(pattern: Text, text: Text) -> bool:
    """Whether literal text can be what symbolic text turns out to be."""
    if text.literal is None:
        return True
    rest = text.literal
    if not rest:
        return not pattern.references and not any(isinstance(part, str) for part in pattern.parts)
    literals = [part for part in pattern.parts if isinstance(part, str)]
    if literals and isinstance(pattern.parts[-1], str):
        last = literals.pop()
        if not rest.endswith(last):
            return False
        rest = rest[: len(rest) - len(last)]
    for index, part in enumerate(literals):
        found = rest.find(part)
        if found < 0 or (index == 0 and found > 0 and isinstance(pattern.parts[0], str)):
            return False
        rest = rest[found + len(part) :]
    return True


def _atom(name: str) -> Value[bool]:
    return OneOf(name, (("true", Known(True)), ("false", Known(False))))
