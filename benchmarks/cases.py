"""What is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generate
from benchmarks.measuring import Program
from benchmarks.programs import Kind, Programs

SIZES = (1, 2, 4, 8)


@dataclass(frozen=True)
class Case:
    """Programs on the same input, in a directory. `make` makes what is not there yet."""

    name: str
    programs: Sequence[Program]
    directory: Path
    make: Callable[[Path], object]


@dataclass(frozen=True)
class Growth:
    """One thing in several sizes, the smallest first."""

    name: str
    sizes: tuple[int, ...]
    make: Callable[[Path, int], object]


GROWING = (
    Growth("modules", tuple(125 * size for size in SIZES), generate.modules),
    Growth("instances of a module", tuple(125 * size for size in SIZES), generate.instances),
    Growth("small templates", tuple(100 * size for size in SIZES), generate.small_templates),
    Growth("templates with accepted findings", tuple(100 * size for size in SIZES), generate.accepted),
    Growth("services in a template", tuple(25 * size for size in SIZES), generate.one_template),
    Growth("policies", tuple(250 * size for size in SIZES), generate.policies),
    Growth("statements in a policy", tuple(500 * size for size in SIZES), generate.statements),
)


def cold(programs: Programs, work: Path) -> Iterator[Case]:
    """A process that starts for one thing only."""
    one, many = work / "one-file", work / "thousand-files"
    yield Case("version", programs.for_version(), one, generate.one_file)
    yield Case("one file", programs.for_file("main.tf"), one, generate.one_file)
    changed = programs.for_file("modules/service-7/main.tf")
    yield Case("pre-commit, one file of 1,000", changed, many, lambda place: generate.modules(place, 999))


def repository(programs: Programs, work: Path, scale: float) -> Iterator[Case]:
    """A repository, its parts and all of it."""
    parts: dict[str, tuple[Kind, int, Callable[[Path, int], None]]] = {
        "modules": (Kind.TERRAFORM, 1000, generate.modules),
        "large templates": (Kind.TEMPLATES, 200, generate.large_templates),
        "policies": (Kind.POLICIES, 2000, generate.policies),
    }
    whole = work / "repository"
    for name, (kind, count, make) in parts.items():
        count = max(1, round(count * scale))
        place = whole / name.replace(" ", "-")
        yield Case(f"{count:,} {name}", programs.for_directory(kind), place, lambda at, m=make, c=count: m(at, c))  # type: ignore[misc]
    yield Case("all of these", programs.for_directory(Kind.MIXED), whole, lambda _: None)


def checkouts(programs: Programs, paths: Sequence[Path]) -> Iterator[Case]:
    """What somebody has on the disk."""
    for path in paths:
        yield Case(path.name, programs.for_directory(Kind.MIXED), path, lambda _: None)


def prepared(case: Case) -> Case:
    """The case, its input in place."""
    if not case.directory.exists():
        case.make(case.directory)
    return case
