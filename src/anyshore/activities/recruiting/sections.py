"""Applications as sections, each with its place; and what a first view leaves out.

A heading is a line of its own that says nothing but the name of a section, or what stands before the colon of one.
What stands above the first heading is the head of the application.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from anyshore.activities.recruiting import words
from anyshore.knowledge.documents import Source

HEAD = "head"
UNSEEN = ("personal",)
"""Kinds of sections a first view leaves out whole."""
_LONGEST = 60
"""Characters of a heading."""
_PLACE = "▒▒▒"
_SHOUTED = re.compile(r"(?:[^\W\d_a-zäöüß]{3,} )+(?=\w*[a-zäöüß])")
_NAME_PART = re.compile(r"[^\W\d_]{2,}")
_NAME = re.compile(r"(?:(?:Dr|Prof)\.\s+)*[A-ZÄÖÜ][\w'’-]+(?:\s+(?:von|van|de|der|[A-ZÄÖÜ][\w'’.-]*)){1,3}")
_SPACED = re.compile(r"\S(?:[ \t]+\S){3,}")

_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_LINK = r"(?:https?://|www\.)\S+|(?:linkedin|xing|github|facebook|instagram)\.com/\S+"
_PHONE = r"(?<![\w.])(?:\+|00?|\()[\d][\d ()/.-]{5,}\d"
_BORN = r"\b(?:born|geboren|geb\.)\s+(?:on|in|am)?\s*[\d./-]{4,10}[^\n,;]*"
_DATE = r"\*\s?\d{1,2}\.\d{1,2}\.(?:19|20)\d\d"
_STREET = r"\b[A-ZÄÖÜ][\wäöüß.-]*(?:straße|strasse|str\.|weg|platz|allee|gasse)\s*\d+\s?[a-z]?\b"
_POSTCODE = r"\b(?:D-)?\d{5}\s+[A-ZÄÖÜ][\wäöüß-]+"
_HIDDEN = re.compile("|".join((_MAIL, _LINK, _PHONE, _BORN, _DATE, _STREET, _POSTCODE)), re.I)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an application.

    Attributes:
        kind: which one, ``head`` above the first heading.
        title: its heading as it is written.
        start: offset of its text, without the heading.
        end: offset behind it.
        page: page from 1 on which it begins.
        line: line from 1 on which it begins.
        text: what it says.
    """

    kind: str
    title: str
    start: int
    end: int
    page: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Masked:
    """What a first view leaves out.

    Attributes:
        start: offset of the first character.
        end: offset behind the last.
    """

    start: int
    end: int


@cache
def _headings() -> dict[str, str]:
    return {words.letters(one): kind for kind, names in words.known()["sections"].items() for one in names}


@cache
def _labelled() -> re.Pattern[str]:
    """Lines of which a first view leaves out what stands behind the label."""
    labels = "|".join(map(re.escape, words.known()["labels"]))
    label = rf"^[ \t•*-]*(?:{labels})[ \t]*(?:am|in|on|no\.?)?[ \t]*[.:\-–][ \t]*(?P<value>\S[^\n]*)$"
    return re.compile(label, re.IGNORECASE | re.MULTILINE)


def split(source: Source) -> tuple[Section, ...]:
    """The sections of an application, in order; together they are its text but for headings and blanks."""
    marks = [(HEAD, "", 0, 0), *_marks(source.text)]
    ends = [mark[2] for mark in marks[1:]] + [len(source.text)]
    found = []
    for (kind, title, _, start), end in zip(marks, ends, strict=True):
        text = source.text[start:end]
        if not text.strip():
            continue
        first = start + len(text) - len(text.lstrip())
        last = start + len(text.rstrip())
        page, line = source.page_at(first)[0], source.line_at(first)[0]
        found.append(Section(kind, title, first, last, page, line, source.text[first:last]))
    return tuple(found)


def _marks(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The headings: kind, title, where the heading begins, where its text begins."""
    at = 0
    for line in text.splitlines(keepends=True):
        for title, kind in _titles(line.strip()):
            begins = at + line.index(title)
            colon = begins + len(title) < len(text) and text[begins + len(title)] == ":"
            yield kind, title, begins, begins + len(title) + (1 if colon else 0)
            break
        at += len(line)


def _titles(line: str) -> Iterator[tuple[str, str]]:
    """How a line may be read as a heading: whole, before its colon, or as its first words in capitals."""
    before, colon, _ = line.partition(":")
    for title in (line, before.rstrip() if colon else "", _capitals(line)):
        if 0 < len(title) <= _LONGEST and (kind := _headings().get(words.letters(_closed(title)))):
            yield title, kind


def _capitals(line: str) -> str:
    """The first words of a line where they alone are in capitals, as where a column of headings stands on the left."""
    found = _SHOUTED.match(line)
    return found[0].rstrip() if found and len(found[0]) < len(line) else ""


def _closed(title: str) -> str:
    """A heading without the blanks between its letters: ``P R O F I L E`` is a profile."""
    if not _SPACED.fullmatch(title):
        return title
    return " ".join("".join(word.split(" ")) for word in re.split(r" {2,}|\t", title))


def masked(source: Source, names: tuple[str, ...] = ()) -> tuple[Masked, ...]:
    """What a first view leaves out: who it is, how old, from where, how to reach, and what was earned before.

    Args:
        source: the application.
        names: names of the applicant, as known from mail or form; each part of a name counts. Those that the document
            tells itself are left out, too: in its file's name, its mail address, or as its first line.
    """
    found = [(one.start, one.end) for one in split(source) if one.kind in UNSEEN]
    found += [match.span("value") for match in _labelled().finditer(source.text)]
    found += [match.span() for match in _HIDDEN.finditer(source.text)]
    for part in {part for name in (*names, *_told_names(source)) for part in _NAME_PART.findall(name)}:
        found += [match.span() for match in re.finditer(rf"\b{re.escape(part)}\b", source.text, re.I)]
    return tuple(Masked(start, end) for start, end in _joined(sorted(found)))


def _told_names(source: Source) -> Iterator[str]:
    """Names the document tells: in the name of its file, before the @ of its addresses, as its first line."""
    stem = source.name.rpartition(".")[0]
    plain = frozenset(words.known()["file_names"])
    yield from (part for part in _NAME_PART.findall(stem) if len(part) > 2 and part.casefold() not in plain)
    for address in re.findall(_MAIL, source.text):
        yield from (part for part in _NAME_PART.findall(address.partition("@")[0]) if len(part) > 2)
    first = next((line.strip() for line in source.text.splitlines() if line.strip()), "")
    if _NAME.fullmatch(first) and words.letters(first) not in _headings() and not _is_occupation(first):
        yield first


def _is_occupation(line: str) -> bool:
    known = {words.family(one) for one in words.known()["occupations"]}
    return any(word.family in known for word in words.words(line))


def first_view(source: Source, names: tuple[str, ...] = ()) -> str:
    """The text of an application with what says who it is left out."""
    made, at = [], 0
    for one in masked(source, names):
        made += [source.text[at : one.start], _PLACE]
        at = one.end
    return "".join([*made, source.text[at:]])


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined
