"""Which environment variables say where requests to DynamoDB go, and how much of their values matters.

Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints". Programs have names of
their own for it as well, such as ``DYNAMODB_ENDPOINT``.
"""

from __future__ import annotations

import re

from dynavet.regexes import regex
from dynavet.text import Part, Text
from dynavet.values import Known, Unknown, Value, bind

EVERY_SERVICE = "AWS_ENDPOINT_URL"
_OF_SDKS = frozenset(
    {EVERY_SERVICE, *(f"{EVERY_SERVICE}_{service}" for service in ("DYNAMODB", "DYNAMODB_STREAMS", "DAX"))}
)
_OWN_NAME = regex(r"(?=.*(DYNAMO|(^|[^A-Z])DDB))(?=.*(ENDPOINT|URL|URI|HOST))")
_OF_AWS = regex(r"http://([\w-]+\.)*(dynamodb|dax|ddb)[.-]([\w-]+\.)*(amazonaws\.com|api\.aws)", re.IGNORECASE)
MAX_HOST = 300
"""Characters of a URL in which its host is looked for; names of hosts have 253 at most."""

_SCHEME = regex(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_END_OF_HOST = regex(r"[/?#]")


def says_where(name: str, value: Value[Text | None]) -> bool:
    """Whether a variable is for the URL of DynamoDB or DAX; with a name that does not tell, if its value is AWS's."""
    if name.upper() in _OF_SDKS or _OWN_NAME.match(name.upper()):
        return True
    return (
        isinstance(value, Known) and value.value is not None and _OF_AWS.match(str(value.value)[:MAX_HOST]) is not None
    )


def where(value: Value[Text | None]) -> Value[Text | None]:
    """Scheme and host of a URL, without credentials, port and path; absent for a text that is no URL."""
    return bind(lambda text: Known(None if text is None else _where(text), value.origin), value)


def _where(text: Text) -> Text | None:
    first = text.parts[0] if text.parts else ""
    if not isinstance(first, str):
        return text
    scheme = _SCHEME.match(first)
    if scheme is None:
        whole = len(text.parts) > 1 and "http://".startswith(first.lower())
        return text if whole else None
    host: list[Part] = []
    for part in (first[scheme.end() :], *text.parts[1:]):
        end = _END_OF_HOST.search(part) if isinstance(part, str) else None
        host.append(part[: end.start()] if isinstance(part, str) and end is not None else part)
        if end is not None:
            break
    return Text.of(scheme[0].strip(), *_without_port(_without_credentials(host)))


def _without_credentials(host: list[Part]) -> list[Part]:
    for index in reversed(range(len(host))):
        part = host[index]
        if isinstance(part, str) and "@" in part:
            return [part.rpartition("@")[2], *host[index + 1 :]]
    return host


def _without_port(host: list[Part]) -> list[Part]:
    last = host[-1] if host else None
    for index, part in enumerate(host):
        if isinstance(part, str) and ":" in part and "[" not in part:
            return [*host[:index], part.partition(":")[0]]
    if isinstance(last, str) and "]" in last:
        return [*host[:-1], f"{last.partition(']')[0]}]"]
    return host


def matters(url: Value[Text | None]) -> bool:
    """Whether there is a URL in some branch, or may be."""
    if isinstance(url, Unknown):
        return True
    if isinstance(url, Known):
        return url.value is not None
    return any(matters(branch) for _, branch in url.branches)


__all__ = ["EVERY_SERVICE", "matters", "says_where", "where"]
