"""The process in which PDFs are read, one after the other: whatever a file does to it, it does within limits.

A program of its own, with no more of ours than the layout of pages, so that it starts quickly: ``pdf`` starts it and
talks to it through pipes. Each message is eight bytes of length, then the content: in comes a line of JSON that says
what is wanted, and a PDF; out go a head (JSON) and texts, or the boxes of quoted text, the picture of a page,
or the whole document as pictures, blackened.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from anyshore.knowledge.pdf_boxes import Frame, lines_of, png
from anyshore.knowledge.pdf_layout import Box, Glyph, Laid, laid, may_need_layout
from anyshore.knowledge.pdf_pictures import blackened


def limit_memory(most: int) -> None:
    """No more bytes of address space than allowed, and no core dump."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_time(most: int) -> None:
    """The next document may take so many seconds on a processor; then the system ends this process (SIGXCPU)."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + most, hard))


class TooLargeError(Exception):
    """The document has more than is read: the words say of what."""


def texts(data: bytes, pages: int, characters: int, done: list[Laid]) -> None:
    """Appends the text of each page to ``done``, of at most so many pages and characters."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        if len(pdf) > pages:
            raise TooLargeError(f"{len(pdf):,} pages", f"{pages:,} pages")
        left = characters
        for number in range(len(pdf)):
            page = pdf[number]
            text = page.get_textpage()
            left -= text.count_chars()
            if left < 0:
                raise TooLargeError(f"more than {characters:,} characters", f"{characters:,} characters")
            done.append(_laid(text))
            text.close()
            page.close()
    finally:
        pdf.close()


def _laid(page: Any) -> Laid:
    """The text of a page (pypdfium2's ``PdfTextPage``), in order."""
    as_drawn = page.get_text_range()
    if not may_need_layout([Box(*page.get_rect(number)) for number in range(page.count_rects())], as_drawn):
        return Laid(as_drawn, [])
    return laid([_glyph(page, index) for index in range(page.count_chars())], as_drawn)


def _glyph(page: Any, index: int) -> Glyph:
    import pypdfium2.raw

    code = pypdfium2.raw.FPDFText_GetUnicode(page, index)
    made_up = pypdfium2.raw.FPDFText_IsGenerated(page, index) == 1
    box = None if made_up else Box(*page.get_charbox(index, loose=True))
    text = chr(code) if code else ""
    may_be_raised = box is not None and (text.isdigit() or text in "*†‡§")
    return Glyph(text, box, page.get_charbox(index)[1] if may_be_raised else 0.0)


def answer(data: bytes, pages: int, characters: int) -> bytes:
    """The answer to a document: a head, and after it the texts."""
    import pypdfium2

    done: list[Laid] = []
    head: dict[str, object] = {}
    try:
        texts(data, pages, characters, done)
    except TooLargeError as error:
        head["large"] = error.args
    except MemoryError:
        head["memory"] = True
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        head["error"] = str(error)
        head["page"] = len(done) + 1
    encoded = [page.text.encode("utf-8", "surrogatepass") for page in done]
    head["asides"] = [page.asides for page in done]
    head["lengths"] = [len(text) for text in encoded]
    return b"".join([json.dumps(head).encode(), b"\n", *encoded])


def boxes(data: bytes, ranges: list[tuple[int, int, int]]) -> bytes:
    """The boxes of ranges of text: per range the lines it stands in, and per page its frame.

    Args:
        data: the PDF.
        ranges: (page from 0, start, end) in the text of the page, its line ends of one character.
    """
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    found: list[list[Box]] = [[] for _range in ranges]
    frames: dict[int, Frame] = {}
    try:
        for number in sorted({page for page, _start, _end in ranges}):
            page = pdf[number]
            left, bottom, right, top = page.get_bbox()
            frames[number] = Frame(left, bottom, right, top, page.get_rotation())
            text = page.get_textpage()
            drawn = _drawn(text)
            for at, (own, start, end) in enumerate(ranges):
                if own == number:
                    found[at] = lines_of(drawn[start:end])
            text.close()
            page.close()
    finally:
        pdf.close()
    return json.dumps({"boxes": found, "frames": sorted((page, *frame) for page, frame in frames.items())}).encode()


def _drawn(page: Any) -> list[tuple[str, Box | None]]:
    """Each character of a page's text with its box, its line ends of one character as sources hold them."""
    import pypdfium2.raw

    page_laid = _laid(page)
    origins = page_laid.origins
    if origins is None:
        find = pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex
        origins = [find(page, at) for at in range(len(page_laid.text))]
    found: list[tuple[str, Box | None]] = []
    for at, (character, index) in enumerate(zip(page_laid.text, origins, strict=True)):
        if character == "\0" or page_laid.text[at : at + 2] == "\r\n":
            continue
        made_up = index < 0 or character.isspace() or pypdfium2.raw.FPDFText_IsGenerated(page, index) == 1
        found.append((character, None if made_up else Box(*page.get_charbox(index, loose=True))))
    return found


def picture(data: bytes, number: int, scale: float) -> bytes:
    """A page as a picture (PNG), of so many pixels per point."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        bitmap = pdf[number].render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        rows, width, height = bitmap.buffer, bitmap.width, bitmap.height
        return png(bytes(rows), width, height, bitmap.stride, bitmap.n_channels)
    finally:
        pdf.close()


def asked(message: bytes, pages: int, characters: int) -> bytes:
    """The answer to a message."""
    line, _, data = message.partition(b"\n")
    wanted = json.loads(line)
    if "texts" in wanted:
        return answer(data, pages, characters)
    import pypdfium2

    try:
        if "boxes" in wanted:
            return boxes(data, [(page, start, end) for page, start, end in wanted["boxes"]])
        if "blacken" in wanted:
            areas = {page: [Box(*box) for box in given] for page, given in wanted["blacken"]}
            return b"\n" + blackened(data, areas, wanted["passages"], wanted["scale"])
        return b"\n" + picture(data, wanted["picture"], wanted["scale"])
    except (pypdfium2.PdfiumError, ValueError, OSError, IndexError) as error:
        return json.dumps({"error": str(error), "page": 1}).encode()
    except MemoryError:
        return json.dumps({"memory": True}).encode()


def read(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    content = stream.read(size)
    return content if len(content) == size else None


def write(stream: BinaryIO, content: bytes) -> None:
    """Sends a message."""
    stream.write(len(content).to_bytes(8, "big"))
    stream.write(content)
    stream.flush()


def main() -> None:
    """Answers one document after the other, until nobody asks any more."""
    pages, characters, memory, seconds = map(int, sys.argv[1:])
    limit_memory(memory)
    while True:
        limit_time(seconds)
        data = read(sys.stdin.buffer)
        if data is None:
            return
        write(sys.stdout.buffer, asked(data, pages, characters))


if __name__ == "__main__":
    main()
