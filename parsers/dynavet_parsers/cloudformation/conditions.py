"""The `Conditions` of a template, expressed over the inputs that are undecided.

Two conditions that depend on one input then go together: what is undecided is the value of
a parameter or another input, as far as conditions tell its values apart, never a condition as such.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from dynavet.values import MAX_WORLDS, Data, Known, List, Object, OneOf, Unknown, Value, apply, bind, leaves
from dynavet_parsers.cloudformation.inputs import Classes, Input, as_operand
from dynavet_parsers.cloudformation.template import Template, literal

Evaluate: TypeAlias = Callable[[Value[Data]], Value[Data]]

_MAX_CHAIN = 50


class Conditions:
    """Evaluates conditions by name, each once; a cycle is cut and left undecided.

    `revealed` evaluates like `evaluate`, hidden values included.
    """

    def __init__(self, template: Template, evaluate: Evaluate, revealed: Evaluate) -> None:
        self._declared = template.conditions
        self._parameters = template.parameters
        self._evaluate = evaluate
        self._revealed = revealed
        self._done: dict[str, Value[bool]] = {}
        self._open: list[str] = []
        self._classes: Classes | None = None

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

    @property
    def classes(self) -> Classes:
        """What the inputs are compared with in all conditions of the template."""
        if self._classes is not None:
            return self._classes
        found = self._classes = Classes()
        for left, right in _equalities(self._declared):
            for one in _contents(self._operand(left)):
                for other in _contents(self._operand(right)):
                    found.compare(one, other)
        return found

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
        operands = _items(argument)
        if function == "Fn::Equals" and len(operands) == 2:
            return self._equal(*operands)
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

    def _equal(self, left: Value[Data], right: Value[Data]) -> Value[bool]:
        """``Fn::Equals``: compares as text. Of what is hidden only the outcome is used, where there is one."""
        operands = (as_operand(raw, self._revealed(raw), self._parameters) for raw in (left, right))
        texts = [each.value for each in operands if isinstance(each, Known) and isinstance(each.value, str)]
        if len(texts) == 2:
            return Known(texts[0] == texts[1])
        pairs: Value[tuple[str | Input, str | Input]] = apply(
            lambda a, b: (a, b), self._operand(left), self._operand(right)
        )
        if isinstance(pairs, Unknown):
            return _atom(f"Fn::Equals of {pairs.reason}")
        return merged(bind(lambda pair: self._same(*pair), pairs))

    def _operand(self, raw: Value[Data]) -> Value[str | Input]:
        return as_operand(raw, self._evaluate(raw), self._parameters)

    def _same(self, one: str | Input, other: str | Input) -> Value[bool]:
        if isinstance(one, str):
            one, other = other, one
        if one == other or isinstance(one, str):
            return Known(one == other)
        if isinstance(other, str):
            met = one.being(other)
            if met is None:
                return Known(False)
            labels = self.classes.labels(met[0].name)
            return _one_of(met[0], labels, met[1].__eq__) if labels else _atom(f'{one.name} equals "{other}"')
        mine, theirs = self.classes.labels(one.name), self.classes.labels(other.name)
        if not mine or not theirs:
            return _atom(f"{one.name} equals {other.name}")
        branches = ((label, _one_of(other, theirs, label.__eq__)) for label in mine)
        return OneOf(one.name, tuple(branches))


def _one_of(asked: Input, labels: tuple[str, ...], holds: Callable[[str], bool]) -> Value[bool]:
    return OneOf(asked.name, tuple((label, Known(holds(label))) for label in labels))


def _equalities(declared: Mapping[str, Value[Data]]) -> Iterator[tuple[Value[Data], Value[Data]]]:
    """The operands of every ``Fn::Equals`` in the conditions."""
    waiting = deque(declared.values())
    while waiting:
        raw = waiting.popleft()
        content = raw.value if isinstance(raw, Known) else None
        if not isinstance(content, Object):
            continue
        for function, argument in content.entries.items():
            operands = _items(argument)
            if function == "Fn::Equals" and len(operands) == 2:
                yield operands[0], operands[1]
            elif function in ("Fn::Not", "Fn::And", "Fn::Or"):
                waiting += operands


def _items(argument: Value[Data]) -> tuple[Value[Data], ...]:
    return argument.value.items if isinstance(argument, Known) and isinstance(argument.value, List) else ()


def _contents(value: Value[str | Input]) -> Iterator[str | Input]:
    if isinstance(value, OneOf):
        for _, branch in value.branches:
            yield from _contents(branch)
    elif isinstance(value, Known):
        yield value.value


def merged(value: Value[bool]) -> Value[bool]:
    """The truth itself where all branches agree."""
    if not isinstance(value, OneOf):
        return value
    first = value.branches[0][1]
    agreed = isinstance(first, Known) and all(branch == first for _, branch in value.branches)
    return first if agreed else value


def _atom(name: str) -> Value[bool]:
    return OneOf(name, (("true", Known(True)), ("false", Known(False))))
