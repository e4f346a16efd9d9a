"""Recorders, delivery channels and rules of AWS Config."""

from __future__ import annotations

from dynavet.model import ConfigRule, DeliveryChannel, Recorder, RecordingGroup, Texts
from dynavet.text import Text
from dynavet.values import Known, Object, Origin, Value, bind
from dynavet_parsers.cloudformation.readers import boolean, each_known, member, text
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.trails import flag, list_of
from dynavet_parsers.conformance_packs import managed_rules, unseen


def read_recorder(stack: Stack, resource: Resource) -> None:
    """``AWS::Config::ConfigurationRecorder``, which CloudFormation starts unless it is told not to."""
    stack.project.recorders.append(
        Recorder(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            recording=flag(resource.get("StartedOnCreate"), default=True),
            group=each_known(_group, resource.get("RecordingGroup"), None),
        )
    )


def _group(data: Object, origin: Origin | None) -> Value[RecordingGroup | None]:
    group = RecordingGroup(
        origin=origin,
        strategy=text(member(data.get("RecordingStrategy"), "UseOnly")),
        all_supported=boolean(data.get("AllSupported")),
        included=Known(list_of(data.get("ResourceTypes"))),
        excluded=Known(list_of(member(data.get("ExclusionByResourceTypes"), "ResourceTypes"))),
    )
    return Known(group, origin)


def read_delivery_channel(stack: Stack, resource: Resource) -> None:
    """``AWS::Config::DeliveryChannel``."""
    stack.project.delivery_channels.append(
        DeliveryChannel(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            topic=text(resource.get("SnsTopicARN")),
        )
    )


def read_rule(stack: Stack, resource: Resource) -> None:
    """``AWS::Config::ConfigRule``."""
    identifier = text(resource.get("Source", "SourceIdentifier"))
    types = list_of(resource.get("Scope", "ComplianceResourceTypes"))
    _add(stack, resource, Known(Texts(items=(identifier,))), types)


def read_organization_rule(stack: Stack, resource: Resource) -> None:
    """``AWS::Config::OrganizationConfigRule``: a managed or a custom one, by what describes it."""
    managed = "OrganizationManagedRuleMetadata"
    identifier = text(resource.get(managed, "RuleIdentifier"))
    described = (managed, "OrganizationCustomRuleMetadata", "OrganizationCustomPolicyRuleMetadata")
    types = [list_of(resource.get(name, "ResourceTypesScope")) for name in described]
    items = tuple(item for each in types for item in each.items)
    more = tuple(reason for each in types for reason in each.more)
    _add(stack, resource, Known(Texts(items=(identifier,))), Texts(items=items, more=more))


def read_pack(stack: Stack, resource: Resource) -> None:
    """``AWS::Config::ConformancePack``, also of an organization."""
    body = text(resource.get("TemplateBody"))
    elsewhere = unseen(f"the template of {resource.logical_id} is not in this code", resource.origin)

    def read_template(template: Text | None) -> Value[Texts]:
        return Known(elsewhere if template is None else managed_rules(template, body.origin))

    _add(stack, resource, bind(read_template, body), Texts())


def _add(stack: Stack, resource: Resource, managed: Value[Texts], resource_types: Texts) -> None:
    stack.project.config_rules.append(
        ConfigRule(
            address=resource.logical_id,
            origin=resource.origin,
            exists=resource.exists,
            managed=managed,
            resource_types=Known(resource_types),
        )
    )
