"""Which identities a policy acts for, and who may use a role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Attachment, Patterns, Policy, PolicyKind, Principal, Principals, Project, Statement
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Known, OneOf, Unknown, Value, single

COGNITO = "cognito-identity.amazonaws.com"
_FEDERATED_ACTIONS = ("sts:assumerolewithwebidentity", "sts:assumerolewithsaml")


class Use(Enum):
    """What acts with an identity."""

    FEDERATED = "federated"  # web identity, SAML, Cognito
    WORKLOAD = "workload"  # an AWS service for the customer's code
    ACCOUNT = "account"  # an IAM principal: of this or another account
    USER = "user"
    GROUP = "group"
    PERMISSION_SET = "permission set"


@dataclass(frozen=True, slots=True)
class PrincipalUse:
    """What acts with an identity; `reasons` non-empty: there may be further uses, for these reasons."""

    uses: frozenset[Use]
    reasons: tuple[Unknown, ...] = ()

    def includes(self, use: Use) -> Answer:
        if use in self.uses:
            return YES
        return undecided(*self.reasons) if self.reasons else NO


class Attachments:
    """Who a project's policies act for, both ways.

    An attachment with an open policy or principal counts in every branch; one that only limits
    does not count. A user has the policies of its groups.
    """

    def __init__(self, project: Project) -> None:
        self._principals = {principal.address: principal for principal in project.principals}
        self._by_name: dict[str, list[Principal]] = defaultdict(list)
        for principal in project.principals:
            for text in _texts(principal.name):
                if text.literal:
                    self._by_name[text.literal].append(principal)
        self._policies: dict[str, list[Policy]] = defaultdict(list)
        self._labelled: dict[tuple[str, str], list[Policy]] = defaultdict(list)
        for policy in project.policies:
            self._policies[policy.address].append(policy)
            self._labelled[policy.address, policy.label].append(policy)
        self._policies_of: dict[str, tuple[Policy, ...]] = {}
        self._members: dict[str, list[Principal]] = defaultdict(list)
        self._groups: dict[str, list[Principal]] = defaultdict(list)
        for membership in project.memberships:
            for group in self.meant(membership.group, "group"):
                for user in self.meant(membership.user, "user"):
                    self._members[group.address].append(user)
                    self._groups[user.address].append(group)
        self._of_policy: dict[tuple[str, str], list[tuple[int, Attachment]]] = defaultdict(list)
        self._of_principal: dict[str, list[Attachment]] = defaultdict(list)
        for number, attachment in enumerate(project.attachments):
            if attachment.acts_as is not PolicyKind.IDENTITY:
                continue
            for address in _targets(attachment.policy):
                self._of_policy[address, attachment.label].append((number, attachment))
            for principal in self._named(attachment):
                self._of_principal[principal.address].append(attachment)

    def principals_of(self, policy: Policy) -> tuple[Principal, ...]:
        """The identities of the project that an identity policy acts for, each once."""
        found = {}
        if policy.address in self._principals and policy.kind is not PolicyKind.TRUST:
            found[policy.address] = self._principals[policy.address]
        labels = dict.fromkeys(("", policy.label))
        attached = (each for label in labels for each in self._of_policy.get((policy.address, label), ()))
        for _, attachment in sorted(attached, key=lambda each: each[0]):
            found |= {principal.address: principal for principal in self._named(attachment)}
        for address in tuple(found):
            found |= {user.address: user for user in self._members.get(address, ())}
        return tuple(found.values())

    def policies_of(self, principal: Principal) -> tuple[Policy, ...]:
        """The policies of the project that act for an identity, each once; not its trust policy."""
        if principal.address not in self._policies_of:
            self._policies_of[principal.address] = self._acting_for(principal)
        return self._policies_of[principal.address]

    def _acting_for(self, principal: Principal) -> tuple[Policy, ...]:
        found: dict[tuple[str, str], Policy] = {}
        for holder in (principal, *self._groups.get(principal.address, ())):
            own = (p for p in self._policies.get(holder.address, ()) if p.kind is not PolicyKind.TRUST)
            found |= {(policy.address, policy.label): policy for policy in own}
            for attachment in self._of_principal.get(holder.address, ()):
                for address in _targets(attachment.policy):
                    whole = self._policies.get(address, ())
                    meant = self._labelled.get((address, attachment.label), ()) if attachment.label else whole
                    found |= {(policy.address, policy.label): policy for policy in meant}
        return tuple(found.values())

    def foreign_policies_of(self, principal: Principal) -> tuple[Value[Text | None], ...]:
        """What else is attached to an identity: ARNs of policies that are not in the code, and unknowns."""
        holders = (principal, *self._groups.get(principal.address, ()))
        attached = [
            attachment.policy for holder in holders for attachment in self._of_principal.get(holder.address, ())
        ]
        return tuple(policy for policy in attached if not any(a in self._policies for a in _targets(policy)))

    def principals_named(self, attachment: Attachment) -> tuple[Principal, ...]:
        """The identities of the project that an attachment is for, members of groups left out."""
        return tuple(self._named(attachment))

    def _named(self, attachment: Attachment) -> list[Principal]:
        return self.meant(attachment.principal, attachment.principal_kind)

    def meant(self, value: Value[Text | None], kind: str) -> list[Principal]:
        """The principals that a reference means, or a name or ARN, then of this kind if it is given."""
        found = {a: self._principals[a] for a in _targets(value) if a in self._principals}
        for text in _texts(value):
            for principal in self._by_name.get((text.literal or "").rpartition("/")[2], ()):
                if kind in ("", principal.kind):
                    found[principal.address] = principal
        return list(found.values())


@lru_cache(maxsize=2)
def attachments_of(project: Project) -> Attachments:
    """Those of a project that is complete, worked out once for all that ask."""
    return Attachments(project)


def principals_of(policy: Policy, project: Project) -> tuple[Principal, ...]:
    """See `Attachments`, which answers for many policies at once."""
    return Attachments(project).principals_of(policy)


def policies_of(principal: Principal, project: Project) -> tuple[Policy, ...]:
    """See `Attachments`, which answers for many principals at once."""
    return Attachments(project).policies_of(principal)


def _texts(value: Value[Text | None]) -> Iterator[Text]:
    """The texts in all branches."""
    if isinstance(value, OneOf):
        for _, branch in value.branches:
            yield from _texts(branch)
    elif isinstance(value, Known) and value.value is not None:
        yield value.value


def _targets(value: Value[Text | None]) -> list[str]:
    """The resources that the value refers to, each once; a reference may stand in a longer ARN."""
    return list(dict.fromkeys(reference.target for text in _texts(value) for reference in text.references))


def kind_of(principal: Principal) -> PrincipalUse:
    """What acts with an identity of one world; for a role, who is seen to use it and whom its trust policy allows."""
    shown, open_uses = _shown(principal)
    for use in (Use.USER, Use.GROUP, Use.PERMISSION_SET):
        if principal.kind == use.value:
            return PrincipalUse(frozenset({use}))
    if principal.trust is None:
        missing = Unknown(f"{principal.address} has no trust policy here", principal.origin)
        return PrincipalUse(frozenset(shown), (*open_uses, *(() if shown else (missing,))))
    trusted, reasons = _trusts(principal.trust)
    return PrincipalUse(frozenset(trusted | shown), (*open_uses, *(() if shown else reasons)))


def _shown(principal: Principal) -> tuple[set[Use], list[Unknown]]:
    """Who uses a role, as the code around it shows; that settles what an undecided trust policy leaves open."""
    uses: set[Use] = set()
    reasons: list[Unknown] = []
    for value, use in (
        (principal.unauthenticated, Use.FEDERATED),
        (principal.authenticated, Use.FEDERATED),
        (principal.workload, Use.WORKLOAD),
    ):
        known = single(value)
        if isinstance(known, Unknown):
            reasons.append(known)
        elif known.value:
            uses.add(use)
    return uses, reasons


def _trusts(trust: Policy) -> tuple[set[Use], tuple[Unknown, ...]]:
    uses: set[Use] = set()
    reasons: list[Unknown] = list(trust.more)
    for slot in trust.statements:
        statement = single(slot)
        if isinstance(statement, Unknown):
            reasons.append(statement)
        elif statement.value is not None:
            found, unknown = _trusted(statement.value)
            uses |= found
            reasons += unknown
    return uses, tuple(dict.fromkeys(reasons))


def _trusted(statement: Statement) -> tuple[set[Use], list[Unknown]]:
    effect, principals = single(statement.effect), single(statement.principals)
    if isinstance(effect, Unknown):
        return set(), [effect]
    if effect.value is None or effect.value.literal != "Allow":
        return set(), list(undecided_parts(effect.value, effect.origin)) if effect.value is not None else []
    if isinstance(principals, Unknown):
        return (set(), [principals]) if not _assumes_federated(statement) else ({Use.FEDERATED}, [principals])
    uses, reasons = _of_types(principals.value) if principals.value is not None else (set(), [])
    return (uses | {Use.FEDERATED} if uses and _assumes_federated(statement) else uses), reasons


def _of_types(principals: Principals) -> tuple[set[Use], list[Unknown]]:
    uses: set[Use] = set()
    reasons = list(principals.more)
    for kind, identifiers in principals.by_type.items():
        if not identifiers.items and not identifiers.more:
            continue  # an empty list trusts nobody
        if kind == "Federated":
            uses.add(Use.FEDERATED)
        elif kind == "Service":
            found, unknown = _services(identifiers)
            uses |= found
            reasons += unknown
        else:
            uses.add(Use.ACCOUNT)
    return uses, reasons


def _services(identifiers: Patterns) -> tuple[set[Use], list[Unknown]]:
    """Any service principal but Cognito's means a workload, whichever it is."""
    literals = {text.literal for item in identifiers.items for text in _texts(item)}
    uses = {Use.FEDERATED} if COGNITO in literals else set()
    if literals - {COGNITO} or len(literals) < len(identifiers.items):
        uses.add(Use.WORKLOAD)
    return uses, list(identifiers.more)


def _assumes_federated(statement: Statement) -> bool:
    actions = single(statement.actions)
    if isinstance(actions, Unknown) or actions.value is None:
        return False
    literals = (text.literal or "" for item in actions.value.items for text in _texts(item))
    return any(literal.lower() in _FEDERATED_ACTIONS for literal in literals)


__all__ = [
    "COGNITO",
    "Attachments",
    "PrincipalUse",
    "Use",
    "kind_of",
    "policies_of",
    "principals_of",
]
