"""What a plan adds to a value that the configuration alone does not decide.

The configuration stays in charge: what it decides is kept, references to other resources
above all, since the plan knows an ARN only as text or not at all.
"""

from __future__ import annotations

from typing import Any

from dynavet.text import Text
from dynavet.values import Known, List, Object, OneOf, Unknown, Value
from dynavet_parsers.terraform.data import located


def settled(own: Value[Any], planned: Value[Any]) -> Value[Any]:
    """`own`, with what is open in it as the plan says; it stays where it is written."""
    if is_sensitive(planned) and not _is_reference(own):
        return _moved(planned, own)
    if isinstance(own, OneOf):
        fitting = [branch for _, branch in own.branches if _fits(branch, planned)]
        if len(fitting) == 1 and isinstance(planned, Known):
            return settled(fitting[0], planned)
        return _moved(planned, own) if isinstance(planned, Known) else own
    if isinstance(own, Unknown):
        return _moved(planned, own) if isinstance(planned, Known) else own
    if not isinstance(planned, Known):
        return own
    return _compound(own, planned)


def is_sensitive(value: Value[Any]) -> bool:
    return isinstance(value, Unknown) and value.reason.endswith(" is sensitive")


def _is_reference(own: Value[Any]) -> bool:
    return isinstance(own, Known) and isinstance(own.value, Text) and own.value.reference is not None


def _moved(planned: Value[Any], own: Value[Any]) -> Value[Any]:
    return located(planned, own.origin) if own.origin is not None else planned


def _compound(own: Known[Any], planned: Known[Any]) -> Value[Any]:
    data, other = own.value, planned.value
    if isinstance(data, Text):
        return _moved(planned, own) if data.holes and isinstance(other, str) else own
    if isinstance(data, List) and isinstance(other, List):
        return _list(data, other, own, planned)
    if isinstance(data, Object) and isinstance(other, Object):
        entries = {key: settled(each, other.get(key)) for key, each in data.entries.items()}
        if data.more:
            added = {key: _moved(each, own) for key, each in other.entries.items() if key not in entries}
            return Known(Object({**entries, **added}, other.more, data.keys), own.origin)
        return Known(Object(entries, (), data.keys), own.origin)
    return own


def _list(data: List, other: List, own: Known[Any], planned: Known[Any]) -> Value[Any]:
    """Item by item where the order is the same; a set may be in another one."""
    decided = not data.more and all(isinstance(item, Known) and not _holed(item.value) for item in data.items)
    if decided and not any(map(is_sensitive, other.items)):
        return own
    if data.more or len(data.items) != len(other.items) or not all(map(_fits, data.items, other.items)):
        return _moved(planned, own)
    return Known(List(tuple(settled(a, b) for a, b in zip(data.items, other.items, strict=True))), own.origin)


def _holed(data: Any) -> bool:
    return isinstance(data, (List, Object)) or (isinstance(data, Text) and bool(data.holes))


def _fits(branch: Value[Any], planned: Value[Any]) -> bool:
    """Whether a branch may be what the plan shows."""
    if not isinstance(branch, Known) or not isinstance(planned, Known):
        return True
    if branch.value is None or planned.value is None:
        return branch.value is planned.value
    if isinstance(branch.value, (Text, List, Object)):
        return not isinstance(branch.value, Text) or isinstance(planned.value, str)
    return bool(branch.value == planned.value)
