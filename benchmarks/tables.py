"""Measures as tables."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from benchmarks.measuring import Measures

HEADER = ("what", "program", "seconds", "range", "CPU seconds", "MiB", "dynavet is")


@dataclass(frozen=True)
class Measured:
    """A case, and what each program needed; the first is dynavet. `size` in times of the smallest, for growth."""

    name: str
    programs: Sequence[Measures]
    size: int = 0


def machine(versions: Sequence[str]) -> str:
    """In one line, what was measured with what."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"
    return f"{system}; {', '.join(versions)}"


def rows(measured: Measured) -> Iterator[tuple[str, ...]]:
    first = measured.programs[0]
    for each in measured.programs:
        if each.problem or not each.runs:
            yield (measured.name, each.program, each.problem or "not run", "", "", "", "")
            continue
        least, most = each.range()
        times = each.median("seconds") / first.median("seconds") if first.runs else 0
        ratio = f"{times:.1f} × as fast" if times and each is not first else ""
        yield (
            measured.name,
            each.program,
            f"{each.median('seconds'):.2f}",
            f"{least:.2f}–{most:.2f}" if len(each.runs) > 1 else "one run",
            f"{each.median('cpu'):.2f}",
            f"{each.median('mebibytes'):.0f}",
            ratio,
        )


def growth(name: str, sizes: Sequence[int], found: Sequence[Measures], start: float) -> Iterator[tuple[str, ...]]:
    """How time and memory grow; `start` is what a scan of next to nothing takes, and is no part of the ratio."""
    base = found[0]
    for size, each in zip(sizes, found, strict=True):
        if not each.runs or not base.runs:
            yield (name, f"{size:,}", each.problem or "not run", "", "", "")
            continue
        seconds = each.median("seconds")
        times = max(seconds - start, 0.001) / max(base.median("seconds") - start, 0.001)
        yield (
            name,
            f"{size:,}",
            f"× {size / sizes[0]:.0f}",
            f"{seconds:.2f}",
            f"× {times:.1f}",
            f"{each.median('mebibytes'):.0f}",
        )


GROWTH_HEADER = ("what", "how many", "size", "seconds", "time without the start", "MiB")


def table(header: Sequence[str], lines: Sequence[Sequence[str]], style: str) -> str:
    """As text in columns, or as Markdown."""
    if style == "markdown":
        ruled = [header, ["---"] * len(header), *lines]
        return "\n".join(f"| {' | '.join(line)} |" for line in ruled)
    widths = [max(map(len, column)) for column in zip(header, *lines, strict=True)]
    aligned = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in (header, *lines))
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def as_json(machine: str, measured: Sequence[Measured]) -> str:
    return json.dumps({"machine": machine, "cases": [asdict(each) for each in measured]}, indent=1)
