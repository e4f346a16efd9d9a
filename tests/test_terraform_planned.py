"""Our evaluation of whole configurations beside the plan that the real terraform makes of them.

Whatever the plan knows we must know as well: an attribute that we leave undecided is a
difference, and so is an instance that we have and the plan has not.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Known, List, Object, Value
from dynavet_parsers.terraform import Inputs
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.resource import Resource, walk
from dynavet_parsers.terraform.root_values import RootValues
from dynavet_parsers.terraform.roots import read_roots, root_module

PLANNED = Path(__file__).parent / "fixtures/terraform/planned"
Plan = Callable[[Path], dict[str, Any]]
META = {"count", "for_each", "provider", "depends_on"}


def ours(directory: Path) -> dict[str, Resource]:
    directories: dict[Path, list[Path]] = {}
    for path in sorted(directory.rglob("*.tf")):
        if ".terraform" not in path.parts:
            directories.setdefault(path.parent, []).append(path)
    sources = Sources([directory], directory)
    loader = Loader(directories, sources)
    configuration = loader.configuration(directory)
    assert configuration is not None
    project = Project(root=".", language="terraform")
    module = root_module(configuration, loader, RootValues(Inputs(), sources), project)
    return {resource.address: resource for resource in walk(module)}


def theirs(plan: dict[str, Any]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The managed resources of the plan: values, and which of them are known only after deployment."""
    unknown = {each["address"]: each["change"]["after_unknown"] for each in plan.get("resource_changes", ())}
    found = {}
    modules = [plan["planned_values"]["root_module"]]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", ())
        for each in module.get("resources", ()):
            if each["mode"] == "managed":
                found[each["address"]] = each.get("values", {}), unknown.get(each["address"], {})
    return found


def differences(directory: Path, plan: dict[str, Any]) -> list[str]:
    mine, planned = ours(directory), theirs(plan)
    found = [f"{address} is not planned" for address in sorted(mine.keys() - planned.keys())]
    found += [f"{address} is missing" for address in sorted(planned.keys() - mine.keys())]
    for address in sorted(mine.keys() & planned.keys()):
        values, unknown = planned[address]
        found += (f"{address}.{each}" for each in _in_body(mine[address].body, values, unknown))
    return found


def _in_body(body: Body, values: dict[str, Any], unknown: Any) -> Iterator[str]:
    """Where arguments and blocks of a body differ from planned values."""
    for name in body.block.arguments.keys() - META:
        hidden = unknown.get(name) if isinstance(unknown, dict) else unknown
        if name in values and not hidden and not _agrees(body.value(name), values[name]):
            yield f"{name}: {body.value(name)} is not {values[name]!r}"
    for name in _block_types(body):
        blocks = body.blocks(name)
        there = [slot.value for slot in blocks.slots if isinstance(slot, Known) and slot.value is not None]
        undecided = blocks.more or [slot for slot in blocks.slots if not isinstance(slot, Known)]
        if name not in values:
            continue  # what the configuration leaves out and the provider works out
        wanted = values[name]
        if undecided or len(there) != len(wanted):
            yield f"{name}: {len(there)} blocks, {undecided or 'none'} undecided, {len(wanted)} planned"
        for each in there:
            if not any(not list(_in_body(each, planned, {})) for planned in wanted):
                yield f"{name}: no planned block is like {dict(each.block.arguments)}"


def _block_types(body: Body) -> set[str]:
    named = {block.labels[0] if block.type == "dynamic" else block.type for block in body.block.blocks}
    return named - {"lifecycle", "timeouts"}


def _agrees(value: Value[Any], planned: Any) -> bool:
    if not isinstance(value, Known):
        return False
    data = value.value
    if isinstance(data, List):
        return not data.more and isinstance(planned, list) and _same_items(list(data.items), planned)
    if isinstance(data, Object):
        return not data.more and _same_members(data, planned or {})
    if isinstance(data, Text) and data.literal is None:
        pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in data.parts)
        return not data.holes and isinstance(planned, str) and re.fullmatch(pattern, planned, re.DOTALL) is not None
    if isinstance(data, Text):
        data = data.literal
    return data is None or _canonical(data) == _canonical(planned)


def _same_items(items: list[Value[Any]], planned: list[Any]) -> bool:
    """In any order: sets have none."""
    if len(items) != len(planned):
        return False
    return all(any(_agrees(item, each) for each in planned) for item in items)


def _same_members(data: Object, planned: dict[str, Any]) -> bool:
    return data.entries.keys() == planned.keys() and all(_agrees(v, planned[k]) for k, v in data.entries.items())


def _canonical(data: Any) -> Any:
    """A scalar as the provider's schema may have turned it, a policy as its canonical JSON."""
    if isinstance(data, str) and '"Statement"' in data:
        return _policy(json.loads(data))
    if isinstance(data, bool):
        return str(data).lower()
    return str(int(data)) if isinstance(data, float) and data.is_integer() else str(data)


def _policy(data: Any) -> Any:
    """A list of one is its item, and the order of lists of texts has no meaning."""
    if isinstance(data, dict):
        return {key: _policy(value) for key, value in data.items()}
    if isinstance(data, list):
        items = [_policy(item) for item in data]
        return items[0] if len(items) == 1 else sorted(items) if all(isinstance(i, str) for i in items) else items
    return data


@pytest.mark.parametrize("name", ["tables", "access"])
def test_written_configurations_agree_with_the_plan(name: str, tmp_path: Path, plan_of: Plan) -> None:
    directory = tmp_path / name
    shutil.copytree(PLANNED / name, directory)
    assert differences(directory, plan_of(directory)) == []


def test_tags_are_those_of_the_plan_with_the_default_tags(tmp_path: Path, plan_of: Plan) -> None:
    directory = tmp_path / "tables"
    shutil.copytree(PLANNED / "tables", directory)
    planned = theirs(plan_of(directory))
    files = {path.parent: [*path.parent.glob("*.tf")] for path in directory.rglob("*.tf")}
    (project,) = read_roots(files, Sources([directory], directory), Inputs())
    assert project.tables
    for table in project.tables:
        assert isinstance(table.tags, Known)
        assert table.tags.value is not None
        tags = {key: value.value for key, value in table.tags.value.entries.items() if isinstance(value, Known)}
        assert {key: str(value) for key, value in tags.items()} == planned[table.address][0]["tags_all"]


# ---------------------------------------------------------------- generated configurations

NAMES = st.sampled_from(["orders", "Carts", "a-b", "x_1", "été", "long" * 5])
NUMBERS = st.integers(0, 4)


def texts(depth: int = 2) -> st.SearchStrategy[str]:
    """Expressions that are text."""
    leaf = st.one_of(
        NAMES.map(lambda name: f'"{name}"'),
        st.sampled_from(["local.name", 'local.map["k"]', "local.list[0]", "local.nested.a[0].b", "var.text"]),
        NUMBERS.map(lambda n: f"tostring({n})"),
    )
    if not depth:
        return leaf
    inner = texts(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(inner, inner).map(lambda p: f'"${{{p[0]}}}-${{{p[1]}}}"'),
        st.tuples(st.sampled_from(["lower", "upper", "title", "trimspace", "strrev"]), inner).map(
            lambda p: f"{p[0]}({p[1]})"
        ),
        st.tuples(truths(depth - 1), inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
        lists(depth - 1).map(lambda items: f'join(",", {items})'),
        st.tuples(inner, inner).map(lambda p: f'format("%s/%s", {p[0]}, {p[1]})'),
        inner.map(lambda text: f'replace({text}, "a", "é")'),
        inner.map(lambda text: f"try(local.map.nothing, {text})"),
        inner.map(lambda text: f'"%{{ if {text} != "x" }}${{{text}}}%{{ else }}no%{{ endif }}"'),
        lists(depth - 1).map(lambda items: f'"%{{ for i, v in {items} ~}} ${{i}}:${{v}} %{{ endfor ~}} end"'),
        lists(depth - 1).map(lambda items: f'element(concat({items}, ["e"]), 1)'),
        maps(depth - 1).map(lambda entries: f'lookup({entries}, "k", "none")'),
    )


def truths(depth: int) -> st.SearchStrategy[str]:
    inner = texts(depth)
    return st.one_of(
        st.tuples(inner, st.sampled_from(["==", "!="]), inner).map(" ".join),
        st.tuples(NUMBERS, st.sampled_from(["<", ">="]), NUMBERS).map(
            lambda p: f"{p[0]} {p[1]} length(local.list) + {p[2]}"
        ),
        inner.map(lambda text: f"contains(local.list, {text}) || false"),
        inner.map(lambda text: f"!can(tonumber({text})) && true"),
    )


def lists(depth: int) -> st.SearchStrategy[str]:
    inner = texts(depth)
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"tolist([{', '.join(items)}])"),
        st.tuples(inner, inner).map(lambda p: f'[for v in local.list : "${{v}}${{{p[0]}}}" if v != {p[1]}]'),
        st.just("local.nested.a[*].b"),
        inner.map(lambda text: f'split("-", {text})'),
        st.just('sort(distinct(flatten([local.list, [["z"]]])))'),
        st.just('[for k, v in local.map : "${k}=${v}"]'),
    )


def maps(depth: int) -> st.SearchStrategy[str]:
    inner = texts(depth)
    return st.one_of(
        inner.map(lambda text: f"merge(local.map, {{ (local.name) = {text} }})"),
        inner.map(lambda text: f'{{ for i, v in local.list : "${{i}}" => "${{v}}${{{text}}}" }}'),
        st.just('{ for v in local.list : v => join("+", [v]) }'),
        st.just("zipmap(local.list, reverse(local.list))"),
    )


HEADER = """
variable "text" {
  default = "given"
}

locals {
  name   = "k"
  list   = ["b", "a", "c"]
  map    = { k = "v", other = "w" }
  nested = { a = [{ b = "deep" }, { b = "deeper" }] }
}
"""


@settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(texts(), maps(1), NUMBERS, truths(1)), min_size=40, max_size=60))
def test_generated_configurations_agree_with_the_plan(
    tmp_path_factory: pytest.TempPathFactory, plan_of: Plan, parts: list[tuple[str, str, int, str]]
) -> None:
    directory = tmp_path_factory.mktemp("generated")
    shutil.copy(PLANNED / "tables/provider.tf", directory)
    resources = (
        f'resource "aws_kms_key" "k{number}" {{\n  count = {count}\n  description = {text}\n  tags = {tags}\n'
        f"  enable_key_rotation = {truth}\n}}\n"
        for number, (text, tags, count, truth) in enumerate(parts)
    )
    (directory / "main.tf").write_text(HEADER + "\n".join(resources), encoding="utf-8")
    assert differences(directory, plan_of(directory)) == []
