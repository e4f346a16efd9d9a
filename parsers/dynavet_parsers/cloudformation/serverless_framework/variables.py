"""The values of the framework's variables, as far as the files decide them.

https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dynavet.text import Hole, Text, as_text, plain
from dynavet.values import (
    ABSENT,
    Data,
    Known,
    List,
    Object,
    OneOf,
    Origin,
    Unknown,
    Value,
    apply,
    bind,
    leaves,
    weight,
)
from dynavet.values import MAX_WORLDS as MAX_BRANCHES
from dynavet_parsers.cloudformation.serverless_framework.files import Files
from dynavet_parsers.cloudformation.serverless_framework.parameters import parameter
from dynavet_parsers.cloudformation.serverless_framework.syntax import OPENING, Literal, Parts, Source, Variable, parse
from dynavet_parsers.cloudformation.template import literal, mapping
from dynavet_parsers.cloudformation.texts import shown, text_size

MAX_DEPTH = 110
"""Values nested deeper than this, a variable counted as three levels, are unknown."""

MAX_SIZE = 200_000
"""A value with more parts than this, or a text with more characters, is unknown."""

_UNNAMED_STAGE = Known("dev")
_REGION = Hole("AWS::Region is decided at deployment")
_ACCOUNT = Hole("AWS::AccountId is decided at deployment")


class Variables:
    """Resolves the variables in values of one service, whose file has the content `root`."""

    def __init__(self, root: Object, files: Files) -> None:
        self.root: Known[Data] = Known(root)
        self.files = files
        self.custom_opening = _custom_opening(root)
        self._resolved: dict[int, tuple[Value[Data], Value[Data]]] = {}
        self._shallow: dict[int, tuple[Value[Data], Value[Data]]] = {}
        self._open: set[int] = set()
        self._depth = 0

    def get(self, *path: str) -> Value[Data]:
        """The value under `path` in the file, all variables in it resolved."""
        return self.resolve(self.step(self.root, path))

    def resolve(self, value: Value[Data]) -> Value[Data]:
        """The value with all variables in it resolved; those that nothing decides are unknown, or holes in text."""
        found = self.shallow(value)
        if isinstance(found, OneOf):
            return bind(lambda data: self._within(Known(data, found.origin)), found)
        return self._within(found)

    def shallow(self, value: Value[Data]) -> Value[Data]:
        """The value with no variable in the place of the whole; those inside of lists and mappings stay."""
        if not isinstance(value, Known) or not isinstance(value.value, str) or not self._may_vary(value.value):
            return value
        key = id(value)
        if key not in self._shallow:
            self._shallow[key] = (value, self._guarded(value, self._text, 3))
        return self._shallow[key][1]

    def step(self, value: Value[Data], path: Iterator[str] | tuple[str, ...] | list[str]) -> Value[Data]:
        """What stands under `path`, variables on the way resolved; absent if there is nothing."""
        for key in path:
            value = bind(lambda data, key=key: _member(data, key), self.shallow(value))  # type: ignore[misc]
        return self.shallow(value)

    def place(self, key: str) -> Origin | None:
        """Where a section of the file begins."""
        root = self.root.value
        return root.keys.get(key) if isinstance(root, Object) else None

    def stage(self) -> Value[Data]:
        """The stage that is deployed unless the command line names another."""
        return bind(lambda data: _UNNAMED_STAGE if data in (None, "") else Known(data), self.get("provider", "stage"))

    def _guarded(self, value: Known[Data], read: Callable[[Known[Data]], Value[Data]], cost: int) -> Value[Data]:
        key = id(value)
        if key in self._open:
            return Unknown(f"{_words(value)} refers to itself", value.origin)
        if self._depth + cost > MAX_DEPTH:
            return Unknown(f"{_words(value)} is nested too deeply", value.origin)
        self._depth += cost
        self._open.add(key)
        try:
            found = read(value)
        finally:
            self._depth -= cost
            self._open.discard(key)
        if weight(found) > MAX_SIZE or leaves(found) > MAX_BRANCHES:
            return Unknown(f"{_words(value)} is too large", value.origin)
        return found

    def _within(self, value: Value[Data]) -> Value[Data]:
        """A list or mapping with the variables inside of it resolved; anything else as it is."""
        if not isinstance(value, Known) or not isinstance(value.value, (List, Object)):
            return value
        key = id(value)
        if key not in self._resolved:
            self._resolved[key] = (value, self._guarded(value, self._members, 1))
        return self._resolved[key][1]

    def _members(self, value: Known[Data]) -> Value[Data]:
        data = value.value
        if isinstance(data, List):
            items = tuple(self.resolve(item) for item in data.items)
            same = all(new is old for new, old in zip(items, data.items, strict=True))
            return value if same else Known(List(items, data.more), value.origin)
        if isinstance(data, Object):
            entries = {key: self.resolve(item) for key, item in data.entries.items()}
            same = all(entries[key] is data.entries[key] for key in entries)
            return value if same else Known(Object(entries, data.more, data.keys), value.origin)
        return value

    def _may_vary(self, text: str) -> bool:
        return (self.custom_opening or OPENING) in text

    def _text(self, value: Known[Data]) -> Value[Data]:
        """A text with its variables; one that is nothing but a variable is what that stands for."""
        text, at = str(value.value), value.origin
        if self.custom_opening:
            before = text.partition(self.custom_opening)[0]
            reason = Hole(f"{text[len(before) :][:40]} is written in the variableSyntax of the file")
            return self._whole(Unknown(reason.reason, at) if not before else Known(plain(Text.of(before, reason))), at)
        return self._parts(parse(text), at)

    def _parts(self, parts: Parts, at: Origin | None) -> Value[Data]:
        if len(parts) == 1 and isinstance(parts[0], Variable):
            return self._whole(self.variable(parts[0], at), at)
        found = [Known(part) if isinstance(part, str) else self.variable(part, at) for part in parts]
        holes = [Known(Hole(value.reason)) if isinstance(value, Unknown) else value for value in found]
        return apply(_joined, *holes, origin=_through(at, found))

    def _whole(self, value: Value[Data], at: Origin | None) -> Value[Data]:
        """A value in the place where a variable stands for it; lists and mappings stand where they are written."""
        if isinstance(value, OneOf):
            return bind(lambda data: self._whole(Known(data, value.origin), at), value)
        if isinstance(value, Unknown):
            return Unknown(value.reason, at.through(value.origin) if at is not None else value.origin)
        if isinstance(value.value, (List, Object)) or at is None:
            return value
        return Known(value.value, at.through(value.origin))

    def variable(self, variable: Variable, at: Origin | None) -> Value[Data]:
        """What a variable stands for: the value of the first source that has one."""
        if len(variable.sources) > 1:
            return self._first(variable, 0, at)
        value = self._source(variable, variable.sources[0], at)
        return bind(lambda data: self._nothing(variable, at) if data is None else Known(data, value.origin), value)

    def _first(self, variable: Variable, index: int, at: Origin | None) -> Value[Data]:
        value = self._source(variable, variable.sources[index], at)
        if index + 1 == len(variable.sources):
            return value
        later = index + 1
        return bind(lambda data: self._first(variable, later, at) if data is None else Known(data, value.origin), value)

    def _nothing(self, variable: Variable, at: Origin | None) -> Value[Data]:
        """A variable without a value or a fallback; the framework has defaults for two."""
        source = variable.sources[0]
        address = source.address if isinstance(source, Source) and source.type == "self" else None
        if address == ("provider.stage",):
            return _UNNAMED_STAGE
        if address == ("provider.region",):
            return Known(Text((_REGION,)), at)
        if isinstance(source, Literal):
            return ABSENT
        missing = "names a file that does not exist" if source.type == "file" else "has no value"
        return Unknown(f"{variable.text} {missing}", at)

    def _source(self, variable: Variable, source: Source | Literal, at: Origin | None) -> Value[Data]:
        """What a source has; absent if nothing."""
        if isinstance(source, Literal):
            return self.shallow(Known(source.value, at))
        read = _SOURCES.get(source.type)
        address = self._parts(source.address, at) if source.address is not None else Known("")
        if read is None:
            return Unknown(f"{variable.text} is decided at deployment", at)

        def of_address(data: Data) -> Value[Data]:
            text = as_text(data).literal if not isinstance(data, (List, Object)) else None
            if text is not None:
                return read(self, source, text, at)
            if isinstance(data, Text) and data.holes:
                return Unknown(data.holes[0].reason, at)
            return Unknown(f"{variable.text} is undecided: {shown(data)} is part of its address", at)

        if isinstance(address, Unknown):
            return Unknown(address.reason, at)
        return bind(of_address, address)

    def of_self(self, _source: Source, address: str, _at: Origin | None) -> Value[Data]:
        return self.step(self.root, address.split(".") if address else [])

    def of_file(self, source: Source, address: str, at: Origin | None) -> Value[Data]:
        name = self._parts(source.params[0], at) if source.params else ABSENT

        def content(data: Data) -> Value[Data]:
            path = as_text(data).literal if not isinstance(data, (List, Object)) else None
            if data is None or path is None or "\0" in path:
                return Unknown(f"${{file({shown(data)})}} is undecided", at)
            found = self.files.content(path, address in ("", "Resources", "Statement"))
            return self.step(found, address.split(".") if address else [])

        return bind(content, name)

    def of_stage(self, source: Source, address: str, at: Origin | None) -> Value[Data]:
        if address == "stage":
            return self.stage()
        return Unknown(f"${{{source.type}:{address}}} is decided at deployment", at)

    def of_aws(self, _source: Source, address: str, at: Origin | None) -> Value[Data]:
        if address == "accountId":
            return Known(Text((_ACCOUNT,)), at)
        own = self.step(self.root, ["provider", "region"])
        return bind(lambda data: Known(data or Text((_REGION,)), own.origin), own)

    def of_param(self, _source: Source, address: str, at: Origin | None) -> Value[Data]:
        return parameter(self, address, at)

    def of_bool(self, source: Source, _address: str, at: Origin | None) -> Value[Data]:
        given = self._parts(source.params[0], at) if source.params else ABSENT

        def converted(data: Data) -> Value[Data]:
            word = str(as_text(data)).strip().lower() if not isinstance(data, (List, Object)) else ""
            if word in ("true", "1", "false", "0"):
                return Known(word in ("true", "1"), at)
            return Unknown(f"strToBool is undecided: {shown(data)} is neither true nor false", at)

        return bind(converted, given)

    def of_nothing(self, _source: Source, _address: str, _at: Origin | None) -> Value[Data]:
        """The command line and the environment, which are not looked at: as without them."""
        return ABSENT


_SOURCES: dict[str, Callable[[Variables, Source, str, Origin | None], Value[Data]]] = {
    "aws": Variables.of_aws,
    "env": Variables.of_nothing,
    "file": Variables.of_file,
    "opt": Variables.of_nothing,
    "param": Variables.of_param,
    "self": Variables.of_self,
    "sls": Variables.of_stage,
    "strToBool": Variables.of_bool,
}


def _member(data: Data, key: str) -> Value[Data]:
    if isinstance(data, Object):
        return data.get(key)
    if isinstance(data, List):
        index = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else -1
        return data.items[index] if 0 <= index < len(data.items) else ABSENT
    if isinstance(data, Text) and data.holes:
        return Unknown(data.holes[0].reason)
    return ABSENT


def _joined(*data: object) -> str | Text:
    parts: list[str | Text | Hole] = []
    for each in data:
        if isinstance(each, (List, Object)):
            parts.append(Hole(f"{shown(each)} is not text"))
        else:
            parts.append(each if isinstance(each, Hole) else as_text("" if each is None else each))
    return plain(Text.of(*parts)) if text_size(parts) <= MAX_SIZE else Text((Hole("a text is too long"),))


def _through(at: Origin | None, values: list[Value[Data]]) -> Origin | None:
    """Where a text stands, with the way of the first value in it that has come from elsewhere."""
    source = next((value.origin for value in values if value.origin is not None and value.origin != at), None)
    return at.through(source) if at is not None and source is not None else at


def _custom_opening(root: Object) -> str:
    """What variables begin with where ``provider.variableSyntax`` says something else than usual."""
    provider = mapping(root.entries.get("provider"))
    syntax = literal(provider.entries.get("variableSyntax")) if provider is not None else None
    opening = (syntax or "").partition("(")[0].replace("\\", "")
    return opening if opening != OPENING else ""


def _words(value: Known[Data]) -> str:
    text = literal(value)
    return text if text is not None and len(text) < 80 else "a value with variables"
