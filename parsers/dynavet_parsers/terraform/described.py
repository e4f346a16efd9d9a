"""Well-known registry modules without their source: what they make of their arguments, described in Terraform itself.

``registry/<namespace>_<name>_<provider>/index.toml`` lists the descriptions of a module. Each
has its `versions` (the oldest and the newest that it was read from), the `files` that it
consists of, the `submodule` it is of, and the inputs that do not matter here (`ignored`).
The files declare the inputs that matter, the resources made of them, under the addresses
that they have in the module, and its outputs. They are no source that a user can see:
everything in them stands where the call stands.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.values import Known, Origin, Value
from dynavet_parsers.terraform.configuration import META_ARGUMENTS, Configuration, source_text
from dynavet_parsers.terraform.expressions import Block
from dynavet_parsers.terraform.syntax import parse_body
from dynavet_parsers.terraform.versions import ConstraintError, Version, admits, version

_ADDRESS = regex(r"([a-z0-9][a-z0-9-]*)/([a-z0-9][a-z0-9-]*)/([a-z0-9]+)(?://(.+))?", re.IGNORECASE)
DATA = Path(__file__).with_name("registry")


@dataclass(frozen=True, slots=True)
class Description:
    """One entry of an index."""

    name: str
    submodule: str
    oldest: Version
    newest: Version
    files: tuple[str, ...]
    ignored: frozenset[str]

    @property
    def versions(self) -> str:
        return f"{_shown(self.oldest)} to {_shown(self.newest)}"

    def configuration(self, at: Origin, directory: Path) -> Configuration:
        """The description as the source of a call at `at`, which stands for every place in it."""
        found = Configuration(directory, described=f"the description of its versions {self.versions}")
        place = replace(at, stands_in=True)
        for file in self.files:
            for block in _blocks(self.name, file):
                found.add(put(block, place))
        return found


@cache
def _blocks(name: str, file: str) -> tuple[Block, ...]:
    return parse_body((DATA / name / file).read_bytes(), file).blocks


def put(thing: Any, place: Origin) -> Any:
    """A part of a syntax tree with everything in it at one place."""
    kind = type(thing)
    if kind is Origin:
        return place
    if kind is tuple:
        return tuple([put(item, place) for item in thing])
    if kind is dict:
        return {name: put(item, place) for name, item in thing.items()}
    names = getattr(kind, "__match_args__", None)  # of a dataclass: its fields in order
    return kind(*[put(getattr(thing, name), place) for name in names]) if names else thing


@cache
def descriptions(name: str) -> tuple[Description, ...]:
    """All descriptions of a module (``terraform-aws-modules_vpc_aws``), those of newer versions first."""
    index = DATA / name / "index.toml"
    if not index.is_file():
        return ()
    import tomllib

    found = [
        Description(
            name,
            entry.get("submodule", ""),
            version(entry["versions"][0]),
            version(entry["versions"][1]),
            tuple(entry["files"]),
            frozenset(entry.get("ignored", ())),
        )
        for entry in tomllib.loads(index.read_text("utf-8"))["description"]
    ]
    return tuple(sorted(found, key=lambda each: each.newest, reverse=True))


def description_of(call: Block, constraint: Value[object]) -> Description | str | None:
    """The description that a module call without its source is understood from, or why there is none for it.

    `constraint` is the value of its `version`, absent for none. The newest description that
    it leaves is taken, as Terraform takes the newest version. `None`: the module is not described at all.
    """
    address = _ADDRESS.fullmatch(source_text(call) or "")
    if address is None:
        return None
    name, submodule = "_".join(address.groups()[:3]), (address[4] or "").strip("/")
    known = [each for each in descriptions(name.lower()) if each.submodule == submodule]
    if not known:
        return None
    if not isinstance(constraint, Known) or not isinstance(constraint.value, str | None):
        return "is not on disk, and its version is undecided"
    try:
        found = _newest(known, constraint.value)
    except ConstraintError as error:
        return f"is not on disk, and its version constraint {str(error)!r} is not understood"
    if found is None:
        described = ", ".join(each.versions for each in known)
        return f"is not on disk, and there is no description for version {constraint.value} (only for {described})"
    return found


def strange_argument(call: Block, description: Description, configuration: Configuration) -> str | None:
    """An argument of the call of which the description does not know what it does."""
    known = {*META_ARGUMENTS, *configuration.variables, *description.ignored}
    return next((name for name in call.arguments if name not in known), None)


def _newest(known: list[Description], constraint: str | None) -> Description | None:
    return next((d for d in known if constraint is None or admits(constraint, d.oldest, d.newest)), None)


def _shown(given: Version) -> str:
    return ".".join(map(str, given))
