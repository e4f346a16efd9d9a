"""Scanned text made safe and readable on a terminal."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from dynavet.regexes import regex

MAX_LINE = 4096
"""Characters of a source line that are looked at."""

MAX_FILE = 8 * 1024 * 1024

_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format characters, among them those that change the direction of writing."""

_COMMAND = regex(r"##(?=\w*\[)")
_SECRETS = (
    regex(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    regex(
        r"(?:secret_?key|secret_?access_?key|password|passwd|private_?key|session_?token|auth_?token|api_?key)"
        r"""["']?\s*[:=]\s*["']?(?P<value>[^\s"',}]+)""",
        re.IGNORECASE,
    ),
    re.compile(r"\bsensitive\((?P<value>.+)"),
    re.compile(r"\b(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|[rs]k_live_|npm_|pypi-)[\w-]{16,}"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"),
    re.compile(r"://[^\s/:@]*:(?P<value>[^\s/@]+)(?=@)"),
)


def safe(text: str) -> str:
    """The text with every character spelled out that could steer a terminal; line breaks too.

    >>> safe("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(c) if unicodedata.category(c) in _DANGEROUS else c for c in text)


def inert(line: str) -> str:
    r"""The line without a command to the CI service whose log it may go to.

    Such are ``::name::`` at the start of a line, and ``##[name]`` or ``##vso[name]`` anywhere.

    >>> inert(" ::error::a ##[group]")
    ' \\::error::a #\\#[group]'
    """
    return re.sub(r"^(\s*)::", r"\1\\::", tame(line))


def tame(text: str) -> str:
    """The text without such commands as work anywhere in a line."""
    return _COMMAND.sub(r"#\\#", text)


def masked(source: str) -> str:
    """The source line with asterisks for what looks like a credential, each column where it was."""
    for pattern in _SECRETS:
        source = pattern.sub(_asterisks, source)
    return source


def _asterisks(match: re.Match[str]) -> str:
    value = match.groupdict().get("value") or match[0]
    return match[0][: -len(value)] + "*" * len(value)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, room: int) -> str:
    """The text, or as much of it as goes into that many columns, with a sign that there is more."""
    if columns(text) <= room:
        return text
    while columns(text) > room - 1:
        text = text[: min(len(text) - 1, room)]
    return text + "…"


@lru_cache(maxsize=8)
def _source(path: str) -> tuple[str, ...]:
    try:
        if not Path(path).is_file() or Path(path).stat().st_size > MAX_FILE:
            return ()
        text = Path(path).read_text("utf-8-sig", "replace")
    except OSError:
        return ()
    return tuple(line.removesuffix("\r") for line in text.split("\n"))


def source_line(path: str, line: int) -> str | None:
    """One line of a file, without credentials; `None` if it cannot be had."""
    lines = _source(os.path.join(os.getcwd(), path))  # noqa: PTH109, PTH118 - for each finding; a Path costs more
    return masked(lines[line - 1][:MAX_LINE]) if line <= len(lines) else None


def underlined(source: str, start: int, end: int) -> tuple[str, str]:
    """The line without its indent, made safe, and carets under its one-based columns `start` to `end`."""
    indent = len(source) - len(source.lstrip())
    first = min(max(start - 1, indent), len(source))
    last = min(max(end - 1, first + 1), max(len(source.rstrip()), first + 1))
    before, marked = safe(_flat(source[indent:first])), safe(_flat(source[first:last]))
    return safe(_flat(source[indent:].rstrip())), " " * columns(before) + "^" * max(columns(marked), 1)


def _flat(text: str) -> str:
    return text.replace("\t", "  ")
