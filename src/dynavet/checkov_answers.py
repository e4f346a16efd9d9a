"""The findings of a scan, looked up the way checkov asks: by rule, file and resource.

Nothing here imports checkov. checkov gives one result per rule and resource; several findings
about one resource (its statements, its instances) become one answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from dynavet.findings import Finding
from dynavet.placement import IN_MODULE, IN_NESTED
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.rule import Outcome, Severity

TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")

_STEP = regex(r'((?:[^.\[\]"]|"(?:[^"\\]|\\.)*")+)((?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\])?)')
_ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.SUPPRESSED, Outcome.PASS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to tell checkov about one rule and one resource; `message` is in one line.

    `severity` is the gravest of the findings, which may differ from the rule's own.
    """

    outcome: Outcome
    message: str
    details: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    steps: tuple[tuple[str, str], ...]
    finding: Finding


class Answers:
    """All findings of one scan, each by itself, and its errors.

    `about_files` are the rules that speak of a file or a comment, not of a resource; nothing is
    answered about those. `cwd` is what paths are relative to. `planned` gives for each
    Terraform plan the root that it is reported in: a directory, or the plan itself. `described`
    are the roots and addresses of module calls without source.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        errors: Sequence[str],
        about_files: frozenset[str],
        cwd: Path,
        plans: Iterable[str] = (),
        planned: Mapping[str, str] | None = None,
        described: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.findings = findings
        self.about_files = about_files
        self.errors = errors
        self._cwd = cwd
        self.plans = frozenset((cwd / plan).resolve() for plan in plans)
        self._roots = {(cwd / plan).resolve(): (cwd / root).resolve() for plan, root in (planned or {}).items()}
        self._described = [((cwd / root).resolve(), _steps(address)) for root, address in described]
        self._terraform: dict[tuple[str, Path, str], list[_Entry]] = defaultdict(list)
        self._documents: dict[tuple[str, Path], list[_Entry]] = defaultdict(list)
        for finding in findings:
            if finding.rule not in about_files:
                self._add(_Entry(_steps(finding.resource), finding))

    def _add(self, entry: _Entry) -> None:
        path = self.path(entry.finding)
        if is_terraform(path):
            self._terraform[entry.finding.rule, path.parent, _plain(entry.steps)].append(entry)
        else:
            self._documents[entry.finding.rule, path].append(entry)

    def path(self, finding: Finding) -> Path:
        """Where a finding is, absolute."""
        return (self._cwd / finding.place.path).resolve()

    def declared(self, finding: Finding) -> Path:
        """Where its resource is written, absolute: in the module, for a resource that a module call creates."""
        inside = [each.place.path for each in finding.related if each.message == IN_MODULE]
        return (self._cwd / inside[-1]).resolve() if inside else self.path(finding)

    def is_described(self, finding: Finding) -> bool:
        """Whether its resource is one that a module makes whose source is not there."""
        steps, root = _steps(finding.resource), self.path(finding).parent
        return any(
            root == directory and len(call) < len(steps) and _plain(call) == _plain(steps[: len(call)])
            for directory, call in self._described
        )

    def terraform(self, rule: str, root: Path, address: str) -> Answer | None:
        """About a resource or module call of the root module in directory `root`.

        Where one side does not expand an instance and the other does, all its instances are meant.
        """
        steps = _steps(address)
        entries = self._terraform.get((rule, root.resolve(), _plain(steps)), ())
        return _answer(entry for entry in entries if _same_instance(entry.steps, steps))

    def plan(self, rule: str, plan: Path, address: str) -> Answer | None:
        """About a resource of a plan, wherever it is written."""
        steps, file = _steps(address), plan.resolve()
        root = self._roots.get(file, file)
        entries = [*self._documents.get((rule, file), ()), *self._terraform.get((rule, root, _plain(steps)), ())]
        same = (each for each in entries if _plain(each.steps) == _plain(steps))
        return _answer(entry for entry in same if _same_instance(entry.steps, steps))

    def in_plan(self, finding: Finding) -> bool:
        """Whether it is about something that a plan was made of."""
        path = self.path(finding)
        return path in self.plans or (is_terraform(path) and path.parent in self._roots.values())

    def template(self, rule: str, file: Path, *logical_ids: str) -> Answer | None:
        """About the resource of a template that goes by one of these names."""
        entries = self._documents.get((rule, file.resolve()), ())
        return _answer(entry for entry in entries if logical_id(entry.finding) in logical_ids)

    def document(self, rule: str, file: Path, beside: Callable[[str], bool] = lambda _: False) -> Answer | None:
        """About a whole file, less the resources for which `beside` holds."""
        entries = self._documents.get((rule, file.resolve()), ())
        return _answer(entry for entry in entries if not beside(entry.finding.resource))

    def policy(self, rule: str, file: Path) -> Answer | None:
        """About the policy documents that are the file, which goes by its own path."""
        real = file.resolve()
        return self.document(rule, file, lambda resource: (self._cwd / resource).resolve() != real)


def logical_id(finding: Finding) -> str:
    """What the resource is called in the template that the finding points at, be it a nested one."""
    outside = any(each.message == IN_NESTED for each in finding.related)
    return finding.resource if outside else finding.resource.rpartition("/")[2]


def is_terraform(path: Path) -> bool:
    return path.name.endswith(TERRAFORM)


def combined(findings: Sequence[Finding]) -> Answer | None:
    """One answer for findings of one rule on one resource: the gravest outcome, with all that is said about it."""
    for outcome in _ORDER:
        said = [finding for finding in findings if finding.outcome is outcome]
        if said:
            messages = tuple(dict.fromkeys(map(_message, said)))
            related = (f"{r.place.path}:{r.place.line}: {r.message}" for f in said for r in f.related)
            each = messages if len(messages) > 1 else ()
            severity = max(finding.severity for finding in said)
            return Answer(outcome, " ".join(messages), (*each, *dict.fromkeys(related)), severity)
    return None


def _answer(entries: Iterable[_Entry]) -> Answer | None:
    return combined([entry.finding for entry in entries])


def _message(finding: Finding) -> str:
    if finding.suppression is not None:
        return finding.suppression.reason or "suppressed"
    where = f"Statement {finding.statement}: " if finding.statement is not None and finding.message else ""
    return f"{where}{finding.message}"


def _steps(address: str) -> tuple[tuple[str, str], ...]:
    """``module.a["x"].aws_vpc.b`` as names, each with its instance key or nothing."""
    return tuple((name, key) for name, key in _STEP.findall(address))


def _plain(steps: Iterable[tuple[str, str]]) -> str:
    return ".".join(name for name, _ in steps)


def _same_instance(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> bool:
    return all(a == b or not a or not b for (_, a), (_, b) in zip(one, other, strict=True))
