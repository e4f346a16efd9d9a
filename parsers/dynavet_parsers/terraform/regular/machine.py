"""Matching: at most one visit to each instruction at each place of the text."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.records import dataclass
from dynavet_parsers.terraform.numeric import undecided
from dynavet_parsers.terraform.regular.nodes import Boundary, Choice, Class, Group, Node, Repeat, Sequence

MAX_INSTRUCTIONS = 5_000
MAX_WORK = 1_000_000
"""Instructions times characters of one match; more are not computed."""

Match = tuple[int | None, ...]
"""Start and end of the whole match and of each group, by turns."""


@dataclass(frozen=True, slots=True)
class Take:
    """A character, then the next instruction."""

    character: Class


@dataclass(frozen=True, slots=True)
class Check:
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    slot: int


@dataclass(frozen=True, slots=True)
class Split:
    """Continue at one of these, the first that leads to a match."""

    targets: tuple[int, ...]


class Program:
    """A compiled expression; `names` of its groups, from the first."""

    def __init__(self, code: list[Take | Check | Mark | Split], names: list[str | None]) -> None:
        self.code = code
        self.names = names

    def search(self, text: str, start: int = 0) -> Match | None:
        """The leftmost match at or after `start`. Raises `NotPlain` for too large a text."""
        if len(self.code) * (len(text) - start + 1) > MAX_WORK:
            raise undecided(f"a pattern on a text of {len(text)} characters is not computed")
        visited = bytearray(len(self.code) * (len(text) + 1))
        for position in range(start, len(text) + 1):
            found = self._match(text, position, visited)
            if found is not None:
                return found
        return None

    def all(self, text: str) -> Iterator[Match]:
        """Every match, none empty right after another."""
        work, position, before = 0, 0, -1
        while position <= len(text):
            work += len(self.code) * (len(text) - position + 1)
            if work > 20 * MAX_WORK:
                raise undecided(f"so many matches in a text of {len(text)} characters are not computed")
            found = self.search(text, position)
            if found is None:
                return
            start, end = found[0] or 0, found[1] or 0
            accepted = end > position or start != before
            position = end if end > position else position + 1
            before = end
            if accepted:
                yield found

    def _match(self, text: str, position: int, visited: bytearray) -> Match | None:
        slots: tuple[int | None, ...] = (None,) * (2 * len(self.names) + 2)
        stack: list[tuple[int, int, tuple[int | None, ...]]] = [(0, position, slots)]
        width, size = len(text) + 1, len(self.code)
        while stack:
            pointer, place, slots = stack.pop()
            if pointer == size:
                return (position, place, *slots[2:])
            if visited[pointer * width + place]:
                continue
            visited[pointer * width + place] = 1
            step = self.code[pointer]
            if isinstance(step, Take):
                if place < len(text) and step.character.matches(text[place]):
                    stack.append((pointer + 1, place + 1, slots))
            elif isinstance(step, Split):
                stack += [(target, place, slots) for target in reversed(step.targets)]
            elif isinstance(step, Mark):
                stack.append((pointer + 1, place, (*slots[: step.slot], place, *slots[step.slot + 1 :])))
            elif _holds(step.kind, text, place):
                stack.append((pointer + 1, place, slots))
        return None


def _holds(kind: str, text: str, place: int) -> bool:
    if kind == "start":
        return place == 0
    if kind == "end":
        return place == len(text)
    if kind == "line start":
        return place == 0 or text[place - 1] == "\n"
    if kind == "line end":
        return place == len(text) or text[place] == "\n"
    before = place > 0 and _in_word(text[place - 1])
    after = place < len(text) and _in_word(text[place])
    return (before is not after) is (kind == "word")


def _in_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def compile_program(node: Node, names: list[str | None]) -> Program:
    """Raises `NotPlain` for an expression of too many instructions."""
    code: list[Take | Check | Mark | Split] = []
    _emit(node, code)
    return Program(code, names)


def _emit(node: Node, code: list[Take | Check | Mark | Split]) -> None:
    if len(code) > MAX_INSTRUCTIONS:
        raise undecided(f"a pattern of more than {MAX_INSTRUCTIONS} steps is not computed")
    if isinstance(node, Class):
        code.append(Take(node))
    elif isinstance(node, Boundary):
        code.append(Check(node.kind))
    elif isinstance(node, Sequence):
        for part in node.parts:
            _emit(part, code)
    elif isinstance(node, Group):
        code.append(Mark(2 * node.number))
        _emit(node.part, code)
        code.append(Mark(2 * node.number + 1))
    elif isinstance(node, Choice):
        _emit_choice(node, code)
    else:
        _emit_repeat(node, code)


def _emit_choice(node: Choice, code: list[Take | Check | Mark | Split]) -> None:
    fork = len(code)
    code.append(Split(()))
    starts, ends = [], []
    for part in node.parts:
        starts.append(len(code))
        _emit(part, code)
        ends.append(len(code))
        code.append(Split(()))
    code[fork] = Split(tuple(starts))
    for end in ends:
        code[end] = Split((len(code),))


def _emit_repeat(node: Repeat, code: list[Take | Check | Mark | Split]) -> None:
    for _ in range(node.least):
        _emit(node.part, code)
    if node.most is None:
        _emit_loop(node, code)
        return
    forks = []
    for _ in range(node.most - node.least):
        forks.append(len(code))
        code.append(Split(()))
        _emit(node.part, code)
    for fork in forks:
        code[fork] = _fork(fork + 1, len(code), node.greedy)


def _emit_loop(node: Repeat, code: list[Take | Check | Mark | Split]) -> None:
    """The part once or not at all, and after it again as often as it matches."""
    fork = len(code)
    code.append(Split(()))
    _emit(node.part, code)
    again = len(code)
    code.append(Split(()))
    code[fork] = _fork(fork + 1, len(code), node.greedy)
    code[again] = _fork(fork + 1, len(code), node.greedy)


def _fork(into: int, past: int, greedy: bool) -> Split:
    return Split((into, past) if greedy else (past, into))
