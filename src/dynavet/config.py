"""The configuration file: ``dynavet.toml``, or ``[tool.dynavet]`` of a ``pyproject.toml``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from dynavet.catalogue import UnknownRule, find
from dynavet.config_marks import Within, read_context, read_tag_values
from dynavet.ignoring import enclosing_repository
from dynavet.model import Selection, Settings, Suppression
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.rule import Outcome, Severity
from dynavet.suppressing import NEVER
from dynavet.suppression_text import Malformed, from_entry, nearest
from dynavet.values import Origin

FILE = "dynavet.toml"
PYPROJECT = "pyproject.toml"
CONFIGURATION = "configuration"
PLACES = ("path", "resource", "statement")
ACCOUNT = regex(r"[0-9]{12}")


class BadConfiguration(Exception):
    """A configuration that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a file configures: `options` are fields of `dynavet.engine.Options`, as far as it sets them.

    `baseline` is the path of a baseline, absolute.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    baseline: Path | None = None


def configured(paths: Sequence[Path], cwd: Path, given: Path | None = None) -> Configuration:
    """The configuration in file `given`, or else in the one that is found for the scanned paths.

    It is looked for in the scanned directory and those above it up to the top of the
    repository, or up to `cwd` outside of any repository. Raises `BadConfiguration`.
    """
    if given is not None:
        return _read(cwd / given, cwd)
    found = dict.fromkeys(_nearest(Path(os.path.normpath(cwd / path)), cwd) for path in paths or (cwd,))
    if len(found) > 1:
        names = " and ".join("none" if each is None else _shown(each, cwd) for each in found)
        raise BadConfiguration(f"the paths have different configurations, {names}; choose one with --config")
    path = next(iter(found))
    return Configuration() if path is None else _read(path, cwd)


def _nearest(path: Path, cwd: Path) -> Path | None:
    start = path if path.is_dir() else path.parent
    top = enclosing_repository(start) or (cwd if cwd in start.parents else start)
    for directory in (start, *start.parents):
        for file in (directory / FILE, directory / PYPROJECT):
            if file.is_file() and (file.name == FILE or b"tool.dynavet" in _bytes(file)):
                return file
        if directory == top:
            break
    return None


def _read(path: Path, cwd: Path) -> Configuration:
    shown = _shown(path, cwd)
    import tomllib

    try:
        text = _bytes(path).decode("utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        raise BadConfiguration(f"{shown}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{shown}: {error}") from error
    except RecursionError as error:
        raise BadConfiguration(f"{shown}: expected values nested less deeply") from error
    prefix = ""
    if path.name == PYPROJECT:
        tools = table.get("tool")
        table, prefix = (tools if isinstance(tools, dict) else {}).get("dynavet", {}), "tool.dynavet"
    return _File(path, shown, text, prefix).configuration(table)


@dataclass(slots=True)
class _File:
    """A configuration file; `prefix` is the name of our table in it."""

    path: Path
    shown: str
    text: str
    prefix: str

    def configuration(self, table: Any) -> Configuration:
        if not isinstance(table, dict):
            raise self.wrong("", f"{self.prefix} is not a table")
        for key in table:
            if key not in KEYS:
                raise self.wrong(key, f"unknown key {key!r}; did you mean {nearest(key, tuple(KEYS))!r}?")
        options: dict[str, Any] = {}
        settings = Settings()
        for key, value in table.items():
            field_name, read = KEYS[key]
            try:
                result = read(value)
            except Within as error:
                raise self.wrong(key, f"{key}: {error}", *error.keys) from error
            except ValueError as error:
                raise self.wrong(key, f"{key}: {error}") from error
            if field_name in Settings.__slots__:
                settings = replace(settings, **{field_name: result})
            else:
                options[field_name] = result
        ignored = options.pop("ignored", ())
        never = options.get("never_suppress", frozenset())
        entries = [entry for entry in ignored if not isinstance(entry, str)]
        lines = chain(self.lines_of_entries(), repeat(self.line("ignore"))) if entries else ()
        suppressions = [self.suppression(line, entry, never) for line, entry in zip(lines, entries, strict=False)]
        options |= {"ignore": tuple(each for each in ignored if isinstance(each, str)), "suppressions": suppressions}
        baseline = options.pop("baseline_file", None)
        if "parameter_files" in options:
            options["parameter_files"] = tuple(self.path.parent / each for each in options["parameter_files"])
        return Configuration(
            options={**options, "settings": settings},
            baseline=self.path.parent / baseline if baseline is not None else None,
        )

    def suppression(self, line: int, entry: Mapping[str, Any], never: frozenset[str]) -> Suppression:
        known = ("id", "reason", "until", "evidence", *PLACES)
        try:
            for key in entry:
                if key not in known:
                    raise Malformed(f"unknown key {key!r}; did you mean {nearest(key, known)!r}?")
            if not all(isinstance(entry.get(key, ""), str) for key in PLACES):
                raise Malformed(f"{', '.join(PLACES)} are texts")
            request = from_entry({key: value for key, value in entry.items() if key not in PLACES})
            if held := [rule for rule in request.rules if rule in NEVER | never]:
                raise Malformed(f"{', '.join(held)} may not be suppressed")
        except Malformed as error:
            raise BadConfiguration(f"{self.shown}:{line}: ignore: {error}") from error
        return Suppression(
            address=self.path.name,
            origin=Origin(self.shown, line, 1, line, 1),
            kind=CONFIGURATION,
            rules=request.rules,
            reason=request.reason,
            until=request.until,
            evidence=request.evidence,
            covers=Selection(base=str(self.path.parent), **{key: entry.get(key, "") for key in PLACES}),
        )

    def lines_of_entries(self) -> Iterator[int]:
        """The lines of the ``[[ignore]]`` headers; entries that are written otherwise have none."""
        name = ".".join(filter(None, (self.prefix, "ignore")))
        header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]", re.MULTILINE)
        line, end = 1, 0
        for found in header.finditer(self.text):
            line, end = line + self.text.count("\n", end, found.start()), found.start()
            yield line

    def line(self, key: str, *inner: str) -> int:
        """The line of a key; of `inner` keys each is within the one before."""
        start = self.text.find(f"[{self.prefix}]") if self.prefix else 0
        found = re.compile(rf"""^[ \t]*(?:\[+[ \t]*[\w.]*)?["']?{re.escape(key)}\b""", re.MULTILINE)
        match = found.search(self.text, max(start, 0))
        for each in inner:
            within = re.compile(rf"(?<![\w-]){re.escape(each)}(?![\w-])")
            match = within.search(self.text, match.end() if match is not None else 0) or match
        return self.text.count("\n", 0, match.start()) + 1 if match is not None else 1

    def wrong(self, key: str, problem: str, *inner: str) -> BadConfiguration:
        return BadConfiguration(f"{self.shown}:{self.line(key, *inner) if key else 1}: {problem}")


def _rules(value: Any) -> tuple[str, ...]:
    """Rule ids. Raises `ValueError`."""
    try:
        return tuple(find(each).id for each in _texts(value))
    except UnknownRule as error:
        raise ValueError(str(error)) from error


def _ignored(value: Any) -> tuple[str | dict[str, Any], ...]:
    """Rule ids to leave out and entries of findings to suppress, in one list."""
    if not isinstance(value, list) or not all(isinstance(each, (str, dict)) for each in value):
        raise ValueError("expected a list of rule ids, or tables [[ignore]]")
    return tuple(each if isinstance(each, dict) else _rules([each])[0] for each in value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError("expected a list of texts")
    return tuple(value)


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"expected one of {', '.join(words)}")
        return str(value)

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("expected a text")
    return value


def _fail_on(value: Any) -> Severity | None:
    word = _one_of("never", *(each.label for each in Severity))(value)
    return None if word == "never" else Severity[word.upper()]


def _show(value: Any) -> frozenset[Outcome]:
    read = _one_of("all", *(each.value for each in Outcome))
    words = {read(each) for each in _texts(value)}
    return frozenset(Outcome) if "all" in words else frozenset(map(Outcome, words))


def _accounts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and ACCOUNT.fullmatch(each) for each in value):
        raise ValueError("expected a list of account numbers, each a text of 12 digits")
    return tuple(value)


def _scope(value: Any) -> bool:
    return _one_of("part", "account")(value) == "account"


def _fine_grained(value: Any) -> bool:
    return _one_of("default", "all")(value) == "all"


def _transport(value: Any) -> bool:
    return _one_of("default", "deny")(value) == "deny"


KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "select": ("select", _rules),
    "ignore": ("ignored", _ignored),
    "fail-on": ("fail_on", _fail_on),
    "fail-on-unknown": ("fail_on_unknown", _flag),
    "show": ("show", _show),
    "required-tags": ("required_tags", _texts),
    "tag-values": ("tag_values", read_tag_values),
    "context": ("context", read_context),
    "case-sensitive-tags": ("case_sensitive_tags", _flag),
    "fine-grained": ("fine_grained_everywhere", _fine_grained),
    "transport": ("deny_insecure_transport", _transport),
    "own-accounts": ("own_accounts", _accounts),
    "scope": ("whole_account", _scope),
    "never-suppress": ("never_suppress", lambda value: frozenset(_rules(value))),
    "require-evidence": ("require_evidence", _flag),
    "inline-suppressions": ("inline_suppressions", _flag),
    "baseline": ("baseline_file", _text),
    "tf-env": ("tf_env", _flag),
    "workspace": ("workspace", _text),
    "parameters": ("parameter_files", _texts),
}
"""Each key, the field that it sets, and how its value is read."""


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _shown(path: Path, cwd: Path) -> str:
    return os.path.relpath(path, cwd).replace(os.sep, "/")
