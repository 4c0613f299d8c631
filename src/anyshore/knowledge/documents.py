"""Source documents: text with page and character offsets, from text or PDF bytes.

A source is identified by the SHA-256 of the bytes it came from, so that a changed file is another source.
Offsets count Unicode characters of :attr:`Source.text`, from 0, end exclusive.
"""

from __future__ import annotations

import codecs
import hashlib
from bisect import bisect_right
from dataclasses import dataclass

from anyshore.base.errors import DataError
from anyshore.base.files import is_pdf
from anyshore.base.locations import Location
from anyshore.knowledge import pdf

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_FOREIGN = (
    (b"PK\x03\x04", "a word processor's file or an archive"),
    (b"\xd0\xcf\x11\xe0", "a word processor's file"),
    (b"{\\rtf", "rich text"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
)
_LEGACY_SHARE = 10  # one character in so many, at most, beyond ASCII in a text taken for Windows-1252


@dataclass(frozen=True, slots=True)
class Source:
    """A document as evidence.

    Attributes:
        hash: SHA-256 of the bytes, 64 lower-case hexadecimal digits.
        name: the file name as the user gave it.
        text: the text, line ends and all as they came.
        pages: (start, end) of each page in the text; a text file is one page.
        asides: (start, end) of what is set apart from the text it stands in: footnotes of a PDF and their marks.
    """

    hash: str
    name: str
    text: str
    pages: tuple[tuple[int, int], ...]
    asides: tuple[tuple[int, int], ...] = ()

    def page_at(self, offset: int) -> tuple[int, int]:
        """The page of an offset (from 1), and the offset inside that page (from 0)."""
        index = max(bisect_right(self.pages, offset, key=lambda page: page[0]) - 1, 0)
        return index + 1, offset - self.pages[index][0]

    def line_at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1

    def textless_pages(self) -> tuple[int, ...]:
        """Pages (from 1) without any text: scans, pictures or blank sheets, which no quote can cite."""
        return tuple(number for number, (start, end) in enumerate(self.pages, 1) if not self.text[start:end].strip())


def read(data: bytes, name: str, *, encoding: str | None = None) -> Source:
    """The source in the bytes of a PDF (told by its signature) or of a text file.

    Args:
        data: the whole file.
        name: the file name, for errors and citations.
        encoding: of a text file; without it see :func:`from_text`.

    Raises:
        DataError: empty, another kind of file, wrong encoding (with line and column), binary, damaged, encrypted,
            textless or too large.
    """
    if not data:
        raise DataError("document.empty", "the file is empty", Location(file=name), "give the file with its content")
    if is_pdf(data):
        return from_pdf(data, name)
    foreign = next((kind for mark, kind in _FOREIGN if data.startswith(mark)), None)
    if foreign is not None:
        raise DataError(
            "document.kind", f"the file is {foreign}, not a PDF or text", Location(file=name), "save it as PDF"
        )
    return from_text(data, name, encoding=encoding)


def from_text(data: bytes, name: str, *, encoding: str | None = None) -> Source:
    """The source in the bytes of a text file, as one page.

    Without an encoding a byte order mark decides, else it is UTF-8, or where that fails, Windows-1252 (the older files
    of Western offices), if all but a few characters are ASCII and the rest has a meaning there.

    Raises:
        DataError: the bytes are not text in that encoding, or hold nothing to read.
    """
    chosen = encoding or next((codec for mark, codec in _BOMS if data.startswith(mark)), None) or _guessed(data)
    try:
        text = data.decode(chosen)
    except UnicodeDecodeError as error:
        raise _undecodable(data, name, chosen, error) from error
    except LookupError as error:
        raise DataError(
            "document.unknown-encoding", f"there is no encoding {chosen!r}", Location(file=name), "for example cp1252"
        ) from error
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise DataError(
            "document.binary",
            "the file holds NUL characters: it is not text",
            Location(file=name, line=line, column=at - text.rfind("\n", 0, at)),
            "give a PDF, or a text file saved as UTF-8",
        )
    if not text.strip():
        raise DataError("document.empty", "the file holds only blanks", Location(file=name), "give the text itself")
    return Source(hashlib.sha256(data).hexdigest(), name, text, ((0, len(text)),))


def _guessed(data: bytes) -> str:
    """``utf-8``, or ``cp1252`` where the bytes are no UTF-8 and look like that."""
    try:
        data.decode()
    except UnicodeDecodeError:
        beyond = sum(byte > 127 for byte in data)
        if beyond * _LEGACY_SHARE <= len(data) and b"\0" not in data:
            try:
                data.decode("cp1252")
            except UnicodeDecodeError:
                return "utf-8"
            return "cp1252"
    return "utf-8"


def from_pdf(data: bytes, name: str) -> Source:
    """The source in the bytes of a PDF: the text of its pages in order, a line end between two pages.

    Raises:
        DataError: damaged, encrypted with a password, without pages, without text on any page, or more than is read.
    """
    laid = pdf.page_texts(data, name)
    texts = [_plain(page.text) for page in laid]
    if not texts:
        raise DataError("document.empty", "the PDF has no pages", Location(file=name), "export it again")
    if not any(text.strip() for text in texts):
        raise DataError(
            "document.no-text",
            f"none of the {len(texts)} pages holds text: they are pictures",
            Location(file=name),
            "run text recognition (OCR) first, and give that PDF",
        )
    pages = []
    asides = []
    at = 0
    for page, text in zip(laid, texts, strict=True):
        pages.append((at, at + len(text)))
        asides += [
            (at + len(_plain(page.text[:start])), at + len(_plain(page.text[:end]))) for start, end in page.asides
        ]
        at += len(text) + 1
    return Source(hashlib.sha256(data).hexdigest(), name, "\n".join(texts), tuple(pages), tuple(asides))


def _plain(text: str) -> str:
    """PDFium's text with one kind of line end, and its marks for a hyphen at a line end as soft hyphens."""
    return (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\ufffe", "\u00ad")
        .replace("\x02", "\u00ad")
        .replace("\0", "")
    )


def _undecodable(data: bytes, name: str, encoding: str, error: UnicodeDecodeError) -> DataError:
    before = data[: error.start].decode(encoding, errors="replace")
    byte = data[error.start] if error.start < len(data) else 0
    return DataError(
        "document.wrong-encoding",
        f"byte 0x{byte:02X} at position {error.start} is not {encoding} ({error.reason})",
        Location(file=name, line=before.count("\n") + 1, column=len(before) - before.rfind("\n")),
        "save the file as UTF-8, or as PDF",
    )
