"""Terraform's and OpenTofu's built-in functions over values.

https://developer.hashicorp.com/terraform/language/functions
https://opentofu.org/docs/language/functions/
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dynavet.values import Origin, Unknown, Value
from dynavet_parsers.terraform.data import EvaluationError, located
from dynavet_parsers.terraform.functions.encoding import with_document
from dynavet_parsers.terraform.type_conversion import text_of, to_bool, to_number, whole_number

if TYPE_CHECKING:
    from dynavet_parsers.terraform.evaluate import Scope
    from dynavet_parsers.terraform.functions.signature import Function

_THEMES = {
    "addresses": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "arithmetic": "abs ceil floor log max min parseint pow range signum sum",
    "conversion": "tobool tolist tomap tonumber toset tostring sensitive nonsensitive ephemeralasnull issensitive",
    "encoding": (
        "jsonencode jsondecode base64encode base64decode base64gunzip csvdecode textdecodebase64 "
        "textencodebase64 urldecode urlencode"
    ),
    "files": (
        "file filebase64 filemd5 filesha1 filesha256 filesha512 filebase64sha256 filebase64sha512 fileexists "
        "fileset templatefile templatestring basename dirname"
    ),
    "formatting": "format formatlist",
    "hashing": "md5 sha1 sha256 sha512 base64sha256 base64sha512 uuidv5",
    "mappings": "coalesce keys lookup merge transpose values zipmap",
    "patterns": "regex regexall replace",
    "providers": (
        "provider::aws::arn_build provider::aws::arn_parse provider::aws::trim_iam_role_path "
        "provider::terraform::decode_tfvars provider::terraform::encode_expr "
        "provider::terraform::encode_tfvars"
    ),
    "sequences": (
        "alltrue anytrue chunklist coalescelist compact concat contains distinct element flatten index length "
        "matchkeys one reverse slice sort"
    ),
    "sets": "setintersection setproduct setsubtract setunion",
    "strings": (
        "chomp endswith indent join lower split startswith strcontains strrev substr title trim trimprefix "
        "trimspace trimsuffix upper"
    ),
    "times": "formatdate timeadd timecmp",
    "yaml_text": "yamldecode yamlencode",
}
"""Which module of this package has which functions; it is imported when one of them is called."""

_MODULE_OF = {name: theme for theme, names in _THEMES.items() for name in names.split()}

COMPUTED = frozenset(_MODULE_OF)
"""The functions that are computed offline."""

SPECIAL = ("can", "try")
"""Computed where expressions are, since they decide which of their arguments are."""

NOT_OFFLINE = {
    "abspath": "depends on where Terraform runs",
    "base64gzip": "depends on Terraform's compression",
    "bcrypt": "gives something else each time",
    "pathexpand": "depends on who runs Terraform",
    "plantimestamp": "depends on when Terraform runs",
    "rsadecrypt": "takes a private key",
    "timestamp": "depends on when Terraform runs",
    "uuid": "gives something else each time",
}
"""Functions of which nothing is known before Terraform runs, and why."""


def call(name: str, arguments: list[Value[Any]], scope: Scope, at: Origin) -> Value[Any]:
    """The value of a call; unknown by name for a function that cannot be computed offline.

    Raises `EvaluationError` for a call that Terraform would reject.
    """
    name = name.removeprefix("core::")
    if name not in COMPUTED:
        return Unknown(f"{name}() {NOT_OFFLINE.get(name, 'is not computed offline')}", at)
    try:
        return located(_function(name).call(arguments, scope), at)
    except EvaluationError as error:
        raise EvaluationError(f"{name}(): {error}") from error


@cache
def _function(name: str) -> Function:
    theme = import_module(f"{__name__}.{_MODULE_OF[name]}")
    function: Function = theme.FUNCTIONS[name]
    return function


__all__ = [
    "COMPUTED",
    "NOT_OFFLINE",
    "SPECIAL",
    "call",
    "text_of",
    "to_bool",
    "to_number",
    "whole_number",
    "with_document",
]
