"""Manifests and lock files of Maven and Gradle; a library is ``group:artifact``.

https://maven.apache.org/pom.html
https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html
https://docs.gradle.org/current/userguide/version_catalogs.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dynavet.regexes import regex
from dynavet_parsers.manifests.data import parsed_toml, table
from dynavet_parsers.manifests.xml_text import elements

_TOKENS = regex(r"""("(?:\\[^\n]|[^"\\\n])*"?|'(?:\\[^\n]|[^'\\\n])*'?)|//[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL)
"""Texts, which may be anything, and comments; nothing that begins like one of them is looked at twice."""

_COORDINATES = regex(r"""["']([\w.-]+:[\w.-]+)(?:[:@][^"'\n]*)?["']""")
_NAMED = regex(
    r"""\bgroup\s*[:=]\s*["']([\w.-]+)["']\s*,\s*(?:name|module)\s*[:=]\s*["']([\w.-]+)["']"""
    r"""|\(\s*["']([\w.-]+)["']\s*,\s*["']([\w.-]+)["']"""
)
_PROPERTY = regex(r"\$\{([\w.-]+)\}")


def pom(text: str) -> Iterator[str]:
    """``pom.xml``: dependencies, managed ones and those of plugins, with the properties of the file itself."""
    properties: dict[str, str] = {}
    found: list[str] = []
    parts = {"groupId": "", "artifactId": ""}
    for path, _, body in elements(text):
        if path[-2:-1] == ("properties",):
            properties[path[-1]] = body
        elif path[-2:-1] == ("dependency",) and path[-1] in parts:
            parts[path[-1]] = body
        elif path[-1] == "dependency":
            found.append(f"{parts['groupId']}:{parts['artifactId']}")
            parts = dict.fromkeys(parts, "")
    for name in found:
        yield _PROPERTY.sub(lambda part: properties.get(part[1], part[0]), name)


def gradle(text: str) -> Iterator[str]:
    """``build.gradle`` and its like, which are programs: the coordinates written in them."""
    code = _TOKENS.sub(lambda found: found[1] or " ", text)
    yield from _COORDINATES.findall(code)
    for one, other, third, fourth in _NAMED.findall(code):
        yield f"{one or third}:{other or fourth}"


def catalog(text: str) -> Iterator[str]:
    """``libs.versions.toml``."""
    for library in table(parsed_toml(text), "libraries").values():
        if isinstance(library, str):
            yield ":".join(library.split(":")[:2])
        elif isinstance(table(library).get("module"), str):
            yield library["module"]
        else:
            yield f"{table(library).get('group')}:{table(library).get('name')}"


def gradle_lock(text: str) -> Iterator[str]:
    """``gradle.lockfile``."""
    for line in text.splitlines():
        if not line.startswith(("#", "empty=")) and line.count(":") > 1:
            yield ":".join(line.split(":")[:2])
