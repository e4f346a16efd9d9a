"""Who acts with a policy, as rules about workloads and federated identities see it."""

from __future__ import annotations

from dynavet.answers import NO, Answer
from dynavet.iam.principals import Use, attachments_of, kind_of
from dynavet.model import Policy, PolicyKind, Principal, Project
from dynavet.rule import Grant
from dynavet.values import Known, single

ADMINISTERING = frozenset(
    {
        "application-autoscaling.amazonaws.com",
        "backup.amazonaws.com",
        "cloudformation.amazonaws.com",
        "dynamodb.application-autoscaling.amazonaws.com",
    }
)
"""Services that scale, back up or deploy tables with a role of the account; no code of the customer runs in them."""

WORDS = {Use.WORKLOAD: "a role that an AWS service uses", Use.FEDERATED: "a role for federated identities"}


def for_code_or_federated(principal: Principal) -> Answer:
    """Whether code that AWS runs, or federated identities, act with the principal of one world."""
    found = kind_of(principal)
    workload = NO if administers(principal) else found.includes(Use.WORKLOAD)
    return workload | found.includes(Use.FEDERATED)


def for_code(principal: Principal) -> Answer:
    """Whether code that AWS runs acts with the principal of one world."""
    return NO if administers(principal) else kind_of(principal).includes(Use.WORKLOAD)


def administers(principal: Principal) -> bool:
    """Whether nobody but services that administer tables is trusted with the role."""
    trusted = _trusted_services(principal.trust) if principal.trust is not None else frozenset()
    return bool(trusted) and trusted <= ADMINISTERING and kind_of(principal).uses == {Use.WORKLOAD}


def _trusted_services(trust: Policy) -> frozenset[str]:
    found = set()
    for statement in map(single, trust.statements):
        principals = single(statement.value.principals) if isinstance(statement, Known) and statement.value else None
        if isinstance(principals, Known) and principals.value and "Service" in principals.value.by_type:
            items = map(single, principals.value.by_type["Service"].items)
            found |= {str(item.value) if isinstance(item, Known) else "" for item in items}
    return frozenset(found)


def words_for(principal: Principal) -> str:
    """Of one for which `for_code_or_federated` holds."""
    uses = kind_of(principal).uses
    return next(words for use, words in WORDS.items() if use in uses)


def policies_beside(grant: Grant, principal: Principal | None, project: Project) -> tuple[Policy, ...]:
    """The identity policies of a principal, that of the grant as it is in its world; without principal that alone."""
    if principal is None:
        return (grant.policy,)
    own = grant.policy.address, grant.policy.label
    others = attachments_of(project).policies_of(principal)
    grants_kinds = (PolicyKind.IDENTITY, PolicyKind.PERMISSION_SET, PolicyKind.SESSION, PolicyKind.DOCUMENT)
    return (grant.policy, *(p for p in others if (p.address, p.label) != own and p.kind in grants_kinds))
