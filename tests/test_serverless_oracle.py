"""What is read of a service is what is read of the template that the framework itself makes of it.

Needs version 3 of the framework as ``serverless`` on the path, which packages a service without the network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dynavet.model import Project
from dynavet.sources import Sources
from dynavet.values import Known
from dynavet_parsers.cloudformation import read_template

FIXTURES = Path(__file__).parent / "fixtures" / "serverless"
COMPILED = Path(".serverless/cloudformation-template-update-stack.json")
OF_THE_FRAMEWORK = "ServerlessDeploymentBucket"


@pytest.mark.skipif(shutil.which("serverless") is None, reason="needs the Serverless Framework")
@pytest.mark.parametrize("name", ["same", "streams"])
def test_the_template_that_the_framework_makes(name: str, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / name, tmp_path, dirs_exist_ok=True)
    service = tmp_path / "serverless.yml"
    text = service.read_text("utf-8").replace("name: aws\n", "name: aws\n  runtime: nodejs20.x\n")
    text = text.replace("${aws:PrincipalTag", r"\\${aws:PrincipalTag")
    service.write_text(f'frameworkVersion: "3"\n{text}', "utf-8")
    (tmp_path / "a.js").write_text("", "utf-8")
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "SLS_TELEMETRY_DISABLED": "1"}
    ran = subprocess.run(
        ["serverless", "package"], cwd=tmp_path, env={**os.environ, **keys}, capture_output=True, text=True, check=False
    )
    assert (tmp_path / COMPILED).is_file(), ran.stdout + ran.stderr
    sources = Sources([tmp_path], tmp_path)
    ours, theirs = read_template(service, sources), read_template(tmp_path / COMPILED, sources)
    assert ours is not None
    assert theirs is not None
    assert statements(ours) == statements(theirs)
    assert {(table.address, table.name, table.hash_key, table.encryption) for table in ours.tables} == {
        (table.address, table.name, table.hash_key, table.encryption) for table in theirs.tables
    }
    assert {(each.address, each.role, each.subnets) for each in ours.clients} == {
        (each.address, each.role, each.subnets) for each in theirs.clients
    }


def statements(project: Project) -> list[tuple[object, ...]]:
    """Each statement of a policy that the service asked for, without its place."""
    found = []
    for policy in project.policies:
        if not policy.address.startswith(OF_THE_FRAMEWORK):
            for slot in policy.statements:
                assert isinstance(slot, Known)
                assert slot.value is not None
                each = slot.value
                shown = (each.name, each.effect, each.actions, each.not_actions, each.resources, each.conditions)
                found.append((policy.address, policy.kind, *map(without_place, shown)))
    return sorted(found, key=str)


def without_place(value: object) -> str:
    """Patterns and conditions as text."""
    content = value.value if isinstance(value, Known) else value
    items = getattr(content, "items", None)
    if isinstance(items, tuple):
        return str([str(item.value) if isinstance(item, Known) else item for item in items])
    return str(len(content)) if isinstance(content, tuple) else str(content)
