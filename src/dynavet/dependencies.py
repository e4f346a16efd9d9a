"""Which manifests of applications belong to what is scanned: all of the repository, wherever in it the scan starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dynavet.discovery import Discovery
from dynavet.ignoring import enclosing_repository
from dynavet.model import Dependencies, Manifest
from dynavet.walking import Walk

VENDORED = frozenset({"site-packages", "vendor"})
"""Directories of libraries, whose manifests are not the application's own."""


def dependencies_of(found: Discovery) -> Dependencies:
    """The manifests around what was found, outer ones first; nothing is looked for before somebody asks."""
    return Dependencies(lambda: sorted(_read(found), key=lambda manifest: (manifest.path.count("/"), manifest.path)))


def _read(found: Discovery) -> Iterator[Manifest]:
    from dynavet_parsers.manifests import may_be_manifest, read_manifest

    seen: set[Path] = set()
    for top in sorted({_around(path) for path in found.named}):
        walk = Walk(may_be_manifest)
        for path in map(Path, walk.files(top)):
            if path not in seen and _is_own(path.relative_to(top)):
                seen.add(path)
                manifest = read_manifest(path, found.sources)
                if manifest is not None:
                    yield manifest
        for directory, problem in walk.unreadable:
            yield Manifest(found.sources.show(directory), problem=problem)


def _around(path: Path) -> Path:
    directory = path if path.is_dir() else path.parent
    return enclosing_repository(directory) or directory


def _is_own(path: Path) -> bool:
    return not any(part.startswith(".") or part in VENDORED for part in path.parts[:-1])
