"""What the user decides for rules that have a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dynavet.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What marks a table: one of these globs on its name, or a tag with one of these globs on its value.

    `tags` gives the globs of values by tag key.
    """

    names: tuple[str, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_CLASSIFYING = (
    *("DataClassification", "data-classification", "data_classification", "Classification"),
    *("DataClass", "data-class", "data_class", "Confidentiality"),
    *("DataSensitivity", "data-sensitivity", "data_sensitivity", "Sensitivity"),
)
_SENSITIVE = (
    *("confidential", "highly confidential", "highly-confidential", "strictly confidential", "strictly-confidential"),
    *("sensitive", "highly sensitive", "highly-sensitive", "restricted", "secret", "top secret", "top-secret"),
    *("pii", "phi", "pci", "pci-dss"),
)
SENSITIVE = Marks(tags=dict.fromkeys(_CLASSIFYING, _SENSITIVE))
"""What marks sensitive data where the user does not say; a convention of names, not of AWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Which tables count for less and for more.

    Names, and tags unless `Settings.case_sensitive_tags`, are compared in any letter case.
    """

    non_production: Marks = field(default_factory=Marks)
    sensitive: Marks = SENSITIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`required_tags` are tag keys, compared in any letter case unless `case_sensitive_tags`.

    `tag_values` gives by tag key the globs of which a value must match one, letter case included.
    With `fine_grained_everywhere` a workload's role needs row or attribute conditions too.
    `own_accounts` are the numbers of the user's AWS accounts. With `whole_account` each project is
    all that there is in its account: what it does not declare is not there.
    With `deny_insecure_transport` the policy of each table has to deny requests without TLS.
    """

    required_tags: tuple[str, ...] = ("Security", "Environment")
    tag_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    case_sensitive_tags: bool = False
    context: Context = field(default_factory=Context)
    fine_grained_everywhere: bool = False
    deny_insecure_transport: bool = False
    own_accounts: tuple[str, ...] = ()
    whole_account: bool = False
