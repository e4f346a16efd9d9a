"""Verdicts as findings: where each stands, what belongs to it, and what makes it itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from dynavet.catalogue import remediation
from dynavet.findings import DeclaredTable, Finding, Later, Place, RelatedPlace, Scanned
from dynavet.judge import Verdict
from dynavet.model import Account, Project, Replica, Table
from dynavet.remedy import language_of
from dynavet.rule import Fail, Outcome, Pass
from dynavet.values import Known, OneOf, Origin, Unknown, Value

IN_MODULE = "in the module"
"""Leads from a module call to the place in what it calls."""

IN_NESTED = "in the nested template"
"""Leads from the parent of a nested template, which gives the value, to the place where it is used."""


def where(verdict: Verdict, project: Project) -> Place:
    """The place that a person must change, or look at."""
    at, calls = verdict.judgement.at or verdict.sight.origin, verdict.entity.calls
    if project.language == "terraform":
        return place(_supplied(at, calls))
    return place(_given(at, calls) or at)


def findings(verdict: Verdict, root: str, project: Project) -> Iterator[Finding]:
    """A verdict as findings: one for each address that its entity goes by.

    `root` names its project, or the file of a problem, independently of the working directory.
    """
    first = _finding(verdict, root, project)
    yield first
    entity, sight = verdict.entity, verdict.sight
    for address in entity.also if sight.address == entity.address else ():
        fingerprint = _fingerprint(*_identity(verdict, root, address), *first.evidence)
        yield replace(first, resource=address, instances=(address,), fingerprint=fingerprint)


def _finding(verdict: Verdict, root: str, project: Project) -> Finding:
    """In Terraform calls are of modules, which belong to others; elsewhere they create nested stacks."""
    judgement, rule, entity, sight = verdict.judgement, verdict.rule, verdict.entity, verdict.sight
    at = judgement.at or sight.origin
    primary = where(verdict, project)
    on_the_way = _on_the_way if project.language == "terraform" else _on_the_way_in_template
    related = on_the_way(at, entity.calls)
    remedy = None
    outcome, severity, message = Outcome.PASS, rule.severity, ""
    evidence: tuple[str, ...] = ()
    if isinstance(judgement, Fail):
        outcome, message, evidence = Outcome.FAIL, judgement.message, judgement.evidence
        severity = rule.severity if judgement.severity is None else judgement.severity
        related += [RelatedPlace(place(each.origin), each.message) for each in judgement.related]
        language = language_of(primary.path, project.language, plan=primary.path in project.plans)
        remedy = Later(remediation, (rule.id, language))
    elif not isinstance(judgement, Pass):
        outcome, message = Outcome.UNKNOWN, _undecided_message(judgement.message, judgement.reasons)
        origins = ((reason.origin, reason.reason) for reason in judgement.reasons)
        related += [RelatedPlace(place(origin), why) for origin, why in origins if origin is not None]
    return Finding(
        rule=rule.id,
        name=rule.name,
        outcome=outcome,
        severity=severity,
        resource=sight.address,
        statement=sight.statement,
        place=primary,
        message=message,
        related=_unique(related, primary),
        instances=(sight.address,),
        practices=rule.practices,
        fingerprint=_fingerprint(*_identity(verdict, root, sight.address), *evidence),
        evidence=evidence,
        construct=entity.construct,
        project=project.root,
        remedy=remedy,
    )


def standing(verdict: Verdict) -> tuple[Origin, ...]:
    """Everywhere a suppression of the verdict may stand: what must be changed, the resource, the calls that create it.

    A replica that is a resource of its own is not put aside with its table.
    """
    entity, sight = verdict.entity, verdict.sight
    at = verdict.judgement.at or sight.origin
    header = (entity.origin,) if sight.address == entity.address else ()
    return tuple(dict.fromkeys((at, _supplied(at, entity.calls), sight.origin, *header, *entity.calls)))


def grouped(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per cause, with all its instances, in the order of the report."""
    causes: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        cause = each.rule, each.outcome, each.place, each.statement, each.message, each.severity, each.suppression
        causes.setdefault(cause, []).append(each)
    return sorted((_as_one(group) for group in causes.values()), key=_order)


def scanned(project: Project) -> Scanned:
    """What a report tells of a project besides its findings."""
    return Scanned(root=project.root, language=project.language, tables=tuple(map(_declared, project.tables)))


def _declared(table: Table) -> DeclaredTable:
    replicas = (replica.address for slot in table.replicas for replica in _possible(slot))
    at = table.calls[0] if table.calls else table.origin
    return DeclaredTable(address=table.address, place=place(at), others=(*table.also, *filter(None, replicas)))


def _possible(slot: Value[Replica | None]) -> Iterator[Replica]:
    """The replicas that there may be, whatever the conditions."""
    if isinstance(slot, OneOf):
        for _, branch in slot.branches:
            yield from _possible(branch)
    elif isinstance(slot, Known) and slot.value is not None:
        yield slot.value


def place(origin: Origin) -> Place:
    return Place(origin.path, origin.line, origin.column, origin.end_line, origin.end_column)


def _on_the_way(at: Origin, calls: tuple[Origin, ...]) -> list[RelatedPlace]:
    """The places behind the one to change: for an instance of a module where it is used, else where a value is from."""
    if not calls:
        return [RelatedPlace(place(step), "the value comes from here") for step in at.via]
    return [RelatedPlace(place(at), IN_MODULE)]


def _on_the_way_in_template(at: Origin, calls: tuple[Origin, ...]) -> list[RelatedPlace]:
    if _given(at, calls) is not None:
        return [RelatedPlace(place(at), IN_NESTED)]
    created = [RelatedPlace(place(call), "creates the nested stack") for call in calls]
    return [*(RelatedPlace(place(step), "the value comes from here") for step in at.via), *created]


def _given(at: Origin, calls: tuple[Origin, ...]) -> Origin | None:
    """Where the outermost template gives the value; else the nested one says it, which is in the tree as well."""
    return next((origin for origin in at.via if calls and origin.path == calls[0].path), None)


def _supplied(at: Origin, calls: tuple[Origin, ...]) -> Origin:
    """For an instance of a module what the outermost call supplies, or else the call."""
    if not calls:
        return at
    return next((origin for origin in (at, *at.via) if origin.path == calls[0].path), calls[0])


def _undecided_message(message: str, reasons: tuple[Unknown, ...]) -> str:
    listed = "; ".join(dict.fromkeys(reason.reason for reason in reasons))
    return f"{message} ({listed})" if message else f"undecided: {listed}"


def _unique(related: Iterable[RelatedPlace], primary: Place) -> tuple[RelatedPlace, ...]:
    seen = {primary}
    kept = []
    for each in related:
        if each.place not in seen:
            seen.add(each.place)
            kept.append(each)
    return tuple(kept)


def _steady(address: str, origin: Origin) -> str:
    """The address; of a file, whose address is its path as the user sees it, only the name."""
    return address.rpartition("/")[2] if address == origin.path else address


def _identity(verdict: Verdict, root: str, address: str) -> tuple[str, ...]:
    sight = verdict.sight
    steady = "" if isinstance(verdict.entity, Account) else _steady(address, sight.origin)
    return verdict.rule.id, root, steady, sight.part, sight.statement or ""


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _as_one(group: list[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    instances = dict.fromkeys(chain.from_iterable(each.instances for each in group))
    related = dict.fromkeys(chain.from_iterable(each.related for each in group))
    return replace(group[0], instances=tuple(instances), related=tuple(related))


def _order(each: Finding) -> tuple[str, int, int, str, str, str, str]:
    at = each.place
    return at.path, at.line, at.column, each.rule, each.resource, each.statement or "", each.message
