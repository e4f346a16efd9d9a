"""Whether the capacity of a table or index follows its load."""

from __future__ import annotations

from collections.abc import Iterator

from dynavet.answers import NO, Answer, any_of, ask, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Index, Project, ScalingPolicy, ScalingTarget, Table
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Single, Unknown, single
from dynavet_checks.table.meant import is_name, means, segments


@dataclass(frozen=True, slots=True)
class Capacity:
    """Reads or writes of a table, or of one of its global indexes."""

    table: Table
    index: Index | None
    reads: bool

    @property
    def dimension(self) -> str:
        """As Application Auto Scaling calls it."""
        return f"dynamodb:{'index' if self.index else 'table'}:{'Read' if self.reads else 'Write'}CapacityUnits"

    def is_scaled(self, project: Project) -> Answer:
        """Whether the declaration itself, or a target with a policy, scales it; the project is of one world."""
        part = self.index or self.table
        own = ask(lambda scaled: scaled, single(part.reads_scaled if self.reads else part.writes_scaled))
        policies = project.scaling_policies
        return own | any_of(
            self._is_of(target) & any_of(_belongs(policy, target) | self._is_of(policy) for policy in policies)
            for target in project.scaling_targets
        )

    def _is_of(self, scalable: ScalingTarget | ScalingPolicy) -> Answer:
        """Whether a target or policy is about this capacity."""
        dimension, resource = single(scalable.dimension), single(scalable.resource)
        if isinstance(dimension, Unknown):
            return undecided(dimension)
        if dimension.value is None:
            return NO
        same = is_name(dimension.value, _known(self.dimension))
        return same if same.truth is False else same & self._is_resource(resource)

    def _is_resource(self, resource: Single[Text | None]) -> Answer:
        if isinstance(resource, Unknown):
            return undecided(resource)
        if resource.value is None:
            return NO
        parts = list(segments(resource.value))
        if len(parts) != (4 if self.index else 2):
            holes = undecided_parts(resource.value, resource.origin) if len(parts) < 2 else ()
            return undecided(*holes) if holes else NO
        table = means(_known(parts[1]), self.table, self.table.name)
        return table & is_name(parts[3], self.index.name) if self.index else table


def _belongs(policy: ScalingPolicy, target: ScalingTarget) -> Answer:
    return means(policy.target, target, ABSENT)


def _known(text: Text | str) -> Known[Text | None]:
    return Known(text if isinstance(text, Text) else Text.of(text))


def capacities(table: Table) -> Iterator[Capacity | Unknown]:
    """All that the table has; unknown for an index that may be there. The table is of one world."""
    yield from (Capacity(table, None, reads) for reads in (True, False))
    for slot in map(single, table.indexes):
        if isinstance(slot, Unknown):
            yield slot
        elif slot.value is not None and not slot.value.local:
            yield from (Capacity(table, slot.value, reads) for reads in (True, False))
    yield from table.more_indexes


__all__ = ["Capacity", "capacities"]
