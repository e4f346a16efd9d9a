"""What the user decides for rules that have a choice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`required_tags` are tag keys, compared in any letter case unless `case_sensitive_tags`.

    With `fine_grained_everywhere` a workload's role needs row or attribute conditions too.
    `own_accounts` are the numbers of the user's AWS accounts. With `whole_account` each project is
    all that there is in its account: what it does not declare is not there.
    With `deny_insecure_transport` the policy of each table has to deny requests without TLS.
    """

    required_tags: tuple[str, ...] = ("Security", "Environment")
    case_sensitive_tags: bool = False
    fine_grained_everywhere: bool = False
    deny_insecure_transport: bool = False
    own_accounts: tuple[str, ...] = ()
    whole_account: bool = False
