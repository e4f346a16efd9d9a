"""What is known of resource types beside CloudFormation's own schemas, as cfn-lint brings them along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dynavet.text import Text
from dynavet.values import Known
from dynavet_parsers.cloudformation.policies import CARRIERS
from dynavet_parsers.cloudformation.references import ref
from dynavet_parsers.cloudformation.workload_roles import PROFILES, ROLES

Schema = dict[str, Any]

REGIONS = ("us-east-1", "eu-west-1")
INGRESS = ("CidrIp", "CidrIpv6", "FromPort", "IpProtocol", "SourcePrefixListId", "SourceSecurityGroupId", "ToPort")
PATHS = sorted(
    {(type_, carrier.path) for type_, carriers in CARRIERS.items() for carrier in carriers}
    | {
        (type_, path.partition(".paths{}")[0].partition(".components.")[0])  # what is below is OpenAPI's
        for table in (ROLES, PROFILES)
        for type_, (_, paths) in table.items()
        for path in paths
        if not type_.startswith("AWS::Serverless::")
    }
    | {
        ("AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "GuardrailPolicies[]"),
        ("AWS::Chatbot::SlackChannelConfiguration", "GuardrailPolicies[]"),
        ("AWS::Chatbot::SlackChannelConfiguration", "IamRoleArn"),
        ("AWS::CloudTrail::EventDataStore", "AdvancedEventSelectors[].FieldSelectors[].NotStartsWith"),
        ("AWS::CloudTrail::EventDataStore", "IngestionEnabled"),
        ("AWS::CloudTrail::EventDataStore", "MultiRegionEnabled"),
        ("AWS::CloudTrail::Trail", "AdvancedEventSelectors[].FieldSelectors[].Field"),
        ("AWS::CloudTrail::Trail", "EnableLogFileValidation"),
        ("AWS::CloudTrail::Trail", "EventSelectors[].DataResources[].Values[]"),
        ("AWS::CloudTrail::Trail", "EventSelectors[].ExcludeManagementEventSources[]"),
        ("AWS::CloudTrail::Trail", "EventSelectors[].IncludeManagementEvents"),
        ("AWS::CloudTrail::Trail", "EventSelectors[].ReadWriteType"),
        ("AWS::CloudTrail::Trail", "IsLogging"),
        ("AWS::CloudTrail::Trail", "IsMultiRegionTrail"),
        ("AWS::Config::ConfigRule", "Scope.ComplianceResourceTypes[]"),
        ("AWS::Config::ConfigRule", "Source.SourceIdentifier"),
        ("AWS::Config::ConfigurationRecorder", "RecordingGroup.AllSupported"),
        ("AWS::Config::ConfigurationRecorder", "RecordingGroup.ExclusionByResourceTypes.ResourceTypes[]"),
        ("AWS::Config::ConfigurationRecorder", "RecordingGroup.RecordingStrategy.UseOnly"),
        ("AWS::Config::ConfigurationRecorder", "RecordingGroup.ResourceTypes[]"),
        ("AWS::Config::ConfigurationRecorder", "StartedOnCreate"),
        ("AWS::Config::ConformancePack", "TemplateBody"),
        ("AWS::Config::DeliveryChannel", "SnsTopicARN"),
        ("AWS::Config::OrganizationConfigRule", "OrganizationCustomPolicyRuleMetadata.ResourceTypesScope[]"),
        ("AWS::Config::OrganizationConfigRule", "OrganizationCustomRuleMetadata.ResourceTypesScope[]"),
        ("AWS::Config::OrganizationConfigRule", "OrganizationManagedRuleMetadata.ResourceTypesScope[]"),
        ("AWS::Config::OrganizationConfigRule", "OrganizationManagedRuleMetadata.RuleIdentifier"),
        ("AWS::Config::OrganizationConformancePack", "TemplateBody"),
        ("AWS::Cognito::IdentityPool", "AllowUnauthenticatedIdentities"),
        ("AWS::Cognito::IdentityPoolRoleAttachment", "IdentityPoolId"),
        ("AWS::DAX::Cluster", "ClusterEndpointEncryptionType"),
        ("AWS::DAX::Cluster", "SSESpecification.SSEEnabled"),
        ("AWS::DAX::Cluster", "SecurityGroupIds[]"),
        ("AWS::DAX::SubnetGroup", "SubnetIds[]"),
        ("AWS::DynamoDB::GlobalTable", "StreamSpecification.StreamViewType"),
        ("AWS::DynamoDB::Table", "StreamSpecification.StreamViewType"),
        ("AWS::EC2::Instance", "LaunchTemplate.LaunchTemplateId"),
        ("AWS::EC2::Instance", "LaunchTemplate.LaunchTemplateName"),
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.NetworkInterfaces[].SubnetId"),
        ("AWS::EC2::RouteTable", "VpcId"),
        ("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId"),
        ("AWS::EC2::SubnetRouteTableAssociation", "SubnetId"),
        ("AWS::EC2::VPCEndpoint", "RouteTableIds[]"),
        *(("AWS::EC2::SecurityGroup", f"SecurityGroupIngress[].{name}") for name in INGRESS),
        *(("AWS::EC2::SecurityGroupIngress", name) for name in (*INGRESS, "GroupId", "GroupName")),
        ("AWS::IAM::Group", "Policies[].PolicyDocument"),
        ("AWS::IAM::InstanceProfile", "Roles[]"),
        ("AWS::IAM::ManagedPolicy", "Groups[]"),
        ("AWS::IAM::Policy", "Users[]"),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ("AWS::IAM::Role", "ManagedPolicyArns[]"),
        ("AWS::IAM::Role", "PermissionsBoundary"),
        ("AWS::IAM::Role", "Policies[].PolicyDocument"),
        ("AWS::IAM::User", "Groups[]"),
        ("AWS::IAM::User", "PermissionsBoundary"),
        ("AWS::IAM::UserToGroupAddition", "Users[]"),
        ("AWS::Kinesis::StreamConsumer", "StreamARN"),
        ("AWS::KinesisFirehose::DeliveryStream", "KinesisStreamSourceConfiguration.KinesisStreamARN"),
        ("AWS::Lambda::EventSourceMapping", "Enabled"),
        ("AWS::Lambda::EventSourceMapping", "EventSourceArn"),
        ("AWS::Lambda::Function", "Role"),
        ("AWS::Pipes::Pipe", "DesiredState"),
        ("AWS::Pipes::Pipe", "Source"),
        ("AWS::OSIS::Pipeline", "PipelineConfigurationBody"),
        ("AWS::Organizations::Policy", "Content"),
        ("AWS::Organizations::Policy", "TargetIds[]"),
        ("AWS::RolesAnywhere::Profile", "ManagedPolicyArns[]"),
        ("AWS::RolesAnywhere::Profile", "RoleArns[]"),
        ("AWS::SSO::Assignment", "PermissionSetArn"),
        ("AWS::SSO::Assignment", "PrincipalType"),
        ("AWS::SSO::PermissionSet", "CustomerManagedPolicyReferences[].Name"),
        ("AWS::SSO::PermissionSet", "ManagedPolicies[]"),
        ("AWS::SSO::PermissionSet", "PermissionsBoundary.CustomerManagedPolicyReference.Name"),
    }
)
NAMED_OTHERWISE = {
    "AWS::DAX::Cluster": "Id",  # which is its name
    "AWS::ECS::Service": "ServiceArn",
    "AWS::Events::Rule": "Arn",  # `Ref` gives the name all the same
    "AWS::SecretsManager::Secret": "Id",  # which is its ARN
}


@pytest.fixture(scope="module")
def schema_of() -> Callable[[str], Schema]:
    """The schema of a resource type; skips for a type that the installed schemas do not have."""
    schemas = pytest.importorskip("cfnlint.schema", reason="no cfn-lint in this environment")

    def found(resource_type: str) -> Schema:
        for region in REGIONS:
            try:
                schema: Schema = schemas.PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type).schema
            except schemas.ResourceNotFoundError:
                continue
            return schema
        pytest.skip(f"no schema of {resource_type} in this cfn-lint")

    return found


def meanings(schema: Schema, node: Schema) -> Iterator[Schema]:
    """A part of a schema and what it refers to or offers as alternatives."""
    if "$ref" in node:
        target = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from meanings(schema, target)
    yield node
    for word in ("allOf", "anyOf", "oneOf"):
        for alternative in node.get(word, ()):
            yield from meanings(schema, alternative)


def step_into(schema: Schema, node: Schema, step: str) -> Schema | None:
    for each in meanings(schema, node):
        inner = each.get("items") if step == "[]" else each.get("properties", {}).get(step)
        if isinstance(inner, dict):
            return inner
    return None


@pytest.mark.parametrize(("type_", "path"), PATHS, ids=[f"{type_}.{path}" for type_, path in PATHS])
def test_every_path_is_a_property(schema_of: Callable[[str], Schema], type_: str, path: str) -> None:
    schema = schema_of(type_)
    node: Schema | None = schema
    for step in path.replace("[]", ".[]").split("."):
        assert node is not None
        node = step_into(schema, node, step)
    assert node is not None


def test_a_path_that_is_no_property_is_found_out(schema_of: Callable[[str], Schema]) -> None:
    schema = schema_of("AWS::IAM::Role")
    assert step_into(schema, schema, "Policies") is not None
    assert step_into(schema, schema, "RoleNames") is None


@pytest.mark.parametrize(
    "type_",
    ["AWS::AppRunner::Service", "AWS::Batch::JobQueue", "AWS::CloudTrail::EventDataStore", "AWS::DAX::Cluster",
     "AWS::DAX::SubnetGroup", "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::ECS::Service",
     "AWS::ECS::TaskDefinition", "AWS::Events::Rule", "AWS::IAM::Group", "AWS::IAM::InstanceProfile",
     "AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::KMS::Alias", "AWS::Kinesis::Stream",
     "AWS::KinesisFirehose::DeliveryStream", "AWS::Lambda::Alias", "AWS::Lambda::Function", "AWS::Lambda::Version",
     "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SecretsManager::Secret", "AWS::StepFunctions::Activity",
     "AWS::StepFunctions::StateMachine"],
)  # fmt: skip
def test_ref_gives_the_identifier(schema_of: Callable[[str], Schema], type_: str) -> None:
    identifier = schema_of(type_)["primaryIdentifier"][0].rpartition("/")[2]
    value = ref("X", type_, None)
    assert isinstance(value, Known)
    assert isinstance(value.value, Text)
    (reference,) = value.value.references
    if type_ in NAMED_OTHERWISE:
        assert identifier == NAMED_OTHERWISE[type_]
    else:
        assert reference.attribute == ("arn" if identifier.endswith("Arn") else "name")


@pytest.mark.parametrize(
    "type_", ["AWS::Cognito::IdentityPool", "AWS::EC2::LaunchTemplate", "AWS::EC2::Subnet", "AWS::EC2::VPC",
              "AWS::KMS::Key", "AWS::Organizations::Policy"]
)  # fmt: skip
def test_ref_of_what_has_an_id(schema_of: Callable[[str], Schema], type_: str) -> None:
    assert schema_of(type_)["primaryIdentifier"][0].endswith("Id")
    value = ref("X", type_, None)
    assert isinstance(value, Known)
    assert value.value.references[0].attribute == "id"
