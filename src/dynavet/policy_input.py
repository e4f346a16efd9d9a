"""Policy documents in the input of `dynavet evaluate`, held to what AWS takes.

Source: IAM User Guide, "Grammar of the IAM JSON policy language". Anything may be unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dynavet.iam import Layer
from dynavet.iam.conditions import OPERATORS, read_operator
from dynavet.json_cursor import Cursor, read_json
from dynavet.model import Policy, PolicyKind
from dynavet.values import Known, List, Object, Value
from dynavet_parsers.iam_json.document import read_document

VERSIONS = ("2012-10-17", "2008-10-17")
_DOCUMENT = ("Version", "Id", "Statement")
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_STATEMENT = ("Sid", "Effect", *(name for pair in _PAIRS for name in pair), "Condition")
_WITH_PRINCIPALS = (Layer.RESOURCE, Layer.ENDPOINT, Layer.RESOURCE_CONTROL)
_KINDS = {
    Layer.IDENTITY: PolicyKind.IDENTITY,
    Layer.RESOURCE: PolicyKind.RESOURCE,
    Layer.BOUNDARY: PolicyKind.BOUNDARY,
    Layer.SESSION: PolicyKind.SESSION,
    Layer.SERVICE_CONTROL: PolicyKind.ORGANIZATION,
    Layer.RESOURCE_CONTROL: PolicyKind.ORGANIZATION,
    Layer.ENDPOINT: PolicyKind.ENDPOINT,
}


def read_policy(given: Cursor, layer: Layer, directory: Path) -> Policy:
    """A document; ``{"name": …, "document": …}``; ``{"name": …, "file": …}``; or unknown.

    A document is an object, or its JSON text in a string. A file is relative to `directory`.
    Raises `InputError`.
    """
    name = ""
    if given.unknown() is None and (given.has("document") or given.has("file")):
        given.object(("name", "document", "file"))
        name = given.at("name").string() if given.has("name") else ""
        if given.has("document") and given.has("file"):
            given.fail("either a document or a file, not both")
        if given.has("file"):
            name = name or given.at("file").string()
            given = _from_file(given.at("file"), directory)
        else:
            given = given.at("document")
    if isinstance(given.data, str):
        given = read_json(given.data, f"{given.path}: {given.pointer}")
    _check(given, layer)
    document = read_document(with_unknowns(given), given.origin)
    return Policy(
        address=name or given.pointer,
        label=name,
        origin=given.origin,
        kind=_KINDS[layer],
        version=document.version,
        statements=document.statements,
        more=document.more,
    )


def _from_file(given: Cursor, directory: Path) -> Cursor:
    path = directory / given.string()
    try:
        return read_json(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        given.fail(f"{path} cannot be read: {error}")


def with_unknowns(given: Cursor) -> Value[Any]:
    """The value, with what is written as unknown in it unknown."""
    unknown = given.unknown()
    if unknown is not None:
        return unknown
    data = given.data
    if isinstance(data, Object):
        entries = {key: with_unknowns(entry) for key, entry in given.entries()}
        return Known(Object(entries, (), data.keys), given.value.origin)
    if isinstance(data, List):
        return Known(List(tuple(map(with_unknowns, given.items()))), given.value.origin)
    return given.value


def _check(given: Cursor, layer: Layer) -> None:
    if given.unknown() is not None:
        return
    given.object(_DOCUMENT, ("Statement",), "a policy document")
    if given.has("Version") and given.at("Version").unknown() is None:
        given.at("Version").one_of(VERSIONS)
    _each(given.at("Statement"), lambda statement: _check_statement(statement, layer))


def _each(given: Cursor, check: Callable[[Cursor], object]) -> None:
    """One or a list, each of which may be unknown."""
    if given.unknown() is None:
        for each in given.items() if isinstance(given.data, List) else (given,):
            if each.unknown() is None:
                check(each)


def _check_statement(given: Cursor, layer: Layer) -> None:
    given.object(_STATEMENT, ("Effect",), "a statement")
    if given.at("Effect").unknown() is None:
        given.at("Effect").one_of(("Allow", "Deny"))
    for one, other in _PAIRS:
        if given.has(one) and given.has(other):
            given.fail(f"either {one} or {other}, not both")
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if given.has(name):
            _each(given.at(name), Cursor.string)
    if not given.has("Action") and not given.has("NotAction"):
        given.fail('the key "Action" or "NotAction" is missing')
    if not given.has("Resource") and not given.has("NotResource") and not _does_without(given, layer):
        given.fail('the key "Resource" or "NotResource" is missing')
    _check_principals(given, layer)
    if given.has("Condition") and given.at("Condition").unknown() is None:
        _check_condition(given.at("Condition"))


def _does_without(given: Cursor, layer: Layer) -> bool:
    """Whether AWS takes the statement without a resource: in a trust policy, and (without effect) in a key policy."""
    action = given.at("Action") if given.has("Action") else given.at("NotAction")
    names = [each.data for each in (action.items() if isinstance(action.data, List) else (action,))]
    return layer is Layer.RESOURCE and all(
        not isinstance(name, str) or name.lower().startswith(("sts:", "kms:")) for name in names
    )


def _check_principals(given: Cursor, layer: Layer) -> None:
    names = [name for name in ("Principal", "NotPrincipal") if given.has(name)]
    if layer not in _WITH_PRINCIPALS:
        for name in names:
            given.at(name).fail(f"a policy of this kind ({layer.value}) has no {name}")
        return
    if not names:
        given.fail('the key "Principal" is missing')
    element = given.at(names[0])
    effect = given.at("Effect").data
    if names[0] == "NotPrincipal" and effect == "Allow":
        element.fail("NotPrincipal is for Deny only")
    if element.unknown() is not None or element.data == "*":
        return
    for _, identifiers in element.object(_PRINCIPAL_TYPES, what='"*" or an object').entries():
        _each(identifiers, Cursor.string)


def _check_condition(given: Cursor) -> None:
    for name, keys in given.object().entries():
        if read_operator(name) is None:
            keys.fail(f"no such operator; expected one of {', '.join(OPERATORS)}, with IfExists or a set operator")
        if keys.unknown() is None:
            for _, values in keys.object().entries():
                _each(values, Cursor.scalar)
