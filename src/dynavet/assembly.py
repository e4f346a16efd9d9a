"""What AWS CDK writes: a cloud assembly, ``cdk.out`` unless it is told another name.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-app
"""

from __future__ import annotations

import json
from pathlib import Path

from dynavet.sources import MAX_BYTES

MANIFEST = "manifest.json"
TEMPLATE = ".template.json"
"""Ends the names of the templates of an assembly."""

_ASSET = "asset."
_KINDS = ("aws:cloudformation:", "cdk:")


def is_assembly(directory: Path) -> bool:
    """Whether the ``manifest.json`` in the directory is that of a cloud assembly."""
    path = directory / MANIFEST
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return False
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    artifacts = content.get("artifacts") if isinstance(content, dict) else None
    if not isinstance(artifacts, dict):
        return False
    kinds = (str(each.get("type")) for each in artifacts.values() if isinstance(each, dict))
    return any(kind.startswith(_KINDS) for kind in kinds)


def is_asset(name: str) -> bool:
    """Whether an entry of an assembly is what it uploads for a stack, such as the code of a function."""
    return name.startswith(_ASSET)


def is_bookkeeping(name: str) -> bool:
    """Whether a JSON file of an assembly is no template, but says what is in it: its manifest, tree and assets."""
    return name.endswith(".json") and not name.endswith(TEMPLATE)
