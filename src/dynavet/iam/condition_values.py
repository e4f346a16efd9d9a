"""Comparisons of condition operators other than those of strings: numbers, dates, addresses, ARNs.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators". A value that is none of
the operator's type compares with nothing: the positive operator does not match, the negated
one does.
"""

from __future__ import annotations

import base64
import binascii
import calendar
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.globs import intersects, match
from dynavet.iam.text_matching import as_literal, matches, reasons
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Origin

Compare = Callable[[str, str], bool]
"""Takes the value in the policy, then the value in the request."""

_NUMBER = regex(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_YEAR = r"(?P<year>\d{4})"
_TIME = r"T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>\.\d+)?)?(?P<zone>Z|[+-]\d\d:?\d\d)?"
_DATE = regex(rf"{_YEAR}(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:{_TIME})?)?)?", re.ASCII)
_ARN_FIELDS = 6
_ANY_ARN = "*:*:*:*:*:*"


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _date(text: str) -> Decimal | None:
    """Seconds since 1970 of a date in a W3C form of ISO 8601 or in epoch seconds; four digits are a year.

    A time without a zone is in UTC.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return _number(text)
    try:
        moment = datetime(
            int(found["year"]),
            int(found["month"] or 1),
            int(found["day"] or 1),
            int(found["hour"] or 0),
            int(found["minute"] or 0),
            int(found["second"] or 0),
        )
    except ValueError:
        return None
    seconds = calendar.timegm(moment.timetuple()) - _offset(found["zone"])
    return seconds + Decimal(found["fraction"] or 0)


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    digits = str(zone)[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if str(zone).startswith("-") else seconds


def _in_order(read: Callable[[str], Decimal | None], holds: Callable[[Decimal, Decimal], bool]) -> Compare:
    def compare(written: str, given: str) -> bool:
        limit, value = read(written), read(given)
        return limit is not None and value is not None and holds(value, limit)

    return compare


_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "Equals": Decimal.__eq__,
    "LessThan": Decimal.__lt__,
    "LessThanEquals": Decimal.__le__,
    "GreaterThan": Decimal.__gt__,
    "GreaterThanEquals": Decimal.__ge__,
}


def _bool(written: str, given: str) -> bool:
    return written.lower() in ("true", "false") and written.lower() == given.lower()


def _binary(written: str, given: str) -> bool:
    limit, value = _decoded(written), _decoded(given)
    return limit is not None and limit == value


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _ip_address(written: str, given: str) -> bool:
    network, address = _network(written), _address(given)
    return network is not None and address is not None and address in network


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """A range in CIDR notation, or a single address."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


_OPERATORS: dict[str, Compare] = {
    **{f"Numeric{name}": _in_order(_number, holds) for name, holds in _COMPARISONS.items()},
    **{f"Date{name}": _in_order(_date, holds) for name, holds in _COMPARISONS.items()},
    "Bool": _bool,
    "BinaryEquals": _binary,
    "IpAddress": _ip_address,
}


def compare_values(operator: str, written: Text, given: Text, origin: Origin | None) -> Answer:
    """Whether the value `given` in a request meets a positive operator with the value `written` in a policy."""
    one, other = written.literal, given.literal
    if one is None or other is None:
        return undecided(*reasons(written, origin), *reasons(given))
    return Answer(_OPERATORS[operator](one, other))


def matches_arn(pattern: Text, given: Text, origin: Origin | None) -> Answer:
    """Whether an ARN matches: the six fields between colons each on their own; ``*`` alone matches any ARN.

    What has fewer than six fields is no ARN, and neither matches nor is matched.
    """
    written, value = pattern.literal, as_literal(given).literal
    if written is not None and value is not None:
        return Answer(_fields_match(written, value))
    outline = _outline(given)
    if not intersects(outline, _ANY_ARN):
        return NO
    whole = matches(pattern, given, origin)
    if whole.truth is False:
        return NO
    if outline.count(":") >= _ARN_FIELDS - 1 and (written == "*" or pattern == given):
        return YES
    return undecided(*reasons(pattern, origin), *reasons(given))


def _outline(text: Text) -> str:
    """The text with ``*`` for what is not known."""
    return "".join(part if isinstance(part, str) else getattr(part, "shape", "*") for part in as_literal(text).parts)


def _fields_match(pattern: str, value: str) -> bool:
    fields = value.split(":", _ARN_FIELDS - 1)
    if len(fields) < _ARN_FIELDS:
        return False
    if pattern == "*":
        return True
    patterns = pattern.split(":", _ARN_FIELDS - 1)
    return len(patterns) == _ARN_FIELDS and all(map(match, patterns, fields))
