"""`data.aws_iam_policy_document` against what the AWS provider renders, and what stays known of a partial one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Known, List, Object, OneOf, Origin, Unknown, Value, assume
from dynavet_parsers.iam_json.document import read_document
from dynavet_parsers.terraform.loader import Loader
from dynavet_parsers.terraform.module import Module

AGREED = json.loads((Path(__file__).parent / "fixtures/terraform/policy_documents.json").read_text("utf-8"))
PROVIDER = "\n".join(AGREED["provider"])
CASES = {case["name"]: case for case in AGREED["cases"]}
REFUSED = {case["name"]: case for case in AGREED["refused"]}

AT = Origin("main.tf", 1, 1, 1, 2)
Terraform = Callable[..., subprocess.CompletedProcess[str]]
Plan = Callable[[Path], dict[str, Any]]


def text_of(case: dict[str, Any]) -> str:
    return "\n".join(case["text"])


def configuration_of(texts: dict[str, str]) -> str:
    outputs = (f'output "{name}" {{\n  value = data.aws_iam_policy_document.{name}.json\n}}' for name in texts)
    return "\n\n".join([*texts.values(), *outputs])


def module_of(directory: Path, text: str) -> Module:
    path = directory / "main.tf"
    path.write_text(text, encoding="utf-8")
    loader = Loader({directory: [path]}, Sources([directory], directory))
    configuration = loader.configuration(directory)
    assert configuration is not None
    assert not configuration.problems
    return Module(configuration, loader, directory)


def document_of(module: Module, name: str) -> Object:
    text = module.output(name)
    assert isinstance(text, Known)
    assert isinstance(text.value, Text)
    assert isinstance(text.value.document, Known)
    assert isinstance(text.value.document.value, Object)
    return text.value.document.value


def ours(module: Module, name: str) -> Any:
    """The document that our text encodes."""
    text = module.output(name)
    assert isinstance(text, Known)
    assert isinstance(text.value, Text)
    assert text.value.literal is not None, text.value
    return json.loads(text.value.literal)


def normal(document: dict[str, Any]) -> dict[str, Any]:
    """Without what means nothing: the order and number of equal items, a list of one, the Id."""
    statements = [_statement(each) for each in document.get("Statement") or []]
    return {"Version": document["Version"], "Statement": statements}


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    conditions = statement.get("Condition") or {}
    shown = {key: _items(value) for key, value in statement.items() if key not in ("Condition", "Sid") and value}
    if statement.get("Sid"):
        shown["Sid"] = statement["Sid"]
    return shown | {"Condition": {test: {k: _items(v) for k, v in keys.items()} for test, keys in conditions.items()}}


def _items(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _items(each) for key, each in value.items()}
    items = value if isinstance(value, list) else [value]
    return sorted({json.dumps(each) if isinstance(each, bool) else str(each) for each in items})


def rendered(directory: Path, text: str, plan_of: Plan) -> dict[str, Any]:
    """What the provider makes of the outputs of a configuration."""
    (directory / "main.tf").write_text(f"{PROVIDER}\n\n{text}", encoding="utf-8")
    outputs = plan_of(directory)["planned_values"]["outputs"]
    return {name: json.loads(output["value"]) for name, output in outputs.items()}


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_the_document_on_file(tmp_path: Path, name: str) -> None:
    module = module_of(tmp_path, configuration_of({name: text_of(CASES[name])}))
    assert normal(ours(module, name)) == normal(CASES[name]["document"])


def test_documents_on_file_are_those_of_the_provider(tmp_path: Path, plan_of: Plan) -> None:
    found = rendered(tmp_path, configuration_of({name: text_of(case) for name, case in CASES.items()}), plan_of)
    assert found == {name: case["document"] for name, case in CASES.items()}


@pytest.mark.parametrize("name", REFUSED)
def test_a_sid_that_comes_twice_hides_no_statement_and_is_named(tmp_path: Path, name: str) -> None:
    statements = document_of(module_of(tmp_path, configuration_of({name: text_of(REFUSED[name])})), name)
    listed = statements.entries["Statement"]
    assert isinstance(listed, Known)
    assert isinstance(listed.value, List)
    assert len(listed.value.items) == 2
    assert [f"Sid {REFUSED[name]['sid']}" in doubt.reason for doubt in listed.value.more] == [True]


def test_the_provider_refuses_a_sid_that_comes_twice(tmp_path: Path, terraform: Terraform) -> None:
    text = configuration_of({name: text_of(case) for name, case in REFUSED.items()})
    (tmp_path / "main.tf").write_text(f"{PROVIDER}\n\n{text}", encoding="utf-8")
    assert terraform(tmp_path, "init").returncode == 0
    assert terraform(tmp_path, "plan", "-no-color").stderr.count("duplicate Sid") == len(REFUSED)


# ---------------------------------------------------------------- generated documents

NAMES = st.sampled_from(["A", "B", "C", ""])
TEXTS = st.sampled_from(["dynamodb:GetItem", "dynamodb:*", "arn:aws:dynamodb:*:*:table/t", "&{aws:username}", "*"])
LISTS = st.lists(TEXTS, max_size=3)
PRINCIPALS = st.tuples(st.sampled_from(["AWS", "*", "Service"]), st.lists(TEXTS, min_size=1, max_size=2))
CONDITIONS = st.tuples(st.sampled_from(["StringEquals", "Bool"]), st.sampled_from(["aws:a", "aws:&{b}"]), LISTS)
STATEMENTS = st.fixed_dictionaries(
    {"sid": NAMES},
    optional={
        "effect": st.sampled_from(["Allow", "Deny", None]),
        "actions": LISTS,
        "not_actions": LISTS,
        "resources": LISTS,
        "not_resources": LISTS,
        "principals": st.lists(PRINCIPALS, max_size=3),
        "not_principals": st.lists(PRINCIPALS, max_size=2),
        "condition": st.lists(CONDITIONS, max_size=3),
    },
)


def unique(key: str, of: list[dict[str, Any]]) -> bool:
    named = [each[key] for each in of if each.get(key)]
    return len(named) == len(set(named))


OWN = st.lists(STATEMENTS, max_size=3).filter(lambda each: unique("sid", each))
OTHERS = st.lists(st.fixed_dictionaries({"Sid": NAMES, "Effect": st.just("Deny"), "Action": TEXTS}), max_size=3)
VERSIONS = st.sampled_from(["2008-10-17", "2012-10-17", None])
SOURCES = st.lists(st.tuples(VERSIONS, OTHERS), max_size=2).filter(
    lambda documents: unique("Sid", [each for _, statements in documents for each in statements])
)
OVERRIDES = st.lists(st.tuples(VERSIONS, OTHERS), max_size=2)
DOCUMENTS = st.tuples(OWN, SOURCES, OVERRIDES)


def block(name: str, arguments: dict[str, Any], inner: str = "") -> str:
    lines = "".join(f"    {key} = {json.dumps(value)}\n" for key, value in arguments.items())
    return f"  {name} {{\n{lines}{inner}  }}\n"


def hcl_of(name: str, own: list[dict[str, Any]], sources: list[Any], overrides: list[Any]) -> str:
    """The data source in Terraform's language."""
    body = "".join(_statement_block(each) for each in own)
    for argument, documents in (("source_policy_documents", sources), ("override_policy_documents", overrides)):
        encoded = ", ".join(f"jsonencode({json.dumps(_document(*each))})" for each in documents)
        body += f"  {argument} = [{encoded}]\n"
    return f'data "aws_iam_policy_document" "{name}" {{\n{body}}}\n'


def _document(version: str | None, statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {**({"Version": version} if version else {}), "Statement": statements}


def _statement_block(statement: dict[str, Any]) -> str:
    nested = ""
    for name in ("principals", "not_principals"):
        for kind, identifiers in statement.get(name, ()):
            nested += block(name, {"type": kind, "identifiers": identifiers})
    for test, variable, values in statement.get("condition", ()):
        nested += block("condition", {"test": test, "variable": variable, "values": values})
    plain = {key: value for key, value in statement.items() if not key.endswith(("principals", "condition"))}
    return block("statement", plain, nested)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DOCUMENTS, min_size=25, max_size=40))
def test_any_document_is_as_the_provider_renders_it(
    tmp_path_factory: pytest.TempPathFactory, plan_of: Plan, documents: list[tuple[Any, Any, Any]]
) -> None:
    texts = {f"d{number}": hcl_of(f"d{number}", *parts) for number, parts in enumerate(documents)}
    text = configuration_of(texts)
    directory = tmp_path_factory.mktemp("documents")
    module = module_of(directory, text)
    for name, document in rendered(directory, text, plan_of).items():
        assert normal(ours(module, name)) == normal(document), texts[name]


# ---------------------------------------------------------------- partly known documents


def statements_of(directory: Path, body: str, declared: str = 'variable "x" {}') -> list[Any]:
    """For each statement slot of ``data.aws_iam_policy_document.it``, in plain data: see `shown`."""
    text = f'{declared}\ndata "aws_iam_policy_document" "it" {{\n{body}\n}}\n'
    module = module_of(directory, text + 'output "it" {\n  value = data.aws_iam_policy_document.it.json\n}\n')
    listed = document_of(module, "it").entries["Statement"]
    assert isinstance(listed, Known)
    assert isinstance(listed.value, List)
    return [shown(slot) for slot in (*listed.value.items, *listed.value.more)]


def shown(value: Value[Any]) -> Any:
    """A statement as its Sid and action; otherwise the condition with its branches, or the reason."""
    if isinstance(value, OneOf):
        return {value.condition: [shown(branch) for _, branch in value.branches]}
    if isinstance(value, Unknown):
        return value.reason
    if not isinstance(value.value, Object):
        return None
    return f"{_first(value.value.get('Sid'))}:{_first(value.value.get('Action'))}"


def _first(value: Value[Any]) -> Any:
    if isinstance(value, Known) and isinstance(value.value, List):
        return _first(value.value.items[0])
    return value.value if isinstance(value, Known) else "?"


OWN_A = 'statement {\n  sid = "A"\n  actions = ["own"]\n}\n'
OWN_B = 'statement {\n  sid = "B"\n  actions = ["own"]\n}\n'
BLANK = 'statement {\n  actions = ["blank"]\n}\n'


def documents(*sids: str) -> str:
    return f"jsonencode({{ Statement = {json.dumps([{'Sid': sid, 'Action': 'other'} for sid in sids])} }})"


def test_an_unknown_source_hides_nothing(tmp_path: Path) -> None:
    body = f"source_policy_documents = [{documents('S')}, var.x]\n{OWN_A}"
    assert statements_of(tmp_path, body) == ["S:other", "A:own", "var.x has no value"]


def test_an_unknown_override_may_replace_what_has_a_sid(tmp_path: Path) -> None:
    body = f"{OWN_A}{BLANK}override_policy_documents = [var.x, {documents('B')}]\n"
    assert statements_of(tmp_path, body) == [
        {"what var.x overrides": ["A:own", None]},
        "None:blank",
        "B:other",
        "var.x has no value",
    ]


def test_an_undecided_override_replaces_in_its_branch(tmp_path: Path) -> None:
    body = f'{OWN_A}{OWN_B}override_policy_documents = var.x == "y" ? [{documents("A", "C")}] : []\n'
    condition = 'var.x == "y"'
    assert statements_of(tmp_path, body) == [
        {condition: ["A:other", "A:own"]},
        "B:own",
        {condition: ["C:other", None]},
    ]


def test_one_of_two_documents_keeps_what_both_have(tmp_path: Path) -> None:
    body = f'source_policy_documents = [var.x == "y" ? {documents("A", "B")} : {documents("B")}]\n{BLANK}'
    assert statements_of(tmp_path, body) == [{'var.x == "y"': ["A:other", None]}, "B:other", "None:blank"]


def test_an_undecided_dynamic_statement_replaces_where_it_is(tmp_path: Path) -> None:
    dynamic = 'dynamic "statement" {\n  for_each = var.x == "y" ? [1] : []\n  content {\n    sid = "A"\n  }\n}\n'
    body = f"source_policy_documents = [{documents('A')}]\n{dynamic}{OWN_B}"
    assert statements_of(tmp_path, body) == [{'var.x == "y"': ["A:None", "A:other"]}, "B:own"]


def test_a_symbolic_sid_may_replace_only_what_it_may_equal(tmp_path: Path) -> None:
    body = f"source_policy_documents = [{documents('ReadAll', 'Write')}]\n" + OWN_A.replace('"A"', '"Read${var.x}"')
    found = statements_of(tmp_path, body)
    assert found[:2] == [{"what var.x overrides": ["ReadAll:other", None]}, "Write:other"]
    assert len(found) == 3


def test_an_undecided_condition_or_principal_leaves_the_others(tmp_path: Path) -> None:
    maybe = 'dynamic "condition" {\n  for_each = var.x == "y" ? [1] : []\n  content {\n    test = "Bool"\n' + (
        '    variable = "aws:SecureTransport"\n    values = ["true"]\n  }\n}\n'
    )
    sure = 'condition {\n  test = "StringEquals"\n  variable = "aws:userid"\n  values = ["u"]\n}\n'
    module = module_of(
        tmp_path,
        f'variable "x" {{}}\ndata "aws_iam_policy_document" "it" {{\nstatement {{\n{sure}{maybe}}}\n}}\n'
        'output "it" {\n  value = data.aws_iam_policy_document.it.json\n}\n',
    )
    document = read_document(Known(document_of(module, "it")), AT)
    (statement,) = document.statements
    assert isinstance(statement, Known)
    assert statement.value is not None
    tests = [[c.value.operator for c in assume(statement.value, world).conditions if c.value]
             for world in ({'var.x == "y"': "true"}, {'var.x == "y"': "false"})]  # fmt: skip
    assert tests == [["StringEquals", "Bool"], ["StringEquals"]]
    assert statement.value.more_conditions == ()


def test_the_first_and_last_documents_of_old_providers(tmp_path: Path) -> None:
    body = f"source_json = {documents('A', 'S')}\n{OWN_A}{OWN_B}override_json = {documents('B')}\n"
    assert statements_of(tmp_path, body) == ["A:own", "S:other", "B:other"]


def test_a_source_that_is_no_policy_is_named(tmp_path: Path) -> None:
    body = f'source_policy_documents = ["[1]", "{{", ""]\n{OWN_A}'
    assert statements_of(tmp_path, body) == [
        "A:own",
        "the policy document is not an object",
        'the text is not JSON: expected a key in double quotes or "}", found the end of the text',
    ]
