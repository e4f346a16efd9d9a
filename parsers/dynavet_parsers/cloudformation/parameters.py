"""The values of template parameters and pseudo parameters."""

from __future__ import annotations

from collections.abc import Iterable

from dynavet.text import Hole, Text, as_text
from dynavet.values import Data, Known, List, Object, OneOf, Origin, Unknown, Value
from dynavet_parsers.cloudformation.dynamic import without_dynamic_references
from dynavet_parsers.cloudformation.template import literal, mapping

_PSEUDO_TEXT = frozenset(
    ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix")
)
_SSM_VALUE = "AWS::SSM::Parameter::Value<"


def pseudo_parameter(name: str, at: Origin | None) -> Value[Data] | None:
    """The value of ``AWS::Region`` and the like; `None` if there is no such parameter."""
    if name == "AWS::NoValue":
        return Known(None, at)
    if name in _PSEUDO_TEXT:
        return Known(Text((Hole(f"{name} is decided at deployment"),)), at)
    if name == "AWS::NotificationARNs":
        return Unknown(f"{name} is decided at deployment", at)
    return None


def parameter_value(name: str, declared: Value[Data], at: Origin | None) -> Value[Data]:
    """The value of a parameter where `at` refers to it.

    The default is the value; with `AllowedValues` it is the default among them. Without a
    default, and for a value that is read from SSM at deployment, it is unknown.
    """
    body = mapping(declared) or Object()
    if is_stored(declared):
        return Unknown(f"parameter {name} is read from SSM at deployment", _through(at, declared.origin))
    default = body.entries.get("Default")
    listed = is_list(declared)
    allowed = [] if listed else list(_allowed(body))
    if len(allowed) > 1:
        branches = tuple((_label(value), Known(value.value, _through(at, value.origin))) for value in allowed)
        labels = dict(branches)
        chosen = _label(default) if isinstance(default, Known) else None
        return OneOf(f"parameter {name}", tuple(labels.items()), chosen if chosen in labels else None, at)
    if not isinstance(default, Known) or isinstance(default.value, (Object, List)) or default.value is None:
        return Unknown(f"parameter {name} has no default", _through(at, declared.origin))
    origin = _through(at, default.origin)
    if listed:
        items = [part.strip() for part in str(as_text(default.value)).split(",")]
        return Known(List(tuple(Known(item, origin) for item in items if item)), origin)
    if isinstance(default.value, str):
        text = without_dynamic_references(Text.of(default.value))
        return Known(default.value if text.literal is not None else text, origin)
    return Known(default.value, origin)


def is_stored(declared: Value[Data]) -> bool:
    """Whether the value of a parameter is the name of one in SSM, which stands for it."""
    return _kind(declared).startswith(_SSM_VALUE)


def is_list(declared: Value[Data]) -> bool:
    kind = _kind(declared)
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _kind(declared: Value[Data]) -> str:
    return literal((mapping(declared) or Object()).entries.get("Type")) or "String"


def passed(value: Value[Data], default: Value[Data], at: Origin | None) -> Value[Data]:
    """A value that comes from outside, where `at` refers to it; `default` where it is absent."""
    if isinstance(value, OneOf):
        branches = tuple((label, passed(branch, default, at)) for label, branch in value.branches)
        return OneOf(value.condition, branches, value.default, at)
    origin = _through(at, value.origin)
    if isinstance(value, Unknown):
        return Unknown(value.reason, origin)
    return default if value.value is None else Known(value.value, origin)


def _allowed(body: Object) -> Iterable[Known[Data]]:
    allowed = body.entries.get("AllowedValues")
    content = allowed.value if isinstance(allowed, Known) else None
    for item in content.items if isinstance(content, List) else ():
        if isinstance(item, Known) and not isinstance(item.value, (Object, List)) and item.value is not None:
            yield item


def _label(value: Known[Data]) -> str:
    return str(as_text(value.value))


def _through(at: Origin | None, source: Origin | None) -> Origin | None:
    return at.through(source) if at is not None else source
