"""Laws of the evaluation, over requests and policies of every kind."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dynavet.evaluation_cases import read_cases
from dynavet.iam import Decision, Outcome, evaluate
from dynavet.iam.conditions import OPERATORS
from dynavet.json_cursor import InputError

OWN, OTHER = "111122223333", "444455556666"
USER, ROLE = f"arn:aws:iam::{OWN}:user/ann", f"arn:aws:iam::{OWN}:role/r"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/r/s"
TABLE = f"arn:aws:dynamodb:eu-west-1:{OWN}:table/"

PRINCIPALS = st.sampled_from(
    [
        USER,
        {"arn": SESSION, "issuer": ROLE},
        {"arn": f"arn:aws:sts::{OWN}:federated-user/g", "issuer": USER},
        f"arn:aws:iam::{OWN}:root",
        f"arn:aws:iam::{OTHER}:user/eve",
        {"service": "x.amazonaws.com"},
        {"federated": "cognito-identity.amazonaws.com"},
        "anonymous",
    ]
)
NAMED = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": OWN},
        {"AWS": [OTHER, USER]},
        {"AWS": ROLE},
        {"AWS": [SESSION], "Service": "x.amazonaws.com"},
        {"Federated": "cognito-identity.amazonaws.com"},
        {"AWS": [OWN, ROLE, SESSION]},
    ]
)
ACTIONS = st.sampled_from(["dynamodb:GetItem", "dynamodb:PutItem", "kms:Decrypt", "sts:AssumeRole"])
ACTION_PATTERNS = st.sampled_from(["*", "dynamodb:*", "dynamodb:Get*", "dynamodb:?utItem", "kms:Decrypt", "sts:*"])
RESOURCES = st.sampled_from([f"{TABLE}ann", f"{TABLE}b*", f"arn:aws:kms:eu-west-1:{OWN}:key/1", ROLE, "*"])
RESOURCE_PATTERNS = st.sampled_from(
    ["*", f"{TABLE}*", f"{TABLE}ann", f"{TABLE}${{aws:username}}", f"{TABLE}${{t:One, 'b'}}?", ROLE, "arn:aws:kms:*"]
)
KEYS = ["t:One", "t:Many", "t:None", "aws:username", "aws:PrincipalArn"]
VALUES = ["", "a", "ann", "10", "1e1", "2026-01-01", "true", "203.0.113.7", "2001:db8::1", "YQ==", USER]
WRITTEN = [
    *VALUES,
    "a*",
    "${aws:username}",
    "${t:One, 'a'}",
    "${*}",
    "203.0.113.0/24",
    "arn:aws:iam::*:user/*",
    "false",
]


def one_or_list(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return items | st.lists(items, min_size=1, max_size=2)


NAMES = st.sampled_from(OPERATORS).flatmap(
    lambda name: st.just(name)
    if name == "Null"
    else st.builds("{}{}{}".format, st.sampled_from(["", "ForAllValues:", "ForAnyValue:"]), st.just(name),
                   st.sampled_from(["", "IfExists"]))
)  # fmt: skip
CONDITIONS = st.dictionaries(
    NAMES,
    st.dictionaries(st.sampled_from(KEYS), one_or_list(st.sampled_from(WRITTEN)), min_size=1, max_size=2),
    max_size=2,
)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={"t:One": st.sampled_from(VALUES), "t:Many": st.lists(st.sampled_from(VALUES), max_size=3)},
)
WITH_PRINCIPALS = ("resource", "endpoint", "resource_control")


@st.composite
def statements(draw: st.DrawFn, layer: str, effects: tuple[str, ...] = ("Allow", "Deny")) -> dict[str, Any]:
    effect = draw(st.sampled_from(effects))
    action = draw(st.sampled_from(["Action", "Action", "NotAction"]))
    resource = draw(st.sampled_from(["Resource", "Resource", "NotResource"]))
    found = {
        "Effect": effect,
        action: draw(one_or_list(ACTION_PATTERNS)),
        resource: draw(one_or_list(RESOURCE_PATTERNS)),
    }
    if layer in WITH_PRINCIPALS:
        excepted = effect == "Deny" and draw(st.booleans())
        found["NotPrincipal" if excepted else "Principal"] = draw(NAMED)
    condition = draw(CONDITIONS)
    return {**found, "Condition": condition} if condition else found


def documents(layer: str) -> st.SearchStrategy[dict[str, Any]]:
    body = st.lists(statements(layer), max_size=3)
    return body.map(lambda found: {"Version": "2012-10-17", "Statement": found})


def policies_of(layer: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(documents(layer), max_size=2)


SINGLE = ("identity", "resource", "boundary", "session", "endpoint")
LEVELLED = ("service_control", "resource_control")
POLICIES = st.fixed_dictionaries(
    {layer: policies_of(layer) for layer in ("identity", "resource")},
    optional={
        **{layer: policies_of(layer) for layer in ("boundary", "session", "endpoint")},
        **{layer: st.lists(policies_of(layer), max_size=2) for layer in LEVELLED},
    },
)
REQUESTS = st.fixed_dictionaries(
    {"principal": PRINCIPALS, "action": ACTIONS, "resource": RESOURCES, "context": CONTEXTS}
)
CASES = st.fixed_dictionaries({"request": REQUESTS, "policies": POLICIES})
"""Everything in them is known."""

Case = dict[str, Any]
thorough = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def decide(case: Case) -> Decision:
    (read,) = read_cases(json.dumps(case), "case.json", Path()).cases
    return evaluate(read.request, read.policies)


def places(case: Case) -> list[tuple[str, list[Any]]]:
    """The lists of policies in a case, each with the kind of its policies."""
    found = [(layer, case["policies"][layer]) for layer in SINGLE if layer in case["policies"]]
    levels = [(layer, level) for layer in LEVELLED for level in case["policies"].get(layer, [])]
    return found + levels


@thorough
@given(CASES)
def test_what_is_known_is_decided(case: Case) -> None:
    assert decide(case).outcome is not Outcome.UNDECIDED


@thorough
@given(CASES, st.data())
def test_a_further_deny_allows_nothing_more(case: Case, data: st.DataObject) -> None:
    before = decide(case).allowed.truth
    layer, policies = data.draw(st.sampled_from(places(case)))
    policies.append({"Version": "2012-10-17", "Statement": data.draw(statements(layer, ("Deny",)))})
    assert before or not decide(case).allowed.truth


@thorough
@given(CASES, st.data())
def test_a_further_allow_allows_nothing_less(case: Case, data: st.DataObject) -> None:
    before = decide(case).allowed.truth
    layer, policies = data.draw(st.sampled_from(places(case)))
    policies.append({"Version": "2012-10-17", "Statement": data.draw(statements(layer, ("Allow",)))})
    assert decide(case).allowed.truth or not before


@thorough
@given(CASES, st.randoms())
def test_order_and_grouping_of_statements_do_not_matter(case: Case, random: Any) -> None:
    before = decide(case)
    for _, policies in places(case):
        flat = [each for policy in policies for each in policy["Statement"]]
        random.shuffle(flat)
        cut = random.randint(0, len(flat))
        policies[:] = [{"Version": "2012-10-17", "Statement": part} for part in (flat[cut:], flat[:cut])]
    after = decide(case)
    assert (after.outcome, after.lacking) == (before.outcome, before.lacking)


def mapped(thing: Any, change: Callable[[str, Any], tuple[str, Any]]) -> Any:
    """The same data with every entry of an object changed."""
    if isinstance(thing, dict):
        return dict(change(key, mapped(item, change)) for key, item in thing.items())
    return [mapped(item, change) for item in thing] if isinstance(thing, list) else thing


LISTABLE = {"Action", "NotAction", "Resource", "NotResource", "Statement", "AWS", "Service", *KEYS}


@thorough
@given(CASES)
def test_a_value_is_a_list_of_one(case: Case) -> None:
    def listed(key: str, item: Any) -> tuple[str, Any]:
        return key, [item] if key in LISTABLE and not isinstance(item, (list, dict)) else item

    changed = {"request": {**case["request"]}, "policies": mapped(case["policies"], listed)}
    changed["request"]["context"] = mapped(case["request"]["context"], listed)
    assert decide(changed).outcome is decide(case).outcome


@thorough
@given(CASES)
def test_actions_and_keys_compare_without_case(case: Case) -> None:
    def flipped(key: str, item: Any) -> tuple[str, Any]:
        if key in ("Action", "NotAction"):
            return key, [each.swapcase() for each in item] if isinstance(item, list) else item.swapcase()
        return (key.swapcase() if key in KEYS else key), item

    changed = mapped(case, flipped)
    changed["request"]["action"] = changed["request"]["action"].swapcase()
    text = json.dumps(changed).replace("${aws:username}", "${AWS:UserName}").replace("${t:One,", "${T:oNE,")
    assert decide(json.loads(text)).outcome is decide(case).outcome


FIXED = {"policies", "request", "context"}
"""What cannot be unknown as a whole."""


def inputs(thing: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that may be unknown, and is not yet."""
    if isinstance(thing, dict) and "unknown" in thing:
        return
    if path and path[-1] not in FIXED and path[-1] not in LEVELLED:
        yield path
    items = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for key, item in items:
        yield from inputs(item, (*path, key))


def replaced(case: Case, path: tuple[Any, ...], value: Any) -> Case:
    changed = copy.deepcopy(case)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@settings(thorough, max_examples=100)
@given(CASES, st.data())
def test_an_unknown_input_leaves_the_decision_or_undecides_it(case: Case, data: st.DataObject) -> None:
    known = decide(case)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(inputs(case))))
        case = replaced(case, path, {"unknown": "left open"})
        found = decide(case)
        assert found.outcome in (known.outcome, Outcome.UNDECIDED)
        assert found.allowed.truth in (known.allowed.truth, None)
        if found.outcome is Outcome.UNDECIDED:
            assert found.reasons


@thorough
@given(CASES)
def test_other_keys_that_are_unknown_leave_the_decision_or_undecide_it(case: Case) -> None:
    known = decide(case)
    case["request"]["other_context"] = {"unknown": "left open"}
    assert decide(case).outcome in (known.outcome, Outcome.UNDECIDED)


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 1.5, "", "*", "é", [], [[]], {}, {"a": 1}, {"unknown": 1}, ["*", None], "{}", "["]
)


def everything(thing: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    for key, item in items:
        yield from everything(item, (*path, key))


@thorough
@given(CASES, st.data())
def test_odd_input_is_refused_with_its_place_or_decided(case: Case, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(everything(case))))
    case = replaced(case, path, data.draw(ODD))
    try:
        decide(case)
    except InputError as error:
        assert str(error).startswith("case.json:")
