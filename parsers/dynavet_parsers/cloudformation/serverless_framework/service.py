"""A service: the sections of its file with all variables resolved, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property

from dynavet.model import MissingSource, SourceProblem
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.serverless_framework.building import content, entry, is_absent
from dynavet_parsers.cloudformation.serverless_framework.merging import joined
from dynavet_parsers.cloudformation.serverless_framework.variables import Variables
from dynavet_parsers.cloudformation.template import literal

ROLES_PLUGIN = "serverless-iam-roles-per-function"
_VERSION = regex(r"<=?\s*v?(?P<below>\d{1,3})|^\s*[~^=v]*\s*(?P<exact>\d{1,3})(?!.*<)")
_KINDS = {List: "a list", str: "text", bool: "a boolean", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its name; `at` is where it is declared."""

    name: str
    at: Origin
    body: Object

    def get(self, *path: str) -> Value[Data]:
        return entry(self.body, *path)


@dataclass
class Service:
    """The service of a file that is shown as `path`."""

    path: str
    variables: Variables
    missing: list[MissingSource] = field(default_factory=list)
    problems: list[SourceProblem] = field(default_factory=list)

    @cached_property
    def provider(self) -> Object:
        return content(self.variables.get("provider"))

    @cached_property
    def name(self) -> Value[Data]:
        """The name of the service; older files have it below ``service``."""
        found = self.variables.get("service")
        own = entry(found, "name")
        return found if is_absent(own) else own

    @cached_property
    def stage(self) -> Value[Data]:
        return self.variables.stage()

    @cached_property
    def functions(self) -> list[Function]:
        section = self.section("functions")
        found = []
        for name, value in section.entries.items():
            at = section.keys.get(name) or value.origin or self.origin
            if self.is_mapping(value, f"functions.{name}", at):
                found.append(Function(name, at, content(value)))
        return found

    @cached_property
    def has_functions(self) -> bool:
        """Whether there are functions, or may be some that are not read."""
        return bool(self.functions) or any(each.address.partition(".")[0] == "functions" for each in self.missing)

    @cached_property
    def plugins(self) -> frozenset[str]:
        found = self.variables.get("plugins")
        modules = entry(found, "modules")
        data = found.value if isinstance(found, Known) else None
        if isinstance(modules, Known) and isinstance(modules.value, List):
            data = modules.value
        items = data.items if isinstance(data, List) else ()
        return frozenset(name for item in items if (name := literal(item)) is not None)

    @cached_property
    def is_before_version_4(self) -> bool:
        """Whether the file asks for an earlier version of the framework than 4."""
        version = self.variables.get("frameworkVersion")
        if not isinstance(version, Known) or isinstance(version.value, (List, Object, Text)):
            return False
        found = _VERSION.search(str(version.value))
        return found is not None and int(found["below"] or found["exact"] or 4) < (5 if found["below"] else 4)

    @property
    def origin(self) -> Origin:
        return Origin(self.path, 1, 1, 1, 1)

    def section(self, name: str) -> Object:
        """A section that is a mapping, or a list of mappings that are joined."""
        raw = self.variables.step(self.variables.root, (name,))
        data = raw.value if isinstance(raw, Known) else None
        at = content(self.variables.root).keys.get(name) or self.origin
        parts = data.items if isinstance(data, List) else (raw,)
        found = Object()
        for part in parts:
            value = self.variables.resolve(part)
            if self.is_mapping(value, name, part.origin or at):
                found = joined(found, content(value))
        for reason in found.more:
            self.is_missing(reason, name, reason.origin or at)
        return found

    def is_mapping(self, value: Value[Data], what: str, at: Origin) -> bool:
        """Whether a value is a mapping; if it is something else, this is noted."""
        if isinstance(value, Known) and isinstance(value.value, Object):
            return True
        if isinstance(value, Known):
            if value.value is not None:
                kind = _KINDS.get(type(value.value), "text")
                message = f"expected a mapping as {what}, found {kind}"
                self.problems.append(SourceProblem(address=self.path, origin=at, message=message))
            return False
        self.is_missing(value if isinstance(value, Unknown) else content(value).more[0], what, at)
        return False

    def is_missing(self, reason: Unknown, what: str, at: Origin) -> None:
        """Note that what would be `what` is not read."""
        variable, end, rest = reason.reason.partition("} ")
        source, why = (variable + "}", rest) if end and variable.startswith("${") else (what, reason.reason)
        self.missing.append(MissingSource(address=what, origin=at, source=source, reason=why))

    def mappings_of(self, section: Object, what: str) -> Iterator[str]:
        """The names of those entries of a section that are mappings; the others are noted."""
        for name, value in section.entries.items():
            at = section.keys.get(name) or value.origin or self.origin
            if self.is_mapping(value, f"{what}.{name}", at):
                yield name
