"""What the user asks of a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path

from dynavet.model import Settings, Suppression
from dynavet.records import dataclass
from dynavet.rule import Outcome, Severity

DEFAULT_SHOW = frozenset({Outcome.FAIL, Outcome.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asks of a scan.

    `select` and `ignore` hold rule ids or names. `fail_on` is `None` for never. `show` are
    the outcomes that reports list. Without `keep_passes` what passes is only counted.
    `inputs` give Terraform's root variables, as values by name
    and as files of values, the last one winning; with `tf_env` Terraform's environment variables
    count as well. `workspace` is the name of Terraform's workspace. `parameter_files` give the
    parameters of templates.
    `suppressions` are those of the configuration, `never_suppress` the ids that none may name.
    With `require_evidence` a suppression of a statement's finding must name its evidence, or
    stand on the one action that it accepts; a comment in checkov's form need not.
    `baseline` holds the fingerprints of known failures. `today` is what suppressions expire by.
    After `max_seconds` no further file is read and no further rule is tried; the report says what was left out.
    `jobs` is how many processes may share the work, see `dynavet.workers`.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = Severity.LOW
    fail_on_unknown: bool = False
    show: frozenset[Outcome] = DEFAULT_SHOW
    keep_passes: bool = True
    inputs: Sequence[Mapping[str, str] | Path] = ()
    tf_env: bool = False
    workspace: str | None = None
    parameter_files: Sequence[Path] = ()
    inline_suppressions: bool = True
    suppressions: Sequence[Suppression] = ()
    never_suppress: frozenset[str] = frozenset()
    require_evidence: bool = True
    baseline: frozenset[str] = frozenset()
    today: date | None = None
    max_seconds: float | None = None
    jobs: int = 1
    settings: Settings = field(default_factory=Settings)

    @property
    def variables(self) -> list[str]:
        """The names of the variables that are given a value each."""
        return [name for each in self.inputs if isinstance(each, Mapping) for name in each]

    @property
    def var_files(self) -> list[Path]:
        return [each for each in self.inputs if isinstance(each, Path)]
