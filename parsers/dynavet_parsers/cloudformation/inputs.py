"""Inputs that a template leaves open, as conditions see them: a name, and the classes of values to tell apart.

What an input is compared with divides its values into classes: each constant is one, all other
values are another. A condition is then a function of the classes, so that ``Env equals prod`` and
``Env equals dev`` never hold together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field

from dynavet.records import dataclass
from dynavet.text import Text, as_text
from dynavet.values import MAX_WORLDS, Data, Known, List, Object, OneOf, Unknown, Value
from dynavet_parsers.cloudformation.parameters import accepts
from dynavet_parsers.cloudformation.template import literal, mapping
from dynavet_parsers.cloudformation.texts import shown, subject

OTHER = "another value"
"""The class of the values that an input is not compared with."""

_PARAMETER = "parameter "
_MAX_NAME = 120
_WHOLE_LIST = "a whole list"
_SAME_IN_PARTS = frozenset(("Ref", "Fn::Sub", "Fn::Join", "Fn::If"))


@dataclass(frozen=True, slots=True)
class Input:
    """A value that nothing decides; equal names are equal values.

    `text` is what is known of it, `declared` the parameter that it is. `inner` is the one
    input that decides it, if the rest of the text is literal.
    """

    name: str
    text: Text | None = field(default=None, compare=False)
    declared: Object | None = field(default=None, compare=False)
    inner: Input | None = field(default=None, compare=False)

    def being(self, constant: str) -> tuple[Input, str] | None:
        """The input and the value of it that make this the constant; `None` if it cannot be that."""
        if self.declared is not None and not accepts(self.declared, constant):
            return None
        if self.text is None:
            return self, constant
        if not _may_match(self.text, constant):
            return None
        if self.inner is None:
            return self, constant
        before, after = (part if isinstance(part, str) else "" for part in (self.text.parts[0], self.text.parts[-1]))
        end = len(constant) - len(after)
        return self.inner.being(constant[len(before) : end]) if len(before) <= end else None


def as_operand(raw: Value[Data], value: Value[Data], parameters: Mapping[str, Value[Data]]) -> Value[str | Input]:
    """An operand of ``Fn::Equals`` as text, or as the input that it waits for, in each branch.

    `raw` is the expression that evaluates to `value`.
    """
    if isinstance(value, OneOf):
        branches = tuple((label, as_operand(raw, branch, parameters)) for label, branch in value.branches)
        return OneOf(value.condition, branches, value.default, value.origin)
    if isinstance(value, Unknown) or isinstance(value.value, (List, Object)):
        return Known(_input(raw, parameters))
    text = as_text("" if value.value is None else value.value)
    if text.literal is not None:
        return Known(text.literal)
    if len(text.parts) == 1:
        return Known(_input(raw, parameters))
    decided_by_parts = _SAME_IN_PARTS.issuperset(_functions(raw))
    if not decided_by_parts:
        return Known(Input(input_name(raw, parameters), text))
    return Known(Input(shown(text), text, inner=_inner(text, parameters)))


def _inner(text: Text, parameters: Mapping[str, Value[Data]]) -> Input | None:
    if len(text.holes) != 1 or text.references:
        return None
    name = subject(text.holes[0].reason)
    if name in parameters:
        return Input(f"{_PARAMETER}{name}", declared=mapping(parameters[name]))
    return Input(name) if name.startswith("AWS::") else None


def _input(raw: Value[Data], parameters: Mapping[str, Value[Data]]) -> Input:
    name = input_name(raw, parameters)
    return Input(name, declared=mapping(parameters.get(name.removeprefix(_PARAMETER))))


def input_name(raw: Value[Data], parameters: Collection[str]) -> str:
    """What an undecided expression is called: ``parameter Env``, ``AWS::Region``, or the expression itself."""
    if isinstance(raw, OneOf):
        return raw.condition
    content = mapping(raw)
    if content is None or len(content.entries) != 1:
        return _short(_written(raw))
    ((function, argument),) = content.entries.items()
    name = literal(argument)
    if function == "Fn::Sub" and name is not None and name.startswith("${") and name.find("}") == len(name) - 1:
        function, name = "Ref", name[2:-1].strip()
    if function == "Ref" and name is not None:
        return f"{_PARAMETER}{name}" if name in parameters else name
    items = argument.value.items if isinstance(argument, Known) and isinstance(argument.value, List) else ()
    joined = items[1].value if function == "Fn::Join" and len(items) == 2 and isinstance(items[1], Known) else None
    if isinstance(joined, List) and len(joined.items) == 1 and not joined.more:
        return input_name(joined.items[0], parameters)
    return _short(_written(raw))


def _written(raw: Value[Data]) -> str:
    """An expression on one line."""
    if not isinstance(raw, Known):
        return shown(raw) if isinstance(raw, Unknown) else raw.condition
    data = raw.value
    if isinstance(data, List):
        return f"[{', '.join(map(_written, data.items))}]"
    if not isinstance(data, Object):
        return f'"{data}"' if data == "" else shown(data)
    if len(data.entries) == 1:
        ((function, argument),) = data.entries.items()
        if function == "Ref":
            return _written(argument)
        if function.startswith("Fn::"):
            return f"{function} {_written(argument)}"
    return "{" + ", ".join(f"{key}: {_written(item)}" for key, item in data.entries.items()) + "}"


def _short(name: str) -> str:
    """A name that is not too long to be read, and still its own."""
    if len(name) <= _MAX_NAME:
        return name
    return f"{name[:_MAX_NAME]}… ({hashlib.sha256(name.encode(errors='replace')).hexdigest()[:8]})"


def _functions(raw: Value[Data]) -> Iterator[str]:
    """The functions in an expression; of a list that is joined as a whole, `_WHOLE_LIST`."""
    data = raw.value if isinstance(raw, Known) else None
    if isinstance(data, Object):
        for key, item in data.entries.items():
            if key == "Ref" or key.startswith("Fn::"):
                yield key
            if key == "Fn::Join" and not _joins_items(item):
                yield _WHOLE_LIST
            yield from _functions(item)
    elif isinstance(data, List):
        for item in data.items:
            yield from _functions(item)


def _joins_items(argument: Value[Data]) -> bool:
    items = argument.value.items if isinstance(argument, Known) and isinstance(argument.value, List) else ()
    return len(items) == 2 and isinstance(items[1], Known) and isinstance(items[1].value, List)


class Classes:
    """The classes of each input by name, from the pairs that are compared."""

    def __init__(self) -> None:
        self._constants: dict[str, dict[str, None]] = {}
        self._leader: dict[str, str] = {}
        self._members: dict[str, dict[str, int]] = {}

    def compare(self, one: str | Input, other: str | Input) -> None:
        """Note that the two are compared."""
        if isinstance(one, str):
            one, other = other, one
        if isinstance(one, str):
            return
        if isinstance(other, Input):
            self._join(one.name, other.name)
        elif (met := one.being(other)) is not None:
            self._constants[self._of(met[0].name)][met[1]] = None

    def constants(self, name: str) -> Collection[str]:
        """What the input is compared with."""
        return self._constants[self._of(name)]

    def labels(self, name: str) -> tuple[str, ...]:
        """The labels of an input's classes; none if they are more than `MAX_WORLDS`.

        Inputs that are compared with one another have the same constants, and as many
        further classes as it takes for any of them to be equal or not: the classes are equal
        where the values are.
        """
        leader = self._of(name)
        further = self._members[leader][name] + 1
        if len(self._constants[leader]) + further > MAX_WORLDS:
            return ()
        constants = tuple(self._constants[leader])
        return (*constants, *(_unlike(constants, number) for number in range(further)))

    def _of(self, name: str) -> str:
        if name not in self._leader:
            self._leader[name] = name
            self._constants[name] = {}
            self._members[name] = {name: 0}
        return self._leader[name]

    def _join(self, one: str, other: str) -> None:
        first, second = self._of(one), self._of(other)
        if first == second:
            return
        if len(self._members[first]) < len(self._members[second]):
            first, second = second, first
        for member in self._members.pop(second):
            self._leader[member] = first
            self._members[first][member] = len(self._members[first])
        self._constants[first] |= self._constants.pop(second)


def _unlike(constants: Collection[str], number: int) -> str:
    label = OTHER if number == 0 else f"{OTHER} ({number + 1})"
    while label in constants:
        label += "’"
    return label


def _may_match(pattern: Text, text: str) -> bool:
    """Whether literal text can be what symbolic text turns out to be."""
    if not text:
        return not pattern.references and not any(isinstance(part, str) for part in pattern.parts)
    rest = text
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
