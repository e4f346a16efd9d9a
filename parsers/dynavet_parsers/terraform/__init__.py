"""Terraform and OpenTofu."""

from dynavet_parsers.terraform.inputs import Inputs
from dynavet_parsers.terraform.roots import read_roots

__all__ = ["Inputs", "read_roots"]
