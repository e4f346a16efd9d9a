"""What lets the capacity of tables and indexes follow their load."""

from __future__ import annotations

from typing import Any

from dynavet.model import ScalingPolicy, ScalingTarget
from dynavet_parsers.terraform.resource import Reading, Resource


def read(reading: Reading) -> None:
    """Add what Application Auto Scaling may change, and when, to the project."""
    project = reading.project
    project.scaling_targets += [
        ScalingTarget(**r.entity, **_scalable(r)) for r in reading.of("aws_appautoscaling_target")
    ]
    project.scaling_policies += [
        ScalingPolicy(**r.entity, **_scalable(r)) for r in reading.of("aws_appautoscaling_policy")
    ]


def _scalable(resource: Resource) -> dict[str, Any]:
    return {"resource": resource.body.text("resource_id"), "dimension": resource.body.text("scalable_dimension")}
