"""Offer every rule to checkov. Imported only inside a checkov process, by ``checkov_bridge.py``.

The answers are those of our own engine, run once for what checkov scans: a rule gives the same
outcome for the same resource as ``dynavet scan``. What checkov has no resource for (a file that
cannot be parsed, a file format that it does not read) goes into its report directly.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as TemplateCheck
from checkov.common.bridgecrew.severities import Severities
from checkov.common.checks.base_check import BaseCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.json_doc.base_json_check import BaseJsonCheck
from checkov.serverless.checks.complete.base_complete_check import BaseCompleteCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from dynavet.catalogue import all_rules
from dynavet.checkov_answers import Answer
from dynavet.checkov_extra import report_the_rest
from dynavet.checkov_run import NotFound, answers, current_run, local
from dynavet.rule import Outcome, Rule

NEEDED = {"tree_sitter": "tree-sitter", "tree_sitter_hcl": "tree-sitter-hcl", "yaml": "PyYAML", "pathspec": "pathspec"}
"""What the engine imports, by the name under which it is installed."""

STRICT = "DYNAVET_CHECKOV_UNKNOWN"
"""With the value ``fail``, what is undecided fails."""

_RESULTS = {
    Outcome.FAIL: CheckResult.FAILED,
    Outcome.UNKNOWN: CheckResult.UNKNOWN,
    Outcome.SUPPRESSED: CheckResult.SKIPPED,
    Outcome.PASS: CheckResult.PASSED,
}
_CATEGORIES = {
    "0": CheckCategories.GENERAL_SECURITY,
    "1": CheckCategories.ENCRYPTION,
    "2": CheckCategories.IAM,
    "3": CheckCategories.NETWORKING,
    "4": CheckCategories.LOGGING,
    "5": CheckCategories.CONVENTION,
}
_told: set[tuple[str, str]] = set()
_registered: dict[str, Any] = {}


class Asking(BaseCheck):
    """What the checks of all frameworks share: `answer` says where to look, the rest is here."""

    rule: Rule

    def describe(self, rule: Rule) -> None:
        self.rule = rule
        self.severity = Severities[rule.severity.name]
        self.guideline = guideline(rule)

    def run(
        self,
        scanned_file: str,
        entity_configuration: Any,
        entity_name: str,
        entity_type: str,  # noqa: ARG002
        skip_info: Any,
    ) -> dict[str, Any]:
        """The result for one resource; an error is a failure that names it."""
        self.name = self.rule.name
        self.details: list[str] = []
        try:
            found = self.answer(scanned_file, entity_configuration, entity_name)
        except Exception as error:
            found = self._once(f"dynavet cannot answer: {type(error).__name__}: {error}")
        if found is None:
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
        if skip_info:
            return {"result": CheckResult.SKIPPED, "suppress_comment": skip_info["suppress_comment"]}
        return self.say(found)

    def _once(self, problem: str) -> Answer | None:
        """A failure for the first resource that meets this problem: one is enough to fail the run."""
        if (self.rule.id, problem) in _told:
            return None
        _told.add((self.rule.id, problem))
        return Answer(Outcome.FAIL, problem)

    def say(self, found: Answer) -> dict[str, Any]:
        if found.outcome is Outcome.UNKNOWN and strict():
            found = replace(found, outcome=Outcome.FAIL)
        result: dict[str, Any] = {"result": _RESULTS[found.outcome], "evaluated_keys": []}
        if found.outcome is Outcome.FAIL:
            self.name = f"{self.rule.name}: {found.message}"
            differs = found.severity is not None and found.severity is not self.rule.severity
            severity = [f"Severity of this one: {found.severity.label}."] if found.severity and differs else []
            self.details = [*found.details, *severity, f"`dynavet explain {self.rule.id}` says how to fix it"]
        elif found.outcome is Outcome.SUPPRESSED:
            result["suppress_comment"] = found.message or "suppressed in the code"
        return result

    def answer(self, scanned_file: str, conf: Any, name: str) -> Answer | None:
        raise NotImplementedError

    def scan_entity_conf(self, conf: Any, entity_type: str) -> Any:
        raise NotImplementedError("`run` does not come here")


class OfResource(Asking, BaseResourceCheck):
    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.name, rule.id, _categories(rule), ["aws_*"], guideline(rule))
        self.describe(rule)

    def answer(self, _scanned_file: str, conf: Any, _name: str) -> Answer | None:
        run = current_run()
        if run.framework == "terraform_plan":
            return answers(run).plan(self.rule.id, Path(local("run_block", "full_file_path")), conf["__address__"])
        if run.framework != "terraform":
            return None
        key = local("run_block", "full_file_path")
        return answers(run).terraform(self.rule.id, _root_module(key), conf["__address__"])

    def scan_resource_conf(self, conf: Any) -> Any:
        return self.scan_entity_conf(conf, "")


class InTemplate(Asking, TemplateCheck):
    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.name, rule.id, _categories(rule), ["AWS::*"], guideline(rule))
        self.describe(rule)

    def answer(self, _scanned_file: str, conf: Any, name: str) -> Answer | None:
        run = current_run()
        where = ("cfn_resources_checks", "sls_file") if run.framework == "serverless" else _TEMPLATE
        return answers(run).template(self.rule.id, Path(local(*where)).absolute(), *logical_ids(name, conf))

    def scan_resource_conf(self, conf: Any) -> Any:
        return self.scan_entity_conf(conf, "")


_TEMPLATE = ("check_definitions", "file_abs_path")


class OfServerlessFile(Asking, BaseCompleteCheck):
    """What a Serverless Framework file says outside its CloudFormation resources."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.name, rule.id, _categories(rule), ["serverless_*"], guideline(rule))
        self.describe(rule)

    def answer(self, scanned_file: str, conf: Any, _name: str) -> Answer | None:
        resources = conf.get("resources")
        declared = (resources.get("Resources") if isinstance(resources, dict) else None) or {}
        return answers(current_run()).document(self.rule.id, Path(scanned_file).absolute(), declared.__contains__)

    def scan_complete_conf(self, conf: Any) -> Any:
        return self.scan_entity_conf(conf, "")


class OfPolicyFile(Asking, BaseJsonCheck):
    """Policy documents in files of their own; templates are for the framework that reads them."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.name, rule.id, _categories(rule), ["*"], block_type="document")
        self.describe(rule)

    def answer(self, scanned_file: str, _conf: Any, _name: str) -> Answer | None:
        return answers(current_run()).policy(self.rule.id, Path(scanned_file).absolute())


FRAMEWORKS = (OfResource, InTemplate, OfServerlessFile, OfPolicyFile)


def register() -> None:
    """Called for each framework and scanned directory: the checks, once; then what has no resource.

    Raises `ImportError` naming what to install.
    """
    require()
    for rule in all_rules():
        if rule.id not in _registered:
            _registered[rule.id], *_ = [kind(rule) for kind in FRAMEWORKS]
    with suppress(NotFound):  # each check says so itself
        report_the_rest(current_run(), _registered)


def require() -> None:
    """Raises `ImportError` if something is missing that the engine imports only when it needs it."""
    missing = []
    for module, package in NEEDED.items():
        try:
            importlib.import_module(module)
        except ImportError:
            missing.append(package)
    if missing:
        raise ImportError(
            f"{', '.join(missing)} cannot be imported; {sys.executable} -m pip install {' '.join(missing)}"
        )


def guideline(rule: Rule) -> str | None:
    """The first page that the rule refers to."""
    found = re.search(r"\]\((https://[^)\s]+)\)", rule.doc.partition("## References")[2])
    return found[1] if found else None


def strict() -> bool:
    return os.environ.get(STRICT, "").lower() == "fail"


def logical_ids(name: str, conf: Any) -> tuple[str, ...]:
    """The resource, and the role that SAM's transform makes for one of its own types."""
    generates = isinstance(conf, dict) and str(conf.get("Type")).startswith("AWS::Serverless::")
    return (name, f"{name}Role") if generates else (name,)


def _categories(rule: Rule) -> list[CheckCategories]:
    return [_CATEGORIES.get(rule.id[3], CheckCategories.GENERAL_SECURITY)]


def _root_module(key: Any) -> Path:
    """The directory of the root module, given checkov's file with the module calls that lead to it."""
    path, call = key.file_path, key.tf_source_modules
    while call is not None:
        path, call = call.path, call.nested_tf_module
    return Path(path).parent
