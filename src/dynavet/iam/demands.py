"""What a policy must and must not have by the place where it acts.

Source: IAM User Guide, "Grammar of the IAM JSON policy language", and of the elements `Principal`, `Resource` and
`Sid`; AWS PrivateLink, "Control access to VPC endpoints using endpoint policies".
"""

from __future__ import annotations

from enum import Enum

from dynavet.model import PolicyKind
from dynavet.records import dataclass


class Need(Enum):
    REQUIRED = "required"
    FREE = "free"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Demands:
    """`plain_sid`: a Sid has only letters and digits. `arns`: resources are ARNs or ``*``. `raw`: see `demands_of`.

    `own_sid`: no two statements have one Sid; the services of other resources accept that.
    """

    principal: Need = Need.FREE
    resource: Need = Need.REQUIRED
    plain_sid: bool = False
    own_sid: bool = True
    arns: bool = True
    raw: bool = False


_IDENTITY = Demands(principal=Need.FORBIDDEN, plain_sid=True)
_DEMANDS = {
    PolicyKind.IDENTITY: _IDENTITY,
    PolicyKind.PERMISSION_SET: _IDENTITY,
    PolicyKind.SESSION: _IDENTITY,
    PolicyKind.BOUNDARY: _IDENTITY,
    PolicyKind.RESOURCE: Demands(principal=Need.REQUIRED),
    PolicyKind.ENDPOINT: Demands(principal=Need.REQUIRED, own_sid=False),
    PolicyKind.TRUST: Demands(principal=Need.REQUIRED, resource=Need.FORBIDDEN),
    PolicyKind.KEY: Demands(principal=Need.REQUIRED, resource=Need.FREE, own_sid=False),
    PolicyKind.ORGANIZATION: Demands(),
    PolicyKind.OTHER_RESOURCE: Demands(resource=Need.FREE, arns=False, own_sid=False),
    PolicyKind.DOCUMENT: Demands(),
}


def demands_of(kind: PolicyKind, *, raw: bool = False) -> Demands:
    """What is demanded of a policy of this kind.

    Of a `raw` document the kind is only guessed from its content, and where it is no identity policy little is
    demanded; it may have placeholders that some other program replaces.
    """
    found = _DEMANDS[kind]
    if not raw:
        return found
    if kind is PolicyKind.DOCUMENT:
        return Demands(raw=True)
    return Demands(principal=found.principal, resource=Need.FREE, own_sid=False, arns=found.arns, raw=True)
