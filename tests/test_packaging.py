"""What the package carries: into the wheel, and into an environment."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

import dynavet

IMPORT_ROOTS = {"src": "dynavet", "checks": "dynavet_checks", "parsers": "dynavet_parsers"}


@pytest.fixture(scope="module")
def project(checkout: Path) -> dict[str, Any]:
    return tomllib.loads((checkout / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this source tree, built in this environment."""
    for tool in ("build", "hatchling"):
        if importlib.util.find_spec(tool) is None:
            pytest.skip(f"{tool} is not installed")
    out = tmp_path_factory.mktemp("wheel")
    options = ["--wheel", "--no-isolation", "--outdir", str(out), str(checkout)]
    built = subprocess.run([sys.executable, "-m", "build", *options], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_what_ci_installs_is_pinned_and_hashed(checkout: Path) -> None:
    ran = subprocess.run(
        [sys.executable, checkout / "scripts" / "lock.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_wheel_installs_the_three_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    top_level = {name.split("/")[0] for name in wheel.namelist()}
    assert top_level == {*IMPORT_ROOTS.values(), f"dynavet-{dynavet.__version__}.dist-info"}


def test_the_same_source_is_built_into_the_same_files(checkout: Path, tmp_path: Path) -> None:
    """Wherever and whenever: the times and modes of files in the checkout do not matter."""
    for tool in ("build", "hatchling"):
        if importlib.util.find_spec(tool) is None:
            pytest.skip(f"{tool} is not installed")
    copy = tmp_path / "copy"
    shutil.copytree(
        checkout, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "node_modules", ".*_cache", "__pycache__")
    )
    digests = []
    for number, year in enumerate((2001, 2021)):
        for path in copy.rglob("*"):
            os.utime(path, (year * 31_556_952 - 62_167_219_200,) * 2)
        out = tmp_path / str(number)
        options = ["--no-isolation", "--outdir", str(out), str(copy)]
        built = subprocess.run([sys.executable, "-m", "build", *options], capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stdout + built.stderr
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()})
    assert digests[0] == digests[1] and len(digests[0]) == 2


@pytest.mark.parametrize(("root", "package"), IMPORT_ROOTS.items())
def test_wheel_holds_every_file_of_the_source(checkout: Path, wheel: zipfile.ZipFile, root: str, package: str) -> None:
    sources = {
        path.relative_to(checkout / root).as_posix()
        for path in (checkout / root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources == {name for name in wheel.namelist() if name.startswith(f"{package}/")}


@pytest.mark.parametrize("package", IMPORT_ROOTS.values())
def test_wheel_marks_its_packages_as_typed(wheel: zipfile.ZipFile, package: str) -> None:
    assert f"{package}/py.typed" in wheel.namelist()


def test_wheel_carries_its_licence(checkout: Path, wheel: zipfile.ZipFile) -> None:
    info = f"dynavet-{dynavet.__version__}.dist-info"
    metadata = message_from_bytes(wheel.read(f"{info}/METADATA"))
    assert metadata["License-Expression"] == "Apache-2.0"
    assert wheel.read(f"{info}/licenses/LICENSE") == (checkout / "LICENSE").read_bytes()


@pytest.mark.parametrize("package", IMPORT_ROOTS.values())
def test_installed_packages_are_marked_as_typed(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None
    assert Path(spec.origin).with_name("py.typed").is_file()


def test_version_is_the_installed_package_version() -> None:
    asked = subprocess.run([sys.executable, "-m", "dynavet", "--version"], capture_output=True, text=True, check=True)
    version = importlib.metadata.version("dynavet")
    assert dynavet.__version__ == version
    assert asked.stdout.strip() == f"dynavet, version {version}"


def test_command_is_installed() -> None:
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="dynavet")
    assert callable(entry.load())


def requirements() -> list[str]:
    return importlib.metadata.requires("dynavet") or []


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_checkov_is_only_an_extra() -> None:
    asked = [requirement for requirement in requirements() if name_of(requirement) == "checkov"]
    assert asked
    assert all("extra ==" in requirement for requirement in asked)


def test_nothing_is_pinned_at_run_time() -> None:
    pinned = [requirement for requirement in requirements() if "==" in requirement.partition(";")[0]]
    assert not pinned


def test_python_hcl2_is_never_asked_for(project: dict[str, Any]) -> None:
    """It and the fork that checkov needs own one import name; whichever comes last breaks the other."""
    groups = project["dependency-groups"].values()
    grouped = [entry for group in groups for entry in group if isinstance(entry, str)]
    assert "python-hcl2" not in {name_of(requirement) for requirement in (*requirements(), *grouped)}
