"""Parameters of the service, which may differ from stage to stage: ``${param:name}``.

https://www.serverless.com/framework/docs/guides/parameters
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from dynavet.text import as_text
from dynavet.values import ABSENT, Data, Known, List, Object, OneOf, Origin, Unknown, Value, bind
from dynavet.values import same as same_value
from dynavet_parsers.cloudformation.texts import shown

DEFAULT = "default"
OTHER = "another stage"
"""The label for a stage that the file does not name."""


class Service(Protocol):
    """What parameters are read of."""

    root: Known[Data]

    def step(self, value: Value[Data], path: tuple[str, ...]) -> Value[Data]: ...
    def stage(self) -> Value[Data]: ...


def parameter(service: Service, name: str, at: Origin | None) -> Value[Data]:
    """The value for the stage, or for all stages; absent if there is none.

    Where nothing decides the stage it is open, with a branch for each stage that the file names.
    """
    stage = service.stage()

    def of_stage(data: Data) -> Value[Data]:
        text = as_text(data).literal if not isinstance(data, (List, Object)) else None
        return _for(service, name, text) if text is not None else _open(service, name, shown(data), at)

    return _open(service, name, shown(stage), at) if isinstance(stage, Unknown) else bind(of_stage, stage)


def _open(service: Service, name: str, condition: str, at: Origin | None) -> Value[Data]:
    labels = list(dict.fromkeys(_stages(service)))
    branches = tuple((label, _for(service, name, label)) for label in (*labels, OTHER))
    if all(same_value(branch, branches[0][1]) for _, branch in branches):
        return branches[0][1]
    reason = Unknown(f"${{param:{name}}} has no value in {OTHER}", at)
    found = tuple((label, reason if branch == ABSENT else branch) for label, branch in branches)
    return OneOf(condition, found, None, at)


def _stages(service: Service) -> Iterator[str]:
    """The stages that the file names."""
    for key in ("params", "stages"):
        declared = service.step(service.root, (key,))
        content = declared.value if isinstance(declared, Known) else None
        yield from (stage for stage in (content.entries if isinstance(content, Object) else ()) if stage != DEFAULT)


def _for(service: Service, name: str, stage: str) -> Value[Data]:
    """What a stage has under `name`, or else all stages."""
    for where in (("params", stage), ("stages", stage, "params"), ("params", DEFAULT), ("stages", DEFAULT, "params")):
        found = service.step(service.root, (*where, name))
        if found != ABSENT:
            return found
    return ABSENT
