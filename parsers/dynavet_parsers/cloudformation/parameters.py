"""The values of template parameters and pseudo parameters."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

from dynavet.regexes import regex
from dynavet.text import Hole, Text, as_text
from dynavet.values import Data, Known, List, Object, OneOf, Origin, Unknown, Value
from dynavet_parsers.cloudformation.dynamic import without_dynamic_references
from dynavet_parsers.cloudformation.template import literal, mapping

_PSEUDO_TEXT = frozenset(
    ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix")
)
_NUMBER = regex(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*")
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


def parameter_value(
    name: str,
    declared: Value[Data],
    at: Origin | None,
    given: Value[Data] | None = None,
    *,
    reveal: bool = False,
) -> Value[Data]:
    """The value of a parameter where `at` refers to it.

    `given` is its value from outside. Otherwise the default is the value; with `AllowedValues`
    it is the default among them, and without a default the only one that is allowed is the
    value. Without any of these, and for a value that is read from SSM at deployment, it is
    unknown. So is that of a parameter with `NoEcho`, unless `reveal`: such a value goes into
    no model and no message.
    """
    body = mapping(declared) or Object()
    if is_stored(declared):
        return Unknown(f"parameter {name} is read from SSM at deployment", _through(at, declared.origin))
    default = body.entries.get("Default") if given is None else given
    listed = is_list(declared)
    allowed = [] if listed else list(_allowed(body))
    if len(allowed) == 1 and default is None:
        default = allowed[0]
    if is_hidden(declared) and default is not None and not reveal:
        return Unknown(f"parameter {name} is not looked at, because it has NoEcho", _through(at, declared.origin))
    if given is None and len(allowed) > 1:
        branches = {_label(value): Known(value.value, _through(at, value.origin)) for value in allowed}
        chosen = _label(default) if isinstance(default, Known) else None
        return OneOf(f"parameter {name}", tuple(branches.items()), chosen if chosen in branches else None, at)
    if isinstance(default, Unknown):
        return Unknown(default.reason, _through(at, default.origin))
    if not isinstance(default, Known) or isinstance(default.value, (Object, List)) or default.value is None:
        return Unknown(f"parameter {name} has no default", _through(at, declared.origin))
    if given is not None and allowed and _label(default) not in map(_label, allowed):
        return Unknown(f"parameter {name} is given a value that is not allowed", _through(at, default.origin))
    return _written(default.value, listed, _through(at, default.origin))


def _written(value: Data, listed: bool, origin: Origin | None) -> Value[Data]:
    """The value that is written as the default of a parameter."""
    if listed:
        items = [part.strip() for part in str(as_text(value)).split(",")]
        return Known(List(tuple(Known(item, origin) for item in items if item)), origin)
    if isinstance(value, str):
        text = without_dynamic_references(Text.of(value))
        return Known(value if text.literal is not None else text, origin)
    return Known(value, origin)


def accepts(body: Object, text: str) -> bool:
    """Whether a parameter so declared can have a value, as far as its type and the limits of its length say.

    Of `AllowedPattern` the question is whether it lets a value be empty.
    """
    kind = literal(body.entries.get("Type")) or "String"
    if kind.startswith(_SSM_VALUE):
        return True
    if kind == "Number":
        return _NUMBER.fullmatch(text) is not None
    if not text and (kind.startswith("AWS::") or not _pattern_accepts_nothing(body)):
        return False
    least, most = (_number(body.entries.get(name)) for name in ("MinLength", "MaxLength"))
    return (least is None or len(text) >= least) and (most is None or len(text) <= most)


def _pattern_accepts_nothing(body: Object) -> bool:
    """Without a group that is repeated by number: nested, these may take for ever."""
    pattern = literal(body.entries.get("AllowedPattern"))
    if pattern is None or "){" in pattern:
        return True
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.fullmatch(pattern, "") is not None
    except (re.error, RecursionError, OverflowError):
        return True


def _number(value: Value[Data] | None) -> int | None:
    text = as_text(value.value).literal if isinstance(value, Known) and not isinstance(value.value, List) else None
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else None


def is_stored(declared: Value[Data]) -> bool:
    """Whether the value of a parameter is the name of one in SSM, which stands for it."""
    return _kind(declared).startswith(_SSM_VALUE)


def is_list(declared: Value[Data]) -> bool:
    kind = _kind(declared)
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def is_hidden(declared: Value[Data]) -> bool:
    """Whether a parameter has `NoEcho`."""
    flag = (mapping(declared) or Object()).entries.get("NoEcho")
    return isinstance(flag, Known) and str(as_text(flag.value)).lower() == "true"


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
