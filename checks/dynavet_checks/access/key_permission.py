"""Whether an identity may use a key for the items of a table, through DynamoDB.

Source: KMS Developer Guide, "Key policies in AWS KMS" and "Default key policy"; DynamoDB Developer Guide, "DynamoDB
encryption at rest usage notes". Region and account of the code are taken for those of the key.
"""

from __future__ import annotations

from collections.abc import Callable

from dynavet.answers import NO, YES, Answer, any_of, undecided
from dynavet.iam.managed_policies import managed_policy_name
from dynavet.iam.patterns import ask_any
from dynavet.iam.text_matching import in_lower_case, matches
from dynavet.model import Key, Policy, Project, Statement
from dynavet.rule import Holder
from dynavet.text import Text
from dynavet.values import Origin, Single, Unknown, single
from dynavet_checks.access.grants import allows
from dynavet_checks.access.identity_access import FOR_IDENTITIES
from dynavet_checks.access.key_circumstances import met
from dynavet_checks.access.key_principals import names_account, names_identity
from dynavet_checks.access.key_resources import names_key

DECRYPT = "kms:Decrypt"

ALLOWING = frozenset({"AdministratorAccess", "PowerUserAccess"})
"""AWS managed policies that allow it on every key."""

NOT_ALLOWING = frozenset(
    {
        *("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaDynamoDBExecutionRole"),
        *("AWSLambdaSQSQueueExecutionRole", "AWSLambdaKinesisExecutionRole", "AWSLambdaRole"),
        *("AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess", "AmazonECSTaskExecutionRolePolicy"),
        *("AmazonDynamoDBFullAccess", "AmazonDynamoDBFullAccess_v2", "AmazonDynamoDBReadOnlyAccess"),
        *("AmazonAPIGatewayPushToCloudWatchLogs", "CloudWatchAgentServerPolicy", "AmazonSSMManagedInstanceCore"),
        *("AmazonS3ReadOnlyAccess", "AmazonS3FullAccess", "AmazonSQSFullAccess", "AmazonSNSFullAccess"),
    }
)
"""Usual AWS managed policies that allow it on no key."""


def delegates(key: Key) -> Answer:
    """Whether the policy of a key leaves access to the identity policies of the account, as the default one does."""
    written = [_there(policy) for policy in key.policies if policy.statements or policy.more]
    default = ~any_of((*written, *(undecided(each) for each in key.more)))
    return default | any_of(_allows(policy, names_account, _everything) for policy in key.policies)


def may_decrypt(identity: Holder, key: Key, project: Project) -> Answer:
    """Whether key policy and identity policies together let an identity of one world decrypt."""

    def named(statement: Statement) -> Answer:
        return names_identity(statement, identity.principal, project.principals)

    def about_it(text: Text, origin: Origin | None) -> Answer:
        return names_key(text, key, project, origin)

    perhaps = (undecided(reason) for reason in key.more)
    direct = any_of((*(_allows(policy, named, _everything) for policy in key.policies), *perhaps))
    own = (_allows(each, lambda _: YES, about_it) for each in identity.policies if each.kind in FOR_IDENTITIES)
    return direct | delegates(key) & any_of((*own, *(_attached(single(each)) for each in identity.foreign)))


def _there(policy: Policy) -> Answer:
    exists = single(policy.exists)
    return undecided(exists) if isinstance(exists, Unknown) else Answer(exists.value)


def _everything(*_: object) -> Answer:
    """What the `Resource` of a key policy is about: there is nothing but the key."""
    return YES


def _allows(
    policy: Policy, principal: Callable[[Statement], Answer], about: Callable[[Text, Origin | None], Answer]
) -> Answer:
    """Whether a statement of a policy of one world lets the principal decrypt through DynamoDB."""
    slots = [single(slot) for slot in policy.statements]
    answers = [undecided(reason) for reason in policy.more]
    answers += [undecided(slot) for slot in slots if isinstance(slot, Unknown)]
    for slot in slots:
        if not isinstance(slot, Unknown) and slot.value is not None:
            answer = allows(slot.value) & _decrypts(slot.value) & _resources(slot.value, about)
            answers.append(answer if answer.truth is False else answer & principal(slot.value) & met(slot.value))
    return any_of(answers) & _there(policy)


def _decrypts(statement: Statement) -> Answer:
    def one(text: Text, origin: Origin | None) -> Answer:
        return matches(in_lower_case(text), Text.of(DECRYPT.lower()), origin)

    wanted, excepted = single(statement.actions), single(statement.not_actions)
    return ask_any(wanted, one, absent=YES) & ~ask_any(excepted, one, absent=NO)


def _resources(statement: Statement, about: Callable[[Text, Origin | None], Answer]) -> Answer:
    wanted, excepted = single(statement.resources), single(statement.not_resources)
    return ask_any(wanted, about, absent=YES) & ~ask_any(excepted, about, absent=NO)


def _attached(value: Single[Text | None]) -> Answer:
    """Whether a policy that is attached and not in the code allows it on every key."""
    if isinstance(value, Unknown):
        return undecided(value)
    if value.value is None:
        return NO
    name = managed_policy_name(str(value.value))
    if name in ALLOWING or name in NOT_ALLOWING:
        return Answer(name in ALLOWING)
    reason = "is not in the code" if name is None else f"may allow {DECRYPT}"
    return undecided(Unknown(f"policy {name or value.value} {reason}", value.origin))
