"""Templates that are read without the service that includes them: their variables are undecided."""

from __future__ import annotations

from dynavet.regexes import regex
from dynavet.text import Hole, Text, plain
from dynavet.values import Data, Known, List, Object, Unknown, Value
from dynavet_parsers.cloudformation.serverless_framework.syntax import OPENING, Variable, parse

_VARIABLE = regex(r"\$\{(?:(?:self|opt|env|sls|param):|(?:file|strToBool)\()")


def may_be_fragment(text: str) -> bool:
    """Whether there are variables of the framework in the text of a template."""
    return _VARIABLE.search(text) is not None


def with_variables_undecided(value: Value[Data]) -> Value[Data]:
    """The value with the framework's variables as holes."""
    if not isinstance(value, Known):
        return value
    data = value.value
    if isinstance(data, List):
        return Known(List(tuple(with_variables_undecided(item) for item in data.items), data.more), value.origin)
    if isinstance(data, Object):
        entries = {key: with_variables_undecided(item) for key, item in data.entries.items()}
        return Known(Object(entries, data.more, data.keys), value.origin)
    if not isinstance(data, str) or OPENING not in data:
        return value
    parts = parse(data)
    if len(parts) == 1 and isinstance(parts[0], Variable):
        return Unknown(_reason(parts[0]), value.origin)
    text = Text.of(*(Hole(_reason(part)) if isinstance(part, Variable) else part for part in parts))
    return Known(plain(text), value.origin)


def _reason(variable: Variable) -> str:
    return f"{variable.text} is decided by the service that includes this file"
