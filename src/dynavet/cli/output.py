"""Where reports go."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from dynavet.cli.errors import CannotBeDone
from dynavet.findings import Report
from dynavet.reporters import Presentation, reporter
from dynavet.rule import Outcome


def destinations(
    order: Sequence[str | None], formats: Sequence[str], outputs: Sequence[Path]
) -> list[tuple[str, Path | None]]:
    """Each format with its file, `None` for standard output.

    `order` says which of ``formats`` and ``outputs`` came when. An output belongs to the format
    before it, or to the first format if there is none before it; without any format it is text.
    """
    names, files = iter(formats), iter(outputs)
    found: list[tuple[str, Path | None]] = []
    early: list[Path] = []
    for option in order:
        if option == "formats":
            found.append((next(names), early.pop(0) if early else None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], next(files))
        else:
            early.append(next(files))
    if not found:
        found = [("text", early.pop(0) if early else None)]
    given = [output.resolve() for _, output in found if output is not None]
    if early or len(set(given)) < len(given):
        raise click.UsageError("each --output needs a --format of its own, and a file of its own")
    return found


def deliver(
    report: Report,
    name: str,
    output: Path | None,
    show: frozenset[Outcome],
    *,
    quiet: bool = False,
    fixes: bool = False,
) -> None:
    """Write the report in one format; a file is there in full or not at all."""
    colour, width = terminal() if output is None else (False, None)
    presentation = Presentation(show=show, colour=colour, width=width, quiet=quiet, fixes=fixes)
    text = reporter(name).render(report, presentation)
    if output is None:
        echo(text)
    else:
        write_file(output, text)


def terminal() -> tuple[bool, int | None]:
    """Whether standard output takes colours, and its width in columns, `None` if it is no terminal."""
    if not sys.stdout.isatty():
        return False, None
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    import shutil

    return colour, shutil.get_terminal_size().columns


def write_file(output: Path, text: str) -> None:
    """Write a file in full or not at all. Raises `CannotBeDone`."""
    try:
        _replace(output.resolve(), text)
    except OSError as error:
        raise CannotBeDone(f"{output} cannot be written: {error.strerror}") from error


def echo(text: str) -> None:
    """Write to standard output, whatever it can encode."""
    click.echo(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"), nl=False)


def _replace(path: Path, text: str) -> None:
    if path.exists() and not path.is_file():
        path.write_text(text, "utf-8")
        return
    import secrets

    # A name that nobody can have put there, as a link to a file elsewhere.
    temporary = path.with_name(f".dynavet-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("x", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
