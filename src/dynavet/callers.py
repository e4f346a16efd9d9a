"""Which Terraform directories of a repository call which as modules, by a look at the bytes.

Nothing is parsed: whatever stands in quotes and looks like a path may be the source of a
module. So there may be directories here that call nothing, and none is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dynavet.regexes import regex
from dynavet.sources import SourceError, Sources

_LOCAL_PATH = regex(rb'"(\.{1,2}/[^"\r\n]*)"')


def callers(named: Iterable[Path], files: Iterable[Path], sources: Sources) -> dict[Path, list[Path]]:
    """The directories that call one of `named`, those that call these, and so on, each with its files.

    `files` are all Terraform files that may contain the calls; paths are absolute and normalised.
    """
    in_directory: dict[Path, list[Path]] = {}
    calling: dict[Path, set[Path]] = {}
    for file in files:
        in_directory.setdefault(file.parent, []).append(file)
        for target in _called(file, sources):
            calling.setdefault(target, set()).add(file.parent)
    found: dict[Path, list[Path]] = {}
    waiting = list(named)
    while waiting:
        for caller in calling.get(waiting.pop(), ()):
            if caller not in found:
                found[caller] = in_directory[caller]
                waiting.append(caller)
    return found


def _called(file: Path, sources: Sources) -> Iterator[Path]:
    """What a file may call. One that cannot be read says nothing here; with its directory it is reported."""
    try:
        data = sources.read(file)
    except SourceError:
        return
    if file.suffix == ".json":
        data = data.replace(b"\\/", b"/")
    if b"module" in data:
        for source in _LOCAL_PATH.findall(data):
            yield Path(os.path.normpath(file.parent / os.fsdecode(source)))
