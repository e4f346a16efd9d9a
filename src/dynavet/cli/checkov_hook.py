"""``dynavet-checkov``: checkov with the rules of dynavet, for hosts that take a command and no shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run checkov with the arguments of this process and our rules; its exit status is ours.

    That is 2 if there is no checkov beside this Python or on the path.
    """
    from dynavet.catalogue import directory

    beside = str(Path(sys.executable).parent)
    checkov = shutil.which("checkov", path=beside) or shutil.which("checkov")
    if checkov is None:
        sys.stderr.write("dynavet-checkov: checkov is not installed; `pip install 'dynavet[checkov]'` brings it\n")
        sys.exit(2)
    arguments = ["--external-checks-dir", str(directory()), *sys.argv[1:]]
    sys.exit(subprocess.run([checkov, *arguments], check=False).returncode)  # noqa: S603
