"""checkov's way in: ``checkov --external-checks-dir checks``.

checkov runs this file under the bare name ``checkov_bridge``, with no package around it, once for each
framework and scanned directory. Nothing else in this directory is written for it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_CHECKOUT = _HERE.parents[1]

if (_CHECKOUT / "src" / "dynavet").is_dir():
    # The engine of this same commit, whether or not one is installed.
    for _root in ("parsers", "checks", "src"):
        _path = str(_CHECKOUT / _root)
        if _path in sys.path:
            sys.path.remove(_path)
        sys.path.insert(0, _path)


def _fail_every_rule(problem: str) -> None:
    """Register, under the id of each rule, checks that fail once.

    checkov logs a file that it cannot run and passes the scan, so that raising here would hide the problem.
    """
    from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as TemplateCheck
    from checkov.common.models.enums import CheckCategories, CheckResult
    from checkov.json_doc.base_json_check import BaseJsonCheck
    from checkov.serverless.checks.complete.base_complete_check import BaseCompleteCheck
    from checkov.terraform.checks.module.base_module_check import BaseModuleCheck
    from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck

    message = f"dynavet cannot run here, so nothing was checked: {problem}"
    told: set[str] = set()

    class Failing:
        id: str

        def scan_entity_conf(self, _conf: Any, _entity_type: str) -> Any:
            if self.id in told:
                return CheckResult.UNKNOWN
            told.add(self.id)
            return CheckResult.FAILED

    ids = sorted(path.stem.partition("_")[0].upper() for path in _HERE.rglob("ddb[0-9]*_*.py"))
    categories = [CheckCategories.GENERAL_SECURITY]
    for host, entities in (
        (TerraformCheck, ["*"]),
        (BaseModuleCheck, ["module"]),
        (TemplateCheck, ["*"]),
        (BaseCompleteCheck, ["serverless_*"]),
        (BaseJsonCheck, ["*"]),
    ):
        kind: Any = type(f"Failing{host.__name__}", (Failing, host), {})
        kind.__abstractmethods__ = frozenset()
        for each in ids:
            extra = {"block_type": "document"} if host is BaseJsonCheck else {}
            kind(message, each, categories, entities, **extra)


try:
    from dynavet.checkov_adapter import register

    register()
except Exception as _error:
    _fail_every_rule(f"{type(_error).__name__}: {_error}")
