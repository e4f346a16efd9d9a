"""Rules see one world at a time; what they say of all worlds becomes one judgement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynavet.judge import Crash, Verdict, judge
from dynavet.merging import Trial, merge
from dynavet.model import Encryption, Endpoint, Policy, PolicyKind, Project, Replica, Statement, Table
from dynavet.rule import Fail, Grant, Judgement, Pass, Rule, Scope, Severity, Undecided
from dynavet.text import Text
from dynavet.values import MAX_WORLDS, Known, OneOf, Origin, Unknown, Value, single

HERE = Origin("main.tf", 1, 1, 1, 20)
KEY = Text.of("key")


def project(**lists: Any) -> Project:
    return Project(root=".", language="terraform", **lists)


def table(key: Value[Text | None] | None = None, **fields: Any) -> Table:
    encryption = Known(Encryption(key=Known(None) if key is None else key))
    return Table(**{"address": "t", "origin": HERE, "encryption": encryption, **fields})


def either(condition: str, true: Value[Any], false: Value[Any], default: str | None = None) -> OneOf[Any]:
    return OneOf(condition, (("true", true), ("false", false)), default)


def needs_key(judged: Table, _: Project) -> Judgement | None:
    key = single(single(judged.encryption).value.key)  # type: ignore[union-attr]
    if isinstance(key, Unknown):
        return Undecided(reasons=(key,))
    return Fail(message="no key") if key.value is None else Pass()


def rule(check: Callable[[Any, Project], Judgement | None], scope: Scope = Scope.TABLE, **fields: Any) -> Rule:
    return Rule(id="DDB901", name="a-rule", severity=Severity.MEDIUM, checks={scope: check}, **fields)


def only(of: Project, *rules: Rule) -> Verdict:
    (verdict,) = judge(of, rules)
    assert isinstance(verdict, Verdict), verdict
    return verdict


def judgement(of: Project, *rules: Rule) -> Judgement:
    return only(of, *rules).judgement


def reasons(said: Judgement) -> list[str]:
    assert isinstance(said, Undecided), said
    return [reason.reason for reason in said.reasons]


@pytest.mark.parametrize(("key", "outcome"), [(Known(None), Fail), (Known(KEY), Pass), (Unknown("x"), Undecided)])
def test_one_world_is_judged_directly(key: Value[Text | None], outcome: type[Judgement]) -> None:
    assert isinstance(judgement(project(tables=[table(key)]), rule(needs_key)), outcome)


def test_every_world_fails() -> None:
    said = judgement(project(tables=[table(either("c", Known(None), Known(None)))]), rule(needs_key))
    assert said == Fail(message="no key")


def test_every_world_passes() -> None:
    said = judgement(project(tables=[table(either("c", Known(KEY), Known(Text.of("other"))))]), rule(needs_key))
    assert isinstance(said, Pass)


def test_fail_in_one_branch_only_names_the_condition_and_what_fails() -> None:
    said = judgement(project(tables=[table(either("var.secure", Known(KEY), Known(None)))]), rule(needs_key))
    assert reasons(said) == ["var.secure is undecided"]
    assert isinstance(said, Undecided) and said.message == "Where var.secure is false: no key"


def test_only_the_condition_that_matters_is_named() -> None:
    name = either("var.long", Known(Text.of("a")), Known(Text.of("b")))
    said = judgement(project(tables=[table(either("var.secure", Known(KEY), Known(None)), name=name)]), rule(needs_key))
    assert reasons(said) == ["var.secure is undecided"]


def test_unknown_in_one_branch_keeps_its_reason() -> None:
    said = judgement(project(tables=[table(either("c", Known(KEY), Unknown("var.k has no value")))]), rule(needs_key))
    assert reasons(said) == ["var.k has no value", "c is undecided"]


def test_failure_at_the_default_is_a_failure() -> None:
    said = judgement(project(tables=[table(either("c", Known(KEY), Known(None), default="false"))]), rule(needs_key))
    assert isinstance(said, Fail)


def test_pass_at_the_default_with_a_failure_elsewhere_is_undecided() -> None:
    said = judgement(project(tables=[table(either("c", Known(KEY), Known(None), default="true"))]), rule(needs_key))
    assert reasons(said) == ["c is undecided"]


def test_correlated_conditions_go_together() -> None:
    def alike(judged: Table, _: Project) -> Judgement:
        return Pass() if judged.hash_key == judged.range_key else Fail(message="mixed")

    a, b = Known(Text.of("a")), Known(Text.of("b"))
    of = project(tables=[table(hash_key=either("c", a, b), range_key=either("c", a, b))])
    assert isinstance(judgement(of, rule(alike)), Pass)


def test_judged_only_where_it_exists() -> None:
    exists = either("var.on", Known(True), Known(False))
    key = either("var.on", Known(None), Known(KEY))
    assert isinstance(judgement(project(tables=[table(key, exists=exists)]), rule(needs_key)), Fail)


@pytest.mark.parametrize("exists", [Known(False), either("c", Known(False), Known(False))])
def test_what_never_exists_is_not_judged(exists: Value[bool]) -> None:
    assert list(judge(project(tables=[table(exists=exists)]), [rule(needs_key)])) == []


def test_unknown_existence_does_not_hide_a_failure() -> None:
    assert isinstance(judgement(project(tables=[table(exists=Unknown("n has no value"))]), rule(needs_key)), Fail)


def test_fail_and_not_applicable_mix_to_undecided() -> None:
    def named(judged: Table, _: Project) -> Judgement | None:
        name = single(judged.name)
        return Fail(message="bad") if isinstance(name, Known) and name.value else None

    of = project(tables=[table(name=either("c", Known(Text.of("a")), Known(None)))])
    assert reasons(judgement(of, rule(named))) == ["c is undecided"]


def has_endpoint(_: Table, around: Project) -> Judgement:
    return Pass() if around.endpoints else Fail(message="no endpoint")


def endpoint(exists: Value[bool]) -> Endpoint:
    return Endpoint(address="e", origin=HERE, exists=exists)


@pytest.mark.parametrize(
    ("exists", "outcome"),
    [(Known(True), Pass), (Known(False), Fail), (Unknown("var.n has no value"), Undecided)],
)
def test_lists_that_a_rule_reads_hold_what_exists(exists: Value[bool], outcome: type[Judgement]) -> None:
    of = project(tables=[table()], endpoints=[endpoint(exists)])
    assert isinstance(judgement(of, rule(has_endpoint, reads=("endpoints",))), outcome)


def test_lists_that_a_rule_reads_share_the_conditions_of_what_it_judges() -> None:
    on = either("var.on", Known(True), Known(False))
    of = project(tables=[table(exists=on)], endpoints=[endpoint(on)])
    assert isinstance(judgement(of, rule(has_endpoint, reads=("endpoints",))), Pass)


def test_conditions_of_lists_that_are_not_read_do_not_matter() -> None:
    of = project(tables=[table()], endpoints=[endpoint(either("c", Known(True), Known(False)))])
    assert isinstance(judgement(of, rule(needs_key)), Fail)


def many(count: int) -> dict[str, Value[Text | None]]:
    return {f"tag{n}": either(f"c{n}", Known(KEY), Known(None)) for n in range(count)}


def test_too_many_conditions_leave_decided_what_does_not_depend_on_them() -> None:
    from dynavet.model import Tags

    tags = Known(Tags(entries=many(MAX_WORLDS)))
    assert isinstance(judgement(project(tables=[table(Known(None), tags=tags)]), rule(needs_key)), Fail)


def test_too_many_conditions_are_undecided_by_name() -> None:
    key: Value[Text | None] = Known(KEY)
    for name, branch in many(8).items():
        key = either(name, key, branch)
    assert reasons(judgement(project(tables=[table(key)]), rule(needs_key)))[0].endswith("is undecided")


def test_too_many_conditions_in_a_list_are_undecided_by_name() -> None:
    endpoints = [endpoint(either(f"c{n}", Known(True), Known(False))) for n in range(8)]
    said = judgement(project(tables=[table()], endpoints=endpoints), rule(has_endpoint, reads=("endpoints",)))
    assert reasons(said) == [f"c{n} is undecided" for n in range(8)]


def replica(region: str) -> Replica:
    return Replica(region=Known(Text.of(region)), origin=HERE)


def test_replicas_are_judged_in_the_worlds_that_have_them() -> None:
    def eu_only(pair: tuple[Replica, Table], _: Project) -> Judgement:
        region = single(pair[0].region)
        if isinstance(region, Unknown):
            return Undecided(reasons=(region,))
        return Pass() if str(region.value).startswith("eu-") else Fail(message=f"{region.value} is far away")

    slots = (
        Known(replica("eu-west-1")),
        either("c", Known(replica("us-east-1")), Known(None)),
        Unknown("var.r has no value"),
    )
    of = project(tables=[table(replicas=slots, more_replicas=(Unknown("var.more has no value"),))])
    said = [v.judgement for v in judge(of, [rule(eu_only, Scope.REPLICA)]) if isinstance(v, Verdict)]
    assert said[:2] == [Pass(), Fail(message="us-east-1 is far away")]
    assert [reasons(each) for each in said[2:]] == [["var.r has no value"], ["var.more has no value"]]


def statement(name: str, effect: Value[Text | None]) -> Statement:
    return Statement(name=name, index=0, origin=HERE, effect=effect)


def denies(grant: Grant, _: Project) -> Judgement:
    effect = single(grant.statement.effect)
    if isinstance(effect, Unknown):
        return Undecided(reasons=(effect,))
    return Pass() if str(effect.value) == "Deny" else Fail(message="allows")


def policy(*slots: Value[Statement | None], **fields: Any) -> Policy:
    return Policy(address="p", origin=HERE, kind=PolicyKind.IDENTITY, statements=slots, **fields)


def test_statements_are_judged_by_name() -> None:
    allow, deny = Known(Text.of("Allow")), Known(Text.of("Deny"))
    slots = (Known(statement("A", allow)), either("c", Known(statement("B", deny)), Known(None)))
    of = project(policies=[policy(*slots, more=(Unknown("var.json has no value"),))])
    verdicts = [v for v in judge(of, [rule(denies, Scope.STATEMENT)]) if isinstance(v, Verdict)]
    assert [v.sight.statement for v in verdicts] == ["A", "B", None]
    assert [type(v.judgement) for v in verdicts] == [Fail, Pass, Undecided]
    assert reasons(verdicts[2].judgement) == ["var.json has no value"]


def test_conditions_of_other_statements_do_not_blur_a_statement() -> None:
    allow = Known(Text.of("Allow"))
    others = [either(f"c{n}", Known(statement(f"S{n}", allow)), Known(None)) for n in range(10)]
    of = project(policies=[policy(Known(statement("First", allow)), *others)])
    said = {
        v.sight.statement: v.judgement for v in judge(of, [rule(denies, Scope.STATEMENT)]) if isinstance(v, Verdict)
    }
    assert set(said) == {"First", *(f"S{n}" for n in range(10))}
    assert all(isinstance(each, Fail) for each in said.values())


def test_a_rule_that_crashes_does_not_end_the_others() -> None:
    def broken(judged: Table, _: Project) -> Judgement:
        raise ValueError(f"cannot do {judged.address}")

    crash, verdict = judge(project(tables=[table()]), [rule(broken), rule(needs_key)])
    assert isinstance(crash, Crash) and isinstance(verdict, Verdict)
    assert str(crash) == "DDB901 crashed on t (main.tf:1): ValueError: cannot do t"


SAID: dict[str, Judgement | None] = {
    "fail": Fail(message="bad"),
    "pass": Pass(),
    "unknown": Undecided(reasons=(Unknown("x has no value"),)),
    "none": None,
}


@given(st.lists(st.sampled_from(sorted(SAID)), min_size=1, max_size=4), st.sampled_from(["l0", None]))
def test_laws_of_merging(said: list[str], default: str | None) -> None:
    trials = [Trial({"c": f"l{n}"}, SAID[each]) for n, each in enumerate(said)]
    merged = merge(trials, {"c": default} if default else {})
    kinds = set(said)
    if kinds == {"none"}:
        assert merged is None
    elif kinds == {"fail"} or (default and said[0] == "fail"):
        assert isinstance(merged, Fail)
    elif kinds <= {"pass", "none"}:
        assert isinstance(merged, Pass)
    else:
        assert isinstance(merged, Undecided) and merged.reasons


@pytest.mark.parametrize(
    ("severities", "first"),
    [
        ((Severity.HIGH, None), None),
        ((Severity.LOW, None), None),
        ((Severity.HIGH, Severity.LOW, Severity.MEDIUM), Severity.LOW),
        ((Severity.LOW, Severity.INFO), Severity.INFO),
    ],
)
def test_failures_that_differ_merge_to_the_severity_of_the_rule_or_else_the_least(
    severities: tuple[Severity | None, ...], first: Severity | None
) -> None:
    trials = [Trial({"c": str(n)}, Fail(message=str(each), severity=each)) for n, each in enumerate(severities)]
    assert merge(trials, {}) == Fail(message=str(first), severity=first)
