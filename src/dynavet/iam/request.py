"""An API request as IAM sees it: who asks for what, on which resource, under which circumstances.

Source: IAM User Guide, "The request context" and "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum

from dynavet.iam.request_values import Context
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Hole, Text
from dynavet.values import ABSENT, Known, Single, Unknown, Value, single

_IAM = regex(r"arn:[^:]*:iam::(?P<account>[^:]*):(?P<kind>user/|role/|root$)")
_STS = regex(r"arn:(?P<partition>[^:]*):sts::(?P<account>[^:]*):(?P<kind>assumed-role/|federated-user/)(?P<name>.*)")
_ACCOUNT = regex(r"\d{12}")


class PrincipalType(Enum):
    """What makes a request."""

    USER = "user"
    ROLE = "role"  # a session of the role
    FEDERATED_USER = "federated user"  # a session of GetFederationToken
    ROOT = "root user"
    SERVICE = "service"
    FEDERATED = "federated"  # web identity or SAML, before it has a role
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPrincipal:
    """Who makes a request; `principal_of` reads one from an ARN.

    `arn` is that of a user, a role session, a federated-user session or the root user; for a
    service its name (``lambda.amazonaws.com``), for a federated principal its provider. `issuer`
    is the role that a session is of, or the user that a federated-user session is of.
    `account` is absent for services, federated and anonymous principals.
    """

    type: Value[PrincipalType]
    arn: Value[Text | None] = ABSENT
    account: Value[Text | None] = ABSENT
    issuer: Value[Text | None] = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `resource` is an ARN, or ``*`` for an action without resource types.

    `resource_account` absent: it follows from the resource, as `account_of_resource` says.
    """

    principal: RequestPrincipal
    action: Value[Text]
    resource: Value[Text]
    resource_account: Value[Text | None] = ABSENT
    context: Context = field(default_factory=Context)


def principal_of(arn: str, issuer: str | None = None) -> RequestPrincipal:
    """The principal with this ARN; raises `ValueError` if no principal has such an ARN.

    The ARN of a role means some session of it. `issuer` is the ARN of a session's role or of a
    federated user's user. Without it the role of a session is known by account and name, not
    by path, and the user of a federated-user session is not known.

    >>> principal_of("arn:aws:iam::111122223333:user/ann").type
    Known(value=<PrincipalType.USER: 'user'>)
    """
    found = _IAM.match(arn)
    if found is not None:
        kind = {"user/": PrincipalType.USER, "role/": PrincipalType.ROLE, "root": PrincipalType.ROOT}[found["kind"]]
        session = _unnamed_session(arn) if kind is PrincipalType.ROLE else _known(arn)
        role = _known(arn) if kind is PrincipalType.ROLE else ABSENT
        return RequestPrincipal(type=Known(kind), arn=session, account=_known(found["account"]), issuer=role)
    found = _STS.fullmatch(arn)
    if found is None:
        raise ValueError(f"{arn!r} is not the ARN of a user, role, role session, federated user or root user")
    role_session = found["kind"] == "assumed-role/"
    kind = PrincipalType.ROLE if role_session else PrincipalType.FEDERATED_USER
    return RequestPrincipal(
        type=Known(kind),
        arn=_known(arn),
        account=_known(found["account"]),
        issuer=_known(issuer) if issuer else _issuer(found["partition"], found["account"], found["name"], role_session),
    )


def service_principal(name: str) -> RequestPrincipal:
    """An AWS service that acts on its own behalf, by its name: ``replication.dynamodb.amazonaws.com``."""
    return RequestPrincipal(type=Known(PrincipalType.SERVICE), arn=_known(name))


def federated_principal(provider: str) -> RequestPrincipal:
    """Somebody with a token of an identity provider: its name, or the ARN of a SAML or OIDC provider."""
    return RequestPrincipal(type=Known(PrincipalType.FEDERATED), arn=_known(provider))


ANONYMOUS = RequestPrincipal(type=Known(PrincipalType.ANONYMOUS))


def _known(text: str) -> Value[Text | None]:
    return Known(Text.of(text))


def _unnamed_session(role: str) -> Value[Text | None]:
    _, partition, _, _, account, resource = role.split(":", 5)
    name = resource.rpartition("/")[2]
    session = Hole("the name of the role session is not given")
    return Known(Text.of(f"arn:{partition}:sts::{account}:assumed-role/{name}/", session))


def _issuer(partition: str, account: str, name: str, role_session: bool) -> Value[Text | None]:
    if role_session:
        path = Hole("the path of the session's role is not given")
        return Known(Text.of(f"arn:{partition}:iam::{account}:role/", path, name.partition("/")[0]))
    user = Hole("the user of the federated-user session is not given")
    return Known(Text.of(f"arn:{partition}:iam::{account}:user/", user))


def account_of_resource(request: Request) -> Single[Text | None]:
    """The account that owns the resource: as given, from its ARN, or for ``*`` that of the principal.

    Unknown for an ARN without an account, such as that of a bucket.
    """
    given, resource = single(request.resource_account), single(request.resource)
    if isinstance(given, Unknown) or given.value is not None:
        return given
    if isinstance(resource, Unknown):
        return resource
    literal = resource.value.literal
    if literal == "*":
        return single(request.principal.account)
    head = resource.value.parts[0] if resource.value.parts else ""
    fields = head.split(":", 5) if isinstance(head, str) else []
    if len(fields) == 6 and _ACCOUNT.fullmatch(fields[4]):
        return Known(Text.of(fields[4]))
    return Unknown(f"the account of the resource {resource.value} is not given", resource.origin)
