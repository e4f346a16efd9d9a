"""The accounts that principals and resources are in, as far as their texts tell.

Source: IAM User Guide, "AWS JSON policy elements: Principal"; AWS General Reference, "Amazon Resource Names".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.model import Patterns
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.text import Hole, Part, Reference, Text
from dynavet.values import Origin, Unknown, Value, single

NUMBER = regex(r"\d{12}")
_ACCOUNT_FIELD = 4


def account_of(text: Text) -> Text | None:
    """The account in an account number or an ARN; `None` where the text has none.

    >>> account_of(Text.of("arn:aws:iam::111122223333:root")).literal
    '111122223333'
    """
    fields = _fields(text)
    if len(fields) == 1:
        return text if text.literal is None or NUMBER.fullmatch(text.literal) else None
    is_arn = fields[0].literal == "arn" and len(fields) > _ACCOUNT_FIELD
    return fields[_ACCOUNT_FIELD] if is_arn and fields[_ACCOUNT_FIELD].parts else None


def _fields(text: Text) -> list[Text]:
    """What stands between the colons."""
    fields: list[list[Part]] = [[]]
    for part in text.parts:
        first, *others = part.split(":") if isinstance(part, str) else (part,)
        fields[-1].append(first)
        fields += [[each] for each in others]
    return [Text.of(*field) for field in fields]


def accounts_in(patterns: Value[Patterns | None]) -> Iterator[Text]:
    """The accounts in the patterns of one world, wildcards left out."""
    element = single(patterns)
    if isinstance(element, Unknown) or element.value is None:
        return
    for item in element.value.items:
        known = single(item)
        account = account_of(known.value) if not isinstance(known, Unknown) else None
        if account is not None and (account.literal is None or NUMBER.fullmatch(account.literal)):
            yield account


@dataclass(frozen=True, slots=True)
class OwnAccounts:
    """One's own accounts, by number, and those of a table as they are written."""

    numbers: Collection[str]
    of_table: Collection[Text]

    def include(self, account: Text, origin: Origin | None = None) -> Answer:
        """Whether an account is one's own; undecided if nothing tells which are.

        The account that is deployed to is, and so is that of what the same code declares.
        """
        if account in self.of_table or account.literal in self.numbers or _is_deployed_to(account):
            return YES
        if account.literal is None:
            return undecided(*(undecided_parts(account, origin) or (Unknown(f"{account} is not known", origin),)))
        if self.numbers or any(each.literal is not None for each in self.of_table):
            return NO
        return undecided(Unknown("the account of the table is not known, and own-accounts is not configured", origin))


def _is_deployed_to(account: Text) -> bool:
    """Whether it stands for the account in which the code is deployed, or for something declared there."""
    if len(account.parts) != 1 or isinstance(account.parts[0], str):
        return False
    part = account.parts[0]
    if isinstance(part, Hole):
        return part.reason.startswith("AWS::AccountId ")
    return part.shape.startswith("arn:") or _is_caller(part)


def _is_caller(reference: Reference) -> bool:
    return reference.attribute in ("account_id", "id") and ".aws_caller_identity." in f".{reference.target}"


__all__ = ["NUMBER", "OwnAccounts", "account_of", "accounts_in"]
