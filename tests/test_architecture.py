"""Imports point one way, and importing a rule has no effect."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dynavet_checks import RULES

IMPORT_ROOTS = ("src", "checks", "parsers")

LAYERS: dict[str, tuple[str, ...]] = {
    "host": (
        "dynavet.checkov_adapter",
        "dynavet.checkov_answers",
        "dynavet.checkov_extra",
        "dynavet.checkov_run",
        "dynavet_checks.checkov_bridge",
    ),
    "python": ("dynavet.records", "dynavet.regexes"),
    "values": (
        "dynavet.values",
        "dynavet.ranges",
        "dynavet.remembering",
        "dynavet.text",
        "dynavet.answers",
        "dynavet.sources",
        "dynavet.terraform_files",
        "dynavet.assembly",
    ),
    "model": ("dynavet.model", "dynavet.rule", "dynavet.findings", "dynavet.practices", "dynavet.posture"),
    "iam": ("dynavet.iam",),
    "parsers": ("dynavet_parsers",),
    "checks": ("dynavet_checks",),
    "reporters": ("dynavet.reporters", "dynavet.posture_reports"),
    "engine": (
        "dynavet.baseline",
        "dynavet.callers",
        "dynavet.catalogue",
        "dynavet.concern",
        "dynavet.config",
        "dynavet.config_marks",
        "dynavet.deadline",
        "dynavet.decision_json",
        "dynavet.dependencies",
        "dynavet.discovery",
        "dynavet.docket",
        "dynavet.engine",
        "dynavet.evaluation_cases",
        "dynavet.gathering",
        "dynavet.ignoring",
        "dynavet.inline",
        "dynavet.json_cursor",
        "dynavet.judge",
        "dynavet.merging",
        "dynavet.model_json",
        "dynavet.options",
        "dynavet.passing",
        "dynavet.placement",
        "dynavet.policy_input",
        "dynavet.reading",
        "dynavet.remedy",
        "dynavet.reviewing",
        "dynavet.subjects",
        "dynavet.suppressing",
        "dynavet.suppression_text",
        "dynavet.walking",
        "dynavet.workers",
    ),
    "cli": ("dynavet.cli", "dynavet.__main__"),
}
"""Every module belongs to the layer whose prefix it has; a new module needs a place here."""

EVERYBODYS = "python"

MAY_IMPORT: dict[str, set[str]] = {
    "values": set(),
    "model": {"values"},
    "iam": {"model", "values"},
    "parsers": {"iam", "model", "values"},
    "checks": {"iam", "model", "values"},
    "reporters": {"model"},
    "engine": {"parsers", "checks", "reporters", "iam", "model", "values"},
    "cli": {"engine", "reporters", "iam", "model"},
    "host": {"engine", "model"},
}


@pytest.fixture(scope="module")
def modules(checkout: Path) -> dict[str, ast.Module]:
    """The syntax tree of every module, by its dotted name."""
    found = {}
    for root in IMPORT_ROOTS:
        for path in (checkout / root).rglob("*.py"):
            parts = path.relative_to(checkout / root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module named by an import at any depth, functions and TYPE_CHECKING included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(name: str) -> str | None:
    """The layer of a module, `None` for what is not ours; the top package itself is nobody's."""
    for each, prefixes in LAYERS.items():
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes):
            return each
    return None


def test_every_module_belongs_to_a_layer(modules: dict[str, ast.Module]) -> None:
    assert {name for name in modules if layer(name) is None} == {"dynavet"}


def test_imports_point_one_way(modules: dict[str, ast.Module]) -> None:
    wrong = [
        f"{name} ({layer(name)}) imports {target} ({layer(target)})"
        for name, tree in modules.items()
        for target in imports(tree)
        if layer(target) not in {None, EVERYBODYS, layer(name), *MAY_IMPORT.get(layer(name) or "", ())}
    ]
    assert wrong == []


def test_parsers_and_checks_never_import_each_other(modules: dict[str, ast.Module]) -> None:
    for one, other in (("dynavet_parsers", "dynavet_checks"), ("dynavet_checks", "dynavet_parsers")):
        named = {target for name, tree in modules.items() if name.startswith(one) for target in imports(tree)}
        assert named
        assert not any(target.startswith(other) for target in named)


def test_languages_share_nothing_but_the_policy_reader(modules: dict[str, ast.Module]) -> None:
    for one, other in (("terraform", "cloudformation"), ("cloudformation", "terraform")):
        mine = [name for name in modules if name.startswith(f"dynavet_parsers.{one}")]
        assert mine
        assert not any(
            target.startswith(f"dynavet_parsers.{other}") for name in mine for target in imports(modules[name])
        )


INERT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def rule_modules(modules: dict[str, ast.Module]) -> dict[str, ast.Module]:
    return {name: tree for name, tree in modules.items() if name.rpartition(".")[2].startswith("ddb")}


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def test_rule_files_only_define(modules: dict[str, ast.Module]) -> None:
    """No statement at the top of a rule file does anything but bind names, beside its docstring."""
    for name, tree in rule_modules(modules).items():
        assert ast.get_docstring(tree), name
        effects = [ast.unparse(node) for node in tree.body if not isinstance(node, INERT) and not is_docstring(node)]
        assert effects == [], name


def test_every_rule_file_is_registered(modules: dict[str, ast.Module]) -> None:
    written = {name.rpartition(".")[2].partition("_")[0].upper() for name in rule_modules(modules)}
    assert written == {rule.id for rule in RULES}


def test_importing_a_rule_changes_nothing_else(modules: dict[str, ast.Module], tmp_path: Path) -> None:
    """Nothing is printed, no file written, and the catalogue is what its list says."""
    names = sorted(rule_modules(modules))
    program = "\n".join(
        (
            "import importlib, os, sys",
            "from dynavet_checks import RULES",
            "before = (RULES, list(sys.path), dict(os.environ), sorted(os.listdir()))",
            f"for name in {names!r}:",
            "    del sys.modules[name]",
            "    importlib.import_module(name)",
            "import dynavet_checks",
            "assert before == (dynavet_checks.RULES, list(sys.path), dict(os.environ), sorted(os.listdir()))",
        )
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
