"""The literal text of HCL strings and templates."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from dynavet.regexes import regex

_ESCAPE = regex(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", re.DOTALL)
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


class Literals:
    """The literal text of one template, between its interpolations and directives.

    `marks` are the byte ranges of ``${…}`` and ``%{…}``, in order, also of those within
    directives. In a heredoc each line is a text of its own: that is how far a strip marker
    reaches. `flush` removes the indentation that all lines share, `removed` characters.
    """

    def __init__(
        self, source: bytes, start: int, end: int, marks: list[tuple[int, int]], *, heredoc: bool, flush: bool = False
    ) -> None:
        self._tokens: list[tuple[int, str | None]] = []
        self.removed = 0
        position, strip = start, False
        for first, last in (*marks, (end, end)):
            texts = self._texts(source[position:first], heredoc)
            if strip and texts:
                texts[0] = texts[0].lstrip()
            strip = source[last - 2 : last - 1] == b"~"
            if texts and first < last and source[first + 2 : first + 3] == b"~":
                texts[-1] = texts[-1].rstrip()
            self._tokens += [(position, text) for text in texts]
            self._tokens.append((first, None))
            position = last
        if flush:
            self._flush()
        self._starts = [token[0] for token in self._tokens]

    @staticmethod
    def _texts(source: bytes, heredoc: bool) -> list[str]:
        text = source.decode("utf-8", "replace")
        if not heredoc:
            return [unescape(text)] if text else []
        return [unescape_heredoc(line) for line in re.findall(r"[^\n]*\n|[^\n]+", text)]

    def between(self, start: int, end: int) -> str:
        """The text between two places, of which one begins and one ends at a mark or the template itself."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return "".join(text for _, text in self._tokens[first:last] if text is not None)

    def _flush(self) -> None:
        """Lines are counted after strip markers have joined them, and blank ones are not."""
        first: list[int] = []
        widths: list[int] = []
        newline = True
        for number, (_, text) in enumerate(self._tokens):
            if newline and text is None:
                if number < len(self._tokens) - 1:
                    widths.append(0)
            elif newline and text is not None and (text.strip() or not text.endswith("\n")):
                first.append(number)
                widths.append(len(text) - len(text.lstrip()))
            newline = text is not None and text.endswith("\n")
        self.removed = min(widths, default=0)
        for number in first:
            at, text = self._tokens[number]
            self._tokens[number] = at, (text or "")[self.removed :]
