"""The roles that the framework generates for functions.

https://www.serverless.com/framework/docs/providers/aws/guide/iam
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from dynavet.values import ABSENT, Data, Known, Object, OneOf, Origin, Unknown, Value
from dynavet_parsers.cloudformation.readers import slots
from dynavet_parsers.cloudformation.serverless_framework.building import (
    ROLE,
    allowed,
    attribute,
    content,
    entry,
    is_absent,
    listed,
    made,
    normalized,
    present,
    trust,
)
from dynavet_parsers.cloudformation.serverless_framework.events import own_statements, stream_statements
from dynavet_parsers.cloudformation.serverless_framework.service import ROLES_PLUGIN, Function, Service
from dynavet_parsers.cloudformation.template import literal

Resources = Iterator[tuple[str, Value[Data], Origin | None]]
"""Resources by their logical ids, each with where it is asked for."""

_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/"
_CREATE = ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource")
_VPC = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def role_of(service: Service, function: Function) -> Value[Data]:
    """The ``Role`` of a function: its own, the one of the provider, or a generated one."""
    own = function.get("role")
    if is_absent(own):
        own = existing(service)
    if is_absent(own):
        return attribute(
            f"{normalized(function.name)}{ROLE}" if is_dedicated(service, function) else ROLE, "Arn", own.origin
        )
    name = literal(own)
    return attribute(name, "Arn", own.origin) if name is not None and ":" not in name else own


def existing(service: Service) -> Value[Data]:
    """The role of the provider that is not generated; absent if there is none."""
    role = entry(service.provider, "iam", "role")
    data = role.value if isinstance(role, Known) else None
    if isinstance(data, Object) and not any("::" in key or key == "Ref" for key in data.entries):
        role = ABSENT
    return entry(service.provider, "role") if is_absent(role) else role


def is_dedicated(service: Service, function: Function) -> bool:
    """Whether a function that names no role gets a generated one for itself.

    Statements of the function's own are those of a plugin, which version 4 has built in.
    """
    legacy = ROLES_PLUGIN in service.plugins or not service.is_before_version_4
    return (
        _has_mode_per_function(service)
        or not is_absent(function.get("iam", "role", "statements"))
        or not is_absent(function.get("iam", "role", "managedPolicies"))
        or (legacy and "iamRoleStatements" in function.body.entries)
    )


def generated_roles(service: Service) -> Resources:
    """The role that functions share, unless none may use it, and those of functions for themselves."""
    without = [function for function in service.functions if is_absent(function.get("role"))]
    if (service.functions and not without) or not service.has_functions or not is_absent(existing(service)):
        return
    if not _has_mode_per_function(service):
        yield ROLE, *_shared(service)
    for function in without:
        if is_dedicated(service, function):
            yield f"{normalized(function.name)}{ROLE}", _own(service, function), function.at


def _has_mode_per_function(service: Service) -> bool:
    return literal(entry(service.provider, "iam", "role", "mode")) == "perFunction"


def _shared(service: Service) -> tuple[Value[Data], Origin | None]:
    at = _place(service)
    prefix = made({"Fn::Join": ["-", [service.name, service.stage]]}, at)
    found = [_logs(_CREATE, prefix, "*:*", at), _logs(("logs:PutLogEvents",), prefix, "*:*:*", at)]
    granted, more = _statements(service)
    found += granted
    users = [each for each in service.functions if service.is_before_version_4 or not is_dedicated(service, each)]
    for statement in itertools.chain.from_iterable(own_statements(service, function) for function in users):
        found += [] if statement in found else [statement]
    for function in users:
        added, further = stream_statements(function)
        found += added
        more += further
    policies, undecided = slots(_managed(service))
    uses_vpc = any("vpc" in function.body.entries for function in service.functions)
    if uses_vpc or not is_absent(entry(service.provider, "vpc")):
        policies = (*policies, made({"Fn::Sub": _VPC}, at))
    name = entry(service.provider, "iam", "role", "name")
    if is_absent(name):
        name = made({"Fn::Join": ["-", [service.name, service.stage, {"Ref": "AWS::Region"}, "lambdaRole"]]}, at)
    properties = {
        "RoleName": name,
        **_common(service, at),
        "Policies": _policy(prefix, listed(found, more, at), at),
        "ManagedPolicyArns": listed(policies, undecided, at),
    }
    return made({"Type": "AWS::IAM::Role", "Properties": properties}, at), at


def _own(service: Service, function: Function) -> Value[Data]:
    """The role of a function for itself: of what the provider grants it inherits what it is told to."""
    at = function.at
    prefix = made({"Fn::Join": ["-", [service.name, service.stage, function.name]]}, at)
    found = [_logs((*_CREATE[:2], "logs:PutLogEvents"), prefix, ":*:*", at)]
    added, more = stream_statements(function)
    found += [*added, *own_statements(service, function)]
    inherits = _inherits(service, function)
    if inherits != Known(False):
        granted, unread = _statements(service)
        found += granted if isinstance(inherits, Known) else []
        more += unread if isinstance(inherits, Known) else [inherits]
    own = function.get("iam", "role", "statements")
    items, further = slots(function.get("iamRoleStatements") if is_absent(own) else own)
    policies, undecided = slots(function.get("iam", "role", "managedPolicies"))
    if _has_mode_per_function(service):
        shared, undecided_too = slots(_managed(service))
        policies, undecided = (*shared, *policies), (*undecided_too, *undecided)
    vpc = function.get("vpc")
    if not is_absent(entry(service.provider, "vpc") if is_absent(vpc) else vpc):
        policies = (*policies, made({"Fn::Sub": _VPC}, at))
    name = _first(function.get("iam", "role", "name"), function.get("iamRoleStatementsName"))
    plugin = ("custom", ROLES_PLUGIN, "iamGlobalPermissionsBoundary")
    boundary = _first(
        function.get("iam", "role", "permissionsBoundary"),
        function.get("iamPermissionsBoundary"),
        service.variables.get(*plugin),
    )
    properties = {
        **_common(service, at),
        **present(RoleName=name, PermissionsBoundary=boundary, Path=function.get("iam", "role", "path")),
        "Policies": _policy(prefix, listed((*found, *items), (*more, *further), at), at),
        "ManagedPolicyArns": listed(policies, undecided, at),
    }
    return made({"Type": "AWS::IAM::Role", "Properties": properties}, at)


def _inherits(service: Service, function: Function) -> Known[bool] | Unknown:
    default = service.variables.get("custom", ROLES_PLUGIN, "defaultInherit")
    found = _first(function.get("iam", "inheritStatements"), function.get("iamRoleStatementsInherit"), default)
    if is_absent(found):
        return Known(_has_mode_per_function(service))
    if isinstance(found, OneOf):
        return Unknown(f"{found.condition} is undecided", found.origin)
    return found if isinstance(found, Unknown) else Known(found.value not in (False, 0, ""))


def _place(service: Service) -> Origin | None:
    """Where the shared role is asked for."""
    keys = service.provider.keys
    return keys.get("iam") or keys.get("iamRoleStatements") or service.variables.place("provider")


def _statements(service: Service) -> tuple[list[Value[Data]], list[Unknown]]:
    """What the provider grants."""
    own = entry(service.provider, "iam", "role", "statements")
    items, more = slots(entry(service.provider, "iamRoleStatements") if is_absent(own) else own)
    return list(items), list(more)


def _managed(service: Service) -> Value[Data]:
    return _first(
        entry(service.provider, "iam", "role", "managedPolicies"), entry(service.provider, "iamManagedPolicies")
    )


def _common(service: Service, at: Origin | None) -> dict[str, Value[Data]]:
    """What all generated roles have of the provider."""
    role = content(entry(service.provider, "iam", "role"))
    boundary = _first(
        role.get("permissionsBoundary"),
        role.get("permissionBoundary"),
        entry(service.provider, "rolePermissionsBoundary"),
    )
    fixed = {"AssumeRolePolicyDocument": trust("lambda", at)}
    return fixed | present(Path=role.get("path"), PermissionsBoundary=boundary)


def _first(*values: Value[Data]) -> Value[Data]:
    return next((value for value in values if not is_absent(value)), ABSENT)


def _policy(prefix: Value[Data], statements: Value[Data], at: Origin | None) -> Value[Data]:
    name = {"Fn::Join": ["-", [prefix, "lambda"]]}
    document = {"Version": "2012-10-17", "Statement": statements}
    return made([{"PolicyName": name, "PolicyDocument": document}], at)


def _logs(actions: Iterable[str], prefix: Value[Data], rest: str, at: Origin | None) -> Value[Data]:
    groups = made({"Fn::Sub": [f"{_LOGS}${{Prefix}}{rest}", {"Prefix": prefix}]}, at)
    return allowed(actions, [groups], at)
