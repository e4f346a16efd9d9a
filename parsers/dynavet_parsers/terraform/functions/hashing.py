"""Digests, and the encodings of them."""

from __future__ import annotations

import base64
from collections.abc import Callable

from dynavet_parsers.terraform.data import EvaluationError
from dynavet_parsers.terraform.functions.signature import STRING, Function

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
_NAMESPACES = {"dns": "0", "url": "1", "oid": "2", "x500": "4"}


def digest(algorithm: str, data: bytes) -> bytes:
    import hashlib

    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def as_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _hexadecimal(algorithm: str) -> Callable[[str], str]:
    return lambda text: digest(algorithm, text.encode()).hex()


def _base64(algorithm: str) -> Callable[[str], str]:
    return lambda text: as_base64(digest(algorithm, text.encode()))


def _uuid5(namespace: str, name: str) -> str:
    import uuid

    known = _NAMESPACES.get(namespace)
    try:
        space = uuid.UUID(f"6ba7b81{known}-9dad-11d1-80b4-00c04fd430c8" if known is not None else namespace)
    except ValueError as error:
        raise EvaluationError(f"{namespace[:40]!r} is no namespace") from error
    return str(uuid.uuid5(space, name))


FUNCTIONS: dict[str, Function] = {
    **{name: Function(_hexadecimal(name), (STRING,)) for name in ALGORITHMS},
    "base64sha256": Function(_base64("sha256"), (STRING,)),
    "base64sha512": Function(_base64("sha512"), (STRING,)),
    "uuidv5": Function(_uuid5, (STRING, STRING)),
}
