"""What the user says about a Terraform configuration from outside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

VARIABLE = "TF_VAR_"
WORKSPACE = "TF_WORKSPACE"


class Inputs:
    """Values for root module variables, and the workspace.

    `given` are values of ``--var`` by name and files of ``--var-file``, in the order of the
    command line, the last one winning. `environment` holds environment variables, of which
    those that Terraform reads count, less than anything else; without a `workspace` theirs is
    the one, and without that nobody knows it.
    """

    def __init__(
        self,
        *given: Mapping[str, str] | Path,
        environment: Mapping[str, str] | None = None,
        workspace: str | None = None,
    ) -> None:
        environment = environment or {}
        self.given = given
        self.environment = {
            name.removeprefix(VARIABLE): text for name, text in environment.items() if name.startswith(VARIABLE)
        }
        self.workspace = workspace or environment.get(WORKSPACE) or None

    @property
    def variables(self) -> frozenset[str]:
        """The names that ``--var`` gives a value."""
        return frozenset(name for each in self.given if isinstance(each, Mapping) for name in each)
