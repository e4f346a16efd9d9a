"""What is fuzzed: each harness takes bytes, and raises if something does not hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from dynavet.config import BadConfiguration, configured
from dynavet.options import Options
from fuzz.laws import MEMORY, scanned

TABLE = b'resource "aws_dynamodb_table" "t" {\n  name = "t" %s\n}\n'
TEMPLATE = b"Resources:\n  T: %s\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: t %s\n"


def hcl(data: bytes) -> None:
    """A Terraform configuration."""
    scanned({"main.tf": data})


def template(data: bytes) -> None:
    """A template of CloudFormation or SAM, or a file of the Serverless Framework, in YAML or JSON."""
    scanned({"template.yaml": data})


def policy(data: bytes) -> None:
    """A policy file."""
    scanned({"policy.json": data})


def plan(data: bytes) -> None:
    """A Terraform plan without its configuration."""
    scanned({"plan.json": data})


def configuration(data: bytes) -> None:
    """A file `dynavet.toml`, with a table for it to be about."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as directory:
        path = Path(directory) / "dynavet.toml"
        path.write_bytes(data)
        try:
            found = configured([path.parent], path.parent, path)
        except BadConfiguration as error:
            if not str(error):
                raise
            return
    scanned({"main.tf": TABLE % b""}, Options(**found.options))


def suppression(data: bytes) -> None:
    """What follows ``dynavet:ignore`` in comments of HCL and YAML, above what it is about and beside it."""
    line = data.replace(b"\n", b" ").replace(b"\r", b" ")
    comment = b"# dynavet:ignore " + line
    scanned(
        {
            "main.tf": comment + b"\n" + TABLE % comment + b"/* dynavet:ignore " + data + b" */\n" + TABLE % b"",
            "template.yaml": TEMPLATE % (comment, comment),
            "other.tf": b"# checkov:skip=" + line + b"\n" + TABLE.replace(b'"t"', b'"u"') % b"",
        }
    )


HARNESSES: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (hcl, template, policy, plan, configuration, suppression)
}
