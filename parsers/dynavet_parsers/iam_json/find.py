"""Files that hold IAM policy documents and nothing else."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from dynavet.iam.demands import demands_of
from dynavet.model import Policy, PolicyKind, Project, SourceProblem, Statement
from dynavet.regexes import regex
from dynavet.sources import SourceError, Sources
from dynavet.values import Data, Known, List, Object, Origin, Value
from dynavet_parsers.iam_json.document import Document, flawed, read_document
from dynavet_parsers.iam_json.json_source import MAX_DEPTH, JsonError, parse_json
from dynavet_parsers.spelling import spells_letters

WRAPPERS = ("PolicyDocument", "Document", "PolicyVersion", "Policy")
"""What the commands of the AWS CLI that show a policy put it in."""

_SIGNS = {b'"Statement': re.compile(rb'"Statement\\*"'), b'"Effect': re.compile(rb'"Effect\\*"')}
_COMMENT = regex(r'"(?:[^"\\\n]|\\.)*"|(?P<comment>//|/\*)')
_NAMES_DYNAMODB = regex(r"(?:dynamodb|dax):|arn:[^:]*:(?:dynamodb|dax):", re.IGNORECASE)
_ASSUMES_ROLE = regex(r"sts:assumerole|sts:\*", re.IGNORECASE)


def looks_like_policy(data: bytes) -> bool:
    """Whether the bytes of a JSON file carry ``"Statement"`` and ``"Effect"``, or may hide them."""
    return _carries_signs(data) or spells_letters(data)


def _carries_signs(data: bytes) -> bool:
    return all(start in data and sign.search(data) for start, sign in _SIGNS.items())


def read_policies(path: Path, sources: Sources) -> Project | None:
    """The policy documents of a JSON file; `None` if it holds none.

    A document stands bare, in one of `WRAPPERS`, in a list of these, or as JSON text in a
    string. A file that carries the signs of a policy and is not JSON gives a project with a
    `SourceProblem`; one with comments is some other language, and passed over. Raises
    `SourceError` if the file cannot be read.
    """
    data = sources.read(path)
    if not looks_like_policy(data):
        return None
    shown = sources.show(path)
    project = Project(root=shown, language="policy", files=[shown])
    try:
        text = sources.read_text(path)
        if not _may_hold_policy(text):
            return None
        project.policies = _policies(parse_json(text, shown), shown)
    except SourceError as error:
        project.problems = [_problem(shown, str(error), 1, 1)]
        return project
    except JsonError as error:
        if _has_comment(text) or not _carries_signs(data):
            return None
        project.problems = [_problem(shown, error.message, error.line, error.column)]
        return project
    return project if project.policies else None


def _problem(path: str, message: str, line: int, column: int) -> SourceProblem:
    return SourceProblem(address=path, origin=Origin(path, line, column, line, column + 1), message=message)


def _may_hold_policy(text: str) -> bool:
    """A quick look at the outermost level; true for what is not JSON, for the error to be found."""
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return True
    return isinstance(data, list) or (isinstance(data, dict) and not data.keys().isdisjoint(("Statement", *WRAPPERS)))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _has_comment(text: str) -> bool:
    return any(found["comment"] for found in _COMMENT.finditer(text))


def _policies(root: Value[Data], path: str) -> list[Policy]:
    found = list(_find(root, path, "", 0))
    labels = Counter(label for label, _, _ in found)
    policies = []
    for index, (label, data, origin) in enumerate(found):
        document = read_document(Known(data, origin), origin)
        kind = _kind(document)
        policy = Policy(
            address=path,
            origin=origin,
            kind=kind,
            label=label if labels[label] == 1 else f"{label}[{index}]",
            version=document.version,
            statements=document.statements,
            more=document.more,
            flawed=flawed(document, demands_of(kind, raw=True)),
        )
        policies.append(policy)
    return [replace(policies[0], label="")] if len(policies) == 1 else policies


def _find(value: Value[Data], path: str, name: str, depth: int) -> Iterator[tuple[str, Object | str, Origin]]:
    """The documents in a value, each with the name that stands beside it, and its place."""
    if depth > MAX_DEPTH or not isinstance(value, Known) or value.origin is None:
        return
    data = value.value
    if isinstance(data, List):
        for item in data.items:
            yield from _find(item, path, name, depth + 1)
    elif isinstance(data, str):
        if _is_policy(_decoded(data, path)):
            yield name, data, value.origin
    elif _is_policy(data) and isinstance(data, Object):
        yield name, data, value.origin
    elif isinstance(data, Object):
        inner_name = _literal(data.get("PolicyName")) or name
        for wrapper in WRAPPERS:
            yield from _find(data.get(wrapper), path, inner_name, depth + 1)


def _decoded(text: str, path: str) -> Data:
    """The data that a string encodes; absent if it is no JSON."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        decoded = parse_json(text, path)
    except JsonError:
        return None
    return decoded.value if isinstance(decoded, Known) else None


def _is_policy(data: Data) -> bool:
    if not isinstance(data, Object):
        return False
    statement = _content(data.get("Statement"))
    entries = [_content(item) for item in statement.items] if isinstance(statement, List) else [statement]
    return any(isinstance(entry, Object) and "Effect" in entry.entries for entry in entries)


def _content(value: Value[Data]) -> Any:
    return value.value if isinstance(value, Known) else None


def _literal(value: Value[Data]) -> str | None:
    content = _content(value)
    return content if isinstance(content, str) else None


def _kind(document: Document) -> PolicyKind:
    """What a document that names principals is attached to; without them nothing says."""
    statements = [slot.value for slot in document.statements if isinstance(slot, Known) and slot.value is not None]
    if not any(isinstance(s.principals, Known) and s.principals.value is not None for s in statements) and not any(
        isinstance(s.not_principals, Known) and s.not_principals.value is not None for s in statements
    ):
        return PolicyKind.DOCUMENT
    if any(_ASSUMES_ROLE.match(pattern) for s in statements for pattern in _patterns(s, actions_only=True)):
        return PolicyKind.TRUST
    if any(_NAMES_DYNAMODB.match(pattern) for s in statements for pattern in _patterns(s)):
        return PolicyKind.RESOURCE
    return PolicyKind.OTHER_RESOURCE


def _patterns(statement: Statement, actions_only: bool = False) -> Iterator[str]:
    elements = [statement.actions, statement.not_actions]
    if not actions_only:
        elements += [statement.resources, statement.not_resources]
    for element in elements:
        if isinstance(element, Known) and element.value is not None:
            for item in element.value.items:
                if isinstance(item, Known) and item.value.literal is not None:
                    yield item.value.literal
