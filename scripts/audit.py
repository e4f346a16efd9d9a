"""Ask for known vulnerabilities of everything in ``requirements/*.txt``: ``python scripts/audit.py PIP_AUDIT``.

One that is known ends with 1. What cannot be asked, for want of a network, is named, and does not fail.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).resolve().parent.parent / "requirements"
OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15", "--format", "json")


def audited(pip_audit: str, path: Path) -> tuple[list[dict[str, Any]], str]:
    """What is said of each package of a file; or why nothing is."""
    ran = subprocess.run([pip_audit, *OPTIONS, "-r", str(path)], capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], (ran.stderr.strip().splitlines() or [f"pip-audit ended with {ran.returncode}"])[-1]
    return packages, ""


def vulnerabilities(packages: list[dict[str, Any]]) -> Iterator[str]:
    for package in packages:
        for each in package.get("vulns", ()):
            mended = f", mended in {', '.join(each['fix_versions'])}" if each.get("fix_versions") else ""
            yield f"{package['name']} {package['version']}: {each['id']}{mended}"


def main() -> None:
    _, pip_audit = sys.argv
    known: dict[str, None] = {}
    for path in sorted(DIRECTORY.glob("*.txt")):
        packages, problem = audited(pip_audit, path)
        passed_over = [package["skip_reason"] for package in packages if "skip_reason" in package]
        known |= dict.fromkeys(vulnerabilities(packages))
        if problem or passed_over:
            of = f"{len(passed_over)} of {len(packages)}" if packages else "all"
            print(f"{path.name}: not audited: {of} ({problem or passed_over[0]})")
        else:
            print(f"{path.name}: {len(packages)} packages audited")
    if known:
        raise SystemExit("\n".join(known))


if __name__ == "__main__":
    main()
