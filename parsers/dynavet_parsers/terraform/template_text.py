"""The literal text of HCL strings and templates."""

from __future__ import annotations

import re
import unicodedata

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unescape(text: str) -> str:
    r"""A quoted string's text: backslash escapes, ``$${`` and ``%%{``.

    >>> unescape(r'a\tb$${c}')
    'a\tb${c}'
    """
    if "\\" not in text and "{" not in text:
        return normal(text)
    return normal(_ESCAPE.sub(_replacement, text))


def normal(text: str) -> str:
    """Text in the one form that Terraform gives to characters that Unicode can write in several."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] in "$%":
        return found[1:]
    escape = match[1]
    if escape[0] in "uU" and len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _SIMPLE.get(escape, found)


def unescape_heredoc(text: str) -> str:
    """A heredoc's text: only ``$${`` and ``%%{`` are special."""
    return normal(text.replace("$${", "${").replace("%%{", "%{") if "{" in text else text)


def dedent(parts: list[str | None]) -> tuple[list[str | None], int]:
    """Remove the indentation that all lines of a ``<<-`` heredoc share.

    `parts` are the literal texts, `None` standing for an interpolation, beginning at the
    start of a line. The second result is how many columns were removed.
    """
    widths = []
    at_line_start = True
    for part in parts:
        if part is None:
            if at_line_start:
                widths.append(0)
            at_line_start = False
            continue
        for number, line in enumerate(part.split("\n")):
            if number > 0 or at_line_start:
                stripped = line.lstrip(" \t")
                last = number == part.count("\n")
                if stripped or (last and part is not parts[-1]):
                    widths.append(len(line) - len(stripped))
        at_line_start = part.endswith("\n") or (at_line_start and not part)
    width = min(widths, default=0)
    if not width:
        return parts, 0
    return [
        _remove(part, width, _starts_line(parts, i)) if part is not None else None for i, part in enumerate(parts)
    ], width


def _starts_line(parts: list[str | None], index: int) -> bool:
    return index == 0 or (parts[index - 1] or "").endswith("\n")


def _remove(text: str, width: int, at_line_start: bool) -> str:
    lines = text.split("\n")
    return "\n".join(
        line[min(width, len(line) - len(line.lstrip(" \t"))) :] if number > 0 or at_line_start else line
        for number, line in enumerate(lines)
    )
