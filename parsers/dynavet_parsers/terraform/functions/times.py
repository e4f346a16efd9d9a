"""Functions of timestamps in the format of RFC 3339."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from dynavet.regexes import regex
from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import STRING, Function
from dynavet_parsers.terraform.numeric import undecided

if TYPE_CHECKING:
    from datetime import datetime

_TIMESTAMP = regex(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,40}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DURATION = regex(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_MICRO = dict.fromkeys(("us", "µs", "μs"), 10**3)
_NANOSECONDS = {"ns": 1, **_MICRO, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_FORMATS = {
    "YYYY": "{0.year:04}",
    "YY": "{year:02}",
    "MMMM": "{month}",
    "MMM": "{month:.3}",
    "MM": "{0.month:02}",
    "M": "{0.month}",
    "DD": "{0.day:02}",
    "D": "{0.day}",
    "EEEE": "{weekday}",
    "EEE": "{weekday:.3}",
    "hh": "{0.hour:02}",
    "h": "{0.hour}",
    "HH": "{hour:02}",
    "H": "{hour}",
    "AA": "{half}",
    "aa": "{small}",
    "mm": "{0.minute:02}",
    "m": "{0.minute}",
    "ss": "{0.second:02}",
    "s": "{0.second}",
    "ZZZZZ": "{zone}",
    "ZZZZ": "{plain}",
    "ZZZ": "{utc}",
    "Z": "{short}",
}
_TOKEN = regex(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'", re.DOTALL)


def _read(text: str) -> tuple[datetime, Fraction]:
    """The time to the second, and the rest of a second."""
    from datetime import datetime, timedelta, timezone

    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise EvaluationError(f"{text[:40]!r} is no RFC 3339 timestamp")
    zone = match[8]
    hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[4:6]))
    if hours > 23 or minutes > 59:
        raise EvaluationError(f"{text[:40]!r} is no RFC 3339 timestamp")
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    try:
        time = datetime(*map(int, match.groups()[:6]), tzinfo=timezone(offset))  # type: ignore[misc,arg-type]
    except ValueError as error:
        raise EvaluationError(f"{text[:40]!r}: {error}") from error
    return time, Fraction(int(match[7] or "0"), 10 ** len(match[7] or "0"))


def _zone(time: datetime) -> str:
    """The offset as ``+01:00``."""
    text = time.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _format_date(spec: str, text: str) -> str:
    time, _ = _read(text)
    zone = _zone(time)
    utc = zone == "+00:00"
    names = {
        "year": time.year % 100,
        "month": _MONTHS[time.month - 1],
        "weekday": _DAYS[time.weekday()],
        "hour": time.hour % 12 or 12,
        "half": "AM" if time.hour < 12 else "PM",
        "small": "am" if time.hour < 12 else "pm",
        "zone": zone,
        "plain": zone.replace(":", ""),
        "utc": "UTC" if utc else zone.replace(":", ""),
        "short": "Z" if utc else zone,
    }
    return "".join(_written(match, time, names) for match in _TOKEN.finditer(spec))


def _written(match: re.Match[str], time: datetime, names: dict[str, object]) -> str:
    piece = match[0]
    if piece == "'":
        raise EvaluationError("a quote that is not closed in a date format")
    if piece[0] == "'":
        return piece[1:-1].replace("''", "'")
    if match[1] is None:
        return piece
    if piece not in _FORMATS:
        raise EvaluationError(f"{piece[:20]} is no part of a date format")
    return _FORMATS[piece].format(time, **names)


def _duration(text: str) -> Fraction:
    """Seconds of a duration such as ``-1h30m``."""
    sign, rest = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if rest == "0":
        return Fraction(0)
    position, total = 0, 0
    while position < len(rest):
        match = _DURATION.match(rest, position)
        if match is None or len(match[1]) > 30:
            break
        total += int(Fraction(match[1]) * _NANOSECONDS[match[2]])
        position = match.end()
    if not rest or position < len(rest) or total >= 1 << 63:
        raise EvaluationError(f"{text[:40]!r} is no duration")
    return Fraction(-total if sign == "-" else total, 10**9)


def _add(text: str, duration: str) -> str:
    from datetime import timedelta

    time, rest = _read(text)
    moved = rest + _duration(duration)
    try:
        result = time + timedelta(seconds=moved.numerator // moved.denominator)
    except OverflowError:
        raise undecided("a time so far away is not computed") from None
    zone = _zone(result)
    return result.strftime(f"{result.year:04}-%m-%dT%H:%M:%S") + ("Z" if zone == "+00:00" else zone)


def _compare(first: str, second: str) -> int:
    (a, rest_a), (b, rest_b) = _read(first), _read(second)
    x, y = (a, rest_a), (b, rest_b)
    return (x > y) - (x < y)


FUNCTIONS: dict[str, Function] = {
    "formatdate": Function(_format_date, (STRING, STRING)),
    "timeadd": Function(_add, (STRING, STRING)),
    "timecmp": Function(_compare, (STRING, STRING)),
}
