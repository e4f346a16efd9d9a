"""The variables of Serverless Framework files.

The expected values that are not holes are what version 3.40 of the framework prints, without environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.sources import Sources
from dynavet.text import Text
from dynavet.values import Data, Known, List, Object, OneOf, Unknown, Value
from dynavet_parsers.cloudformation.document import parse_document
from dynavet_parsers.cloudformation.serverless_framework.files import Files
from dynavet_parsers.cloudformation.serverless_framework.syntax import Literal, Source, Variable, parse
from dynavet_parsers.cloudformation.serverless_framework.variables import Variables

FILE = """\
service: orders
params:
  default: {a: of all, b: of all}
  dev: {a: of dev}
  prod: {a: of prod}
stages:
  dev: {params: {c: of a stage}}
  default: {params: {d: of each stage}}
provider:
  name: aws
  region: eu-west-1
custom:
  number: 5
  nothing: null
  yes: true
  list: [a, {b: c}]
  dev: {name: orders-dev}
  inner: ${self:custom.${sls:stage}}
  chain: ${self:custom.inner}
  file: ${file(more.json)}
  circle: ${self:custom.round}
  round: a-${self:custom.circle}
  secret: ${ssm:/secret}
"""


@pytest.fixture
def variables(tmp_path: Path) -> Variables:
    (tmp_path / "more.json").write_text('{"a": {"b": "of ${self:service}"}, "c": [1]}')
    (tmp_path / "again.yml").write_text("x: ${file(again.yml):y}\ny: z\n")
    (tmp_path / "note.txt").write_text("some text")
    return service(FILE, tmp_path)


def service(text: str, directory: Path) -> Variables:
    document = parse_document(text, "serverless.yml")
    assert isinstance(document, Known)
    assert isinstance(document.value, Object)
    path = directory / "serverless.yml"
    return Variables(document.value, Files(path, Sources([directory], directory)))


def plain(value: Value[Data]) -> Any:
    """The value as Python data; an unknown one as its reason."""
    if not isinstance(value, Known):
        return f"unknown: {value.reason}" if isinstance(value, Unknown) else value
    data = value.value
    if isinstance(data, List):
        return [plain(item) for item in data.items]
    if isinstance(data, Object):
        return {key: plain(item) for key, item in data.entries.items()}
    if isinstance(data, Text):
        return "".join(part if isinstance(part, str) else f"<{getattr(part, 'reason', part)}>" for part in data.parts)
    return data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${self:custom.number}", 5),
        ("n-${self:custom.number}", "n-5"),
        ("${self:custom.yes}${self:custom.yes}", "truetrue"),
        ("${self:custom.list.1.b}", "c"),
        ("${self:custom.list}", ["a", {"b": "c"}]),
        ("${self:custom.chain.name}", "orders-dev"),
        ("${self:custom.gone, self:custom.number}", 5),
        ("${self:custom.nothing, 'none'}", "none"),
        ("${self:custom.gone, ''}", ""),
        ('${self:custom.gone, "a\\"b"}', 'a"b'),
        ("${self:custom.gone, null}", None),
        ("${self:custom.gone, 1.5}", 1.5),
        ("${self:custom.${opt:key, 'number'}}", 5),
        ("${opt:stage, 'qa'}", "qa"),
        ("${opt:stage, self:provider.stage, 'qa'}", "qa"),
        ("${env:HOME, 'unset'}", "unset"),
        ("${sls:stage}", "dev"),
        ("${self:provider.stage}", "dev"),
        ("${param:a}, ${param:b}", "of dev, of all"),
        ("${param:c}, ${param:d}", "of a stage, of each stage"),
        ("${param:gone, 'x'}", "x"),
        ("${file(more.json):a.b}", "of orders"),
        ("${self:custom.file.c}", [1]),
        ("${file(./more.json):gone, 'x'}", "x"),
        ("${file(gone.json), 'x'}", "x"),
        ("${file(${opt:f, 'more'}.json):c.0}", 1),
        ("${file(note.txt)}", "some text"),
        ("${file(again.yml):x}", "z"),
        ("${strToBool(${self:custom.yes})}", True),
        ("${strToBool('0')}", False),
        ("${aws:region}", "eu-west-1"),
        ("${aws:accountId}", "<AWS::AccountId is decided at deployment>"),
        ("${AWS::Region}/${Orders.Arn}/${!x}", "${AWS::Region}/${Orders.Arn}/${!x}"),
        ("${aws:username}", "${aws:username}"),
        ("${aws:PrincipalTag/team}", "${aws:PrincipalTag/team}"),
        ("${cognito-identity.amazonaws.com:sub}", "${cognito-identity.amazonaws.com:sub}"),
        ("${saml:sub}", "${saml:sub}"),
        ("\\${self:custom.number}", "${self:custom.number}"),
        ("${self:custom.number", "${self:custom.number"),
        ("${param}", "${param}"),
    ],
)
def test_what_the_file_decides(variables: Variables, text: str, expected: object) -> None:
    assert plain(variables.resolve(Known(text))) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${env:KEY}", "${env:KEY} has no value"),
        ("${opt:key}", "${opt:key} has no value"),
        ("${self:custom.gone}", "${self:custom.gone} has no value"),
        ("${param:gone}", "${param:gone} has no value"),
        ("${ssm:/a/b}", "${ssm:/a/b} is decided at deployment"),
        ("${ssm(eu-west-1):/a, 'b'}", "${ssm(eu-west-1):/a, 'b'} is decided at deployment"),
        ("${cf:stack.Output}", "${cf:stack.Output} is decided at deployment"),
        ("${s3:bucket/key}", "${s3:bucket/key} is decided at deployment"),
        ("${plugin:any}", "${plugin:any} is decided at deployment"),
        ("${sls:instanceId}", "${sls:instanceId} is decided at deployment"),
        ("${self:custom.secret.inner}", "${ssm:/secret} is decided at deployment"),
        ("${self:custom.${env:K}}", "${env:K} has no value"),
        ("${file(gone.yml)}", "${file(gone.yml)} names a file that does not exist"),
        ("${file(../x.yml), 'x'}", "${file(../x.yml)} is not read: it lies outside the scanned directory"),
        ("${file(x.js):y}", "${file(x.js)} is computed by code, which is not run"),
        ("${self:custom.circle}", "${self:custom.round} refers to itself"),
    ],
)
def test_what_it_does_not_decide_is_named(variables: Variables, text: str, reason: str) -> None:
    assert reason in str(plain(variables.resolve(Known(text))))
    assert reason in str(plain(variables.resolve(Known(f"a-{text}-b"))))


def test_the_origin_is_the_place_of_use_and_the_way_the_source(tmp_path: Path) -> None:
    found = service("service: s\ncustom:\n  a: b\nprovider:\n  x: ${self:custom.a}\n", tmp_path).get("provider", "x")
    assert found.origin is not None
    assert (found.origin.line, [step.line for step in found.origin.via]) == (5, [3])


def test_parameters_of_an_open_stage_are_open(tmp_path: Path) -> None:
    text = "service: s\nprovider: {stage: '${opt:stage}'}\nparams: {default: {a: 1, b: 2}, prod: {a: 3}, qa: {a: 1}}\n"
    found = service(text, tmp_path)
    assert found.resolve(Known("${param:b}")) == Known(2)
    value = found.resolve(Known("a${param:a}"))
    assert isinstance(value, OneOf)
    assert value.condition == "${opt:stage}"
    assert {label: plain(branch) for label, branch in value.branches} == {
        "prod": "a3",
        "qa": "a1",
        "another stage": "a1",
    }


def test_a_syntax_of_its_own_is_undecided(tmp_path: Path) -> None:
    syntax = r"""'\${{([ ~:a-zA-Z0-9._@"\-\/\(\)]+?)}}'"""
    found = service(f"service: s\nprovider: {{variableSyntax: {syntax}}}\n", tmp_path)
    assert plain(found.resolve(Known("${self:service}"))) == "${self:service}"
    reason = "${{self:service}}-x is written in the variableSyntax of the file"
    assert plain(found.resolve(Known("a-${{self:service}}-x"))) == f"a-<{reason}>"


def test_the_usual_syntax_is_computed_where_the_file_spells_it_out(tmp_path: Path) -> None:
    syntax = r"""'\${((?!AWS)[ ~:a-zA-Z0-9._@"\-\/\(\)]+?)}'"""
    found = service(f"service: s\nprovider: {{variableSyntax: {syntax}}}\n", tmp_path)
    assert plain(found.resolve(Known("${self:service}"))) == "s"


def test_values_that_grow_without_bounds_are_undecided(tmp_path: Path) -> None:
    doubled = "".join(f"  a{i}: '${{self:custom.a{i + 1}}}${{self:custom.a{i + 1}}}'\n" for i in range(15))
    listed = "".join(f"  b{i}: ['${{self:custom.b{i + 1}}}', '${{self:custom.b{i + 1}}}']\n" for i in range(30))
    end = f"  a15: {'x' * 100}\n  b30: x\n"
    found = service(f"service: s\ncustom:\n{doubled}{listed}{end}", tmp_path)
    assert "too long" in str(plain(found.get("custom", "a0")))
    assert "too large" in str(found.get("custom", "b0"))


def test_a_long_chain_of_variables_ends(tmp_path: Path) -> None:
    chain = "".join(f"  a{i}: '${{self:custom.a{i + 1}}}'\n" for i in range(300))
    found = service(f"service: s\ncustom:\n{chain}  a300: x\n", tmp_path)
    assert "nested too deeply" in plain(found.get("custom", "a0"))
    assert plain(found.get("custom", "a290")) == "x"


def test_the_parts_of_a_text() -> None:
    nested = Variable("${sls:stage}", (Source("sls", (), ("stage",)),))
    assert parse("a-${file(${sls:stage}.yml):b, 'c'}") == (
        "a-",
        Variable("${file(${sls:stage}.yml):b, 'c'}", (Source("file", ((nested, ".yml"),), ("b",)), Literal("c"))),
    )


@given(st.text(alphabet="${}self:aws.,()'\"\\ 1x"))
def test_any_text_is_parsed_and_what_is_no_variable_stays(text: str) -> None:
    parts = parse(text)
    if "${" not in text:
        assert "".join(str(part) for part in parts) == text
    assert all(isinstance(part, str) or part.text in text for part in parts)
