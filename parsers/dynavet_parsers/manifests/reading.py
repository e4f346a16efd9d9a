"""Reading a manifest."""

from __future__ import annotations

from pathlib import Path

from dynavet.model import Library, Manifest
from dynavet.regexes import regex
from dynavet.sources import SourceError, Sources
from dynavet.values import Origin
from dynavet_parsers.manifests.data import Unreadable
from dynavet_parsers.manifests.formats import format_of

MAX_BYTES = 8 * 1024 * 1024
MAX_LIBRARIES = 50_000
_WORD = regex(r"@?\w[\w./+-]*")


def read_manifest(path: Path, sources: Sources) -> Manifest | None:
    """The libraries that a manifest lists; `None` for a file that lists none, such as one with settings of tools."""
    shown = sources.show(path)
    kind = format_of(path)
    if kind is None:
        return None
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
        text = sources.read_text(path)
        names = dict.fromkeys(kind.names(text))
        if len(names) > MAX_LIBRARIES:
            raise Unreadable(f"lists more than {MAX_LIBRARIES} libraries")
    except (SourceError, Unreadable) as problem:
        return Manifest(shown, problem=str(problem))
    lines = _lines(text, {_last_part(name) for name in names})
    libraries = []
    for name in names:
        line = lines.get(_last_part(name), 1)
        libraries.append(Library(kind.ecosystem, kind.canonical(name), Origin(shown, line, 1, line, 1)))
    return Manifest(shown, tuple(libraries)) if libraries else None


def _last_part(name: str) -> str:
    """What of a name stands in one piece wherever it is written: the artifact of ``group:artifact``."""
    return name.rpartition(":")[2]


def _lines(text: str, words: set[str]) -> dict[str, int]:
    """The first line with each of the words."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for word in _WORD.findall(line):
            if word in words:
                found.setdefault(word, number)
    return found
