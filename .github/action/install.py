"""The action's first step: an environment with dynavet in it, and its Python as the output `python`.

Python runs isolated (``-I``): nothing in the scanned repository can stand in for a module of it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

INSTALLED = "installed"
RELEASE = re.compile(r"\d+(\.\d+)*((a|b|rc|\.dev|\.post)\d+)?")


def main() -> str | None:
    """Install what `DYNAVET_VERSION` asks for; the error is what the step ends with."""
    if sys.version_info < (3, 11):  # noqa: UP036
        return "dynavet needs Python 3.11 or newer; set it up in a step before this one"
    version = os.environ["DYNAVET_VERSION"].strip()
    if version == INSTALLED:
        output(sys.executable)
        return None
    if version and not RELEASE.fullmatch(version):
        return "the input version is neither empty, nor a release such as 1.2.3, nor installed"
    environment = Path(tempfile.mkdtemp(prefix="dynavet-", dir=os.environ.get("RUNNER_TEMP")))
    subprocess.run([sys.executable, "-I", "-m", "venv", str(environment)], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = f"dynavet=={version}" if version else os.environ["GITHUB_ACTION_PATH"]
    pip = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-input"]
    subprocess.run([*pip, wanted], check=True)
    output(str(python))
    return None


def output(python: str) -> None:
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"python={python}\n")


if __name__ == "__main__":
    error = main()
    if error:
        sys.stdout.write(f"::error title=dynavet::{error}\n")
        sys.exit(2)
