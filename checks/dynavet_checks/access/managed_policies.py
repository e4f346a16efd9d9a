"""AWS managed policies that grant actions on DynamoDB tables, by name, as AWS published them by 2026-10.

Source: the policies' own documents. Retired ones are here as well, since code still names them. Those that grant
nothing but reading streams are not.
"""

from __future__ import annotations

import re

GRANT_TABLE_ACTIONS = frozenset(
    {
        "AWSBackupFullAccess",
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForRestores",
        "AWSDataPipelineRole",
        "AWSElasticBeanstalkFullAccess",
        "AWSElasticBeanstalkRoleWorkerTier",
        "AWSElasticBeanstalkWorkerTier",
        "AWSIoTRuleActions",
        "AWSLambdaFullAccess",
        "AWSLambdaReadOnlyAccess",
        "AWSThinkboxAWSPortalAdminPolicy",
        "AWSThinkboxAWSPortalGatewayPolicy",
        "AWSThinkboxDeadlineResourceTrackerAccessPolicy",
        "AWSThinkboxDeadlineResourceTrackerAdminPolicy",
        "AdministratorAccess",
        "AdministratorAccess-AWSElasticBeanstalk",
        "AdministratorAccess-Amplify",
        "AmazonDynamoDBFullAccess",
        "AmazonDynamoDBFullAccess_v2",
        "AmazonDynamoDBFullAccesswithDataPipeline",
        "AmazonDynamoDBReadOnlyAccess",
        "AmazonEC2RolePolicyForLaunchWizard",
        "AmazonEC2RoleforDataPipelineRole",
        "AmazonElasticMapReduceforEC2Role",
        "AmazonLaunchWizardFullAccessV2",
        "AmazonLaunchWizard_Fullaccess",
        "AmazonRedshiftAllCommandsFullAccess",
        "ConsoleFullAccessFromVercel",
        "DataScientist",
        "DatabaseAdministrator",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "SageMakerStudioAdminIAMDefaultExecutionPolicy",
        "SageMakerStudioAdminIAMPermissiveExecutionPolicy",
        "SageMakerStudioUserIAMDefaultExecutionPolicy",
        "SageMakerStudioUserIAMPermissiveExecutionPolicy",
    }
)

_ARN = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)")


def managed_policy_name(arn: str) -> str | None:
    """The name of the AWS managed policy with this ARN, its path left out; `None` for another ARN.

    >>> managed_policy_name("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole")
    'AWSLambdaDynamoDBExecutionRole'
    """
    found = _ARN.fullmatch(arn)
    return found[1] if found else None
