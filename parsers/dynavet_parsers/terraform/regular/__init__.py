"""Regular expressions as Terraform has them: the RE2 syntax, matched in linear time.

https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

from functools import lru_cache

from dynavet_parsers.terraform.regular.machine import Program, compile_program
from dynavet_parsers.terraform.regular.syntax import parse


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Program:
    """Raises `EvaluationError` for a pattern that RE2 does not have, `NotPlain` for one too large."""
    return compile_program(*parse(pattern))


__all__ = ["Program", "compiled"]
