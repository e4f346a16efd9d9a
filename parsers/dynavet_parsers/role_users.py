"""What the code of a project shows of who uses its roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dynavet.model import IdentityPoolRole, Principal, Project, Workload
from dynavet.model.access import NEVER
from dynavet.text import Text
from dynavet.values import Known, OneOf, Unknown, Value, apply

Uses = Mapping[str, list[Value[bool]]]
"""By the address or the name of a role, whether each user of it is there."""


def mark_users(project: Project) -> None:
    """Say of each role whether a workload acts with it and whether an identity pool hands it out."""
    workloads = _uses([*project.workloads, *project.clients])
    signed_in = _uses(each for each in project.identity_pool_roles if each.authenticated)
    guests = _uses(each for each in project.identity_pool_roles if not each.authenticated)
    if workloads or signed_in or guests:
        project.principals = [
            replace(
                principal,
                workload=_any(_of(principal, workloads)),
                authenticated=_any(_of(principal, signed_in)),
                unauthenticated=_any(_of(principal, guests)),
            )
            if principal.kind == "role"
            else principal
            for principal in project.principals
        ]


def _uses(users: Iterable[Workload | IdentityPoolRole]) -> Uses:
    found: dict[str, list[Value[bool]]] = defaultdict(list)
    for user in users:
        for key in dict.fromkeys(_keys(user.role)):
            found[key].append(apply(lambda a, b: a and b, user.exists, _is(user.role, key)))
    return found


def _is(role: Value[Text | None], key: str) -> Value[bool]:
    """Whether the role is the one of this key, branch by branch."""
    if isinstance(role, OneOf):
        branches = tuple((label, _is(branch, key)) for label, branch in role.branches)
        return OneOf(role.condition, branches, role.default, role.origin)
    return Known(key in _keys(role))


def _keys(role: Value[Text | None]) -> Iterator[str]:
    """The addresses and names by which the value may mean a role."""
    if isinstance(role, OneOf):
        for _, branch in role.branches:
            yield from _keys(branch)
    elif isinstance(role, Known) and role.value is not None:
        yield from (reference.target for reference in role.value.references)
        last = role.value.parts[-1] if role.value.parts else None
        if isinstance(last, str) and (role.value.literal is not None or ":role/" in last):
            yield f"name {last.rpartition('/')[2]}"


def _of(principal: Principal, uses: Uses) -> list[Value[bool]]:
    name = principal.name.value if isinstance(principal.name, Known) else None
    by_name = uses.get(f"name {name.literal}", []) if name is not None and name.literal is not None else []
    return [*uses.get(principal.address, []), *by_name]


def _any(values: list[Value[bool]]) -> Value[bool]:
    """Whether one of them holds: a known one settles it."""
    result = NEVER
    doubt: Unknown | None = None
    for value in values:
        if isinstance(value, Known) and value.value:
            return value
        if isinstance(value, Unknown):
            doubt = value
        else:
            result = apply(lambda a, b: a or b, result, value)
    return result if doubt is None else doubt
