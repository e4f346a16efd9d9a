"""Templates to projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from dynavet.model import MissingSource, Project, SourceProblem
from dynavet.sources import Sources
from dynavet.values import Data, Object, Origin, Value
from dynavet_parsers.boundaries import mark_boundaries
from dynavet_parsers.cloudformation import (
    attachments,
    backup,
    capacity,
    cdk,
    clients,
    config_recording,
    credentials,
    dax,
    endpoint_urls,
    keys,
    network,
    policies,
    principals,
    replicas,
    routes,
    sam,
    sam_connectors,
    sam_graphql,
    security_groups,
    stream_consumers,
    streams,
    tables,
    trails,
    workloads,
)
from dynavet_parsers.cloudformation.nested import LANGUAGE, NESTED, Nesting, adopt
from dynavet_parsers.cloudformation.opening import open_template, problem
from dynavet_parsers.cloudformation.readers import never
from dynavet_parsers.cloudformation.stack import Resource, Stack
from dynavet_parsers.cloudformation.template import Template, literal, mapping
from dynavet_parsers.role_users import mark_users

_READERS: dict[str, Callable[[Stack, Resource], None]] = {
    "AWS::Backup::BackupPlan": backup.read_plan,
    "AWS::Backup::BackupSelection": backup.read_selection,
    "AWS::ApplicationAutoScaling::ScalableTarget": capacity.read_scaling_target,
    "AWS::ApplicationAutoScaling::ScalingPolicy": capacity.read_scaling_policy,
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": attachments.read_limits,
    "AWS::Chatbot::SlackChannelConfiguration": attachments.read_limits,
    "AWS::CloudTrail::EventDataStore": trails.read_store,
    "AWS::CloudTrail::Trail": trails.read_trail,
    "AWS::Cognito::IdentityPoolRoleAttachment": workloads.read_pool_roles,
    "AWS::Config::ConfigRule": config_recording.read_rule,
    "AWS::Config::ConfigurationRecorder": config_recording.read_recorder,
    "AWS::Config::ConformancePack": config_recording.read_pack,
    "AWS::Config::DeliveryChannel": config_recording.read_delivery_channel,
    "AWS::Config::OrganizationConfigRule": config_recording.read_organization_rule,
    "AWS::Config::OrganizationConformancePack": config_recording.read_pack,
    "AWS::DAX::Cluster": dax.read_cluster,
    "AWS::DynamoDB::GlobalTable": tables.read_global_table,
    "AWS::DynamoDB::Table": tables.read_table,
    "AWS::EC2::Instance": clients.read_instance,
    "AWS::EC2::RouteTable": routes.read_route_table,
    "AWS::EC2::SecurityGroup": security_groups.read_group,
    "AWS::EC2::SecurityGroupIngress": security_groups.read_ingress,
    "AWS::EC2::Subnet": network.read_subnet,
    "AWS::EC2::SubnetRouteTableAssociation": routes.read_subnet_association,
    "AWS::EC2::VPC": network.read_vpc,
    "AWS::EC2::VPCEndpoint": routes.read_endpoint,
    "AWS::ECS::Service": clients.read_service,
    "AWS::Events::EventBusPolicy": policies.read_event_bus_policy,
    "AWS::IAM::Group": principals.read_group,
    "AWS::IAM::GroupPolicy": attachments.read_named_policy,
    "AWS::IAM::ManagedPolicy": attachments.read_attached_policy,
    "AWS::IAM::Policy": attachments.read_attached_policy,
    "AWS::IAM::Role": principals.read_role,
    "AWS::IAM::RolePolicy": attachments.read_named_policy,
    "AWS::IAM::User": principals.read_user,
    "AWS::IAM::UserPolicy": attachments.read_named_policy,
    "AWS::IAM::UserToGroupAddition": attachments.read_group_members,
    "AWS::Kinesis::Stream": streams.read_data_stream,
    "AWS::Kinesis::StreamConsumer": stream_consumers.read_registered,
    "AWS::KinesisFirehose::DeliveryStream": stream_consumers.read_delivery_stream,
    "AWS::KMS::Key": keys.read_key,
    "AWS::KMS::ReplicaKey": keys.read_key,
    "AWS::Lambda::EventSourceMapping": stream_consumers.read_mapping,
    "AWS::Lambda::Function": clients.read_function,
    "AWS::OSIS::Pipeline": stream_consumers.read_pipeline,
    "AWS::Organizations::Policy": policies.read_organization_policy,
    "AWS::Pipes::Pipe": stream_consumers.read_pipe,
    "AWS::RolesAnywhere::Profile": attachments.read_limits,
    "AWS::SSO::Assignment": attachments.read_assignment,
    "AWS::SSO::PermissionSet": principals.read_permission_set,
    "AWS::Serverless::Connector": sam_connectors.read_connector,
    "AWS::Serverless::Function": sam.read_serverless_function,
    "AWS::Serverless::GraphQLApi": sam_graphql.read_graphql_api,
    "AWS::Serverless::SimpleTable": tables.read_simple_table,
    "AWS::Serverless::StateMachine": sam.read_serverless_workload,
    "AWS::Serverless::WebFunction": sam.read_serverless_workload,
}


def read_template(path: Path, sources: Sources, given: Mapping[str, Value[Data]] | None = None) -> Project | None:
    """What a template declares, with the nested ones that are on disk; `None` for a file that is no template.

    `given` holds the values of parameters, those of other templates among them.
    A file that is meant as a template and cannot be read or parsed gives a project with the
    problem. Never raises for anything that a file may contain.
    """
    name = sources.show(path)
    try:
        opened = open_template(path, sources, given)
        if opened is None:
            return None
        if not isinstance(opened, SourceProblem):
            project = _project(Nesting(opened, path, sources))
            mark_boundaries(project)
            mark_users(project)
            return project
    except RecursionError:
        opened = problem(name, "expected a template with less nesting", Origin(name, 1, 1, 1, 1))
    return Project(root=name, language=LANGUAGE, files=[name], problems=[opened])


def _project(nesting: Nesting) -> Project:
    """All that a template and those nested in it declare."""
    stack = nesting.stack
    project = stack.project
    for resource in stack.resources():
        policies.read_policies_of(stack, resource)
        workloads.read_workloads_of(stack, resource)
        credentials.read_credentials_of(stack, resource)
        endpoint_urls.read_endpoint_urls_of(stack, resource)
        streams.read_destinations_of(stack, resource)
        stream_consumers.read_events_of(stack, resource)
        reader = _READERS.get(resource.type)
        if reader is not None:
            reader(stack, resource)
        sam_connectors.read_embedded_connectors(stack, resource)
        if resource.type in NESTED and not never(resource.exists):
            child = nesting.child(resource)
            if isinstance(child, Nesting):
                adopt(project, _project(child), resource)
            elif isinstance(child, MissingSource):
                project.missing.append(child)
            else:
                project.problems.append(child)
    replicas.add_replicas(stack)
    project.missing += _inserted(stack.template)
    cdk.with_constructs(project, stack.template)
    return project


def _inserted(template: Template) -> list[MissingSource]:
    """A macro among the resources, which adds others at deployment."""
    section = mapping(template.sections.entries.get("Resources")) or Object()
    value = section.entries.get("Fn::Transform")
    if value is None:
        return []
    origin = section.keys.get("Fn::Transform") or value.origin or template.origin
    name = mapping(value) or Object()
    source = literal(name.entries.get("Name")) or "Fn::Transform"
    return [MissingSource(address="Fn::Transform", origin=origin, source=source, reason="is resolved at deployment")]
