"""Manifests and lock files of JavaScript, .NET, Rust and Go.

npm documentation, "package-lock.json";
https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
https://go.dev/ref/mod
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dynavet.regexes import regex
from dynavet_parsers.manifests.data import items, parsed_json, parsed_toml, table, texts
from dynavet_parsers.manifests.xml_text import elements

_NPM = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_CARGO = ("dependencies", "dev-dependencies", "build-dependencies")
_YARN = regex(r"""(?:^|, )"?(@?[^@",\s]+)@""")
_PNPM = regex(r"""^[ ]+'?/?((?:@[\w.-]+/)?[\w.-]+)(?:[@/][^:'\n]*)?'?:""", re.MULTILINE)
_REFERENCES = ("PackageReference", "PackageVersion", "GlobalPackageReference")


def package_json(text: str) -> Iterator[str]:
    """``package.json``."""
    data = parsed_json(text)
    for section in _NPM:
        yield from table(data, section)


def package_lock(text: str) -> Iterator[str]:
    """``package-lock.json`` of every version."""
    data = parsed_json(text)
    yield from (path.rpartition("node_modules/")[2] for path in table(data, "packages") if path)
    waiting = [table(data, "dependencies")]
    while waiting:
        for name, package in waiting.pop().items():
            yield name
            waiting.append(table(package, "dependencies"))


def yarn_lock(text: str) -> Iterator[str]:
    """``yarn.lock`` of both generations: the lines that begin an entry."""
    for line in text.splitlines():
        if line.endswith(":") and not line.startswith((" ", "#")):
            yield from _YARN.findall(line)


def pnpm_lock(text: str) -> Iterator[str]:
    """``pnpm-lock.yaml``: its keys, names of packages among them."""
    yield from _PNPM.findall(text)


def msbuild(text: str) -> Iterator[str]:
    """``*.csproj`` and its like, ``Directory.Packages.props``."""
    for path, attributes, _ in elements(text):
        if path[-1] in _REFERENCES:
            yield from (attributes[key] for key in ("Include", "Update") if attributes.get(key))


def packages_config(text: str) -> Iterator[str]:
    """``packages.config``."""
    yield from (
        attributes["id"] for path, attributes, _ in elements(text) if path[-1] == "package" and "id" in attributes
    )


def packages_lock(text: str) -> Iterator[str]:
    """``packages.lock.json``."""
    for framework in table(parsed_json(text), "dependencies").values():
        yield from table(framework)


def cargo(text: str) -> Iterator[str]:
    """``Cargo.toml``: the crates, under the names that they have for others."""
    data = parsed_toml(text)
    places = [data, table(data, "workspace"), *(table(each) for each in table(data, "target").values())]
    for place in places:
        for section in _CARGO:
            for name, crate in table(place, section).items():
                renamed = table(crate).get("package")
                yield renamed if isinstance(renamed, str) else name


def cargo_lock(text: str) -> Iterator[str]:
    """``Cargo.lock``."""
    yield from texts([table(package).get("name") for package in items(parsed_toml(text).get("package"))])


def go_mod(text: str) -> Iterator[str]:
    """``go.mod``: what is required."""
    block = ""
    for line in text.splitlines():
        words = line.partition("//")[0].split()
        if words[-1:] == ["("]:
            block = words[0]
        elif words == [")"]:
            block = ""
        elif words and (block or words[0]) == "require":
            yield words[0] if block else "".join(words[1:2])


def go_sum(text: str) -> Iterator[str]:
    """``go.sum``: the modules of which more than their ``go.mod`` is used."""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and not words[1].endswith("/go.mod"):
            yield words[0]
