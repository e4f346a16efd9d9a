"""Sees the exceptions that the engine turns into findings and errors, or gets over by another try."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import import_module
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dynavet.reading import Log

GUARDED = (
    ("dynavet.discovery", "_sort"),
    ("dynavet_parsers.terraform", "read_roots"),
    ("dynavet_parsers.cloudformation", "read_template"),
    ("dynavet_parsers.iam_json", "read_policies"),
    ("dynavet.judge", "_verdict"),
)
"""Functions whose exceptions their callers handle, whatever they are."""

KNOWN = "FUZZ_KNOWN"
"""The environment variable with the signatures, one a line, of what does not end a harness again."""


@contextmanager
def raised() -> Iterator[list[Exception]]:
    """The exceptions that came out of guarded functions meanwhile, and those that were noted as a crash, in order."""
    seen: list[Exception] = []
    with ExitStack() as changes:
        for name, function in GUARDED:
            module = import_module(name)
            changes.enter_context(patch.object(module, function, _watched(getattr(module, function), seen)))
        changes.enter_context(patch.object(Log, "crashed", _noted(Log.crashed, seen)))
        yield seen


def signature(error: BaseException) -> str:
    """What tells one crash from another: its type, and where in dynavet it came up, else what it says."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/dynavet" in frame.filename]
    if not ours:
        return f"{type(error).__name__} {str(error)[:80]!r}"
    return f"{type(error).__name__} {Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}"


def _watched(function: Callable[..., Any], seen: list[Exception]) -> Callable[..., Any]:
    @wraps(function)
    def plain(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Exception as error:
            seen.append(error)
            raise

    @wraps(function)
    def generator(*arguments: Any, **named: Any) -> Iterator[Any]:
        try:
            yield from function(*arguments, **named)
        except Exception as error:
            seen.append(error)
            raise

    return generator if isgeneratorfunction(function) else plain


def _noted(crashed: Callable[[Log, str, Exception], None], seen: list[Exception]) -> Callable[..., None]:
    @wraps(crashed)
    def noted(log: Log, path: str, error: Exception) -> None:
        seen.append(error)
        crashed(log, path, error)

    return noted
