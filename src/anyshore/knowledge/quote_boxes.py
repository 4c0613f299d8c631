"""Where a quotation stands on its pages: the boxes of its lines, to be drawn there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.knowledge import pdf
from anyshore.knowledge.anchors import Span
from anyshore.knowledge.documents import Source
from anyshore.knowledge.pdf_boxes import Frame
from anyshore.knowledge.pdf_layout import Box


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """What of a quotation stands on one page.

    Attributes:
        page: from 1.
        frame: what of the page is shown.
        boxes: one per line, in points from the lower left corner of the page's own space, in the order of the text.
    """

    page: int
    frame: Frame
    boxes: tuple[Box, ...]


def boxes_of(data: bytes, source: Source, spans: Sequence[Span]) -> list[list[PageBoxes]]:
    """The boxes of quotations in a PDF, page by page; the document is read once for all of them.

    Page furniture between the parts of a quotation, and footnotes, have no box: they are not quoted.

    Args:
        data: the PDF the source was read from.
        source: its text.
        spans: places in it.

    Raises:
        DataError: the PDF cannot be read.
    """
    ranges: list[tuple[int, int, int]] = []
    owners: list[int] = []
    for number, span in enumerate(spans):
        for start, end in span.parts:
            for page, (first, last) in enumerate(source.pages):
                if start < last and first < end:
                    ranges.append((page, max(start, first) - first, min(end, last) - first))
                    owners.append(number)
    found, frames = pdf.boxes(data, source.name, ranges)
    by_page: list[dict[int, list[Box]]] = [{} for _span in spans]
    for owner, (page, _start, _end), lines in zip(owners, ranges, found, strict=True):
        by_page[owner].setdefault(page, []).extend(lines)
    return [
        [PageBoxes(page + 1, frames[page], tuple(lines)) for page, lines in sorted(pages.items()) if lines]
        for pages in by_page
    ]
