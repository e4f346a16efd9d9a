"""What checkov has no resource for, put into its report: findings, errors, and word of what is undecided."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checkov.common.output.record import Record

from dynavet.catalogue import ALWAYS
from dynavet.checkov_answers import Answer, Answers, combined, is_terraform, logical_id
from dynavet.checkov_run import Run, answers
from dynavet.findings import UNQUOTED, Finding
from dynavet.rule import Outcome

SERVERLESS = ("serverless.yml", "serverless.yaml")
"""The Serverless Framework files that checkov reads."""

PLAN = "terraform_plan"

FRAMEWORKS = frozenset({"terraform", "terraform_json", PLAN, "cloudformation", "serverless", "json"})
"""Where findings go; checkov has its other frameworks load external checks as well."""

CDK = "cdk.tf.json"


def report_the_rest(run: Run, checks: Mapping[str, Any]) -> None:
    """Add to the report of a run what no check will be asked about; `checks` are ours by rule."""
    if run.framework not in FRAMEWORKS:
        return
    try:
        found = answers(run)
    except Exception as error:
        problem = Answer(Outcome.FAIL, f"dynavet crashed, so nothing was checked: {type(error).__name__}: {error}")
        for check in checks.values():
            _add(run, check, problem, run.root, (1, 1), "dynavet")
        return
    for crash in found.errors:
        rule = crash.split(maxsplit=1)[0]
        check = checks.get(rule, checks[ALWAYS])
        _add(run, check, Answer(Outcome.FAIL, crash), run.root, (1, 1), "dynavet")
    groups: dict[tuple[str, Path, str], list[Finding]] = {}
    for finding in found.findings:
        if _is_for(run, found, finding):
            groups.setdefault((finding.rule, found.path(finding), finding.resource), []).append(finding)
    for (rule, path, resource), findings in groups.items():
        answer = combined(findings)
        if answer is not None:
            at = findings[0].place
            _add(
                run,
                checks[rule],
                answer,
                path,
                (at.line, at.end_line),
                resource,
                quoted=path not in found.plans and rule != UNQUOTED,
            )
    _tell_undecided(run, found)


def _is_for(run: Run, found: Answers, finding: Finding) -> bool:
    """Whether this framework is the one to report a finding that checkov has no resource for."""
    about_file = finding.rule in found.about_files
    path, declared = found.path(finding), found.declared(finding)
    if run.framework == PLAN:
        return _is_of_plans(run, found, finding) and finding.resource not in _planned(run)
    if path in found.plans and _runs(run, PLAN):
        return False
    if run.files and path not in {file.resolve() for file in run.files}:
        return False
    if is_terraform(path):
        if declared.name == CDK:
            return run.framework == "terraform_json"
        return run.framework == "terraform" and (
            about_file
            or is_module_call(finding)
            or is_provider(finding)
            or is_root(finding)
            or found.is_described(finding)
            or not declared.name.endswith(".tf")
        )
    if path.name in SERVERLESS:
        return run.framework == "serverless" and about_file
    if about_file:
        frameworks = {"all", "cloudformation"} & set(run.runner_filter.framework or ())
        return run.framework == ("json" if path.suffix == ".json" and not frameworks else "cloudformation")
    if run.framework != "cloudformation" or is_policy_file(finding):
        return False
    return not _in_template(run, finding, path)


def _is_of_plans(run: Run, found: Answers, finding: Finding) -> bool:
    """Whether it stands in a plan, or in the code of one that is not scanned for itself."""
    return found.path(finding) in found.plans or (found.in_plan(finding) and not _runs(run, "terraform"))


def _runs(run: Run, framework: str) -> bool:
    chosen = set(run.runner_filter.framework or ())
    return not chosen or bool({"all", framework} & chosen)


def _planned(run: Run) -> set[str]:
    """The addresses of the resources that checkov found in plans."""
    blocks = (block for each in (run.runner.definitions or {}).values() for block in each.get("resource", ()))
    named = (named for block in blocks for named in block.values() if isinstance(named, dict))
    return {str(conf.get("__address__")) for each in named for conf in each.values() if isinstance(conf, dict)}


def _in_template(run: Run, finding: Finding, path: Path) -> bool:
    """Whether checkov has a resource for it in what it read of the template."""
    for file, template in (run.runner.definitions or {}).items():
        if Path(file).resolve() == path:
            resources = template.get("Resources") if isinstance(template, dict) else None
            declared = resources if isinstance(resources, dict) else {}
            name = logical_id(finding)
            return name in declared or name.removesuffix("Role") in declared
    return False


def is_module_call(finding: Finding) -> bool:
    return finding.resource.split(".")[-2:-1] == ["module"]


def is_provider(finding: Finding) -> bool:
    """Whether it is about a provider configuration: ``provider.aws``, or ``module.a.provider.aws.west``."""
    return re.search(r"(^|\.)provider\.", finding.resource) is not None


def is_root(finding: Finding) -> bool:
    """Whether it is about all that a directory declares together."""
    return finding.resource == (posixpath.dirname(finding.place.path) or ".")


def is_policy_file(finding: Finding) -> bool:
    """Whether it is about a policy document in a file that checkov's JSON framework reads."""
    return finding.resource == finding.place.path and finding.resource.endswith(".json")


def _add(
    run: Run, check: Any, answer: Answer, path: Path, lines: tuple[int, int], resource: str, *, quoted: bool = True
) -> None:
    shown = f"/{os.path.relpath(path, run.root.resolve())}"
    if any(re.search(pattern, shown) for pattern in run.runner_filter.excluded_paths or ()):
        return
    if not run.runner_filter.should_run_check(check, report_type=run.framework, file_origin_paths=[str(path)]):
        return
    check.name, check.details = check.rule.name, []
    result = check.say(answer)
    record = Record(
        check_id=check.id,
        bc_check_id=check.bc_id,
        check_name=check.name,
        check_result=result,
        code_block=_code(path, *lines) if quoted else [],
        file_path=shown,
        file_line_range=list(lines),
        resource=resource,
        evaluations=None,
        check_class=__name__,
        file_abs_path=str(path),
        entity_tags={},
        severity=check.severity,
        details=check.details,
    )
    record.set_guideline(check.guideline)
    run.report.add_record(record)


def _code(path: Path, first: int, last: int) -> list[tuple[int, str]]:
    try:
        lines = path.read_text("utf-8", "replace").splitlines(keepends=True)
    except OSError:
        return []
    return list(enumerate(lines, 1))[first - 1 : last]


def _tell_undecided(run: Run, found: Answers) -> None:
    """One line to standard error, since checkov prints nothing that is neither passed nor failed."""
    of_run = list(_of_run(run, found))
    if of_run:
        named = ", ".join(f"{finding.rule} {finding.resource}" for finding in of_run[:3])
        more = ", …" if len(of_run) > 3 else ""
        sys.stderr.write(
            f"dynavet: {len(of_run)} undecided, which checkov does not print ({named}{more}); "
            "`dynavet scan` gives the reasons, DYNAVET_CHECKOV_UNKNOWN=fail makes them failures\n"
        )


def _of_run(run: Run, found: Answers) -> Iterator[Finding]:
    for finding in found.findings:
        if finding.outcome is not Outcome.UNKNOWN:
            continue
        if run.framework == PLAN:
            if _is_of_plans(run, found, finding):
                yield finding
        elif found.path(finding) not in found.plans:
            terraform = is_terraform(found.path(finding))
            framework = "terraform" if terraform else "json" if is_policy_file(finding) else "cloudformation"
            if framework == run.framework:
                yield finding
