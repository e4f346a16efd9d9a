"""What other readers of templates say: cfn-lint of what can be loaded, cfn-flip of short tags and of JSON twins."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dynavet.engine import Options, scan
from dynavet.model import Project
from dynavet.model_json import plain as as_json
from dynavet.sources import Sources
from dynavet.values import List, Object
from dynavet_parsers.cloudformation import read_template
from dynavet_parsers.cloudformation.yaml_source import SHORT_TAGS, parse_yaml

ROOT = Path(__file__).parent.parent
FIXTURES = sorted(
    path
    for top in ("tests/fixtures", "examples")
    for path in (ROOT / top).rglob("*")
    if path.suffix in (".yaml", ".yml", ".json", ".template") and "Resources" in path.read_text(errors="replace")
)
PLACES = ("origin", "at", "files", "root", "suppressions", "settings")
ABOUT_COMMENTS = ("DDB002", "DDB003", "DDB004")


@pytest.fixture(scope="module")
def cfn_lint() -> Iterator[Any]:
    decode = pytest.importorskip("cfnlint.decode.decode", reason="needs cfn-lint")
    logging.disable(logging.ERROR)
    yield decode
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def cfn_flip() -> Any:
    return pytest.importorskip("cfn_flip", reason="needs cfn-flip")


def read(text: str, directory: Path, name: str = "t.template") -> Project | None:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return read_template(path, Sources([directory], directory))


def bare(thing: Any) -> Any:
    """A part of the model without places."""
    if isinstance(thing, dict):
        return {key: bare(value) for key, value in thing.items() if key not in PLACES}
    return [bare(item) for item in thing] if isinstance(thing, list) else thing


def model(text: str, directory: Path) -> Any:
    project = read(text, directory)
    assert project is not None
    return bare(as_json(project))


def data(value: Any) -> Any:
    """The data of a tree without places."""
    content = value.value
    if isinstance(content, List):
        return [data(item) for item in content.items]
    if isinstance(content, Object):
        return {key: data(item) for key, item in content.entries.items()}
    return content


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) > 10


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: str(path.relative_to(ROOT)))
def test_fixtures_are_templates_that_cfn_lint_loads(path: Path, cfn_lint: Any) -> None:
    project = read_template(path, Sources([ROOT], ROOT))
    if project is None or project.missing:
        pytest.skip("is no template, or needs other files")
    _, problems = cfn_lint.decode(str(path))
    assert bool(problems) == bool(project.problems)


@given(path=st.sampled_from([path for path in FIXTURES if path.suffix == ".yaml"]), draw=st.data())
@settings(max_examples=40)
def test_what_cfn_lint_loads_is_read(
    path: Path, draw: st.DataObject, cfn_lint: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = path.read_text()
    for _ in range(draw.draw(st.integers(1, 3))):
        start = draw.draw(st.integers(0, len(text)))
        end = draw.draw(st.integers(start, min(len(text), start + 20)))
        insert = draw.draw(st.sampled_from(["", "!Ref ", "!Any ", "x: 1\n", "'", "{a: b}", "- ", "<<: {a: 1}\n", "\t"]))
        text = text[:start] + insert + text[end:]
    _, problems = cfn_lint.decode_str(text)
    project = read(text, tmp_path_factory.getbasetemp())
    if not problems and project is not None:
        assert project.problems == []


@pytest.mark.parametrize("argument", ["A.B", "[A, B]", "[A, !Ref B, {C: !GetAtt D.E.F}]", "{A: !Sub '${B}', C: 1}"])
@pytest.mark.parametrize("tag", SHORT_TAGS)
def test_short_tags_mean_what_cfn_flip_says(tag: str, argument: str, cfn_flip: Any) -> None:
    if tag == "!GetAtt" and argument not in ("A.B", "[A, B]"):
        pytest.skip("takes a text or a list of two texts")
    text = f"k: {tag} {argument}\n"
    assert data(parse_yaml(text, "t")) == json.loads(cfn_flip.to_json(text))


TWINS = [path for path in FIXTURES if path.suffix == ".yaml" and "fail_key_twice" not in path.name]


@pytest.mark.parametrize("path", TWINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_and_its_json_twin_say_the_same(
    path: Path, cfn_flip: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = path.read_text()
    project = read(text, tmp_path)
    if project is None or project.problems:
        pytest.skip("is no template by itself")
    twin = cfn_flip.to_json(text)
    assert model(twin, tmp_path) == model(text, tmp_path) == model(cfn_flip.to_yaml(twin), tmp_path)
    assert outcomes(twin, tmp_path, monkeypatch) == outcomes(text, tmp_path, monkeypatch)


def outcomes(text: str, directory: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (directory / "t.template").write_text(text)
    monkeypatch.chdir(directory)
    report = scan([Path("t.template")], Options(inline_suppressions=False, ignore=ABOUT_COMMENTS))
    assert report.errors == []
    return sorted(
        (each.rule, each.resource, each.statement or "", each.outcome.value, each.message) for each in report.findings
    )


NAMES = st.sampled_from(["Env", "Name", "Orders", "AWS::Region", "AWS::NoValue"])
texts = st.one_of(
    st.sampled_from(["", "a", "yes", "012", "1:30", "2012-10-17", "${Env}-x", "${!Env}", "null", "~", "1e3", "0x1"]),
    st.text(alphabet="ab:#-{}[],&*!|>'\"%@` 01", max_size=8),
)
values = st.recursive(
    st.one_of(texts, st.booleans(), st.integers(-5, 99), NAMES.map(lambda name: {"Ref": name})),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(st.sampled_from(["Is", "Not"]), inner, inner).map(lambda each: {"Fn::If": list(each)}),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"Fn::Join": ["-", each]}),
        texts.map(lambda text: {"Fn::Sub": text}),
        st.tuples(texts, inner).map(lambda each: {"Fn::Sub": [each[0], {"Env": each[1]}]}),
        st.just({"Fn::GetAtt": ["Orders", "Arn"]}),
        st.tuples(st.integers(0, 2), st.lists(inner, max_size=3)).map(lambda each: {"Fn::Select": list(each)}),
        st.tuples(st.sampled_from(["a", "b"]), inner).map(lambda each: {each[0]: each[1], "c": 1}),
    ),
    max_leaves=6,
)
statements = st.fixed_dictionaries({"Effect": st.just("Allow"), "Action": values, "Resource": values})
templates = st.fixed_dictionaries(
    {
        "Parameters": st.just({"Env": {"Type": "String"}, "Name": {"Type": "String", "Default": "orders"}}),
        "Conditions": values.map(
            lambda value: {"Is": {"Fn::Equals": [{"Ref": "Env"}, value]}, "Not": {"Fn::Not": [{"Condition": "Is"}]}}
        ),
        "Resources": st.fixed_dictionaries(
            {
                "Orders": st.fixed_dictionaries({"TableName": values, "SSESpecification": values, "Tags": values}).map(
                    lambda properties: {"Type": "AWS::DynamoDB::Table", "Properties": properties}
                ),
                "Access": st.lists(statements, max_size=2).map(
                    lambda listed: {
                        "Type": "AWS::IAM::Policy",
                        "Condition": "Is",
                        "Properties": {"PolicyDocument": {"Statement": listed}},
                    }
                ),
            }
        ),
    }
)


@given(template=templates)
@settings(max_examples=100)
def test_generated_templates_and_their_yaml_twins_say_the_same(
    template: dict[str, Any], cfn_flip: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = json.dumps(template)
    directory = tmp_path_factory.getbasetemp()
    assert model(cfn_flip.to_yaml(text), directory) == model(text, directory)
    assert model(cfn_flip.to_yaml(text, long_form=True), directory) == model(text, directory)
