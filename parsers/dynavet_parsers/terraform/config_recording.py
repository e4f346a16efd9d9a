"""Recorders, delivery channels and rules of AWS Config."""

from __future__ import annotations

from dynavet.model import ConfigRule, DeliveryChannel, Recorder, RecordingGroup, Texts
from dynavet.text import Text
from dynavet.values import ABSENT, Known, Value, apply, bind
from dynavet_parsers.conformance_packs import managed_rules, unseen
from dynavet_parsers.terraform.body import Body
from dynavet_parsers.terraform.providers import provider_name
from dynavet_parsers.terraform.resource import Reading, Resource
from dynavet_parsers.terraform.trails import flag, list_of

_DEFAULT_NAME = Text.of("default")
_PACKS = ("aws_config_conformance_pack", "aws_config_organization_conformance_pack")
_ORGANIZATION_RULES = (
    "aws_config_organization_managed_rule",
    "aws_config_organization_custom_rule",
    "aws_config_organization_custom_policy_rule",
)
_STATUS = "aws_config_configuration_recorder_status"


def read(reading: Reading) -> None:
    """Add recorders, delivery channels and rules to the project."""
    project = reading.project
    project.recorders += [_recorder(reading, each) for each in reading.of("aws_config_configuration_recorder")]
    project.delivery_channels += [
        DeliveryChannel(**each.entity, place=_place(each), topic=each.body.text("sns_topic_arn"))
        for each in reading.of("aws_config_delivery_channel")
    ]
    project.config_rules += [_rule(each) for each in reading.of("aws_config_config_rule")]
    project.config_rules += [_organization_rule(each) for each in reading.of(*_ORGANIZATION_RULES)]
    project.config_rules += [_pack(each) for each in reading.of(*_PACKS)]


def _place(resource: Resource) -> str:
    """The module instance, provider configuration and Region that a resource is created with, as they are written."""
    argument = resource.body.block.arguments.get("provider")
    provider = "aws" if argument is None else provider_name(argument.value, resource.body.scope)
    region = resource.body.text("region")
    return f"{resource.module.prefix} {provider} {region.value if isinstance(region, Known) else region}"


def _recorder(reading: Reading, resource: Resource) -> Recorder:
    return Recorder(
        **resource.entity,
        recording=_recording(reading, resource),
        place=_place(resource),
        group=bind(_group, resource.body.block_value("recording_group")),
    )


def _group(block: Body | None) -> Value[RecordingGroup | None]:
    if block is None:
        return Known(None)
    strategy = block.block_value("recording_strategy")
    group = RecordingGroup(
        origin=block.at,
        strategy=bind(lambda each: ABSENT if each is None else each.text("use_only"), strategy),
        all_supported=block.flag("all_supported"),
        included=_types(block),
        excluded=bind(_types, block.block_value("exclusion_by_resource_types")),
    )
    return Known(group, block.at)


def _types(block: Body | None) -> Value[Texts]:
    return Known(Texts() if block is None else list_of(block, "resource_types"))


def _recording(reading: Reading, recorder: Resource) -> Value[bool]:
    """Whether a status says so: Terraform creates a recorder stopped."""
    statuses = [each for each in reading.of(_STATUS) if _is_of(each, recorder)]
    if not statuses:
        return Known(False)
    enabled = flag(statuses[0].body, "is_enabled", default=False)
    return bind(lambda there: enabled if there else Known(False), statuses[0].exists)


def _is_of(status: Resource, recorder: Resource) -> bool:
    """Whether it is the status of the recorder: there is one of each in a Region of an account."""
    name = status.body.text("name")
    reference = name.value.reference if isinstance(name, Known) and name.value is not None else None
    if reference is not None and reference.target == recorder.address:
        return True
    own = apply(lambda given: given or _DEFAULT_NAME, recorder.body.text("name"))
    settled = isinstance(name, Known) and isinstance(own, Known) and not (reference or name.value != own.value)
    return _place(status) == _place(recorder) and (settled or not isinstance(name, Known))


def _rule(resource: Resource) -> ConfigRule:
    source, scope = resource.body.block_value("source"), resource.body.block_value("scope")
    return ConfigRule(
        **resource.entity,
        managed=bind(lambda block: _identifier(block, "source_identifier"), source),
        resource_types=bind(
            lambda block: Known(Texts() if block is None else list_of(block, "compliance_resource_types")), scope
        ),
    )


def _organization_rule(resource: Resource) -> ConfigRule:
    return ConfigRule(
        **resource.entity,
        managed=_identifier(resource.body, "rule_identifier"),
        resource_types=Known(list_of(resource.body, "resource_types_scope")),
    )


def _identifier(block: Body | None, argument: str) -> Value[Texts]:
    """The identifier of a managed rule; of a custom rule it names a function, or is not there."""
    return Known(Texts() if block is None else Texts(items=(block.text(argument),)))


def _pack(resource: Resource) -> ConfigRule:
    body = resource.body.text("template_body")
    elsewhere = unseen(f"the template of {resource.address} is not in this code", resource.body.at)

    def read_template(text: Text | None) -> Value[Texts]:
        return Known(elsewhere if text is None else managed_rules(text, body.origin))

    return ConfigRule(**resource.entity, managed=bind(read_template, body))
