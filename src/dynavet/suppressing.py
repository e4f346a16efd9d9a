"""Putting findings aside: which suppression covers which finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import date
from itertools import product
from pathlib import Path

from dynavet.findings import FRAMEWORK, Finding, Place, PutAside
from dynavet.iam.globs import has_wildcard, match
from dynavet.model import Selection, Suppression, SuppressionState
from dynavet.ranges import Ranges
from dynavet.records import dataclass
from dynavet.rule import Outcome
from dynavet.values import Origin

NEVER = frozenset({"DDB000", "DDB002", "DDB003", "DDB004"})
"""What these report cannot be put aside: it would hide that something is hidden, or not read."""


@dataclass(frozen=True, slots=True)
class Located:
    """A finding, the places at which a suppression of it may stand, and whether it is reported at all.

    `made_by` is not empty for a resource that a framework adds by itself, see `dynavet.model.Entity`.
    """

    finding: Finding
    origins: tuple[Origin, ...]
    reported: bool = True
    made_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the scan looked at: the rules that ran, the directories that were scanned whole, and where nothing is known.

    `whole` is false if the scan itself went wrong somewhere.
    """

    rules: frozenset[str]
    directories: tuple[Path, ...]
    gaps: Sequence[Origin]
    whole: bool


class _OfRule:
    """The suppressions of one rule, each with its number; selections by the resource and the file that they name."""

    def __init__(self, found: Iterable[tuple[int, Suppression]]) -> None:
        found = list(found)
        self._selecting: dict[tuple[str | None, str | None], list[int]] = {}
        for index, each in found:
            if isinstance(each.covers, Selection):
                path = _certain(each.covers.path)
                whole = None if path is None else str(Path(each.covers.base).resolve() / path)
                self._selecting.setdefault((_certain(each.covers.resource), whole), []).append(index)
        self._ranges = Ranges((index, each.covers) for index, each in found if isinstance(each.covers, Origin))

    def candidates(self, located: Located, files: Iterable[str]) -> list[int]:
        """The numbers of those that may cover a finding in these files, the first first."""
        around = {index for origin in located.origins for index in self._ranges.containing(origin)}
        named = product((located.finding.resource, None), (*files, None)) if self._selecting else ()
        return sorted(around.union(*(self._selecting.get(each, ()) for each in named)))


def _certain(pattern: str) -> str | None:
    """What a pattern matches, if that is one text."""
    return pattern if pattern and not has_wildcard(pattern) else None


@dataclass(slots=True)
class Register:
    """The suppressions of a scan, and what each of them matched.

    `never` are the rules that none may name. With `require_evidence` one without evidence
    covers no finding on a statement that has any. With `framework` what a framework adds by
    itself is put aside as well.
    """

    suppressions: list[Suppression]
    today: date
    cwd: Path
    never: frozenset[str] = NEVER
    require_evidence: bool = True
    framework: bool = True
    _used: dict[int, set[str]] = field(default_factory=dict)
    _unbound: dict[int, set[str]] = field(default_factory=dict)
    _by_rule: dict[str, _OfRule] = field(default_factory=dict)
    _files: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.suppressions = [self._checked(each) for each in self.suppressions]
        by_rule: dict[str, list[tuple[int, Suppression]]] = {}
        for index, each in enumerate(self.suppressions):
            if each.state is SuppressionState.UNCHECKED:
                for rule in each.rules:
                    by_rule.setdefault(rule, []).append((index, each))
        self._by_rule = {rule: _OfRule(found) for rule, found in by_rule.items()}

    def apply(self, located: Located) -> Finding:
        """The finding, suppressed if something covers it. What is in order stays as it is."""
        finding = located.finding
        if finding.outcome not in (Outcome.FAIL, Outcome.UNKNOWN):
            return finding
        indexes = []
        of_rule = self._by_rule.get(finding.rule)
        files = {str(self._absolute(origin.path)) for origin in located.origins} if of_rule is not None else ()
        for index in of_rule.candidates(located, files) if of_rule is not None else ():
            if self._covers(self.suppressions[index], located):
                if self._lacks_evidence(self.suppressions[index], finding):
                    self._unbound.setdefault(index, set()).update(finding.evidence)
                else:
                    indexes.append(index)
                    self._used.setdefault(index, set()).add(finding.rule)
        if indexes:
            return suppressed(finding, _put_aside(self.suppressions[indexes[0]]))
        if self.framework and located.made_by and finding.rule not in self.never:
            return suppressed(finding, PutAside(kind=FRAMEWORK, reason=f"made by {located.made_by}"))
        return finding

    def settled(self, seen: Seen) -> list[Suppression]:
        """All suppressions, with what became of them."""
        return [self._settled(index, each, seen) for index, each in enumerate(self.suppressions)]

    def _checked(self, each: Suppression) -> Suppression:
        held = [rule for rule in each.rules if rule in self.never]
        if not each.problem and held:
            each = replace(each, problem=f"{', '.join(held)} may not be suppressed")
        if each.problem:
            return replace(each, state=SuppressionState.INVALID)
        if each.until is not None and self.today > each.until:
            return replace(each, state=SuppressionState.EXPIRED)
        return each

    def _covers(self, each: Suppression, located: Located) -> bool:
        finding = located.finding
        if each.evidence and not (finding.evidence and set(finding.evidence) <= set(each.evidence)):
            return False
        if each.literal is not None and set(finding.evidence) - {each.literal}:
            return False
        if isinstance(each.covers, Selection):
            return self._selects(each.covers, located)
        return each.covers is not None and any(each.covers.contains(origin) for origin in located.origins)

    def _lacks_evidence(self, each: Suppression, finding: Finding) -> bool:
        """Whether it would hide whatever the statement will ever allow, where that is not wanted."""
        bound = bool(each.evidence) or each.literal is not None or each.unbound
        return self.require_evidence and not bound and bool(finding.evidence) and finding.statement is not None

    def _selects(self, selection: Selection, located: Located) -> bool:
        finding = located.finding
        return (
            (not selection.resource or match(selection.resource, finding.resource))
            and (not selection.statement or match(selection.statement, finding.statement or ""))
            and any(self._at(selection, path) for path in dict.fromkeys(origin.path for origin in located.origins))
        )

    def _at(self, selection: Selection, path: str) -> bool:
        absolute, base = self._absolute(path), Path(selection.base).resolve()
        if base != absolute and base not in absolute.parents:
            return False
        return not selection.path or match(selection.path, absolute.relative_to(base).as_posix())

    def _absolute(self, path: str) -> Path:
        if path not in self._files:
            self._files[path] = (self.cwd / path).resolve()
        return self._files[path]

    def _settled(self, index: int, each: Suppression, seen: Seen) -> Suppression:
        if each.state is not SuppressionState.UNCHECKED:
            return each
        if index in self._unbound:
            wanted = ",".join(sorted(self._unbound[index]))
            problem = f'it must name what it accepts in a statement, evidence="{wanted}" as of now'
            return replace(each, problem=problem, state=SuppressionState.INVALID)
        used = self._used.get(index, set())
        idle = [rule for rule in each.rules if rule not in used and rule in seen.rules]
        unused = tuple(idle) if self._all_seen(each, seen) else ()
        if used:
            return replace(each, state=SuppressionState.ACTIVE, unused=unused)
        return replace(each, state=SuppressionState.UNUSED if unused else each.state, unused=unused)

    def _all_seen(self, each: Suppression, seen: Seen) -> bool:
        """Whether all that it may cover was read."""
        covers = each.covers
        if isinstance(covers, Selection):
            base = Path(covers.base).resolve()
            return seen.whole and not seen.gaps and any(d == base or d in base.parents for d in seen.directories)
        return seen.whole and covers is not None and not any(covers.contains(gap) for gap in seen.gaps)


def suppressed(finding: Finding, why: PutAside) -> Finding:
    return replace(finding, outcome=Outcome.SUPPRESSED, suppression=replace(why, hides=finding.outcome))


def hide_known(findings: Iterable[Finding], known: frozenset[str], never: frozenset[str]) -> list[Finding]:
    """The findings, with the failures of a baseline suppressed: exactly those whose fingerprint is listed."""
    why = PutAside(kind="baseline", reason="listed in the baseline")
    return [
        suppressed(each, why)
        if each.outcome is Outcome.FAIL and each.rule not in never and each.fingerprint in known
        else each
        for each in findings
    ]


def _put_aside(each: Suppression) -> PutAside:
    at = each.origin
    until = each.until.isoformat() if each.until is not None else None
    place = Place(at.path, at.line, at.column, at.end_line, at.end_column)
    return PutAside(kind=each.kind, reason=each.reason, until=until, place=place)
