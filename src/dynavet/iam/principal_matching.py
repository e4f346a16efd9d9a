"""Whether a `Principal` or `NotPrincipal` element means who makes a request, and how directly.

Source: IAM User Guide, "AWS JSON policy elements: Principal", "AWS JSON policy elements:
NotPrincipal" and "How AWS enforcement code logic evaluates requests to allow or deny access".
"""

from __future__ import annotations

from collections.abc import Callable

from dynavet.answers import NO, YES, Answer, all_of, any_of, undecided
from dynavet.iam.patterns import ask_any
from dynavet.iam.request import PrincipalType, RequestPrincipal
from dynavet.iam.text_matching import as_literal, matches
from dynavet.model import Patterns, Principals, Statement
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Known, Origin, Single, Unknown, single

_OF_ACCOUNT = (PrincipalType.USER, PrincipalType.ROLE, PrincipalType.FEDERATED_USER, PrincipalType.ROOT)
_TYPE_NAMES = {PrincipalType.SERVICE: "Service", PrincipalType.FEDERATED: "Federated"}


@dataclass(frozen=True, slots=True)
class PrincipalMatch:
    """How an element means the principal of a request.

    `directly`: the user, the session, the service, or everybody. `by_issuer`: the role of the
    session, or the user of the federated-user session. `by_account`: the account, which
    delegates to what the account itself allows.
    """

    directly: Answer = NO
    by_issuer: Answer = NO
    by_account: Answer = NO

    @property
    def at_all(self) -> Answer:
        return self.directly | self.by_issuer | self.by_account

    def on(self, condition: Answer) -> PrincipalMatch:
        """The same, as far as the condition holds."""
        return PrincipalMatch(self.directly & condition, self.by_issuer & condition, self.by_account & condition)


EVERYBODY = PrincipalMatch(directly=YES, by_issuer=YES, by_account=YES)


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal of a request of one world, with what is compared.

    In the policy of a gateway endpoint an account means its root user alone
    (`account_is_root`). `has_boundary`: a permissions boundary is attached.
    """

    principal: RequestPrincipal
    type: PrincipalType
    account_is_root: bool = False
    has_boundary: bool = False

    @property
    def has_account(self) -> bool:
        return self.type in _OF_ACCOUNT

    def named_by(self, kind: str, identifier: Text, origin: Origin | None) -> PrincipalMatch:
        """How one identifier of a type (``AWS``, ``Service``, ``Federated``, ``CanonicalUser``) means the caller."""
        if kind == "*" or (kind == "AWS" and identifier.literal == "*"):
            return EVERYBODY
        if kind == "AWS":
            return self._named_in_aws(as_literal(identifier), origin) if self.has_account else PrincipalMatch()
        if kind == "CanonicalUser" and self.has_account:
            reason = f"the account of the canonical user {identifier} is not known"
            return PrincipalMatch(by_account=undecided(Unknown(reason, origin)))
        if kind != _TYPE_NAMES.get(self.type):
            return PrincipalMatch()
        return PrincipalMatch(directly=_same(identifier, single(self.principal.arn), origin))

    def _named_in_aws(self, identifier: Text, origin: Origin | None) -> PrincipalMatch:
        account = _is_account(identifier, single(self.principal.account), origin)
        if self.type is PrincipalType.ROOT:
            return PrincipalMatch(directly=account)
        return PrincipalMatch(
            directly=_same(identifier, single(self.principal.arn), origin),
            by_issuer=_same(identifier, single(self.principal.issuer), origin),
            by_account=NO if self.account_is_root else account,
        )


def _same(identifier: Text, own: Single[Text | None], origin: Origin | None) -> Answer:
    if isinstance(own, Unknown):
        return undecided(own)
    return NO if own.value is None else matches(as_literal(identifier), own.value, origin)


def _is_account(identifier: Text, account: Single[Text | None], origin: Origin | None) -> Answer:
    """Whether the identifier is the account's number or ``arn:aws:iam::NUMBER:root``."""
    if isinstance(account, Unknown):
        literal = identifier.literal
        is_other = literal is not None and not literal.isdigit() and not literal.endswith(":root")
        return NO if is_other else undecided(account)
    if account.value is None:
        return NO
    literal = identifier.literal
    if literal is None:
        root = matches(_root_of(account.value, "*"), identifier)
        may_be = matches(identifier, account.value, origin) | root
        return NO if may_be.truth is False else may_be
    if literal.isdigit():
        return matches(identifier, account.value, origin)
    parts = literal.split(":")
    if len(parts) != 6 or [parts[0], *parts[2:4], parts[5]] != ["arn", "iam", "", "root"]:
        return NO
    return matches(Text.of(parts[4]), account.value, origin)


def _root_of(account: Text, partition: str) -> Text:
    return Text.of(f"arn:{partition}:iam::", account, ":root")


def principal_match(statement: Statement, caller: Caller) -> PrincipalMatch:
    """How a statement of one world in a policy with principals means the caller.

    Undecided where AWS takes no such statement: one without principals, or an Allow with
    `NotPrincipal`.
    """
    named, excepted = single(statement.principals), single(statement.not_principals)
    if isinstance(named, Unknown):
        return _open(named)
    if named.value is not None:
        return _match(named.value, caller)
    if isinstance(excepted, Unknown):
        return _open(excepted)
    if excepted.value is None:
        return _open(Unknown(f"statement {statement.name} has no Principal", statement.origin))
    effect = single(statement.effect)
    if isinstance(effect, Known) and effect.value is not None and effect.value.literal == "Allow":
        return _open(Unknown(f"statement {statement.name} has NotPrincipal with Allow", statement.origin))
    return PrincipalMatch(directly=_not_excepted(excepted.value, caller))


def _open(reason: Unknown) -> PrincipalMatch:
    return PrincipalMatch(directly=undecided(reason))


def _match(principals: Principals, caller: Caller) -> PrincipalMatch:
    def how(part: Callable[[PrincipalMatch], Answer]) -> Answer:
        answers = [_any_named(kind, each, caller, part) for kind, each in principals.by_type.items()]
        return any_of(answers)

    further = undecided(*principals.more) if principals.more else NO
    return PrincipalMatch(
        directly=how(lambda match: match.directly) | further,
        by_issuer=how(lambda match: match.by_issuer),
        by_account=how(lambda match: match.by_account),
    )


def _any_named(kind: str, identifiers: Patterns, caller: Caller, part: Callable[[PrincipalMatch], Answer]) -> Answer:
    return ask_any(Known(identifiers), lambda text, origin: part(caller.named_by(kind, text, origin)), absent=NO)


def _not_excepted(principals: Principals, caller: Caller) -> Answer:
    """Whether a Deny with `NotPrincipal` is about the caller.

    It is unless account, role and session are all excepted, and always for a user or role with a
    permissions boundary.
    """
    if caller.has_boundary and caller.type in (PrincipalType.USER, PrincipalType.ROLE):
        return YES
    match = _match(principals, caller)
    if not caller.has_account or caller.type is PrincipalType.ROOT:
        return ~match.directly
    chain = [match.directly, match.by_account]
    if caller.type is PrincipalType.ROLE:
        chain.append(match.by_issuer)
    return ~all_of(chain)
