"""How a Terraform plan is told from other JSON, without reading it."""

from __future__ import annotations

from dynavet.regexes import regex

_FIRST_KEY = regex(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:\w+)"\s*:')
_VERSION = b'"format_version"'
_PARTS = (b'"planned_values"', b'"resource_changes"')


def looks_like_plan(data: bytes) -> bool:
    """Whether the bytes of a JSON file carry the marks of what ``terraform show -json`` writes of a plan.

    A state has neither planned values nor changes.
    """
    return _VERSION in data and any(part in data for part in _PARTS) and _FIRST_KEY.match(data) is not None
