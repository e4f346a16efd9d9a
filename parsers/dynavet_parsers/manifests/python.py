"""Manifests and lock files of Python.

https://packaging.python.org/en/latest/specifications/
https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from dynavet.regexes import regex
from dynavet_parsers.manifests.data import items, parsed_json, parsed_toml, table, texts

_NAME = regex(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:[\[<>=!~;@,(]|$)")
_COMMENT = regex(r"(?:^|\s)#.*")
_FRAGMENT = regex(r"#egg=([\w.-]+)")
_STRING = regex(r"""#[^\n]*|"([^"\\\n]*)"|'([^'\\\n]*)'""")


def canonical(name: str) -> str:
    """The form in which names are compared.

    >>> canonical("DynamoDB_Encryption.SDK")
    'dynamodb-encryption-sdk'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(text: str) -> Iterator[str]:
    """``requirements.txt``."""
    for line in text.splitlines():
        yield from _FRAGMENT.findall(line)
        yield from _required([_COMMENT.sub("", line)])


def pyproject(text: str) -> Iterator[str]:
    """``pyproject.toml``, with what Poetry, PDM, uv and Hatch add."""
    data = parsed_toml(text)
    yield from _required(table(data, "project").get("dependencies"))
    tool = table(data, "tool")
    groups = [
        *table(data, "project", "optional-dependencies").values(),
        *table(data, "dependency-groups").values(),
        *table(tool, "pdm", "dev-dependencies").values(),
        table(tool, "uv").get("dev-dependencies"),
    ]
    for environment in table(tool, "hatch", "envs").values():
        groups += [table(environment).get(key) for key in ("dependencies", "extra-dependencies")]
    for group in groups:
        yield from _required(group)
    yield from _poetry(table(tool, "poetry"))


def _poetry(poetry: dict[str, Any]) -> Iterator[str]:
    groups = [table(group) for group in table(poetry, "group").values()]
    for section in (poetry, *groups):
        yield from (name for name in table(section, "dependencies") if name != "python")
    yield from table(poetry, "dev-dependencies")


def setup_cfg(text: str) -> Iterator[str]:
    """``setup.cfg``; a value goes on in the lines below it that are indented."""
    section = key = ""
    for line in text.splitlines():
        if line.startswith("["):
            section, key = line.strip("[] \t"), ""
            continue
        value = line
        if line[:1].strip():
            key, _, value = line.partition("=")
        listed = section == "options.extras_require" or (section == "options" and key.strip() == "install_requires")
        if listed and not line.lstrip().startswith(("#", ";")):
            yield from _required([value])


def setup_py(text: str) -> Iterator[str]:
    """``setup.py``, which is a program: each text in it that a requirement could be."""
    yield from _required([one or other for one, other in _STRING.findall(text) if one or other])


def pipfile(text: str) -> Iterator[str]:
    """``Pipfile``: the packages of each category."""
    for section, packages in parsed_toml(text).items():
        if section not in ("requires", "scripts", "pipenv"):
            yield from table(packages)


def pipfile_lock(text: str) -> Iterator[str]:
    """``Pipfile.lock``."""
    for section, packages in parsed_json(text).items():
        if section != "_meta":
            yield from table(packages)


def locked(text: str) -> Iterator[str]:
    """``poetry.lock``, ``uv.lock``, ``pdm.lock``, ``pylock.toml``."""
    data = parsed_toml(text)
    packages = (*items(data.get("package")), *items(data.get("packages")))
    yield from texts([table(package).get("name") for package in packages])


def _required(requirements: Any) -> Iterable[str]:
    """The names in specifications like ``boto3[crt] >= 1.20; python_version > "3.9"``."""
    found = (_NAME.match(each) for each in texts(requirements))
    return [match[1] for match in found if match is not None]
