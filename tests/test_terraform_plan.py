"""Terraform plans: beside their configuration and without it, and whatever else a plan may be."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.engine import Options, model, scan
from dynavet.findings import Report
from dynavet.model import AdvancedEventSelector, Project
from dynavet.model_json import plain, render
from dynavet.reporters import FORMATS, Presentation, reporter
from dynavet.rule import Outcome
from dynavet.sources import Sources
from dynavet.values import Known
from dynavet_parsers.terraform import Inputs, read_roots

FIXTURE = Path(__file__).parent / "fixtures" / "plans" / "orders"
VARIABLES = {"environment": "prod", "names": '["a", "b"]', "token": "correct-horse"}
Seen = set[tuple[str, str, str, str]]

HIDDEN = {("DDB201", "aws_iam_role_policy.hidden", "Hidden", "fail")}
DYNAMIC = {("DDB101", "aws_dynamodb_table.optional", "", "fail")}
UNDECIDED = {
    ("DDB201", "aws_iam_role_policy.hidden", "", "unknown"),
    ("DDB101", "aws_dynamodb_table.optional", "", "unknown"),
}
"""What the plan does not hold: a policy with an ARN in it that is not known yet, and what a
``dynamic`` block sets."""

CHANGES = {
    ("DDB112", f"aws_dynamodb_table.{name}", "", "pass") for name in ("orders", "optional", 'named["a"]', 'named["b"]')
} | {("DDB112", f'module.copy["{key}"].aws_dynamodb_table.copy[0]', "", "pass") for key in "ab"}


def seen(report: Report) -> Seen:
    """Rule, instance, statement and outcome of everything that is said, suppressed failures as failures."""
    assert report.errors == []
    outcomes = {Outcome.SUPPRESSED: "fail"}
    return {
        (each.rule, instance, each.statement or "", outcomes.get(each.outcome, each.outcome.value))
        for each in report.findings
        for instance in each.instances
    }


def put(directory: Path, *names: str) -> Path:
    """A new directory with these parts of the fixture."""
    directory.mkdir()
    for name in names:
        source = FIXTURE / name
        shutil.copytree(source, directory / name) if source.is_dir() else shutil.copy(source, directory)
    return directory


@pytest.fixture
def code(tmp_path: Path) -> Path:
    return put(tmp_path / "code", "main.tf", "copy")


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    return put(tmp_path / "alone", "plan.json")


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    return put(tmp_path / "beside", "main.tf", "copy", "plan.json")


# The same three times


RULES = ("DDB001", "DDB002", "DDB004", "DDB101", "DDB112", "DDB201", "DDB203", "DDB301", "DDB501")


def test_code_plan_and_both_say_the_same(code: Path, alone: Path, beside: Path) -> None:
    by_code = seen(scan([code], Options(inputs=(VARIABLES,), select=RULES)))
    assert by_code >= HIDDEN | {("DDB201", "aws_iam_policy.combined", "Everything", "fail")}
    assert seen(scan([beside], Options(select=RULES))) == by_code | CHANGES
    about_comments = {each for each in by_code if each[0] in ("DDB002", "DDB004")}
    assert (
        seen(scan([alone], Options(select=RULES)))
        == (by_code - HIDDEN - about_comments - DYNAMIC) | UNDECIDED | CHANGES
    )


def test_a_plan_beside_its_code_is_no_second_project(code: Path, beside: Path) -> None:
    [project] = model([beside])[0]
    assert [table.address for table in project.tables] == [
        table.address for table in model([code], Options(inputs=(VARIABLES,)))[0][0].tables
    ]
    findings = [each for each in scan([beside]).findings if each.rule != "DDB112"]
    assert {Path(each.place.path).suffix for each in findings} == {".tf"}


def test_fingerprints_and_places_are_those_of_the_code(code: Path, beside: Path, monkeypatch: Any) -> None:
    def told(directory: Path, options: Options) -> set[tuple[str, str, int]]:
        monkeypatch.chdir(directory)
        found = scan([Path()], options).findings
        return {(each.fingerprint, each.place.path, each.place.line) for each in found if each.rule != "DDB112"}

    assert told(beside, Options()) == told(code, Options(inputs=(VARIABLES,)))


def test_comments_in_the_code_suppress_what_the_plan_shows(beside: Path) -> None:
    suppressed = [each for each in scan([beside]).findings if each.outcome is Outcome.SUPPRESSED]
    assert [(each.rule, each.instances) for each in suppressed] == [
        ("DDB101", ('aws_dynamodb_table.named["a"]', 'aws_dynamodb_table.named["b"]'))
    ]


def test_blocks_of_a_set_are_known_by_their_constants(tmp_path: Path) -> None:
    """In a plan they have another order than in the configuration."""
    fields = {"eventCategory": "Data", "resources.type": "AWS::DynamoDB::Table"}
    link = {"references": ["aws_dynamodb_table.orders.arn", "aws_dynamodb_table.orders"]}
    configured = [
        {"field": {"constant_value": name}, "equals": {"constant_value": [word]}} for name, word in fields.items()
    ]
    configured.append({"field": {"constant_value": "resources.ARN"}, "equals": link})
    planned = [{"field": "resources.ARN"}, *({"field": name, "equals": [word]} for name, word in fields.items())]

    def resource(kind: str, name: str, after: dict[str, Any], unknown: dict[str, Any]) -> dict[str, Any]:
        change = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown}
        named = {"address": f"{kind}.{name}", "type": kind, "name": name}
        return {**named, "mode": "managed", "provider_name": "hashicorp/aws", "change": change}

    changes = [
        resource(
            "aws_cloudtrail",
            "audit",
            {"name": "audit", "advanced_event_selector": [{"field_selector": planned}]},
            {"advanced_event_selector": [{"field_selector": [{"equals": True}, {}, {}]}]},
        ),
        resource("aws_dynamodb_table", "orders", {"name": "orders", "hash_key": "id"}, {"arn": True}),
    ]
    resources = [{key: each[key] for key in ("address", "mode", "type", "name")} for each in changes]
    resources[0]["expressions"] = {"advanced_event_selector": [{"field_selector": configured}]}
    resources[1]["expressions"] = {"name": {"constant_value": "orders"}}
    values = [{**each, "values": change["change"]["after"]} for each, change in zip(resources, changes, strict=True)]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": resources}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    [project] = model([tmp_path])[0]
    [slot] = project.trails[0].selectors
    assert isinstance(slot, Known)
    assert isinstance(slot.value, AdvancedEventSelector)
    asked = [each.value for each in slot.value.fields if isinstance(each, Known) and each.value is not None]
    found = {str(getattr(each.field, "value", "")): plain(each.operators["Equals"].items) for each in asked}
    assert found["resources.type"] == [{"known": "AWS::DynamoDB::Table"}]
    assert found["resources.ARN"] == [{"known": "${aws_dynamodb_table.orders.arn}"}]


def test_naming_the_plan_alone_reads_the_code_beside_it(beside: Path) -> None:
    assert seen(scan([beside / "plan.json"])) == seen(scan([beside]))


def test_the_code_may_lie_around_the_plan_or_below(beside: Path) -> None:
    expected = seen(scan([beside]))
    (beside / "out").mkdir()
    (beside / "plan.json").rename(beside / "out" / "tfplan.json")
    assert seen(scan([beside])) == expected
    (beside / "out" / "tfplan.json").rename(beside / "tfplan.json")
    (beside / "infra").mkdir()
    for name in ("main.tf", "copy"):
        (beside / name).rename(beside / "infra" / name)
    assert seen(scan([beside])) == expected


def test_a_plan_of_other_code_is_read_for_itself(beside: Path) -> None:
    shutil.rmtree(beside / "copy")
    (beside / "main.tf").write_text('resource "aws_dynamodb_table" "orders" {\n  name = "t"\n}\n')
    projects, _ = model([beside])
    assert sorted(len(project.tables) for project in projects) == [1, 6]


def test_every_plan_of_one_configuration_counts(beside: Path) -> None:
    plan = json.loads((beside / "plan.json").read_text())
    plan["variables"]["encrypt"]["value"] = False
    (beside / "unencrypted.json").write_text(json.dumps(plan))
    found = [each for each in scan([beside]).findings if "aws_dynamodb_table.optional" in each.instances]
    messages = {each.message for each in found if each.rule == "DDB101"}
    assert any("AWS owned" in message for message in messages)
    assert any("AWS managed" in message for message in messages)


# What the plan adds


def test_instances_and_values_that_the_code_leaves_open(code: Path, beside: Path) -> None:
    open_ = {table.address for table in model([code])[0][0].tables}
    assert "aws_dynamodb_table.named" in open_
    tables = {table.address: table for table in model([beside])[0][0].tables}
    assert plain(tables["aws_dynamodb_table.orders"].name) == {"known": "prod-orders"}
    assert plain(tables['module.copy["b"].aws_dynamodb_table.copy[0]'].name) == {"known": "b-copy"}


def test_the_users_word_is_the_last(beside: Path) -> None:
    tables = model([beside], Options(inputs=({"environment": "dev"},)))[0][0].tables
    assert plain(next(t for t in tables if t.address == "aws_dynamodb_table.orders").name) == {"known": "dev-orders"}


def test_what_functions_of_constants_repeat_is_read_from_a_plan_alone(tmp_path: Path) -> None:
    """Terraform writes no ``for_each_expression`` for ``toset(["a"])``, and no ``count_expression`` for ``length``."""
    declared: dict[str, Any] = {
        "address": "aws_dynamodb_table.t",
        "mode": "managed",
        "type": "aws_dynamodb_table",
        "name": "t",
        "expressions": {"name": {"references": ["each.value"]}, "hash_key": {"constant_value": "id"}},
    }

    def planned(path: str, key: str | int) -> dict[str, object]:
        address = f"{path}aws_dynamodb_table.t[{json.dumps(key)}]"
        return {**declared, "address": address, "index": key, "values": {"name": f"t-{key}", "hash_key": "id"}}

    calls: dict[str, str | int] = {'module.m["x"]': "a", "module.n[0]": 1}
    children = [{"address": call, "resources": [planned(f"{call}.", key)]} for call, key in calls.items()]
    called = {name: {"source": f"./{name}", "module": {"resources": [declared]}} for name in "mn"}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [planned("", "b")], "child_modules": children}},
        "resource_changes": [],
        "configuration": {"root_module": {"resources": [declared], "module_calls": called}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    found = {finding.resource for finding in scan([tmp_path], Options(select=("DDB105",))).findings}
    assert found == {
        'aws_dynamodb_table.t["b"]',
        'module.m["x"].aws_dynamodb_table.t["a"]',
        "module.n[0].aws_dynamodb_table.t[1]",
    }


# A plan alone, of what is there already


def existing(address: str, values: dict[str, Any], expressions: dict[str, Any]) -> tuple[Any, Any, Any]:
    """A resource that stays as it is: planned, changed and configured."""
    kind, _, name = address.rpartition(".")
    what = {"address": address, "mode": "managed", "type": kind, "name": name}
    change = {"actions": ["no-op"], "before": values, "after": values, "after_unknown": {}}
    return {**what, "values": values}, {**what, "change": change}, {**what, "expressions": expressions}


def project_of_plan(directory: Path, *resources: tuple[Any, Any, Any]) -> Project:
    planned, changes, configured = zip(*resources, strict=True)
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": configured}},
    }
    [project] = read(directory, json.dumps(plan))
    return project


def test_links_are_found_where_the_value_is_that_of_the_resource_referred_to(tmp_path: Path) -> None:
    arn = "arn:aws:iam::123456789012:policy/p"
    references = {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"]}
    role = {"references": ["aws_iam_role.r.name", "aws_iam_role.r"]}
    project = project_of_plan(
        tmp_path,
        existing("aws_iam_policy.p", {"name": "p", "arn": arn}, {"name": {"constant_value": "p"}}),
        existing("aws_iam_role.r", {"name": "r"}, {"name": {"constant_value": "r"}}),
        existing(
            "aws_iam_role_policy_attachment.same",
            {"role": "r", "policy_arn": arn},
            {"role": role, "policy_arn": references},
        ),
        existing(
            "aws_iam_role_policy_attachment.other",
            {"role": "r2", "policy_arn": f"{arn}2"},
            {"role": role, "policy_arn": references},
        ),
    )
    found = {
        each.address.rpartition(".")[2]: (plain(each.policy), plain(each.principal)) for each in project.attachments
    }
    assert found == {
        "same": ({"known": "${aws_iam_policy.p.arn}"}, {"known": "${aws_iam_role.r.name}"}),
        "other": ({"known": f"{arn}2"}, {"known": "r2"}),
    }


def test_what_aws_computed_is_not_what_the_configuration_sets(tmp_path: Path) -> None:
    """The key that AWS manages is in the state of a table for which no key is configured."""
    sse = [{"enabled": True, "kms_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/aws-managed"}]
    values = {"name": "t", "server_side_encryption": sse}
    configured = {"name": {"constant_value": "t"}, "server_side_encryption": [{"enabled": {"constant_value": True}}]}
    project_of_plan(tmp_path, existing("aws_dynamodb_table.t", values, configured))
    assert ("DDB101", "aws_dynamodb_table.t", "", "fail") in seen(scan([tmp_path]))
    project_of_plan(tmp_path, existing("aws_dynamodb_table.t", values, {"name": {"constant_value": "t"}}))
    assert ("DDB101", "aws_dynamodb_table.t", "", "unknown") in seen(scan([tmp_path]))


# Sensitive values


@pytest.mark.parametrize("place", ["alone", "beside"])
def test_no_output_has_a_sensitive_value(place: str, request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    directory: Path = request.getfixturevalue(place)
    monkeypatch.chdir(directory)
    assert "correct-horse" in (directory / "plan.json").read_text()
    compact = json.dumps(json.loads((directory / "plan.json").read_text()))
    for text in (compact, (directory / "plan.json").read_text()):
        (directory / "plan.json").write_text(text)
        report = scan([Path()])
        for name in FORMATS:
            assert "correct-horse" not in reporter(name).render(report, Presentation(show=frozenset(Outcome)))
        [project] = model([Path()])[0]
        shown = render([project])
        assert "correct-horse" not in shown
        assert "is sensitive" in shown
        assert "correct-horse" not in repr(project)


# What is no plan, or no whole one


def test_state_and_other_json_are_passed_over(tmp_path: Path) -> None:
    state = {"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}
    (tmp_path / "state.json").write_text(json.dumps(state))
    (tmp_path / "inside.json").write_text('{"a": {"format_version": "1.2", "planned_values": {}}}')
    report = scan([tmp_path])
    assert (report.files, report.findings, report.errors) == (0, [], [])
    assert {Path(each.path).name for each in report.skipped} == {"state.json", "inside.json"}


BROKEN = {
    '{"format_version": "1.2",\n "planned_values": {"root_module": {},,}}': (
        2,
        'expected a key in double quotes, found ","',
    ),
    '{"format_version": "1.2",\n\n "planned_values": []}': (
        3,
        "expected an object as planned_values of a Terraform plan, found a list",
    ),
    '{"format_version": "1.2", "resource_changes": 7}': (1, "expected a list as resource_changes"),
    '{"format_version": "1.2", "resource_changes": [\n': (2, "found the end of the text"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_plan_that_cannot_be_read_is_told_with_its_place(text: str, tmp_path: Path) -> None:
    (tmp_path / "tfplan.json").write_text(text)
    (tmp_path / "main.tf").write_text('resource "aws_dynamodb_table" "t" {\n  name = "t"\n}\n')
    report = scan([tmp_path])
    line, message = BROKEN[text]
    [found] = [each for each in report.findings if each.rule == "DDB000"]
    assert (Path(found.place.path).name, found.place.line) == ("tfplan.json", line)
    assert message in found.message
    assert report.tables == 1
    assert report.errors == []


def test_unknown_fields_and_versions_do_no_harm(alone: Path) -> None:
    expected = seen(scan([alone]))
    plan = json.loads((alone / "plan.json").read_text())
    plan |= {"format_version": "9.7", "new": [{"a": None}]}
    plan["resource_changes"].append({"type": "other"})
    plan["planned_values"]["root_module"]["resources"].append({"address": "x.y", "new": 1})
    (alone / "plan.json").write_text(json.dumps(plan))
    assert seen(scan([alone])) == expected


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["aws_dynamodb_table", "managed"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(each for key, item in members for each in paths(item, (*path, key)))]


PLAN = json.loads((FIXTURE / "plan.json").read_text("utf-8"))
PATHS = [path for path in paths(PLAN) if path]


def replaced(path: tuple[Any, ...], value: Any) -> Any:
    """The plan with another value in one place."""
    whole = json.loads(json.dumps(PLAN))
    target = whole
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return whole


def read(directory: Path, text: str) -> list[Project]:
    (directory / "plan.json").write_text(text)
    sources = Sources([directory], directory)
    return list(read_roots({}, sources, Inputs(), None, (directory / "plan.json",)))


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Project]]:
    bare, with_code = tmp_path_factory.mktemp("bare"), tmp_path_factory.mktemp("code") / "d"
    put(with_code, "main.tf", "copy")
    return lambda text: [*read(bare, text), *read(with_code, text)]


@given(path=st.sampled_from(PATHS), value=JSON)
def test_no_plan_makes_the_reader_crash(
    reading: Callable[[str], list[Project]], path: tuple[Any, ...], value: Any
) -> None:
    reading(json.dumps(replaced(path, value)))


@given(body=st.dictionaries(st.sampled_from([*PLAN, "deferred_changes", "prior_state"]), JSON))
def test_nor_does_anything_that_looks_like_one(reading: Callable[[str], list[Project]], body: dict[str, Any]) -> None:
    reading(json.dumps({**body, "format_version": "1.2", "resource_changes": body.get("resource_changes", [])}))


@given(cut=st.integers(0, 3000))
def test_a_plan_cut_off_is_a_problem(reading: Callable[[str], list[Project]], cut: int) -> None:
    for project in reading(json.dumps(PLAN)[: -1 - cut]):
        assert [problem.message for problem in project.problems]


# The real thing


def test_the_plan_on_file_is_what_terraform_makes(
    beside: Path, tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    on_file = seen(scan([beside]))
    given = [part for name, value in VARIABLES.items() for part in ("-var", f"{name}={value}")]
    for arguments in (["init", "-input=false"], ["plan", "-refresh=false", "-input=false", "-out=plan", *given]):
        ran = terraform(beside, *arguments)
        assert ran.returncode == 0, ran.stderr
    (beside / "plan.json").write_text(terraform(beside, "show", "-json", "plan").stdout)
    assert seen(scan([beside])) == on_file
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(beside / "plan.json", bare)
    assert seen(scan([bare])) == seen(scan([put(tmp_path / "alone", "plan.json")]))
