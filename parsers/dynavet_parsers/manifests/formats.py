"""Which files are manifests, and of what kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePath

from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet_parsers.manifests import java, others, python


@dataclass(frozen=True, slots=True)
class Format:
    """`names` gives the libraries in a text, and may raise `Unreadable`; `canonical` how names are compared."""

    ecosystem: str
    names: Callable[[str], Iterable[str]]
    canonical: Callable[[str], str] = str


def _python(names: Callable[[str], Iterable[str]]) -> Format:
    return Format("Python", names, python.canonical)


def _dotnet(names: Callable[[str], Iterable[str]]) -> Format:
    return Format(".NET", names, str.lower)


BY_NAME = {
    "pyproject.toml": _python(python.pyproject),
    "setup.cfg": _python(python.setup_cfg),
    "setup.py": _python(python.setup_py),
    "Pipfile": _python(python.pipfile),
    "Pipfile.lock": _python(python.pipfile_lock),
    "poetry.lock": _python(python.locked),
    "uv.lock": _python(python.locked),
    "pdm.lock": _python(python.locked),
    "pylock.toml": _python(python.locked),
    "pom.xml": Format("Java", java.pom),
    "gradle.lockfile": Format("Java", java.gradle_lock),
    "package.json": Format("JavaScript", others.package_json),
    "package-lock.json": Format("JavaScript", others.package_lock),
    "npm-shrinkwrap.json": Format("JavaScript", others.package_lock),
    "yarn.lock": Format("JavaScript", others.yarn_lock),
    "pnpm-lock.yaml": Format("JavaScript", others.pnpm_lock),
    "Directory.Packages.props": _dotnet(others.msbuild),
    "packages.config": _dotnet(others.packages_config),
    "packages.lock.json": _dotnet(others.packages_lock),
    "Cargo.toml": Format("Rust", others.cargo),
    "Cargo.lock": Format("Rust", others.cargo_lock),
    "go.mod": Format("Go", others.go_mod),
    "go.sum": Format("Go", others.go_sum),
}
BY_ENDING = {
    ".gradle": Format("Java", java.gradle),
    ".gradle.kts": Format("Java", java.gradle),
    ".versions.toml": Format("Java", java.catalog),
    ".csproj": _dotnet(others.msbuild),
    ".fsproj": _dotnet(others.msbuild),
    ".vbproj": _dotnet(others.msbuild),
}
_ENDINGS = tuple(BY_ENDING)
_LISTS = (".txt", ".in")
_REQUIREMENTS = regex(r"(?:.*/)?(?:[^/]*requirements[^/]*|requirements/[^/]*)\.(?:txt|in)")


def may_be_manifest(name: str) -> bool:
    """Whether a file of this name can be a manifest."""
    return name in BY_NAME or name.endswith(_ENDINGS) or name.endswith(_LISTS)


def format_of(path: PurePath) -> Format | None:
    """What a file is by its path; `None` if it is no manifest."""
    if path.name in BY_NAME:
        return BY_NAME[path.name]
    if path.name.endswith(_LISTS):
        return _python(python.requirements) if _REQUIREMENTS.fullmatch(path.as_posix()) else None
    return next((each for ending, each in BY_ENDING.items() if path.name.endswith(ending)), None)
