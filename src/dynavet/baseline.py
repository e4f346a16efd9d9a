"""Baselines: known failures by their fingerprints, one in a line, sorted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dynavet.findings import Finding
from dynavet.regexes import regex
from dynavet.rule import Outcome
from dynavet.suppressing import NEVER

HEADER = "# Known failures. Written by `dynavet baseline`; the text after each fingerprint is for people.\n"
_LINE = regex(r"([0-9a-f]{64})(?:\s+#.*)?")


class BadBaseline(Exception):
    """A baseline that cannot be read; the message says where and why."""


def read_baseline(path: Path, shown: str) -> frozenset[str]:
    """The fingerprints in the file. Raises `BadBaseline`."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise BadBaseline(f"{shown} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadBaseline(f"{shown} is not UTF-8 text") from error
    found = set()
    for number, line in enumerate(map(str.strip, lines), 1):
        if line and not line.startswith("#"):
            match = _LINE.fullmatch(line)
            if match is None:
                raise BadBaseline(f"{shown}:{number}: expected a fingerprint and a comment")
            found.add(match[1])
    return frozenset(found)


def entries(findings: Iterable[Finding]) -> dict[str, str]:
    """The fingerprint of each failure, with rule and resource in words; nothing that may never be hidden."""
    return {
        each.fingerprint: " ".join(filter(None, (each.rule, each.resource, each.statement)))
        for each in findings
        if each.outcome is Outcome.FAIL and each.rule not in NEVER
    }


def render_baseline(found: Mapping[str, str]) -> str:
    """The text of a baseline."""
    lines = (f"{fingerprint}  # {_one_line(words)}\n" for fingerprint, words in sorted(found.items()))
    return HEADER + "".join(lines)


def _one_line(words: str) -> str:
    return words.encode("unicode_escape").decode("ascii")
