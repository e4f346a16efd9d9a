"""Properties that name the role something that AWS runs acts with, by resource type.

Of the CloudFormation resource schemas of 2026-10-20: roles with which the customer's code or
configuration may use DynamoDB. Not here: roles that only write logs, metrics or replicas, the
execution role of ECS, and what is a `Client` anyway (functions, instances, ECS services, DAX
clusters). Paths as in `places`.
"""

from __future__ import annotations

_RULE_ACTIONS = (
    "DynamoDB", "DynamoDBv2", "Kinesis", "Firehose", "Republish", "S3", "Sns", "Sqs",
    "StepFunctions", "Timestream", "IotEvents", "IotAnalytics",
)  # fmt: skip

_OPENAPI = (
    "paths{}{}.x-amazon-apigateway-integration.credentials",
    "components.x-amazon-apigateway-integrations{}.credentials",
)
"""Where an OpenAPI definition names roles; below the paths of an API come its methods.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
"""

ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "AWS::ApiGateway::Method": ("API Gateway integration", ("Integration.Credentials",)),
    "AWS::ApiGateway::RestApi": ("API Gateway integration", tuple(f"Body.{path}" for path in _OPENAPI)),
    "AWS::ApiGatewayV2::Api": (
        "API Gateway integration",
        ("CredentialsArn", *(f"Body.{path}" for path in _OPENAPI)),
    ),
    "AWS::ApiGatewayV2::Integration": ("API Gateway integration", ("CredentialsArn",)),
    "AWS::AppRunner::Service": ("App Runner service", ("InstanceConfiguration.InstanceRoleArn",)),
    "AWS::AppSync::DataSource": ("AppSync data source", ("ServiceRoleArn",)),
    "AWS::ApplicationAutoScaling::ScalableTarget": ("Auto Scaling target", ("RoleARN",)),
    "AWS::Backup::BackupSelection": ("Backup selection", ("BackupSelection.IamRoleArn",)),
    "AWS::Batch::ComputeEnvironment": ("Batch compute environment", ("ServiceRole",)),
    "AWS::Batch::JobDefinition": (
        "Batch job definition",
        (
            "ContainerProperties.JobRoleArn",
            "EcsProperties.TaskProperties[].TaskRoleArn",
            "NodeProperties.NodeRangeProperties[].Container.JobRoleArn",
            "NodeProperties.NodeRangeProperties[].EcsProperties.TaskProperties[].TaskRoleArn",
        ),
    ),
    "AWS::Bedrock::Agent": ("Bedrock agent", ("AgentResourceRoleArn",)),
    "AWS::Bedrock::Flow": ("Bedrock flow", ("ExecutionRoleArn",)),
    "AWS::BedrockAgentCore::CodeInterpreterCustom": ("Bedrock AgentCore code interpreter", ("ExecutionRoleArn",)),
    "AWS::BedrockAgentCore::Gateway": ("Bedrock AgentCore gateway", ("RoleArn",)),
    "AWS::BedrockAgentCore::Harness": ("Bedrock AgentCore harness", ("ExecutionRoleArn",)),
    "AWS::BedrockAgentCore::Runtime": ("Bedrock AgentCore runtime", ("RoleArn",)),
    "AWS::CodeBuild::Project": ("CodeBuild project", ("ServiceRole",)),
    "AWS::CodeDeploy::DeploymentGroup": ("CodeDeploy deployment group", ("ServiceRoleArn",)),
    "AWS::CodePipeline::Pipeline": ("CodePipeline pipeline", ("RoleArn", "Stages[].Actions[].RoleArn")),
    "AWS::DMS::Endpoint": (
        "DMS endpoint",
        tuple(
            f"{engine}Settings.ServiceAccessRoleArn"
            for engine in ("DynamoDb", "Elasticsearch", "Kinesis", "Neptune", "Redshift", "S3")
        ),
    ),
    "AWS::ECS::DaemonTaskDefinition": ("ECS task definition", ("TaskRoleArn",)),
    "AWS::ECS::ExpressGatewayService": ("ECS Express service", ("TaskRoleArn",)),
    "AWS::ECS::TaskDefinition": ("ECS task definition", ("TaskRoleArn",)),
    "AWS::EKS::Addon": ("EKS add-on", ("ServiceAccountRoleArn", "PodIdentityAssociations[].RoleArn")),
    "AWS::EKS::FargateProfile": ("EKS Fargate profile", ("PodExecutionRoleArn",)),
    "AWS::EKS::Nodegroup": ("EKS node group", ("NodeRole",)),
    "AWS::EKS::PodIdentityAssociation": ("EKS pod identity", ("RoleArn", "TargetRoleArn")),
    "AWS::EMR::Cluster": ("EMR cluster", ("ServiceRole",)),
    "AWS::EMRContainers::JobTemplate": ("EMR job template", ("JobTemplateData.ExecutionRoleArn",)),
    "AWS::Events::Rule": ("EventBridge target", ("RoleArn", "Targets[].RoleArn")),
    "AWS::Glue::Crawler": ("Glue crawler", ("Role",)),
    "AWS::Glue::DevEndpoint": ("Glue development endpoint", ("RoleArn",)),
    "AWS::Glue::Job": ("Glue job", ("Role",)),
    "AWS::IoT::RoleAlias": ("IoT role alias", ("RoleArn",)),
    "AWS::IoT::TopicRule": (
        "IoT rule",
        tuple(
            f"TopicRulePayload.{place}.{action}.RoleArn"
            for place in ("Actions[]", "ErrorAction")
            for action in _RULE_ACTIONS
        ),
    ),
    "AWS::KafkaConnect::Connector": ("MSK connector", ("ServiceExecutionRoleArn",)),
    "AWS::KinesisAnalyticsV2::Application": ("Managed Flink application", ("ServiceExecutionRole",)),
    "AWS::KinesisFirehose::DeliveryStream": (
        "Firehose stream",
        (
            "KinesisStreamSourceConfiguration.RoleARN",
            "ExtendedS3DestinationConfiguration.RoleARN",
            "S3DestinationConfiguration.RoleARN",
        ),
    ),
    "AWS::Lambda::WebFunctionRevision": ("Lambda web function", ("ServiceConfig.ExecutionRoleArn",)),
    "AWS::MWAA::Environment": ("MWAA environment", ("ExecutionRoleArn",)),
    "AWS::OSIS::Pipeline": ("OpenSearch Ingestion pipeline", ("PipelineRoleArn",)),
    "AWS::Pipes::Pipe": ("EventBridge pipe", ("RoleArn",)),
    "AWS::Redshift::Cluster": ("Redshift cluster", ("IamRoles[]",)),
    "AWS::RedshiftServerless::Namespace": ("Redshift namespace", ("IamRoles[]",)),
    "AWS::SSM::MaintenanceWindowTask": ("maintenance window task", ("ServiceRoleArn",)),
    "AWS::SageMaker::Model": ("SageMaker model", ("ExecutionRoleArn",)),
    "AWS::SageMaker::NotebookInstance": ("SageMaker notebook instance", ("RoleArn",)),
    "AWS::SageMaker::Pipeline": ("SageMaker pipeline", ("RoleArn",)),
    "AWS::Scheduler::Schedule": ("EventBridge schedule", ("Target.RoleArn",)),
    "AWS::Serverless::Api": ("API Gateway integration", tuple(f"DefinitionBody.{path}" for path in _OPENAPI)),
    "AWS::Serverless::HttpApi": ("API Gateway integration", tuple(f"DefinitionBody.{path}" for path in _OPENAPI)),
    "AWS::StepFunctions::StateMachine": ("Step Functions state machine", ("RoleArn",)),
    "AWS::Synthetics::Canary": ("Synthetics canary", ("ExecutionRoleArn",)),
    "AWS::Transfer::Server": (
        "Transfer workflow",
        ("WorkflowDetails.OnUpload[].ExecutionRole", "WorkflowDetails.OnPartialUpload[].ExecutionRole"),
    ),
}  # fmt: skip
"""What it is in AWS's words, and the properties."""

PROFILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "AWS::AutoScaling::LaunchConfiguration": ("EC2 launch configuration", ("IamInstanceProfile",)),
    "AWS::Batch::ComputeEnvironment": ("Batch compute environment", ("ComputeResources.InstanceRole",)),
    "AWS::EC2::LaunchTemplate": (
        "EC2 launch template",
        ("LaunchTemplateData.IamInstanceProfile.Name", "LaunchTemplateData.IamInstanceProfile.Arn"),
    ),
    "AWS::EMR::Cluster": ("EMR cluster", ("JobFlowRole",)),
}
"""The same for instance profiles, which hold the role."""
