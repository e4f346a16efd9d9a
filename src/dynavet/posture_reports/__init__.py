"""One reporter of postures per format, each reading only the posture."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from dynavet.posture import Posture


class PostureReporter(Protocol):
    def render(self, posture: Posture, *, colour: bool = False, width: int | None = None) -> str:
        """The whole posture as text, ending with a line break; `width` in columns, `None` for no terminal."""


_MODULES = {
    "text": "dynavet.posture_reports.text",
    "json": "dynavet.posture_reports.json",
    "markdown": "dynavet.posture_reports.markdown",
}
FORMATS = tuple(_MODULES)


def posture_reporter(name: str) -> PostureReporter:
    """The reporter of one of `FORMATS`, imported when asked for."""
    return cast(PostureReporter, import_module(_MODULES[name]))
