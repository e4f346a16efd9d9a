"""The input of `dynavet evaluate`: requests, the policies that apply to them, and what is expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from dynavet.iam import (
    ANONYMOUS,
    Context,
    ContextValue,
    Decision,
    Layer,
    Policies,
    PrincipalType,
    Request,
    RequestPrincipal,
    principal_of,
)
from dynavet.json_cursor import Cursor, read_json
from dynavet.model import Policy
from dynavet.policy_input import read_policy
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import ABSENT, Known, List, Unknown, Value

T = TypeVar("T")

EXPECTATIONS = ("allowed", "denied", "implicit deny", "explicit deny", "undecided")
"""``denied`` is either kind of deny."""

_ACTION = regex(r"[\w-]+:\w+", re.ASCII)
_ACCOUNT = regex(r"\d{12}", re.ASCII)
_CASE = ("name", "request", "policies", "expect")
_REQUEST = ("principal", "action", "resource", "resource_account", "context", "other_context")
_POLICIES = (
    "identity",
    "resource",
    "boundary",
    "session",
    "service_control",
    "resource_control",
    "endpoint",
    "endpoint_type",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request with the policies that apply to it; `expect` is empty or one of `EXPECTATIONS`."""

    name: str
    request: Request
    policies: Policies
    expect: str = ""

    def is_met_by(self, decision: Decision) -> bool:
        if self.expect == "denied":
            return decision.allowed.truth is False
        return self.expect in ("", decision.outcome.value)


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a file; `single`: the file is one case, and no list."""

    cases: tuple[Case, ...]
    single: bool


def read_cases(text: str, path: str, directory: Path) -> Cases:
    """The cases of a JSON text: one, a list, or ``{"policies": …, "cases": […]}`` with shared policies.

    `path` is how errors name the input; files that it names are relative to `directory`.
    Raises `InputError`.
    """
    root = read_json(text, path)
    if isinstance(root.data, List):
        return Cases(tuple(_case(each, None, directory) for each in root.items()), single=False)
    if not root.has("cases"):
        return Cases((_case(root, None, directory),), single=True)
    root.object(("policies", "cases"))
    shared = _policies(root.at("policies"), directory) if root.has("policies") else None
    listed = root.at("cases")
    if not isinstance(listed.data, List):
        listed.expected("a list")
    return Cases(tuple(_case(each, shared, directory) for each in listed.items()), single=False)


def _case(given: Cursor, shared: Policies | None, directory: Path) -> Case:
    given.object(_CASE, ("request",) if shared is not None else ("request", "policies"), "a case")
    return Case(
        name=given.at("name").string() if given.has("name") else "",
        request=_request(given.at("request")),
        policies=shared if shared and not given.has("policies") else _policies(given.at("policies"), directory),
        expect=given.at("expect").one_of(EXPECTATIONS) if given.has("expect") else "",
    )


def _request(given: Cursor) -> Request:
    given.object(_REQUEST, ("principal", "action", "resource"))
    return Request(
        principal=_principal(given.at("principal")),
        action=_or_unknown(given.at("action"), _action),
        resource=_or_unknown(given.at("resource"), _text),
        resource_account=_optional(given, "resource_account", _account),
        context=_context(given),
    )


def _or_unknown(given: Cursor, read: Callable[[Cursor], T]) -> Value[T]:
    unknown = given.unknown()
    return Known(read(given), given.value.origin) if unknown is None else unknown


def _optional(given: Cursor, key: str, read: Callable[[Cursor], Text]) -> Value[Text | None]:
    return _or_unknown(given.at(key), read) if given.has(key) else ABSENT


def _text(given: Cursor) -> Text:
    return Text.of(given.string())


def _action(given: Cursor) -> Text:
    name = given.string()
    if not _ACTION.fullmatch(name):
        given.expected('an action such as "dynamodb:GetItem"')
    return Text.of(name)


def _account(given: Cursor) -> Text:
    account = given.string()
    if not _ACCOUNT.fullmatch(account):
        given.expected("an account of twelve digits, as a string")
    return Text.of(account)


def _principal(given: Cursor) -> RequestPrincipal:
    unknown = given.unknown()
    if unknown is not None:
        return RequestPrincipal(type=unknown, arn=unknown, account=unknown, issuer=unknown)
    if isinstance(given.data, str):
        return ANONYMOUS if given.data == "anonymous" else _from_arn(given)
    given.object(("arn", "issuer", "type", "account", "service", "federated"), what='an ARN, "anonymous" or an object')
    for key, type_ in (("service", PrincipalType.SERVICE), ("federated", PrincipalType.FEDERATED)):
        if given.has(key):
            return RequestPrincipal(type=Known(type_), arn=_or_unknown(given.object((key,)).at(key), _text))
    issuer = _optional(given, "issuer", _text)
    if given.has("arn") and given.at("arn").unknown() is None:
        given.object(("arn", "issuer"))
        found = _from_arn(given.at("arn"))
        return replace(found, issuer=issuer) if given.has("issuer") else found
    return _without_arn(given, issuer)


def _without_arn(given: Cursor, issuer: Value[Text | None]) -> RequestPrincipal:
    given.object(("arn", "issuer", "type", "account"))
    missing = Unknown(f"{given.pointer} does not say it", given.origin)
    arn = given.at("arn").unknown() if given.has("arn") else None
    types = [each.value for each in PrincipalType]
    return RequestPrincipal(
        type=_or_unknown(given.at("type"), lambda each: PrincipalType(each.one_of(types)))
        if given.has("type")
        else missing,
        arn=missing if arn is None else arn,
        account=_optional(given, "account", _account) if given.has("account") else missing,
        issuer=issuer if given.has("issuer") else missing,
    )


def _from_arn(given: Cursor) -> RequestPrincipal:
    try:
        return principal_of(given.string())
    except ValueError:
        given.expected('the ARN of a user, role, role session, federated user or root user, or "anonymous"')


def _context(request: Cursor) -> Context:
    others = _other_context(request.at("other_context")) if request.has("other_context") else ABSENT
    if not request.has("context"):
        return Context({}, others)
    unknown = request.at("context").unknown()
    if unknown is not None:
        return Context({}, unknown)
    keys: dict[str, ContextValue] = {}
    for key, given in request.at("context").object().entries():
        if ":" not in key:
            given.fail('expected a context key such as "aws:SourceVpce"')
        if key.lower() in {each.lower() for each in keys}:
            given.fail("the key stands here twice; keys are compared without case")
        keys[key] = _context_value(given)
    return Context(keys, others)


def _other_context(given: Cursor) -> Value[None]:
    unknown = given.unknown()
    if unknown is not None:
        return unknown
    given.one_of(("absent",))
    return ABSENT


def _context_value(given: Cursor) -> ContextValue:
    """A value, or a list of them; ``null`` is absent, and unknown as a whole may be absent."""
    unknown = given.unknown()
    if unknown is not None:
        return unknown
    if given.data is None:
        return ABSENT
    items = given.items() if isinstance(given.data, List) else (given,)
    return Known(tuple(_or_unknown(each, Cursor.scalar) for each in items), given.value.origin)


def _policies(given: Cursor, directory: Path) -> Policies:
    given.object(_POLICIES)

    def listed(each: Cursor, layer: Layer) -> tuple[Policy, ...]:
        items = each.items() if isinstance(each.data, List) else (each,)
        return tuple(read_policy(item, layer, directory) for item in items)

    def of(key: str, layer: Layer) -> tuple[Policy, ...] | None:
        return listed(given.at(key), layer) if given.has(key) else None

    def levels(key: str, layer: Layer) -> tuple[tuple[Policy, ...], ...] | None:
        if not given.has(key):
            return None
        if not isinstance(given.at(key).data, List):
            given.at(key).expected("a list of levels, each a list of policies")
        return tuple(listed(level, layer) for level in given.at(key).items())

    kinds = ("Gateway", "Interface")
    return Policies(
        identity=of("identity", Layer.IDENTITY) or (),
        resource=of("resource", Layer.RESOURCE) or (),
        boundary=of("boundary", Layer.BOUNDARY),
        session=of("session", Layer.SESSION),
        service_control=levels("service_control", Layer.SERVICE_CONTROL),
        resource_control=levels("resource_control", Layer.RESOURCE_CONTROL),
        endpoint=of("endpoint", Layer.ENDPOINT),
        gateway_endpoint=not given.has("endpoint_type") or given.at("endpoint_type").one_of(kinds) == "Gateway",
    )
