"""What is fuzzed: each harness takes bytes, and raises if something does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from dynavet.config import BadConfiguration, configured
from dynavet.options import Options
from fuzz.corpora import HEADER, PLANNED
from fuzz.laws import MEMORY, scanned

TABLE = b'resource "aws_dynamodb_table" "t" {\n  name = "t" %s\n}\n'
TEMPLATE = b"Resources:\n  T: %s\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: t %s\n"
POLICY = b'resource "aws_iam_policy" "p" {\n  name   = "p"\n  policy = file("policy.json")\n}\n'
JSON = re.compile(rb"\s*\{")
SERVICE = re.compile(rb"""^["']?service["']?\s*:""", re.MULTILINE)


def hcl(data: bytes) -> None:
    """A Terraform configuration, with modules and values where the bytes are those of several files."""
    scanned(_files(data, "main.tf.json" if JSON.match(data) else "main.tf"))


def template(data: bytes) -> None:
    """A template of CloudFormation or SAM, or a file of the Serverless Framework, in YAML or JSON, or several files."""
    default = "serverless.yml" if SERVICE.search(data) else "template.json" if JSON.match(data) else "template.yaml"
    scanned(_files(data, default))


def policy(data: bytes) -> None:
    """A policy file, and a Terraform resource with the same policy."""
    scanned({"policy.json": data, "main.tf": POLICY})


def plan(data: bytes) -> None:
    """A Terraform plan, beside the configuration of the fixtures' plan if a line break ends it."""
    scanned({"plan.json": data, **({"main.tf": PLANNED.read_bytes()} if data.endswith(b"\n") else {})})


def configuration(data: bytes) -> None:
    """A file `dynavet.toml`, or `pyproject.toml` with our table, and something for it to be about."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as directory:
        path = Path(directory) / ("pyproject.toml" if b"tool.dynavet" in data else "dynavet.toml")
        path.write_bytes(data)
        try:
            found = configured([path.parent], path.parent, path)
        except BadConfiguration as error:
            if not str(error):
                raise
            return
    files = {"main.tf": TABLE % b'tags = { environment = "prod" }' + POLICY, "policy.json": b'{"Statement": []}'}
    scanned(files, Options(**found.options))


def suppression(data: bytes) -> None:
    """What follows ``dynavet:ignore`` in comments of HCL and YAML, above what it is about and beside it; or a file.

    Only the latter has a line that begins with a letter and ends with a brace or colon.
    """
    if re.search(rb"^\w.*[{:]$", data, re.MULTILINE):
        scanned({"main.tf" if b"{\n" in data else "template.yaml": data})
        return
    line = data.replace(b"\n", b" ").replace(b"\r", b" ")
    comment = b"# dynavet:ignore " + line
    scanned(
        {
            "main.tf": comment + b"\n" + TABLE % comment + b"/* dynavet:ignore " + data + b" */\n" + TABLE % b"",
            "template.yaml": TEMPLATE % (comment, comment),
            "other.tf": b"# checkov:skip=" + line + b"\n" + TABLE.replace(b'"t"', b'"u"') % b"",
        }
    )


def _files(data: bytes, default: str) -> dict[str, bytes]:
    """The files in an input: each begins below a line ``# file: NAME``, what is above them has the name `default`."""
    pieces = HEADER.split(data)
    files = {default: pieces[0]} if pieces[0].strip() or len(pieces) == 1 else {}
    for name, content in zip(pieces[1::2], pieces[2::2], strict=True):
        path = PurePosixPath(name.decode())
        if ".." not in path.parts:
            files[str(path)] = content
    return files


HARNESSES: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (hcl, template, policy, plan, configuration, suppression)
}
