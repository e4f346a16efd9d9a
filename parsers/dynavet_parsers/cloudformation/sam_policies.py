"""The entries of `Policies` in a serverless function or state machine.

The policy templates that grant actions of DynamoDB or on keys are written out as the serverless
transform does; others read as absent.
"""

from __future__ import annotations

from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Data, Known, List, Object, Origin, Unknown, Value
from dynavet_parsers.cloudformation.generated import arn_prefix, at_deployment, document, statement
from dynavet_parsers.cloudformation.readers import over
from dynavet_parsers.cloudformation.sam_policy_templates import OTHER_TEMPLATES, TEMPLATES
from dynavet_parsers.cloudformation.texts import join

_PATHS = {
    "job-function/": ("DataScientist", "DatabaseAdministrator"),
    "service-role/": (
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForRestores",
        "AWSElasticBeanstalkRoleWorkerTier",
        "AWSIoTRuleActions",
        "AWSLambdaBasicDurableExecutionRolePolicy",
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaENIManagementAccess",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSLambdaRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AmazonEC2RoleforDataPipelineRole",
        "AmazonElasticMapReduceforEC2Role",
    ),
}
"""Paths of AWS managed policies that touch DynamoDB or that functions use; those of other policies are left out."""

_FIELD = regex(r"\{(\w+)\}")
_PATH_OF = {name: path for path, names in _PATHS.items() for name in names}


def policy_name(place: Value[Data], index: int) -> str:
    """What tells this entry apart from the others: its index, and its template if it is one."""
    data = place.value if isinstance(place, Known) else None
    if isinstance(data, Object) and len(data.entries) == 1 and "Statement" not in data.entries:
        return f"Policies[{index}].{next(iter(data.entries))}"
    return f"Policies[{index}]"


def policy_document(place: Value[Data], at: Origin) -> Value[Data]:
    """The document that an entry is or expands to; absent for managed policies."""

    def read(data: Data, origin: Origin | None) -> Value[Data]:
        if not isinstance(data, Object):
            return Known(None)
        if "Statement" in data.entries:
            return Known(data, origin)
        name = next(iter(data.entries)) if len(data.entries) == 1 else ""
        if name in OTHER_TEMPLATES:
            return Known(None)
        place = data.keys.get(name) or origin or at
        if name not in TEMPLATES:
            what = f"{name} is" if name else "an entry of Policies has no Statement and is"
            return data.more[0] if data.more else Unknown(f"{what} no policy template of AWS SAM", place)
        return over(lambda given, _: _expanded(name, given, place), data.entries[name])

    return Known(None) if isinstance(place, Unknown) else over(read, place)


def managed_policy(place: Value[Data]) -> Value[Text | None]:
    """The ARN of the managed policy that an entry names; absent for documents and templates."""

    def read(data: Data, origin: Origin | None) -> Value[Text | None]:
        if isinstance(data, Text):
            return Known(data, origin)
        if not isinstance(data, str):
            return Known(None)
        return Known(Text.of(data) if data.startswith("arn:") else aws_managed(data), origin)

    return over(read, place)


def aws_managed(name: str) -> Text:
    """The ARN of the AWS managed policy of that name."""
    return Text.of("arn:", at_deployment("AWS::Partition"), f":iam::aws:policy/{_PATH_OF.get(name, '')}{name}")


def _expanded(name: str, parameters: Data, at: Origin) -> Value[Data]:
    """The document of a template; the transform gives it no version."""
    given = parameters if isinstance(parameters, Object) else Object()
    service, templates = TEMPLATES[name]
    statements = [
        statement(
            [(f"{service}:{action}", at) for action in actions.split()], _resource(name, resources, given, at), at
        )
        for actions, resources in templates
    ]
    return document(statements, at, version=None)


def _resource(name: str, patterns: tuple[str, ...], given: Object, at: Origin) -> Value[Data]:
    """The ARNs of a statement; the parameters in them stand where the template's user wrote them."""
    prefix: Value[Data] = Known(arn_prefix(TEMPLATES[name][0]))

    def parameter(word: str) -> Value[Data]:
        value = given.get(word)
        absent = isinstance(value, Known) and value.value is None
        return Unknown(f"{word} is not given to {name}", at) if absent else value

    def arn(pattern: str) -> Value[Data]:
        pieces = _FIELD.split(pattern)  # literal text, and every second one a parameter
        parts = [parameter(piece) if index % 2 else Known(piece) for index, piece in enumerate(pieces)]
        return join([prefix, *parts], origin=origin)

    first = _FIELD.search(patterns[0])
    origin = (given.get(first[1]).origin if first is not None else None) or at
    arns = tuple(arn(pattern) for pattern in patterns)
    return arns[0] if len(arns) == 1 else Known(List(arns), origin)
