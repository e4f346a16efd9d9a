"""The suppressions that scanned files have in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from dynavet.discovery import DOCUMENTS
from dynavet.model import Suppression
from dynavet.sources import SourceError, Sources
from dynavet.suppression_text import Malformed, Request, in_comment, in_metadata
from dynavet.values import Origin
from dynavet_parsers.remarks import Remark, Thing, may_have_remarks

HCL = (".tf", ".tofu")
INLINE = "inline"
DOWNLOADED = ".terraform"


def inline_suppressions(paths: Iterable[str], cwd: Path, sources: Sources) -> Iterator[Suppression]:
    """The suppressions in the files, given as the user sees them, in order.

    What cannot be read has none, and downloaded modules have none: their authors do not
    decide what is accepted here.
    """
    for path in sorted(path for path in set(paths) if DOWNLOADED not in PurePosixPath(path).parts):
        try:
            data = sources.read(cwd / path)
        except SourceError:
            continue
        for remark in _remarks(path, data):
            yield from _suppressions(remark)


def _remarks(path: str, data: bytes) -> list[Remark]:
    if not may_have_remarks(data):
        return []
    if path.endswith(HCL):
        from dynavet_parsers.terraform import comments as terraform

        return terraform.read_remarks(data, path)
    if path.endswith(DOCUMENTS) and not path.endswith((".tf.json", ".tofu.json")):
        from dynavet_parsers.cloudformation import comments as documents

        return documents.read_remarks(data, path)
    return []


def _suppressions(remark: Remark) -> Iterator[Suppression]:
    if not isinstance(remark.content, str):
        yield _suppression(in_metadata(remark.content), remark, remark.resource)
        return
    for request in in_comment(remark.content):
        around = remark.resource if isinstance(request, Request) and request.around else None
        yield _suppression(request, remark, around or remark.subject)


def _suppression(request: Request | Malformed, remark: Remark, thing: Thing | None) -> Suppression:
    named = thing or remark.resource
    address = (named.name if named is not None else "") or PurePosixPath(remark.origin.path).name
    if isinstance(request, Malformed):
        return _invalid(address, remark.origin, str(request))
    if thing is None:
        return _invalid(
            address, remark.origin, "no block, attribute or module call begins on its line or directly below"
        )
    return Suppression(
        address=address,
        origin=remark.origin,
        kind=INLINE,
        rules=request.rules,
        reason=request.reason,
        until=request.until,
        evidence=request.evidence,
        covers=thing.origin,
        literal=thing.literal,
        unbound=request.around,
    )


def _invalid(address: str, origin: Origin, problem: str) -> Suppression:
    return Suppression(address=address, origin=origin, kind=INLINE, problem=problem)
