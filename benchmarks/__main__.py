"""Measure dynavet against its peers on the same input, in one run: ``python -m benchmarks --help``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cases import GROWING, Case, checkouts, cold, prepared, repository
from benchmarks.measuring import Measures, in_turns
from benchmarks.programs import Kind, Programs, add_options, found, versions
from benchmarks.tables import GROWTH_HEADER, HEADER, Measured, as_json, growth, machine, rows, table

GROUPS = ("cold", "repository", "growth")


def main() -> None:
    arguments = parse()
    programs = found(arguments)
    said = machine(list(versions(programs)))
    groups = arguments.groups or ([] if arguments.checkout else list(GROUPS))
    if arguments.format != "json":
        print(said, flush=True)
    everything: list[Measured] = []
    with working_directory(arguments.keep) as work:
        for group in groups:
            if group != "growth":
                cases = cold(programs, work) if group == "cold" else repository(programs, work, arguments.scale)
                everything += show(group, list(cases), arguments)
            else:
                everything += show_growth(programs, work, arguments)
        everything += show(
            "checkouts", list(checkouts(programs, [path.resolve() for path in arguments.checkout])), arguments
        )
    if arguments.format == "json":
        print(as_json(said, everything))


def show(group: str, cases: Sequence[Case], arguments: argparse.Namespace) -> list[Measured]:
    """Measure the cases of a group, and print its table."""
    if not cases:
        return []
    for case in cases:
        prepared(case)
    measured = [
        Measured(case.name, in_turns(case.programs, case.directory, *counts(group, arguments), arguments.timeout))
        for case in cases
    ]
    if arguments.format != "json":
        print(f"\n{group}\n")
        print(table(HEADER, [row for each in measured for row in rows(each)], arguments.format), flush=True)
    return measured


def counts(group: str, arguments: argparse.Namespace) -> tuple[int, int]:
    """How often dynavet runs, and how often the others, which may take minutes."""
    others = arguments.peer_runs or (arguments.runs if group == "cold" else 1)
    return arguments.runs, others


def show_growth(programs: Programs, work: Path, arguments: argparse.Namespace) -> list[Measured]:
    """The same for sizes of the same thing; dynavet alone."""
    ours = programs.for_directory(Kind.MIXED)[:1]
    start = in_turns(ours, prepared(next(cold(programs, work))).directory, arguments.runs, 0, arguments.timeout)[0]
    measured: list[Measured] = []
    lines: list[tuple[str, ...]] = []
    for each in GROWING:
        sizes = [max(1, round(size * arguments.scale)) for size in each.sizes]
        runs: list[Measures] = []
        for size in sizes:
            directory = work / "growth" / each.name.replace(" ", "-") / str(size)
            if not directory.exists():
                each.make(directory, size)
            runs += in_turns(ours, directory, arguments.runs, 0, arguments.timeout)
        lines += growth(each.name, sizes, runs, start.median("seconds"))
        measured += [Measured(each.name, [run], size) for run, size in zip(runs, sizes, strict=True)]
    if arguments.format != "json":
        print(f"\ngrowth (a start takes {start.median('seconds'):.2f} s)\n")
        print(table(GROWTH_HEADER, lines, arguments.format), flush=True)
    return measured


@contextmanager
def working_directory(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="dynavet-bench-") as temporary:
        yield Path(temporary)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"{', '.join(GROUPS)}; default: all of them")
    parser.add_argument("--checkout", type=Path, action="append", default=[], metavar="PATH", help="measure on this")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of dynavet; default 5")
    parser.add_argument("--peer-runs", type=int, metavar="N", help="of the others; default 1, for cold starts as many")
    parser.add_argument("--timeout", type=float, default=900, metavar="SECONDS", help="for one run; default 900")
    parser.add_argument("--scale", type=float, default=1, metavar="X", help="so many times as much as is generated")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="generate there, and leave it for the next time")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text")
    add_options(parser)
    arguments = parser.parse_args()
    if unknown := [group for group in arguments.groups if group not in GROUPS]:
        parser.error(f"there is no group {unknown[0]}; there are {', '.join(GROUPS)}")
    return arguments


if __name__ == "__main__":
    main()
