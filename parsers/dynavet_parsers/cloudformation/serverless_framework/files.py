"""Files that variables name: ``${file(tables.yml):Resources}``."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path

from dynavet.model import SourceProblem
from dynavet.records import dataclass
from dynavet.sources import SourceError, Sources
from dynavet.values import ABSENT, Data, Known, Origin, Unknown, Value
from dynavet_parsers.cloudformation.document import DocumentError, parse_document
from dynavet_parsers.cloudformation.template import mapping
from dynavet_parsers.iam_json.find import WRAPPERS

MAX_FILES = 500
"""More files than this are not read for one service."""

_JUDGED = frozenset(("Resources", "Statement", *WRAPPERS))
"""What a template or a policy has at its top."""

_DATA = (".yml", ".yaml", ".json", ".tfstate")
_CODE = (".js", ".cjs", ".mjs", ".ts")


@dataclass(slots=True)
class Files:
    """The files beside the service at `path`, each read once; `problems` are of those that cannot be parsed.

    `read` has those that were read, as the user sees them. `judged` are templates, policies and other services
    that only values were asked of, and that are judged on their own for that.
    """

    path: Path
    sources: Sources
    problems: list[SourceProblem] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    _contents: dict[Path, Value[Data]] = field(default_factory=dict)

    def content(self, name: str, whole: bool) -> Value[Data]:
        """The content of a file that is named relative to the service; absent if there is none.

        `whole`: not only a value in it is asked for, but all resources or statements of it.
        """
        path = Path(os.path.normpath(self.path.parent / name))
        if path not in self._contents:
            if len(self._contents) >= MAX_FILES:
                return Unknown(f"${{file({name})}} is not read: there are more than {MAX_FILES} files")
            self._contents[path] = self._read(path, name)
        content = self._contents[path]
        root = mapping(content)
        if root is not None:
            shown = self.sources.show(path)
            other = {"service", "provider"} <= root.entries.keys()
            judged = other or (not whole and not _JUDGED.isdisjoint(root.entries))
            (self.judged if judged else self.read).add(shown)
        return content

    def _read(self, path: Path, name: str) -> Value[Data]:
        if path.suffix in _CODE:
            return Unknown(f"${{file({name})}} is computed by code, which is not run")
        if not self.sources.inside(path):
            return Unknown(f"${{file({name})}} is not read: it lies outside the scanned directory")
        if not path.is_file():
            return ABSENT
        try:
            text = self.sources.read_text(path)
        except SourceError as error:
            return Unknown(f"${{file({name})}} is not read: the file {error}")
        shown = self.sources.show(path)
        if path.suffix not in _DATA:
            return Known(text, Origin(shown, 1, 1, 1, 1))
        try:
            return parse_document(text, shown, may_be_list=True)
        except DocumentError as error:
            at = Origin(shown, error.line, error.column, error.line, error.column + 1)
            self.problems.append(SourceProblem(address=shown, origin=at, message=error.message))
            return Unknown(f"${{file({name})}} is not read: it cannot be parsed", at)
