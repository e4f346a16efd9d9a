"""Arguments that name the role something that AWS runs acts with, by resource type.

Of hashicorp/aws 5.100 (`terraform providers schema -json`): roles with which the customer's
code or configuration may use DynamoDB. Not here: roles that only write logs, metrics or
replicas, the execution role of ECS, and what is a `Client` anyway (functions, instances,
ECS services, DAX clusters). A dotted path goes through nested blocks.
"""

from __future__ import annotations

ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "aws_ecs_task_definition": ("ECS task definition", ("task_role_arn",)),
    "aws_eks_pod_identity_association": ("EKS pod identity", ("role_arn",)),
    "aws_eks_addon": ("EKS add-on", ("service_account_role_arn", "pod_identity_association.role_arn")),
    "aws_eks_node_group": ("EKS node group", ("node_role_arn",)),
    "aws_eks_fargate_profile": ("EKS Fargate profile", ("pod_execution_role_arn",)),
    "aws_appsync_datasource": ("AppSync data source", ("service_role_arn",)),
    "aws_sfn_state_machine": ("Step Functions state machine", ("role_arn",)),
    "aws_pipes_pipe": ("EventBridge pipe", ("role_arn",)),
    "aws_scheduler_schedule": ("EventBridge schedule", ("target.role_arn",)),
    "aws_cloudwatch_event_target": ("EventBridge target", ("role_arn",)),
    "aws_iot_topic_rule": (
        "IoT rule",
        tuple(
            f"{prefix}{action}.role_arn"
            for prefix in ("", "error_action.")
            for action in ("dynamodb", "dynamodbv2", "kinesis", "firehose", "republish", "s3", "sns", "sqs",
                           "step_functions", "timestream", "iot_events", "iot_analytics")
        ),
    ),
    "aws_iot_role_alias": ("IoT role alias", ("role_arn",)),
    "aws_api_gateway_integration": ("API Gateway integration", ("credentials",)),
    "aws_apigatewayv2_integration": ("API Gateway integration", ("credentials_arn",)),
    "aws_glue_job": ("Glue job", ("role_arn",)),
    "aws_glue_crawler": ("Glue crawler", ("role",)),
    "aws_glue_dev_endpoint": ("Glue development endpoint", ("role_arn",)),
    "aws_codebuild_project": ("CodeBuild project", ("service_role",)),
    "aws_codepipeline": ("CodePipeline pipeline", ("role_arn", "stage.action.role_arn")),
    "aws_codedeploy_deployment_group": ("CodeDeploy deployment group", ("service_role_arn",)),
    "aws_apprunner_service": ("App Runner service", ("instance_configuration.instance_role_arn",)),
    "aws_batch_compute_environment": ("Batch compute environment", ("service_role",)),
    "aws_bedrockagent_agent": ("Bedrock agent", ("agent_resource_role_arn",)),
    "aws_cloudformation_stack": ("CloudFormation stack", ("iam_role_arn",)),
    "aws_dms_endpoint": ("DMS endpoint", ("service_access_role",)),
    "aws_emr_cluster": ("EMR cluster", ("service_role",)),
    "aws_emrcontainers_job_template": ("EMR job template", ("job_template_data.execution_role_arn",)),
    "aws_backup_selection": ("Backup selection", ("iam_role_arn",)),
    "aws_appautoscaling_target": ("Auto Scaling target", ("role_arn",)),
    "aws_kinesis_firehose_delivery_stream": (
        "Firehose stream",
        ("kinesis_source_configuration.role_arn", "extended_s3_configuration.role_arn"),
    ),
    "aws_kinesisanalyticsv2_application": ("Managed Flink application", ("service_execution_role",)),
    "aws_mskconnect_connector": ("MSK connector", ("service_execution_role_arn",)),
    "aws_mwaa_environment": ("MWAA environment", ("execution_role_arn",)),
    "aws_redshift_cluster": ("Redshift cluster", ("iam_roles",)),
    "aws_redshiftserverless_namespace": ("Redshift namespace", ("iam_roles",)),
    "aws_sagemaker_model": ("SageMaker model", ("execution_role_arn",)),
    "aws_sagemaker_notebook_instance": ("SageMaker notebook instance", ("role_arn",)),
    "aws_sagemaker_pipeline": ("SageMaker pipeline", ("role_arn",)),
    "aws_ssm_maintenance_window_task": ("maintenance window task", ("service_role_arn",)),
    "aws_synthetics_canary": ("Synthetics canary", ("execution_role_arn",)),
    "aws_transfer_server": ("Transfer workflow", ("workflow_details.on_upload.execution_role",)),
}  # fmt: skip
"""What it is in AWS's words, and the arguments."""

PROFILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "aws_launch_template": ("EC2 launch template", ("iam_instance_profile.name", "iam_instance_profile.arn")),
    "aws_launch_configuration": ("EC2 launch configuration", ("iam_instance_profile",)),
    "aws_batch_compute_environment": ("Batch compute environment", ("compute_resources.instance_role",)),
    "aws_emr_cluster": ("EMR cluster", ("ec2_attributes.instance_profile",)),
}
"""The same for instance profiles, which hold the role."""

_OPENAPI = (
    "paths.{}.{}.x-amazon-apigateway-integration.credentials",
    "components.x-amazon-apigateway-integrations.{}.credentials",
)
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html"""

DOCUMENTS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "aws_api_gateway_rest_api": ("API Gateway integration", {"body": _OPENAPI}),
    "aws_apigatewayv2_api": ("API Gateway integration", {"body": _OPENAPI}),
    "aws_batch_job_definition": (
        "Batch job definition",
        {
            "container_properties": ("jobRoleArn",),
            "ecs_properties": ("taskProperties.[].taskRoleArn",),
            "node_properties": (
                "nodeRangeProperties.[].container.jobRoleArn",
                "nodeRangeProperties.[].ecsProperties.taskProperties.[].taskRoleArn",
            ),
        },
    ),
}
"""The same for arguments in JSON, with the paths in the documents; ``{}`` and ``[]`` go through all members."""
