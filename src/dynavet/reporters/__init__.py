"""One reporter per format, each reading only the report."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from dynavet.findings import Report
from dynavet.records import dataclass
from dynavet.rule import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """How a report is shown: the outcomes that are listed, and what the text is shown on.

    `width` in columns, `None` for what is not a terminal. With `fixes` the text report has the edits.
    """

    show: frozenset[Outcome]
    colour: bool = False
    width: int | None = None
    quiet: bool = False
    fixes: bool = False


class Reporter(Protocol):
    def render(self, report: Report, presentation: Presentation) -> str:
        """The whole report as text; empty, or ending with a line break."""


_MODULES = {
    "text": "dynavet.reporters.text",
    "json": "dynavet.reporters.json",
    "sarif": "dynavet.reporters.sarif",
    "junit": "dynavet.reporters.junit",
    "github": "dynavet.reporters.github",
    "gitlab": "dynavet.reporters.gitlab",
    "gitlab-sast": "dynavet.reporters.gitlab_sast",
    "markdown": "dynavet.reporters.markdown",
}
FORMATS = tuple(_MODULES)


def reporter(name: str) -> Reporter:
    """The reporter of one of `FORMATS`, imported when asked for."""
    return cast(Reporter, import_module(_MODULES[name]))
