"""Parts of what the serverless transform generates: statements, documents and ARNs."""

from __future__ import annotations

from collections.abc import Iterable

from dynavet.text import Hole, Text
from dynavet.values import Data, Known, List, Object, Origin, Value


def statement(actions: Iterable[tuple[str, Origin]], resource: Value[Data], at: Origin) -> dict[str, Value[Data]]:
    """An `Allow` of the actions, each from where it was asked for, on a `Resource` element."""
    items: tuple[Value[Data], ...] = tuple(Known(name, origin) for name, origin in actions)
    return {"Effect": Known("Allow", at), "Action": Known(List(items), at), "Resource": resource}


def trust(service: str, at: Origin) -> Known[Data]:
    """The trust policy for a service such as ``lambda``."""
    principal: Value[Data] = Known(f"{service}.amazonaws.com", at)
    action: Value[Data] = Known("sts:AssumeRole", at)
    return document(
        [
            {
                "Effect": Known("Allow", at),
                "Action": Known(List((action,)), at),
                "Principal": Known(Object({"Service": Known(List((principal,)), at)}), at),
            }
        ],
        at,
    )


def document(
    statements: Iterable[dict[str, Value[Data]]], at: Origin, version: str | None = "2012-10-17"
) -> Known[Data]:
    """A document of generated statements, at `at`; each statement stands where its effect does."""
    items = tuple(Known(Object(each), each["Effect"].origin or at) for each in statements)
    content: dict[str, Value[Data]] = {"Statement": Known(List(items), at)}
    if version is not None:
        content["Version"] = Known(version, at)
    return Known(Object(content), at)


def arn_prefix(service: str) -> Text:
    """What the ARNs of a service in this account and Region begin with, up to ``table/`` or the like."""
    account = at_deployment("AWS::AccountId")
    return Text.of(
        "arn:", at_deployment("AWS::Partition"), f":{service}:", at_deployment("AWS::Region"), ":", account, ":"
    )


def at_deployment(name: str) -> Hole:
    """The value of a pseudo parameter inside text."""
    return Hole(f"{name} is decided at deployment")
