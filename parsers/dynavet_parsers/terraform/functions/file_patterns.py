"""Patterns of ``fileset``: ``*``, ``**``, ``?``, ``[…]`` and ``{a,b}``.

https://developer.hashicorp.com/terraform/language/functions/fileset
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from dynavet.sources import Sources
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import MAX_ITEMS, limited
from dynavet_parsers.terraform.numeric import undecided

MAX_PATTERN = 500


def matching_files(directory: Path, pattern: str, sources: Sources) -> Iterator[str]:
    """The files of a directory and those below that match, relative to it with ``/``."""
    if len(pattern) > MAX_PATTERN or any(character in pattern for character in "{}"):
        raise undecided("a pattern of fileset() with braces is not computed")
    segments = pattern.strip("/").split("/")
    if ".." in segments:
        raise undecided("a pattern of fileset() that leaves its directory is not computed")
    found = _below(directory, deep="**" in segments, depth=len(segments), sources=sources)
    for seen, path in enumerate(found):
        limited(seen, 10 * MAX_ITEMS)
        names = path.relative_to(directory).parts
        if _fits(names, segments):
            yield "/".join(names)


def _below(directory: Path, *, deep: bool, depth: int, sources: Sources) -> Iterator[Path]:
    waiting = [(directory, 1)]
    while waiting:
        current, level = waiting.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = current / entry.name
            if entry.is_dir(follow_symlinks=False):
                if deep or level < depth:
                    waiting.append((path, level + 1))
            elif sources.inside(path) and path.is_file():
                yield path


def _fits(names: tuple[str, ...], segments: list[str]) -> bool:
    """Whether a path matches, segment by segment; ``**`` stands for any number of them."""
    reachable = {0}
    for name in names:
        reachable = _past_stars(reachable, segments)
        step = {i for i in reachable if i < len(segments) and segments[i] == "**"}
        step |= {i + 1 for i in reachable if i < len(segments) and segments[i] != "**" and _named(name, segments[i])}
        reachable = step
    return len(segments) in _past_stars(reachable, segments)


def _past_stars(reachable: set[int], segments: list[str]) -> set[int]:
    found = set(reachable)
    for i in sorted(found):
        while i < len(segments) and segments[i] == "**":
            i += 1
            found.add(i)
    return found


def _named(name: str, segment: str) -> bool:
    from dynavet_parsers.terraform.regular import compiled

    return compiled(f"^(?s:{_translated(segment)})$").search(name) is not None


def _translated(segment: str) -> str:
    pieces = []
    position = 0
    while position < len(segment):
        character = segment[position]
        position += 1
        if character == "[":
            end = segment.find("]", position + 1)
            if end < 0:
                raise EvaluationError("a bracket that is not closed in a pattern of fileset()")
            pieces.append(f"[{segment[position:end]}]")
            position = end + 1
        elif character == "\\" and position < len(segment):
            pieces.append(re.escape(segment[position]))
            position += 1
        else:
            pieces.append({"*": "[^/]*", "?": "[^/]"}.get(character) or re.escape(character))
    return "".join(pieces)
