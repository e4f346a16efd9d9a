"""What ``Ref`` and ``Fn::GetAtt`` of a resource give, in the model's vocabulary."""

from __future__ import annotations

from dynavet.text import Reference, Text
from dynavet.values import Known, Origin, Unknown, Value

TABLE_TYPES = frozenset(("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"))

_REF_IS_ARN = frozenset(
    (
        "AWS::CertificateManager::Certificate",
        "AWS::ACMPCA::CertificateAuthority",
        "AWS::AppRunner::Service",
        "AWS::Batch::JobDefinition",
        "AWS::Batch::JobQueue",
        "AWS::CloudTrail::EventDataStore",
        "AWS::ECS::Service",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::OIDCProvider",
        "AWS::IAM::SAMLProvider",
        "AWS::Lambda::Alias",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Version",
        "AWS::MSK::Cluster",
        "AWS::SecretsManager::Secret",
        "AWS::Serverless::LayerVersion",
        "AWS::Serverless::StateMachine",
        "AWS::SNS::Topic",
        "AWS::StepFunctions::Activity",
        "AWS::StepFunctions::StateMachine",
    )
)
_REF_IS_NAME = TABLE_TYPES | frozenset(
    (
        "AWS::DAX::Cluster",
        "AWS::DAX::SubnetGroup",
        "AWS::ECS::Cluster",
        "AWS::Events::EventBus",
        "AWS::Events::Rule",
        "AWS::IAM::Group",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::IAM::User",
        "AWS::Kinesis::Stream",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::KMS::Alias",
        "AWS::Lambda::Function",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::Serverless::Function",
        "AWS::SSM::Parameter",
    )
)
_IDENTIFIERS = {"SecurityGroup": "GroupId", "VPC": "VpcId", "VPCEndpoint": "Id"}
_ARN_SERVICES = {
    "applicationautoscaling": "application-autoscaling",
    "certificatemanager": "acm",
    "amazonmq": "mq",
    "ecr": "ecr",
    "efs": "elasticfilesystem",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "elasticsearch": "es",
    "kinesisfirehose": "firehose",
    "msk": "kafka",
    "opensearchserverless": "aoss",
    "opensearchservice": "es",
    "stepfunctions": "states",
}
_SERVERLESS_SERVICES = {
    "Api": "execute-api",
    "Function": "lambda",
    "HttpApi": "execute-api",
    "LayerVersion": "lambda",
    "StateMachine": "states",
}


def ref(logical_id: str, resource_type: str, at: Origin | None) -> Value[Text]:
    """The value of ``Ref``: the resource's name, id or ARN, as its type has it."""
    if _opaque(resource_type):
        return Unknown(f"{logical_id} is decided by {_decider(resource_type)}", at)
    if resource_type == "AWS::SQS::Queue":
        return _reference(logical_id, "url", "*", at)
    if resource_type in _REF_IS_ARN:
        return _reference(logical_id, "arn", arn_shape(resource_type), at)
    return _reference(logical_id, "name" if resource_type in _REF_IS_NAME else "id", "*", at)


def attribute(logical_id: str, resource_type: str, name: str, at: Origin | None) -> Value[Text]:
    """The value of ``Fn::GetAtt``; of a custom resource or nested stack it is unknown."""
    if _opaque(resource_type):
        return Unknown(f"{logical_id}.{name} is decided by {_decider(resource_type)}", at)
    if resource_type in TABLE_TYPES and name == "StreamArn":
        return _reference(logical_id, "stream_arn", "arn:*:dynamodb:*:*:table/*/stream/*", at)
    last = resource_type.rpartition("::")[2]
    if name in ("Arn", f"{last}Arn") or (last == "ManagedPolicy" and name == "PolicyArn"):
        return _reference(logical_id, "arn", arn_shape(resource_type), at)
    if name in ("Id", f"{last}Id", _IDENTIFIERS.get(last)) and resource_type not in _REF_IS_NAME:
        return _reference(logical_id, "id", "*", at)
    if name in ("Name", f"{last}Name"):
        return _reference(logical_id, "name", "*", at)
    return _reference(logical_id, name, arn_shape(resource_type) if name.endswith("Arn") else "*", at)


def arn_shape(resource_type: str) -> str:
    """A glob that the ARNs of all resources of this type match."""
    if resource_type in TABLE_TYPES:
        return "arn:*:dynamodb:*:*:table/*"
    namespace, _, rest = resource_type.partition("::")
    service, _, kind = rest.partition("::")
    if namespace != "AWS" or not kind:
        return "*"
    if service == "Serverless":
        word = _SERVERLESS_SERVICES.get(kind)
    elif service == "Cognito":
        word = "cognito-identity" if kind.startswith("IdentityPool") else "cognito-idp"
    else:
        word = _ARN_SERVICES.get(service.lower(), service.lower())
    return f"arn:*:{word}:*" if word else "*"


def _reference(logical_id: str, name: str, shape: str, at: Origin | None) -> Value[Text]:
    return Known(Text((Reference(logical_id, name, shape),)), at)


def _opaque(resource_type: str) -> bool:
    """Whether nothing but the deployment knows what the resource's properties are."""
    return (
        not resource_type.startswith("AWS::")
        or resource_type.startswith("AWS::CloudFormation::")
        or resource_type == "AWS::Serverless::Application"
    )


def _decider(resource_type: str) -> str:
    if resource_type in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
        return "a nested stack"
    if resource_type.startswith(("Custom::", "AWS::CloudFormation::CustomResource")):
        return "a custom resource"
    return f"a resource of type {resource_type}"
