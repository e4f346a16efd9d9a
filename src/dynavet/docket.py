"""What one project gives rules to judge, world by world, worked out once for all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from dynavet.model import Entity, Project
from dynavet.rule import Holder, Scope
from dynavet.subjects import Sight, Subject, exists, sight, subjects
from dynavet.values import Known, OneOf, Unknown, World, assume, conditions

Conditions: TypeAlias = dict[str, tuple[tuple[str, ...], str | None]]
"""The labels and the default label of each undecided condition."""

Labels: TypeAlias = tuple[tuple[str, str], ...]
"""A world, or a part of one, as the key of what was seen in it."""


class Open:
    """The conditions inside entities, each of which is looked through once; it must outlive this object."""

    def __init__(self) -> None:
        self._found: dict[int, Conditions] = {}
        self._of_holders: dict[int, Conditions] = {}

    def of(self, *entities: Entity) -> Conditions:
        for each in entities:
            if id(each) not in self._found:
                self._found[id(each)] = conditions(each)
        return joined(*(self._found[id(each)] for each in entities))

    def around(self, subject: Subject) -> Conditions:
        """Those of the subject's entity, and of all that is with it."""
        held = (self._of_holder(each) for each in subject.holders)
        return joined(self.of(subject.entity, *subject.principals), *held)

    def _of_holder(self, holder: Holder) -> Conditions:
        if id(holder) not in self._of_holders:
            inside = self.of(holder.principal, *holder.policies)
            self._of_holders[id(holder)] = joined(inside, conditions(holder.foreign))
        return self._of_holders[id(holder)]


class Case:
    """A subject with the conditions inside it; `near` are those of its own replica or statement."""

    def __init__(self, subject: Subject, near: Conditions, outer: Conditions, assumed: Assumed) -> None:
        self.subject = subject
        self.near = near
        self.conditions = joined(near, outer)
        self._assumed = assumed
        self._sights: dict[Labels, Sight | None] = {}

    def sight(self, world: World) -> Sight | None:
        """See `dynavet.subjects.sight`."""
        labels = _labels(world, self.conditions) if self.conditions else ()
        if labels not in self._sights:
            entity = self._assumed.entity(self.subject.entity, labels)
            self._sights[labels] = sight(self.subject, entity, dict(labels))
        return self._sights[labels]


class Assumed:
    """Entities in worlds: those of one policy are the same for all its statements."""

    def __init__(self) -> None:
        self._entities: dict[tuple[int, Labels], Entity] = {}

    def entity(self, entity: Entity, labels: Labels) -> Entity:
        """The entity, which must outlive this object, where `labels` hold."""
        if not labels:
            return entity
        key = id(entity), labels
        if key not in self._entities:
            self._entities[key] = assume(entity, dict(labels))
        return self._entities[key]


class Seen:
    """A list of a project, in which what may be there or not is there on a condition."""

    def __init__(self, entities: Sequence[Entity], inside: Open) -> None:
        self.entities = [_with_open_existence(entity) for entity in entities]
        pairs = zip(entities, self.entities, strict=True)
        self.conditions = joined(*(inside.of(old) if new is old else conditions(new) for old, new in pairs))


class Surroundings:
    """The project as a rule sees it beside the subject: the lists that it reads, world by world."""

    def __init__(self, project: Project, reads: Sequence[str], seen: Mapping[str, Seen]) -> None:
        self._project = project
        self._lists = {name: seen[name].entities for name in reads}
        self.conditions = joined(*(seen[name].conditions for name in reads))
        self._worlds: dict[Labels, Project] = {}

    def within(self, world: World) -> Project:
        """The project with only what exists in the world in those lists."""
        labels = _labels(world, self.conditions) if self.conditions else ()
        if labels not in self._worlds:
            self._worlds[labels] = self._assumed(world)
        return self._worlds[labels]

    def _assumed(self, world: World) -> Project:
        assumed = self._lists
        if self.conditions:
            assumed = {name: [assume(e, world) for e in entities] for name, entities in self._lists.items()}
        present = {name: [e for e in entities if exists(e)] for name, entities in assumed.items()}
        if all(present[name] == self._lists[name] == getattr(self._project, name) for name in present):
            return self._project
        return replace(self._project, **present)  # type: ignore[arg-type]


class Docket:
    """The cases and surroundings of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._inside = Open()
        self._cases: dict[Scope, list[Case]] = {}
        self._seen: dict[str, Seen] = {}
        self._surroundings: dict[tuple[str, ...], Surroundings] = {}

    def cases(self, scope: Scope) -> list[Case]:
        found = self._cases.get(scope)
        if found is None:
            found = self._cases[scope] = list(self._of(scope))
        return found

    def _of(self, scope: Scope) -> Iterator[Case]:
        assumed = Assumed()
        outer: dict[int, Conditions] = {}
        for subject in subjects(self._project, scope):
            key = id(subject.entity)
            if key not in outer:
                outer[key] = self._inside.around(subject)
            yield Case(subject, conditions(subject.slot) if outer[key] else {}, outer[key], assumed)

    def surroundings(self, reads: tuple[str, ...]) -> Surroundings:
        if reads not in self._surroundings:
            for name in reads:
                if name not in self._seen:
                    self._seen[name] = Seen(getattr(self._project, name), self._inside)
            self._surroundings[reads] = Surroundings(self._project, reads, self._seen)
        return self._surroundings[reads]


def joined(*found: Mapping[str, tuple[tuple[str, ...], str | None]]) -> Conditions:
    """The conditions of all of them, each with every label that one of them knows."""
    result: Conditions = {}
    for each in found:
        for name, (labels, default) in each.items():
            known, known_default = result.get(name, ((), None))
            result[name] = (tuple(dict.fromkeys((*known, *labels))), known_default or default)
    return result


def _labels(world: World, names: Iterable[str]) -> Labels:
    return tuple((name, world[name]) for name in names)


def _with_open_existence(entity: Entity) -> Entity:
    """An entity that may be there or not, as one that a condition decides about."""
    if not isinstance(entity.exists, Unknown):
        return entity
    condition = entity.exists.reason.removesuffix(" has no value")
    return replace(entity, exists=OneOf(condition, (("true", Known(True)), ("false", Known(False)))))
