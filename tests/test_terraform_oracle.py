"""Generated expressions, evaluated by us and by the terraform on the PATH.

What we call known is what Terraform computes; where Terraform has an error, we have no value.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dynavet.values import Known, Unknown
from dynavet_parsers.terraform.data import NotPlain
from dynavet_parsers.terraform.evaluate import evaluate
from dynavet_parsers.terraform.functions.encoding import encode
from dynavet_parsers.terraform.module import Module
from dynavet_parsers.terraform.syntax import parse_expression

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")

Texts = st.SearchStrategy[str]

WORDS = ["", "a", "ab", "b-c", "A b", "é", "10", "2.5", "true", "x/y", "a,b,,c", " p ", "arn:aws:iam::1:role/r", "<&>"]
PATTERNS = ["a", "[a-z]+", "(a)(b)?", "^x", "b*", "(?i)AB", "\\\\d+", "a|ab", "(?P<n>[a-c])", "[^a]$", "\\\\bb"]
FORMATS = ["%s", "%v", "%q", "%5s|", "%-4v|", "%#v", "%d", "%05d", "%x", "%.2f", "%e", "%t", "%%", "a%sb%s"]


def literal(text: str) -> str:
    return '"' + text.replace("${", "$${") + '"'


def call(name: str, *arguments: Texts) -> Texts:
    return st.tuples(*arguments).map(lambda given: f"{name}({', '.join(given)})")


def form(template: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda given: template.format(*given))


def one_of_calls(names: str, *arguments: Texts) -> Texts:
    return st.sampled_from(names.split()).flatmap(lambda name: call(name, *arguments))


words = st.sampled_from(WORDS).map(literal)
numbers = st.sampled_from(
    ["0", "1", "2", "3", "7", "10", "-1", "1.5", "0.1", "-2.5", "100", "255", "12345678901234567890"]
)
flags = st.sampled_from(["true", "false"])
plain = st.one_of(words, numbers, flags)
nothing = st.just("null")
tuples = st.lists(plain, max_size=3).map(lambda given: f"[{', '.join(given)}]")
objects = st.lists(plain, max_size=2).map(
    lambda given: "{" + ", ".join(f"{k} = {v}" for k, v in zip("ab", given, strict=False)) + "}"
)
"""What the branches of a conditional are made of: an error in the one that is not taken is not looked for."""


def scalars(inner: Texts) -> Texts:
    return st.one_of(words, numbers, flags, inner)


def members(inner: Texts) -> Texts:
    return st.one_of(scalars(inner), nothing)


def lists(inner: Texts) -> Texts:
    items = st.lists(members(inner), max_size=4).map(lambda given: f"[{', '.join(given)}]")
    return st.one_of(items, call("tolist", items), call("toset", items), form("[for i, x in {} : x]", items))


def maps(inner: Texts) -> Texts:
    keys = st.sampled_from(["a", "b", "c", '"d e"', "(1)"])
    entries = st.lists(st.tuples(keys, members(inner)), max_size=3)
    objects = entries.map(lambda given: "{" + ", ".join(f"{key} = {value}" for key, value in given) + "}")
    return st.one_of(objects, call("tomap", objects), form("{{for k, v in {} : k => v}}", objects))


def expressions(inner: Texts) -> Texts:
    text, number, items, entries = st.one_of(words, inner), st.one_of(numbers, inner), lists(inner), maps(inner)
    anything = st.one_of(scalars(inner), items, entries)
    return st.one_of(
        one_of_calls("upper lower title trimspace chomp strrev length md5 sha256 base64encode urlencode", text),
        one_of_calls("jsonencode yamlencode tostring tonumber tobool try can", anything),
        one_of_calls("startswith endswith strcontains trim trimprefix trimsuffix split", text, text),
        one_of_calls("abs ceil floor signum", number),
        call("pow", numbers, st.sampled_from(["0", "1", "2", "3"])),
        one_of_calls("min max", number, number),
        one_of_calls("range", number),
        one_of_calls("flatten distinct reverse sort compact one sum length keys values alltrue anytrue", items),
        one_of_calls("toset tolist tomap length", anything),
        one_of_calls("concat setunion setintersection setsubtract setproduct coalescelist", items, items),
        one_of_calls("coalesce contains", anything, anything),
        one_of_calls("contains index", items, scalars(inner)),
        one_of_calls("merge", entries, entries),
        one_of_calls("keys values length transpose", entries),
        one_of_calls("element", items, number),
        one_of_calls("chunklist", items, number),
        one_of_calls("slice", items, number, number),
        one_of_calls("zipmap", items, items),
        one_of_calls("lookup", entries, st.just('"a"'), scalars(inner)),
        one_of_calls("matchkeys", items, items, items),
        one_of_calls("join", text, items),
        one_of_calls("replace", text, text, text),
        one_of_calls("substr", text, number, number),
        one_of_calls("indent", numbers, text),
        one_of_calls("regex regexall", st.sampled_from(PATTERNS).map(lambda p: f'"{p}"'), text),
        call("replace", text, st.sampled_from(PATTERNS).map(lambda p: f'"/{p}/"'), st.sampled_from(['"<$1>"', '"$$"'])),
        call("format", st.sampled_from(FORMATS).map(literal), st.one_of(words, numbers, flags, items)),
        call("formatlist", st.just('"%s-%v"'), items, text),
        call("parseint", text, st.sampled_from(["2", "10", "16", "36", "62"])),
        call("cidrsubnet", st.sampled_from(['"10.0.0.0/8"', '"fd00::/40"']), numbers, numbers),
        call("cidrhost", st.sampled_from(['"10.1.2.0/24"', '"fd00::/100"']), numbers),
        form("({} {} {})", anything, st.sampled_from(["==", "!=", "&&", "||"]), anything),
        form("({} {} {})", number, st.sampled_from(["+", "-", "*", "/", "%", "<", "<=", ">", ">="]), number),
        form("({} ? {} : {})", st.one_of(flags, inner), plain, plain),
        form("({} ? {} : {})", flags, st.one_of(plain, tuples), st.one_of(plain, tuples)),
        form("({} ? {} : {})", flags, objects, objects),
        form("({} ? {} : {} ? {} : {})", flags, plain, flags, plain, plain),
        form('"a${{{}}}b${{~ {} }} "', scalars(inner), scalars(inner)),
        form('"%{{ if {} }}y%{{ else }}n%{{ endif }}%{{ for x in {} ~}} ${{x}};%{{ endfor }}"', flags, items),
        form("{}[{}]", items, number),
        form("{}.a", entries),
        form("{}[*]", anything),
        form("[{{a = {}}}, {{a = 1}}][*].a", anything),
        form('[for x in {} : "${{x}}!" if x != {}]', items, scalars(inner)),
        form("{{for x in {} : x => 1...}}", items),
        form("-{}", number),
        form("!{}", st.one_of(flags, inner)),
    )


EXPRESSIONS = st.recursive(st.one_of(words, numbers, flags), expressions, max_leaves=6)


def asked(expressions: list[str]) -> list[str | None]:
    """What terraform makes of each in JSON; `None` for an error."""
    values = ", ".join(f"try(jsonencode([{e}]), null)" for e in expressions)
    line = f"base64encode(jsonencode([{values}]))\n"
    ran = subprocess.run(["terraform", "console"], input=line, capture_output=True, text=True, check=False)
    try:
        answers: list[str | None] = json.loads(base64.b64decode(ran.stdout.strip().strip('"')))
    except ValueError:
        answers = []
    if len(answers) == len(expressions):
        return answers
    if len(expressions) == 1:
        return [None]
    middle = len(expressions) // 2
    return asked(expressions[:middle]) + asked(expressions[middle:])


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory, terraform_module: Callable[[Path, str], Module]) -> Module:
    return terraform_module(tmp_path_factory.mktemp("oracle"), "")


@pytest.fixture(scope="module")
def set_aside() -> Iterator[list[str]]:
    """What the evaluator did not compute since it was last asked, with the reasons."""
    reasons: list[str] = []
    original = NotPlain.__init__

    def noting(self: NotPlain, unknown: Unknown) -> None:
        reasons.append(unknown.reason)
        original(self, unknown)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NotPlain, "__init__", noting)
        yield reasons


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.lists(EXPRESSIONS, min_size=60, max_size=60))
def test_what_is_known_is_what_terraform_computes(module: Module, set_aside: list[str], expressions: list[str]) -> None:
    """An error of Terraform may lie in what we have not computed, because the rest decides the answer."""
    for expression, answer in zip(expressions, asked(expressions), strict=True):
        set_aside.clear()
        value = evaluate(parse_expression(f"[{expression}]", "generated"), module.scope)
        if isinstance(value, Unknown):
            assert answer is None or "cannot be evaluated" not in value.reason, f"{expression}: {value.reason}"
            continue
        assert isinstance(value, Known)
        ours = encode(value).literal
        if ours is None or (answer is None and set_aside):
            continue
        assert ours == answer, f"{expression}: {ours}, terraform: {answer}"
