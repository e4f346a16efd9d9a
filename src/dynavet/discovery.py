"""Which files are in scope, and which of them matter.

The tree is walked once, for named files the repository for callers of theirs. What decides is
a look at the bytes; nothing is parsed here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path

from dynavet.callers import callers
from dynavet.findings import Skipped
from dynavet.ignoring import Ignoring, enclosing_repository
from dynavet.model import SourceProblem
from dynavet.records import dataclass
from dynavet.sources import MAX_BYTES, SourceError, Sources, TooLarge
from dynavet.terraform_files import CONFIGURATION, VARIABLES, hidden, is_configuration
from dynavet.values import Origin
from dynavet.walking import Walk

DOCUMENTS = (".yaml", ".yml", ".json", ".template")
LOCK_OF_EMACS = ".#"
NOT_OURS = "not a template or policy"
TOO_LARGE = f"larger than {MAX_BYTES // 1024 // 1024} MiB"


class NothingThere(Exception):
    """A path that was asked for does not exist."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that looks like a template, a policy, or both.

    `nests`: as a template it may nest others. `by_name`: it was named itself. `size`: in bytes.
    """

    path: Path
    template: bool
    policy: bool
    nests: bool = False
    by_name: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Terraform directories, each with its files, and plans. With `named`, only roots that use one of these matter."""

    directories: dict[Path, list[Path]]
    named: frozenset[Path] | None = None
    plans: tuple[Path, ...] = ()


@dataclass(slots=True)
class Discovery:
    """What was found. All paths are absolute, links not followed; `sources` reads them.

    `terraform` maps each directory with Terraform files to those files; those `by_file` are
    there only because files of theirs were named. `plans` are Terraform's, in its JSON form.
    `batches` are how all these are to be read.
    `ignored` counts the files and directories that a ``.gitignore`` excludes.
    """

    sources: Sources
    cwd: Path
    named: list[Path]
    terraform: dict[Path, list[Path]] = field(default_factory=dict)
    by_file: set[Path] = field(default_factory=set)
    plans: list[Path] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[SourceProblem] = field(default_factory=list)
    ignored: int = 0
    _starts: dict[Path, Path] = field(default_factory=dict)

    def for_terraform(self) -> Discovery:
        """What must be known of it to read Terraform, where that goes to another process."""
        return replace(self, documents=[], skipped=[], problems=[])

    def anchor(self, shown: str) -> str:
        """A path, given as the user sees it, relative to the repository or directory that was scanned."""
        path = Path(os.path.normpath(self.cwd / shown))
        around = path if os.path.isdir(path) else path.parent  # noqa: PTH112 (it takes what can be the name of no file)
        if around not in self._starts:
            self._starts[around] = self._start(around)
        return os.path.relpath(path, self._starts[around]).replace(os.sep, "/")

    def _start(self, directory: Path) -> Path:
        named = (_directory(each) for each in self.named if _directory(each) in (directory, *directory.parents))
        return enclosing_repository(directory) or next(named, self.cwd)

    def names(self, shown: str) -> bool:
        """Whether a path, given as the user sees it, was named or lies below a named directory."""
        path = Path(os.path.normpath(self.cwd / shown))
        return any(named in (path, *path.parents) for named in self.named)


def discover(paths: Sequence[Path], cwd: Path, readable: Sequence[Path] = ()) -> Discovery:
    """Look through files and directories, relative to `cwd` if not absolute.

    A path that is named is in scope whatever ``.gitignore`` says. A named Terraform file
    stands for its directory. `readable` may be read as well. Raises `NothingThere`.
    """
    found = undiscovered(paths, cwd, readable)
    look_through(found)
    return found


def undiscovered(paths: Sequence[Path], cwd: Path, readable: Sequence[Path] = ()) -> Discovery:
    """What `discover` begins with: nothing found, but known what is named and may be read. Raises `NothingThere`."""
    named = [Path(os.path.normpath(cwd / path)) for path in paths]
    for path, shown in zip(named, paths, strict=True):
        if not os.path.lexists(path):
            raise NothingThere(f"{shown}: no such file or directory")
    return Discovery(Sources([*(_top(path) for path in named), *readable], cwd), cwd, named)


def look_through(found: Discovery, heed: Callable[[Document], None] = lambda _: None) -> None:
    """Complete what is `undiscovered`; each document that it finds is told to `heed` at once."""
    seen: set[str] = set()
    whole: set[Path] = set()
    for path in found.named:
        is_directory = path.is_dir()
        for file in _files(path, found):
            if is_directory and is_configuration(os.path.basename(file)):  # noqa: PTH119
                whole.add(Path(file).parent)
            if file not in seen:
                seen.add(file)
                before = len(found.documents)
                _guarded_sort(file, found, by_name=file == os.fspath(path))
                for document in found.documents[before:]:
                    heed(document)
    _pass_over(found)
    found.by_file = found.terraform.keys() - whole
    found.batches = list(_batches(found))
    found.documents.sort(key=lambda document: document.path)


def _top(path: Path) -> Path:
    """The repository around a path, or else its directory: what may be read for it, wherever the scan was started."""
    return enclosing_repository(_directory(path)) or _directory(path)


def _directory(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _files(path: Path, found: Discovery) -> Iterator[str]:
    """The files that a path stands for. There may be thousands, most of no matter, so they stay text."""
    if path.is_dir():
        walk = Walk(_may_matter)
        yield from walk.files(path)
        found.ignored += walk.ignored
        found.problems += (_problem(found.sources.show(each), why) for each, why in walk.unreadable)
    elif path.name.endswith((*CONFIGURATION, *VARIABLES)):
        ignoring = Ignoring(path.parent, Ignoring.above(path.parent))
        beside = (each for each in sorted(path.parent.iterdir()) if is_configuration(each.name) and not each.is_dir())
        yield os.fspath(path)
        others = (each for each in beside if each != path and not ignoring.excludes(each, is_directory=False))
        yield from map(os.fspath, others)
    else:
        yield os.fspath(path)


def _batches(found: Discovery) -> Iterator[Batch]:
    """Named directories and all plans, then by repository the directories of named files with those that call them.

    What one batch says depends on no other. Outside of a repository a directory is on its own.
    """
    whole = {path: files for path, files in found.terraform.items() if path not in found.by_file}
    if whole or found.plans:
        yield Batch(whole, plans=tuple(sorted(found.plans)))
    for top in sorted({_top(directory) for directory in found.by_file}):
        named = frozenset(directory for directory in found.by_file if _top(directory) == top)
        around = _callers(named, top, found) if enclosing_repository(top) else {}
        yield Batch({**around, **{directory: found.terraform[directory] for directory in named}}, named)


def _callers(named: frozenset[Path], top: Path, found: Discovery) -> dict[Path, list[Path]]:
    walk = Walk(is_configuration)
    around = callers(named, map(Path, walk.files(top)), found.sources)
    found.problems += (_problem(found.sources.show(path), why) for path, why in walk.unreadable)
    return around


def _may_matter(name: str) -> bool:
    return is_configuration(name) or (name.endswith(DOCUMENTS) and not name.startswith(LOCK_OF_EMACS))


def _guarded_sort(path: str, found: Discovery, *, by_name: bool) -> None:
    """See `_sort`. A crash over one file is a problem of that file."""
    try:
        _sort(path, found, by_name=by_name)
    except Exception as error:
        message = f"cannot be analysed: {type(error).__name__}: {error}"
        found.problems.append(_problem(found.sources.show(path), message))


def _sort(path: str, found: Discovery, *, by_name: bool) -> None:
    """Put one file where it belongs."""
    if is_configuration(os.path.basename(path)):  # noqa: PTH119
        file = Path(path)
        found.terraform.setdefault(file.parent, []).append(file)
    elif not path.endswith(VARIABLES):
        _sort_document(path, found, by_name=by_name)


def _pass_over(found: Discovery) -> None:
    """Leave out files that another one hides, and note named files of variables that no configuration reads.

    Files that are looked at for the sake of callers are sorted out where they are read.
    """
    for directory, files in found.terraform.items():
        passed_over = hidden(files)
        found.terraform[directory] = [path for path in files if path not in passed_over]
        for path, instead in passed_over.items():
            found.skipped.append(Skipped(found.sources.show(path), f"{instead.name} takes its place in OpenTofu"))
    for path in found.named:
        if path.name.endswith(VARIABLES) and not path.is_dir() and path.parent not in found.terraform:
            found.skipped.append(Skipped(found.sources.show(path), "no Terraform configuration beside it"))


def _sort_document(path: str, found: Discovery, *, by_name: bool) -> None:
    shown = found.sources.show(path)
    try:
        data = found.sources.read(path)
    except SourceError as error:
        reason = None if by_name else _passed_over(Path(path), error, found)
        if reason is None:
            found.problems.append(_problem(shown, str(error)))
        else:
            found.skipped.append(Skipped(shown, reason))
        return
    kinds = _kinds(data)
    if _is_plan(path, data):
        found.plans.append(Path(path))
    elif isinstance(kinds, str):
        found.skipped.append(Skipped(shown, kinds))
    else:
        found.documents.append(Document(Path(path), *kinds, by_name, len(data)))


def _passed_over(path: Path, error: SourceError, found: Discovery) -> str | None:
    """Why a file that cannot be read is no problem, if it is none."""
    if path.is_symlink() and path.exists() and not found.sources.inside(path):
        return "links to a file outside the scanned directory"
    if isinstance(error, TooLarge):
        matters = _is_plan(str(path), error.beginning) or not isinstance(_kinds(error.beginning), str)
        return None if matters else TOO_LARGE
    return None


def _is_plan(path: str, data: bytes) -> bool:
    from dynavet_parsers.plan_marks import looks_like_plan

    return path.endswith(".json") and looks_like_plan(data)


def _kinds(data: bytes) -> tuple[bool, bool, bool] | str:
    """Whether the bytes look like a template, a policy, a template that nests others; or why they are passed over."""
    from dynavet_parsers.cloudformation import looks_like_template, may_nest
    from dynavet_parsers.iam_json import looks_like_policy

    if not data or data.isspace():
        return "empty"
    if b"\0" in data:
        return "binary"
    template, policy = looks_like_template(data), looks_like_policy(data)
    return (template, policy, template and may_nest(data)) if template or policy else NOT_OURS


def _problem(shown: str, message: str) -> SourceProblem:
    return SourceProblem(address=shown, origin=Origin(shown, 1, 1, 1, 1), message=message)
