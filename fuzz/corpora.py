"""Where fuzzing starts: the fixtures of the tests and the examples of the documentation, sorted by harness."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fuzz.words import LISTED

REPOSITORY = Path(__file__).resolve().parent.parent
PLACES = ("tests/fixtures", "examples", "examples-secure")
MAX_BYTES = 16 * 1024
"""Larger ones make every run slow and lead nowhere that a smaller one does not."""

HEADER = re.compile(rb"^# file: (\w[\w./-]{0,60}\.(?:tf|tofu|tfvars|json|ya?ml|tftpl|toml))[ \t]*\n", re.MULTILINE)
"""Above each of several files that are one input."""

PLANNED = REPOSITORY / "tests" / "fixtures" / "plans" / "orders" / "main.tf"
"""The configuration that the plan beside it was made from."""

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SUPPRESSION = re.compile(r"(?:dynavet:ignore[ \t]+|checkov:skip=)([^\n`]+)")


@cache
def seeds(harness: str) -> list[bytes]:
    """The texts that a harness starts with, the smallest first."""
    found = {text for text in _SEEDS[harness]() if len(text) <= MAX_BYTES}
    return sorted(found, key=lambda text: (len(text), text))


def put(harness: str, directory: Path, most: int) -> None:
    """Write the seeds, of more than `most` an even selection, into a directory, named by what they are."""
    directory.mkdir(parents=True, exist_ok=True)
    found = seeds(harness)
    for text in found[:: -(-len(found) // max(most, 1))]:
        (directory / hashlib.sha256(text).hexdigest()[:20]).write_bytes(text)


@cache
def words(harness: str) -> list[str]:
    """Words of a harness's language, for mutations to put in: listed ones, then those of the seeds by frequency."""
    counts: dict[str, int] = {}
    for text in seeds(harness):
        for word in set(re.findall(r"[A-Za-z_$:][\w:.*/${}-]+", text.decode("utf-8", "replace"))):
            counts[word] = counts.get(word, 0) + 1
    frequent = sorted(counts, key=lambda word: (-counts[word], word))[:2000]
    return list(dict.fromkeys([*LISTED[harness], *frequent]))


def put_dictionary(harness: str, path: Path) -> None:
    """Write the words in libFuzzer's form, without those that its parser has no use for."""
    lines = ("".join(map(_escaped, word.encode())) for word in words(harness) if 1 < len(word) < 60)
    path.write_text("".join(f'"{line}"\n' for line in lines), "ascii")


def _escaped(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02x}"


def _files(*suffixes: str) -> Iterator[bytes]:
    for place in PLACES:
        for path in sorted((REPOSITORY / place).rglob("*")):
            if path.name.endswith(suffixes) and path.is_file():
                yield path.read_bytes()


def _bundles(*suffixes: str) -> Iterator[bytes]:
    """Directories of a few files, those in directories below included, each as one input."""
    directories = {path.parent for path in (REPOSITORY / PLACES[0]).rglob("*") if path.name.endswith(suffixes)}
    for top in sorted(directories | {directory.parent for directory in directories}):
        paths = sorted(path for path in top.rglob("*") if path.name.endswith(suffixes) and path.is_file())
        if 1 < len(paths) < 10:
            yield b"".join(_headed(path.relative_to(top).as_posix(), path.read_bytes()) for path in paths)


def _headed(name: str, data: bytes) -> bytes:
    return b"# file: %s\n%s%s" % (name.encode(), data, b"" if data.endswith(b"\n") else b"\n")


def _fenced(language: str) -> Iterator[bytes]:
    for path in sorted((REPOSITORY / "docs").rglob("*.md")):
        for fence, text in _FENCE.findall(path.read_text("utf-8")):
            if fence == language:
                yield text.encode()


def _hcl() -> Iterator[bytes]:
    yield from _files(".tf")
    yield from _fenced("hcl")
    yield from _bundles(".tf", ".tofu", ".tfvars", ".tf.json", ".tftpl", "policy.json")


def _templates() -> Iterator[bytes]:
    yield from _files(".yaml", ".yml", ".template.json")
    yield from (text for text in _files(".json") if b'"Resources"' in text)
    yield from _fenced("yaml")
    yield from _bundles(".yaml", ".yml", ".json")


def _policies() -> Iterator[bytes]:
    yield from (text for text in _files(".json") if b'"Statement"' in text)
    yield from _fenced("json")


def _plans() -> Iterator[bytes]:
    """The plans with one resource each: whole ones are larger than what leads anywhere."""
    for text in _files(".json"):
        if b"planned_values" in text or b"resource_changes" in text:
            whole = json.loads(text)
            for each in whole.get("resource_changes", []):
                reduced = json.dumps(_about(whole, each["address"])).encode()
                yield from (reduced, reduced + b"\n")


def _about(plan: Any, address: str) -> Any:
    """A plan with the resources at one address, of every list of resources."""
    if isinstance(plan, dict):
        return {key: _about(value, address) for key, value in plan.items()}
    if isinstance(plan, list):
        kept = [each for each in plan if not isinstance(each, dict) or each.get("address", address) == address]
        return [_about(each, address) for each in kept]
    return plan


def _configurations() -> Iterator[bytes]:
    yield from _files(".toml")
    yield from _fenced("toml")


def _suppressions() -> Iterator[bytes]:
    for text in (*_files(".tf", ".yaml"), *_fenced("hcl"), *_fenced("yaml"), *_documented()):
        for found in _SUPPRESSION.findall(text.decode("utf-8", "replace")):
            yield found.strip().encode()
    yield from (text for text in _files(".tf", ".yaml") if _SUPPRESSION.search(text.decode("utf-8", "replace")))


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
