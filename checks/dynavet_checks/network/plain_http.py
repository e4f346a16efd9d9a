"""Whether a URL sends requests over a network without encryption."""

from __future__ import annotations

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.patterns import undecided_parts
from dynavet.regexes import regex
from dynavet.text import Text
from dynavet.values import Origin, Single, Unknown

_HTTP = "http://"
_LOOPBACK = regex(r"127\.[\d.]*|\[::1\]|0\.0\.0\.0")
_OF_THIS_MACHINE = (
    *(".localhost", "localhost.localstack.cloud"),
    *("host.docker.internal", "gateway.docker.internal", "host.containers.internal"),
)
"""Endings of names that resolve to the machine itself, or to the one that runs the container."""


def is_plain_http(url: Single[Text | None]) -> Answer:
    """Whether it is ``http://`` and its host neither this machine nor a name without a dot, such as a container's."""
    if isinstance(url, Unknown):
        return undecided(url)
    if url.value is None:
        return NO
    written = "".join(part if isinstance(part, str) else "\0" for part in url.value.parts).lower()
    if not written.startswith(_HTTP):
        opens = "\0" in written[: len(_HTTP)] and _HTTP.startswith(written.partition("\0")[0])
        return _undecided(url.value, url.origin) if opens else NO
    host = written.removeprefix(_HTTP)
    if "\0" not in host:
        return NO if _is_near(host) else YES
    before, _, after = host.rpartition("\0")
    if _LOOPBACK.match(before) or after.endswith(_OF_THIS_MACHINE):
        return NO
    return YES if "." in after.strip(".") else _undecided(url.value, url.origin)


def _is_near(host: str) -> bool:
    has_dot = "." in host.strip(".") or host.startswith("[")
    return not has_dot or _LOOPBACK.fullmatch(host) is not None or f".{host}".endswith(_OF_THIS_MACHINE)


def _undecided(url: Text, origin: Origin | None) -> Answer:
    known = (Unknown(f"{each.target}.{each.attribute} is not known", origin) for each in url.references)
    return undecided(*(undecided_parts(url, origin) or known))
