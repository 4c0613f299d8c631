"""Redaction that removes: what is redacted is not in the file any more, in no layer, note or earlier version of it.

A PDF becomes pictures of its pages, blackened before they are pictures (``pdf_pictures``); a text loses the passage.
Then the result is looked at once more, by two readers that know nothing of each other (PDFium, pypdf): nothing they
can read may be left.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge import documents, pdf
from anyshore.knowledge.anchors import Span
from anyshore.knowledge.documents import Source
from anyshore.knowledge.pdf_layout import Box
from anyshore.knowledge.pdf_pictures import fold
from anyshore.knowledge.quote_boxes import boxes_of

MARK = "[REDACTED]"
"""What stands in a text in the place of a passage."""
SCALE = 150 / 72
"""Pixels per point: 150 per inch, which prints of a production have at least."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A PDF without passages.

    Attributes:
        content: the PDF, pictures of its pages.
        text: of the source, with marks.
        places: how often each passage was found in the text.
        unread: pages (from 1) without text, where no passage could be looked for: blacken them by area, or not at all.
    """

    content: bytes
    text: str
    places: tuple[int, ...]
    unread: tuple[int, ...]


def finder(text: str) -> Callable[[str], list[tuple[int, int]]]:
    """Finds every place of a passage in a text, which is gone through once for all passages.

    Case, blanks, line ends and hyphens do not count, parts of words do not fit.

    Returns:
        What takes a passage and gives (start, end) in the text, in order, none over another.
    """
    folded: list[str] = []
    origins: list[int] = []
    for at, character in enumerate(text):
        for one in fold(character):
            folded.append(one)
            origins.append(at)
    whole = "".join(folded)

    def find(passage: str) -> list[tuple[int, int]]:
        wanted, found, start = fold(passage), [], 0
        while wanted and (start := whole.find(wanted, start)) >= 0:
            first, last = origins[start], origins[start + len(wanted) - 1] + 1
            if _whole_words(text, first, last):
                found.append((first, last))
                start += len(wanted)
            else:
                start += 1
        return found

    return find


def _whole_words(text: str, first: int, last: int) -> bool:
    before, after = text[first - 1 : first], text[last : last + 1]
    return not (before.isalnum() and text[first].isalnum()) and not (after.isalnum() and text[last - 1].isalnum())


def of_text(text: str, passages: Sequence[str]) -> str:
    """The text with a mark in the place of every passage."""
    if not passages:
        return text
    find = finder(text)
    spots = sorted(spot for passage in passages for spot in find(passage))
    parts, at = [], 0
    for first, last in spots:
        if first >= at:
            parts += [text[at:first], MARK]
        at = max(at, last)
    return "".join([*parts, text[at:]])


def of_pdf(
    data: bytes, name: str, passages: Sequence[str], areas: Mapping[int, Sequence[Box]] | None = None
) -> Redacted:
    """The PDF without passages and areas.

    Args:
        data: the PDF.
        name: its name, for errors.
        passages: each is blackened wherever it stands, in the text, in notes and in form fields.
        areas: by page (from 1), in points of the page's own space; for pictures and handwriting.

    Raises:
        DataError: the PDF cannot be read, there is no such page, or something of it can still be read afterwards.
    """
    source = _source(data, name)
    spots = list(map(finder(source.text), passages))
    boxes: dict[int, list[Box]] = {page - 1: list(given) for page, given in (areas or {}).items()}
    beyond = [page + 1 for page in boxes if not 0 <= page < len(source.pages)]
    if beyond:
        message = f"There is no page {beyond[0]}."
        raise DataError("redaction.page", message, Location(file=source.name), f"It has {len(source.pages)}.")
    spans = [
        Span(source.hash, *spot, source.page_at(spot[0])[0], source.text[slice(*spot)], (spot,))
        for found in spots for spot in found
    ]  # fmt: skip
    for pages in boxes_of(data, source, spans) if spans else []:
        for one in pages:
            boxes.setdefault(one.page - 1, []).extend(one.boxes)
    content = pdf.blackened(data, source.name, boxes, [fold(passage) for passage in passages], SCALE)
    check(content, source.name)
    return Redacted(
        content, of_text(source.text, passages), tuple(map(len, spots)), tuple(source.textless_pages())
    )  # fmt: skip


def _source(data: bytes, name: str) -> Source:
    """What is read of a PDF; of one that is pictures alone, which areas can be blackened in, its pages without text."""
    try:
        return documents.from_pdf(data, name)
    except DataError as problem:
        if problem.code != "document.no-text":
            raise
    return Source("", name, "", ((0, 0),) * len(pdf.page_texts(data, name)))


def check(content: bytes, name: str) -> None:
    """Nothing can be read in a redacted PDF: no text by either reader, no metadata, note, attachment, earlier version.

    Raises:
        DataError: something can; it must not go out.
    """
    left = remains(content, name)
    if left:
        message = f"Something of the document can still be read: {', '.join(left)}."
        raise DataError("redaction.remains", message, Location(file=name), "It must not go out; redact it again.")


def remains(content: bytes, name: str) -> list[str]:
    """What two readers still find in a PDF, by kind; empty where it holds pictures alone."""
    from pypdf import PdfReader  # costs 0.1 s: only those who redact pay

    found = []
    if any(page.text.strip() for page in pdf.page_texts(content, name)):
        found.append("text (PDFium)")
    reader = PdfReader(io.BytesIO(content))
    if any((page.extract_text() or "").strip() for page in reader.pages):
        found.append("text (pypdf)")
    if reader.metadata or reader.xmp_metadata:
        found.append("metadata")
    if any("/Annots" in page for page in reader.pages):
        found.append("notes")
    if reader.attachments:
        found.append("attachments")
    if len(re.findall(rb"startxref\s+\d+\s+%%EOF", content)) != 1:
        found.append("earlier versions")
    if set(reader.root_object) - {"/Type", "/Pages"}:
        found.append("a catalogue of more than pages")
    return found
