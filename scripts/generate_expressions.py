"""Ask terraform for the values in tests/fixtures/terraform/expressions.

python scripts/generate_expressions.py [--check] [THEME…]

A case is an expression and its value in JSON as ``jsonencode`` writes it, or null where
Terraform has none but an error. `undecided` marks what is not computed offline, with the
reason; it is written by hand, as the expressions are. The terraform on the PATH must be able
to install hashicorp/aws.
"""

from __future__ import annotations

import argparse
import base64
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "terraform" / "expressions"

PROVIDERS = """
terraform {
  required_providers {
    aws       = { source = "hashicorp/aws" }
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
"""


def configuration(local_values: str, expressions: list[str]) -> str:
    """Outputs ``o0``, ``o1`` … that hold the value of each expression in JSON in base64."""
    outputs = (
        f'output "o{i}" {{\n  value = try(base64encode(jsonencode(\n{expression}\n)), null)\n}}\n'
        for i, expression in enumerate(expressions)
    )
    return "\n".join([local_values, *outputs])


def ask(local_values: str, expressions: list[str], *, providers: bool = False) -> list[str | None]:
    """What terraform makes of the expressions, each in JSON."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        shutil.copytree(FIXTURES / "files", directory / "files")
        text = configuration(local_values, expressions) + (PROVIDERS if providers else "")
        (directory / "main.tf").write_text(text, encoding="utf-8", newline="")
        if providers:
            _terraform(directory, "init")
        _terraform(directory, "apply", "-auto-approve")
        outputs = json.loads(_terraform(directory, "output", "-json"))
    values = [outputs.get(f"o{i}", {}).get("value") for i in range(len(expressions))]
    return [None if value is None else base64.b64decode(value).decode() for value in values]


def _terraform(directory: Path, *arguments: str) -> str:
    command = ["terraform", *arguments, *([] if arguments[0] == "output" else ["-no-color"])]
    run = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    return run.stdout


def renewed(path: Path) -> str:
    """The text of a file of cases with the values that terraform gives now."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    cases: list[dict[str, Any]] = content["cases"]
    values = ask(content["locals"], [case["expression"] for case in cases], providers=path.stem == "providers")
    for case, value in zip(cases, values, strict=True):
        case["json"] = value
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="change nothing, fail if something is out of date")
    parser.add_argument("theme", nargs="*", help="files to renew, without .json; all if none is named")
    options = parser.parse_args()
    check, themes = options.check, options.theme
    stale = []
    for path in sorted(FIXTURES.glob("*.json")):
        if themes and path.stem not in themes:
            continue
        text = renewed(path)
        if text != path.read_text("utf-8"):
            stale.append(path.name)
            if not check:
                path.write_text(text, encoding="utf-8")
    print(f"{'out of date' if check else 'renewed'}: {', '.join(stale) or 'nothing'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
