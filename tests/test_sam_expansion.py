"""Serverless templates beside what the serverless transform itself makes of them.

The transform runs without AWS: with a Region of our choice and the managed policies it brings along.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dynavet.engine import Options, scan
from dynavet.findings import Report
from dynavet.iam.principals import Attachments
from dynavet.model import Policy, PolicyKind, Project
from dynavet.model_json import plain
from dynavet.rule import Outcome
from dynavet.sources import Sources
from dynavet.values import Known
from dynavet_parsers.cloudformation import read_template
from dynavet_parsers.cloudformation.sam_policy_templates import OTHER_TEMPLATES, TEMPLATES

SAM = Path(__file__).parent / "fixtures/cloudformation/sam"
FIXTURES = sorted(path.stem for path in SAM.glob("*.yaml"))
PLACES = ("origin", "name", "index")


@pytest.fixture(scope="module")
def translate() -> Any:
    """The transform: the text of a template to the template that is deployed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("samtranslator", reason="no aws-sam-translator in this environment")
        from boto3 import Session
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
        from samtranslator.yaml_helper import yaml_parse

    def translated(text: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            session = Session(region_name="eu-west-1")
            return Translator({}, Parser(), boto_session=session).translate(yaml_parse(text), {})

    return translated


def project_of(text: str, directory: Path, name: str) -> Project:
    path = directory / name
    path.write_text(text)
    project = read_template(path, Sources([directory], directory))
    assert project is not None
    assert project.problems == []
    return project


def bare(thing: Any) -> str:
    """A part of the model as text, without places; the partition is the same, written out or not."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(each) for key, each in value.items() if key not in PLACES}
        if isinstance(value, list):
            return [without(each) for each in value]
        return re.sub("^arn:aws:", "arn:${?}:", value) if isinstance(value, str) else value

    return json.dumps(without(plain(thing)), sort_keys=True)


def tables(project: Project) -> dict[str, str]:
    return {table.address: bare(table) for table in project.tables}


def statements(policy: Policy) -> Iterator[str]:
    """All that a policy says about DynamoDB and keys, and what nobody knows about."""
    for slot in (*policy.statements, *policy.more):
        text = bare(slot)
        if re.search(r'dynamodb:|kms:|"unknown"', text):
            yield f"{text} version {bare(policy.version)} if {bare(policy.exists)}"


def granted(project: Project) -> dict[str, set[str]]:
    """The statements that act for each role."""
    attachments = Attachments(project)
    found = {
        role.address: {text for policy in attachments.policies_of(role) for text in statements(policy)}
        for role in project.principals
    }
    return {address: texts for address, texts in found.items() if texts}


def attached(project: Project) -> dict[str, set[str]]:
    """The managed policies that act for each role; those that other services need are left out."""
    attachments = Attachments(project)
    found = {role.address: set(map(bare, attachments.foreign_policies_of(role))) for role in project.principals}
    return {address: arns for address, arns in found.items() if arns and "CloudWatchRole" not in address}


def roles(project: Project) -> dict[str, str]:
    return {
        role.address: f"{bare(role.trust and role.trust.statements)} {bare(role.boundary)} {bare(role.exists)}"
        for role in project.principals
        if "CloudWatchRole" not in role.address
    }


@pytest.mark.parametrize("name", FIXTURES)
def test_the_model_is_that_of_the_expansion(name: str, translate: Any, tmp_path: Path) -> None:
    text = (SAM / f"{name}.yaml").read_text()
    ours = project_of(text, tmp_path, "template.yaml")
    theirs = project_of(json.dumps(translate(text)), tmp_path, "expanded.json")
    assert tables(ours) == tables(theirs)
    assert granted(ours) == granted(theirs)
    assert attached(ours) == attached(theirs)
    assert roles(ours) == roles(theirs)


@pytest.mark.parametrize("name", FIXTURES)
def test_every_identity_policy_is_attached(name: str, tmp_path: Path) -> None:
    project = project_of((SAM / f"{name}.yaml").read_text(), tmp_path, "template.yaml")
    attachments = Attachments(project)
    alone = [p.label for p in project.policies if p.kind is PolicyKind.IDENTITY and not attachments.principals_of(p)]
    assert alone == []


def report_of(path: Path) -> Report:
    return scan([path], Options(show=frozenset(Outcome)))


def outcomes(report: Report, *rules: str) -> set[tuple[str, str, str, str]]:
    """Findings without what the transform renames: the place and the resource of a policy."""
    return {
        (each.rule, each.outcome.value, each.severity.name, "" if each.statement is not None else each.resource)
        for each in report.findings
        if each.rule in rules
    }


@pytest.mark.parametrize("name", FIXTURES)
def test_the_findings_are_those_of_the_expansion(
    name: str, translate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (SAM / f"{name}.yaml").read_text()
    source, expanded = tmp_path / "template.yaml", tmp_path / "expanded.json"
    source.write_text(text)
    expanded.write_text(json.dumps(translate(text)))
    rules = ("DDB101", "DDB201", "DDB203", "DDB501")
    ours = report_of(source)
    assert outcomes(ours, *rules) == outcomes(report_of(expanded), *rules)
    declared = set(re.findall(r"^  (\w+):", text, re.MULTILINE))
    assert {each.resource for each in ours.findings if each.outcome is not Outcome.PASS} <= declared


def test_places_are_those_of_the_source(tmp_path: Path) -> None:
    """What the transform generates stands where the template asks for it."""
    text = (SAM / "connectors.yaml").read_text()
    lines = text.splitlines()
    project = project_of(text, tmp_path, "template.yaml")
    policies = {(policy.address, policy.label): policy for policy in project.policies}
    places = {
        ("Shop", "Connectors.Both"): "Destination: {Id: Carts}",
        ("Shop", "Connectors.Several.Destination[0]"): "Destination: [{Id: Orders}",
        ("FlowToBoth", "Destination[1]"): "{Id: Carts}",
        ("Orders", "Connectors.ToAudit"): "{Id: Audit}",
        ("Api", "DataSources.DynamoDb.ByName"): "ByName:",
    }
    for key, written in places.items():
        first = policies[key].statements[0]
        assert isinstance(first, Known)
        assert first.value is not None
        assert written in lines[first.value.origin.line - 1], key


def test_policy_templates_are_those_of_the_transform() -> None:
    translator = pytest.importorskip("samtranslator", reason="no aws-sam-translator in this environment")
    data = Path(translator.__file__).parent / "policy_templates_data" / "policy_templates.json"
    templates = json.loads(data.read_text(encoding="utf-8"))["Templates"]
    assert templates.keys() == TEMPLATES.keys() | OTHER_TEMPLATES
    for name, (service, statements) in TEMPLATES.items():
        found = templates[name]["Definition"]["Statement"]
        granted = [
            [action for element in (each["Action"],) for action in ([element] if isinstance(element, str) else element)]
            for each in found
        ]
        assert granted == [[f"{service}:{action}" for action in actions.split()] for actions, _ in statements], name
        for each, (_, patterns) in zip(found, statements, strict=True):
            resources = each["Resource"] if isinstance(each["Resource"], list) else [each["Resource"]]
            ends = [re.sub(r"\$\{(\w)", lambda f: "{" + f[1].upper(), r["Fn::Sub"][0]) for r in resources]
            assert tuple(end.rpartition("{AWS::AccountId}:")[2] for end in ends) == patterns, name


@pytest.mark.parametrize("name", sorted(OTHER_TEMPLATES))
def test_the_other_templates_grant_nothing_on_tables_or_keys(name: str) -> None:
    translator = pytest.importorskip("samtranslator", reason="no aws-sam-translator in this environment")
    data = Path(translator.__file__).parent / "policy_templates_data" / "policy_templates.json"
    definition = json.loads(data.read_text(encoding="utf-8"))["Templates"][name]["Definition"]
    assert not re.search(r'"(dynamodb|dax|kms|\*):', json.dumps(definition))
