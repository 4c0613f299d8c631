"""Characters of GIFT that mean something, and those that a backslash makes mere text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anyshore.assessment.questions import FORMATS, Format, Text

_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_ESCAPING = re.compile(r"[\\:#={}~\n]")
_FORMAT = re.compile(rf"\[({'|'.join(FORMATS)})\]")
_KEPT: frozenset[Format] = frozenset({"html", "markdown"})
"""Formats in which lines and runs of blanks mean something."""


def meant(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """The places and characters of a text that no backslash makes mere text."""
    at = start
    while at < len(text):
        if _ESCAPED.match(text, at):
            at += 2
            continue
        yield at, text[at]
        at += 1


def find(text: str, mark: str, start: int = 0) -> int:
    """Where a mark stands that is meant as one; -1: nowhere."""
    return next((at for at, char in meant(text, start) if char == mark[0] and text.startswith(mark, at)), -1)


def cut(text: str, mark: str) -> tuple[str, str | None]:
    """What stands before a mark and behind it; None: there is none."""
    at = find(text, mark)
    return (text, None) if at < 0 else (text[:at], text[at + len(mark) :])


def plain(text: str) -> str:
    """What a text says: without the backslashes."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escaped(text: str) -> str:
    """A text with the backslashes it needs, on one line."""
    return _ESCAPING.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def formatted(text: str, inherited: Format) -> Text:
    """A text in the format it names, or else in that of its question."""
    text = text.strip()
    found = _FORMAT.match(text)
    form = inherited
    if found:
        form = next(one for one in FORMATS if one == found[1])
        text = text[found.end() :].strip()
    return Text(spoken(text, form), form)


def spoken(text: str, form: Format) -> str:
    """What a text says in a format; outside HTML and Markdown lines and runs of blanks are one blank."""
    if form in _KEPT:
        return plain(text).strip()
    return plain(re.sub(r"\s\s+", " ", text.strip().replace("\n", " ")))
