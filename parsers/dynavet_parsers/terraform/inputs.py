"""What the user says about a Terraform configuration from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """Values for root module variables.

    `variables` are the texts of ``--var NAME=VALUE``; `var_files` the paths of
    ``--var-file``, in order, the last one winning.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
