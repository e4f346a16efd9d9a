"""Nested stacks whose templates are on disk, with the parameters that they are given.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from dynavet.model import Entity, MissingSource, Principal, Project, SourceProblem
from dynavet.sources import Sources
from dynavet.values import ABSENT, Data, Known, List, Object, OneOf, Origin, Unknown, Value
from dynavet_parsers.cloudformation.cdk import template_of
from dynavet_parsers.cloudformation.exports import Exports
from dynavet_parsers.cloudformation.opening import Opened, open_template
from dynavet_parsers.cloudformation.parameters import is_list, is_stored, passed
from dynavet_parsers.cloudformation.readers import both, member, over
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.template import Template, literal, mapping
from dynavet_parsers.cloudformation.texts import shown, split

LANGUAGE = "cloudformation"
NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""The types of nested stacks, each with the property that says where the template is."""

MAX_NESTED = 500
"""More nested stacks than this in one project are not followed."""

MAX_DEPTH = 20
"""Stacks nested deeper than this are not followed."""

_OUTPUT = "Outputs."


class Nesting:
    """A template among those that nest one another: its stack, and those that it nests, each opened once."""

    def __init__(
        self, opened: Opened, path: Path, sources: Sources, above: Nesting | None = None, address: str = ""
    ) -> None:
        self.opened = opened
        self.path = path
        self.sources = sources
        self.above = above
        self.root: Nesting = self if above is None else above.root
        self.count = 0
        template = opened.template
        files = [template.path, *opened.files]
        project = Project(
            root=template.path,
            language=LANGUAGE,
            files=files,
            problems=[*opened.problems],
            missing=[*opened.missing],
            variables=list(template.parameters) if above is None else [],
        )
        family: dict[str, Stack] = {} if above is None else above.stack.family
        self.stack: Stack = Stack(template, opened.evaluator, project, family)
        family[address] = self.stack
        self._children: dict[str, Nesting | SourceProblem | MissingSource] = {}
        self.exports: Exports = Exports(path, sources) if above is None else above.exports
        opened.evaluator.outputs = self.output
        opened.evaluator.imports = self.exports.value

    def child(self, resource: Resource) -> Nesting | SourceProblem | MissingSource:
        """The template of a nested stack, or why there is none."""
        name = resource.logical_id
        if name not in self._children:
            self._children[name] = _missing(resource, "its parameters depend on its own outputs")
            self._children[name] = self._open(resource)
        return self._children[name]

    def output(self, logical_id: str, attribute: str, at: Origin | None) -> Value[Data] | None:
        """An output of a nested stack; `None` if it is not known here."""
        resource = self.stack.declared(logical_id)
        if resource is None or resource.type not in NESTED or not attribute.startswith(_OUTPUT):
            return None
        child = self.child(resource)
        if not isinstance(child, Nesting):
            return None
        outputs = mapping(child.opened.template.sections.entries.get("Outputs")) or Object()
        declared = mapping(outputs.entries.get(attribute.removeprefix(_OUTPUT)))
        if declared is None:
            return Unknown(f"{logical_id} has no {attribute}", at)
        return passed(child.opened.evaluator.evaluate(declared.get("Value")), ABSENT, at)

    def _open(self, resource: Resource) -> Nesting | SourceProblem | MissingSource:
        if self.root.count >= MAX_NESTED:
            return _missing(resource, f"more than {MAX_NESTED} nested stacks are not followed")
        name = NESTED[resource.type]
        text = template_of(resource.body, name) or literal(resource.get(name))
        if text is None or "://" in text:
            return _missing(resource, "a nested template is followed only where it is named by its path")
        path = Path(os.path.normpath(self.path.parent / text))
        if not self.sources.inside(path) or not path.is_file():
            where = "does not exist" if self.sources.inside(path) else "lies outside the scanned directory"
            return _missing(resource, f"the nested template {where}")
        line = self._line()
        if path in line or len(line) > MAX_DEPTH:
            return _missing(resource, "the template nests itself" if path in line else "it is nested too deeply")
        self.root.count += 1
        prefix = f"{resource.logical_id}/"
        opened = open_template(path, self.sources, prefix=prefix, arguments=lambda child: _arguments(resource, child))
        if opened is None:
            return _missing(resource, "the file is no template")
        if isinstance(opened, SourceProblem):
            return opened
        return Nesting(opened, path, self.sources, self, resource.logical_id)

    def _line(self) -> list[Path]:
        """This template and those above it."""
        return [self.path, *(self.above._line() if self.above is not None else ())]


def adopt(project: Project, nested: Project, resource: Resource) -> None:
    """Take all that a nested stack declares into the project of the template with `resource`, which creates it."""
    for each in fields(Project):
        found = getattr(nested, each.name)
        if each.name == "problems":
            project.problems += found
        elif isinstance(found, list):
            entities = (_created(entity, resource) for entity in found if isinstance(entity, Entity))
            getattr(project, each.name).extend(entities)
    project.files += [path for path in nested.files if path not in project.files]


def _created(entity: Entity, resource: Resource) -> Entity:
    changes: dict[str, Any] = {
        "calls": (resource.origin, *entity.calls),
        "exists": both(resource.exists, entity.exists),
    }
    if isinstance(entity, Principal) and entity.trust is not None:
        changes["trust"] = _created(entity.trust, resource)
    return replace(entity, **changes)


def _arguments(resource: Resource, template: Template) -> Mapping[str, Value[Data]]:
    """The values that a nested stack is given, by the names that its parameters have in `template`."""
    given = resource.get("Parameters")
    prefix = f"{resource.logical_id}/"
    found = {}
    for name, declared in template.parameters.items():
        value = member(given, name.removeprefix(prefix))
        if value != ABSENT and not is_stored(declared):
            found[name] = over(_listed, value) if is_list(declared) else value
    return found


def _listed(data: Data, origin: Origin | None) -> Value[Data]:
    """The value of a parameter that is a list, which is written as text."""
    if data is None or isinstance(data, (List, Object)):
        return Known(data, origin)
    parts = split(",", Known(data, origin), origin)
    found = parts.value if isinstance(parts, Known) else None
    if not isinstance(found, List):
        return parts
    words = [(literal(item) or "").strip() for item in found.items]
    return Known(List(tuple(Known(word, origin) for word in words if word), found.more), origin)


def _missing(resource: Resource, reason: str) -> MissingSource:
    location = resource.get(NESTED[resource.type])
    uploaded = template_of(resource.body, NESTED[resource.type])
    if isinstance(location, Known) and isinstance(location.value, Object):
        location = location.value.get("ApplicationId")
    source = shown(location) if isinstance(location, Unknown) else ""
    if isinstance(location, Known) and location != ABSENT:
        source = shown(location.value)
    elif isinstance(location, OneOf):
        source = f"one of several, by {location.condition}"
    return MissingSource(
        address=resource.logical_id,
        origin=location.origin or resource.origin,
        exists=resource.exists,
        source=uploaded or source,
        reason=reason,
    )
