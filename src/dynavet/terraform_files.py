"""Which files of a directory are its Terraform configuration, and in what order they count.

A directory is read as OpenTofu reads it. Where no file is called ``.tofu`` that is what
Terraform does as well; where one is, Terraform would pass over it.

https://developer.hashicorp.com/terraform/language/files
https://opentofu.org/docs/language/files/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

CONFIGURATION = (".tf", ".tf.json", ".tofu", ".tofu.json")
VARIABLES = (".tfvars", ".tfvars.json")
AUTOMATIC = (".auto.tfvars", ".auto.tfvars.json")
ALWAYS = ("terraform.tfvars", "terraform.tfvars.json")

_HIDDEN_BY = {".tf": ".tofu", ".tf.json": ".tofu.json"}


def is_configuration(name: str) -> bool:
    """Whether a file of this name is read: not hidden, and no backup of an editor."""
    return name.endswith(CONFIGURATION) and not name.startswith(".")


def is_override(name: str) -> bool:
    """Whether what a configuration file declares goes over what the others do."""
    stem = name.removesuffix(_extension(name))
    return stem == "override" or stem.endswith("_override")


def hidden(files: Iterable[Path]) -> Mapping[Path, Path]:
    """The configuration files of one directory that are passed over, each with the one that takes its place."""
    named = {path.name: path for path in files}
    found = {}
    for name, path in named.items():
        extension = _extension(name)
        instead = named.get(name.removesuffix(extension) + _HIDDEN_BY.get(extension, ""))
        if extension in _HIDDEN_BY and instead is not None:
            found[path] = instead
    return found


def in_order(files: Iterable[Path]) -> list[Path]:
    """The configuration files of one directory that count, overriding ones last."""
    files = list(files)
    passed_over = hidden(files)
    return sorted((path for path in files if path not in passed_over), key=lambda p: (is_override(p.name), p.name))


def automatic(directory: Path) -> list[Path]:
    """The files with values of variables that are used unasked, the last one winning."""
    named = {path.name: path for path in directory.iterdir() if path.name.endswith(VARIABLES)}
    names = [name for name in ALWAYS if name in named] + sorted(name for name in named if name.endswith(AUTOMATIC))
    return [named[name] for name in names if named[name].is_file()]


def _extension(name: str) -> str:
    return next((each for each in sorted(CONFIGURATION, key=len, reverse=True) if name.endswith(each)), "")
