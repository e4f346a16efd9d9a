"""The policy templates of AWS SAM.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
"""

from __future__ import annotations

_TABLE, _INDEXES, _STREAM = "table/{TableName}", "table/{TableName}/index/*", "table/{TableName}/stream/{StreamName}"
_STREAMS, _BACKUPS = "table/{TableName}/stream/*", "table/{TableName}/backup/*"
_READ = "GetItem Scan Query BatchGetItem DescribeTable"
_KEY = "key/{KeyId}"

Statements = tuple[tuple[str, tuple[str, ...]], ...]

_DYNAMODB: dict[str, Statements] = {
    "DynamoDBBackupFullAccessPolicy": (
        ("CreateBackup DescribeContinuousBackups", (_TABLE,)),
        ("DeleteBackup DescribeBackup ListBackups", (_BACKUPS,)),
    ),
    "DynamoDBCrudPolicy": (
        (
            "GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable"
            " ConditionCheckItem",
            (_TABLE, _INDEXES),
        ),
    ),
    "DynamoDBReadPolicy": ((_READ, (_TABLE, _INDEXES)),),
    "DynamoDBReconfigurePolicy": (("UpdateTable", (_TABLE,)),),
    "DynamoDBRestoreFromBackupPolicy": (
        ("RestoreTableFromBackup", (_BACKUPS,)),
        ("PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem", (_TABLE,)),
    ),
    "DynamoDBStreamReadPolicy": (
        ("DescribeStream GetRecords GetShardIterator", (_STREAM,)),
        ("ListStreams", (_STREAMS,)),
    ),
    "DynamoDBWritePolicy": (("PutItem UpdateItem BatchWriteItem", (_TABLE, _INDEXES)),),
}
_KMS: dict[str, Statements] = {
    "KMSDecryptPolicy": (("Decrypt", (_KEY,)),),
    "KMSEncryptPolicy": (("Encrypt", (_KEY,)),),
    "KMSEncryptPolicy_v2": (
        (
            "Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair"
            " GenerateDataKeyPairWithoutPlaintext",
            (_KEY,),
        ),
    ),
}

TEMPLATES = {
    name: (service, statements)
    for service, templates in (("dynamodb", _DYNAMODB), ("kms", _KMS))
    for name, statements in templates.items()
}
"""Each template that grants actions of DynamoDB or on keys: the service, and its statements with the actions
and the resources below the prefix of the service and account."""

_OTHERS = """
AMIDescribePolicy AWSSecretsManagerGetSecretValuePolicy AWSSecretsManagerRotationPolicy AcmGetCertificatePolicy
AthenaQueryPolicy CloudFormationDescribeStacksPolicy CloudWatchDashboardPolicy CloudWatchDescribeAlarmHistoryPolicy
CloudWatchPutMetricPolicy CodeCommitCrudPolicy CodeCommitReadPolicy CodePipelineLambdaExecutionPolicy
CodePipelineReadOnlyPolicy ComprehendBasicAccessPolicy CostExplorerReadOnlyPolicy EC2CopyImagePolicy
EC2DescribePolicy EFSWriteAccessPolicy EKSDescribePolicy EcsRunTaskPolicy ElasticMapReduceAddJobFlowStepsPolicy
ElasticMapReduceCancelStepsPolicy ElasticMapReduceModifyInstanceFleetPolicy
ElasticMapReduceModifyInstanceGroupsPolicy ElasticMapReduceSetTerminationProtectionPolicy
ElasticMapReduceTerminateJobFlowsPolicy ElasticsearchHttpPostPolicy EventBridgePutEventsPolicy FilterLogEventsPolicy
FirehoseCrudPolicy FirehoseWritePolicy KinesisCrudPolicy
KinesisStreamReadPolicy LambdaInvokePolicy MobileAnalyticsWriteOnlyAccessPolicy OrganizationsListAccountsPolicy
PinpointEndpointAccessPolicy PollyFullAccessPolicy RekognitionDetectOnlyPolicy RekognitionFacesManagementPolicy
RekognitionFacesPolicy RekognitionLabelsPolicy RekognitionNoDataAccessPolicy RekognitionReadPolicy
RekognitionWriteOnlyAccessPolicy Route53ChangeResourceRecordSetsPolicy S3CrudPolicy S3FullAccessPolicy S3ReadPolicy
S3WritePolicy SESBulkTemplatedCrudPolicy SESBulkTemplatedCrudPolicy_v2 SESCrudPolicy SESEmailTemplateCrudPolicy
SESSendBouncePolicy SNSCrudPolicy SNSPublishMessagePolicy SQSPollerPolicy SQSSendMessagePolicy
SSMParameterReadPolicy SSMParameterWithSlashPrefixReadPolicy SageMakerCreateEndpointConfigPolicy
SageMakerCreateEndpointPolicy ServerlessRepoReadWriteAccessPolicy StepFunctionsCallbackPolicy
StepFunctionsExecutionPolicy StepFunctionsExecutionPolicy_v2 TextractDetectAnalyzePolicy TextractGetResultPolicy
TextractPolicy VPCAccessPolicy
"""

OTHER_TEMPLATES = frozenset(_OTHERS.split())
"""The templates that grant nothing on tables and keys."""
