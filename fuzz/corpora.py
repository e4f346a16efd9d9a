"""Where fuzzing starts: the fixtures of the tests and the examples of the documentation, sorted by harness."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PLACES = ("tests/fixtures", "examples", "examples-secure")
MAX_BYTES = 16 * 1024
"""Larger ones make every run slow and lead nowhere that a smaller one does not."""

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SUPPRESSION = re.compile(r"(?:dynavet:ignore[ \t]+|checkov:skip=)([^\n`]+)")


@cache
def seeds(harness: str) -> list[bytes]:
    """The texts that a harness starts with, the smallest first."""
    found = {text for text in _SEEDS[harness]() if len(text) <= MAX_BYTES}
    return sorted(found, key=lambda text: (len(text), text))


def put(harness: str, directory: Path) -> None:
    """Write the seeds into a directory, named by what they are."""
    directory.mkdir(parents=True, exist_ok=True)
    for text in seeds(harness):
        (directory / hashlib.sha256(text).hexdigest()[:20]).write_bytes(text)


@cache
def words(harness: str) -> list[str]:
    """Words of the seeds' language, for mutations to put in, the most frequent first."""
    counts: dict[str, int] = {}
    for text in seeds(harness):
        for word in set(re.findall(r"[A-Za-z_$:][\w:.*/${}-]+", text.decode("utf-8", "replace"))):
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))[:2000]


def _files(*suffixes: str) -> Iterator[bytes]:
    for place in PLACES:
        for path in sorted((REPOSITORY / place).rglob("*")):
            if path.name.endswith(suffixes) and path.is_file():
                yield path.read_bytes()


def _fenced(language: str) -> Iterator[bytes]:
    for path in sorted((REPOSITORY / "docs").rglob("*.md")):
        for fence, text in _FENCE.findall(path.read_text("utf-8")):
            if fence == language:
                yield text.encode()


def _hcl() -> Iterator[bytes]:
    yield from _files(".tf")
    yield from _fenced("hcl")


def _templates() -> Iterator[bytes]:
    yield from _files(".yaml", ".yml", ".template.json")
    yield from _fenced("yaml")


def _policies() -> Iterator[bytes]:
    yield from (text for text in _files(".json") if b'"Statement"' in text)
    yield from _fenced("json")


def _plans() -> Iterator[bytes]:
    yield from (text for text in _files(".json") if b"planned_values" in text or b"resource_changes" in text)


def _configurations() -> Iterator[bytes]:
    yield from _files(".toml")
    yield from _fenced("toml")


def _suppressions() -> Iterator[bytes]:
    for text in (*_files(".tf", ".yaml"), *_fenced("hcl"), *_fenced("yaml"), *_documented()):
        for found in _SUPPRESSION.findall(text.decode("utf-8", "replace")):
            yield found.strip().encode()


def _documented() -> Iterator[bytes]:
    yield (REPOSITORY / "docs" / "suppressions.md").read_bytes()
    yield from (path.read_bytes() for path in sorted((REPOSITORY / "tests").glob("test_suppress*.py")))


_SEEDS = {
    "hcl": _hcl,
    "template": _templates,
    "policy": _policies,
    "plan": _plans,
    "configuration": _configurations,
    "suppression": _suppressions,
}
