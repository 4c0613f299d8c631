"""A quotation is shown where it stands: on its page, in its boxes, and nothing beside it."""

from __future__ import annotations

import io

import pdfplumber
import pytest
import typst

from anyshore.knowledge import documents, pdf
from anyshore.knowledge.anchors import Refusal, Span, anchor
from anyshore.knowledge.pdf_boxes import Frame
from anyshore.knowledge.pdf_layout import Box
from anyshore.knowledge.quote_boxes import boxes_of

TEXT = """#set page(width: 10cm, height: 7cm, margin: 1cm, header: [Agreement No. 7])
The supplier shall pay a fee of 1,200.50 EUR for every day of delay, but no more than five per cent of the price in all.

The customer may end this agreement at the end of any month if the supplier is late three times in a row within a
year, and the supplier then repays what the customer paid for goods that have not been delivered by that day, all of it.

This agreement is governed by the law of Ireland.
"""


def made(markup: str) -> bytes:
    return bytes(typst.compile(markup.encode(), format="pdf", ignore_system_fonts=True))


def found(source: documents.Source, quote: str, *, by_letters: bool = False) -> Span:
    places = anchor(source, quote, by_letters=by_letters)
    assert not isinstance(places, Refusal), places
    return places[0]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    "quote",
    [
        "a fee of 1,200.50 EUR for every day of delay",
        "The customer may end this agreement at the end of any month if the supplier is late three times in a row",
        "goods that have not been delivered by that day, all of it. This agreement is governed by the law of Ireland.",
    ],
)
def test_another_extractor_finds_the_quote_inside_its_boxes_and_nothing_else(quote: str) -> None:
    data = made(TEXT)
    source = documents.read(data, "a.pdf")
    (pages,) = boxes_of(data, source, [found(source, quote)])
    inside = ""
    with pdfplumber.open(io.BytesIO(data)) as read:
        for each in pages:
            page = read.pages[each.page - 1]
            for one in page.chars:
                x, y = (one["x0"] + one["x1"]) / 2, float(page.height) - (one["top"] + one["bottom"]) / 2
                if any(box.left <= x <= box.right and box.bottom <= y <= box.top for box in each.boxes):
                    inside += one["text"]
    assert letters(inside) == letters(quote)


def test_every_line_has_a_box() -> None:
    data = made(TEXT)
    source = documents.read(data, "a.pdf")
    (pages,) = boxes_of(
        data, source, [found(source, "The supplier shall pay a fee of 1,200.50 EUR for every day of delay")]
    )
    assert [(each.page, len(each.boxes)) for each in pages] == [(1, 2)]


@pytest.mark.parametrize(
    ("turned", "shown"),
    [(0, (0, 60, 20, 10)), (90, (30, 0, 10, 20)), (180, (80, 30, 20, 10)), (270, (60, 80, 10, 20))],
)
def test_a_box_is_turned_with_its_page(turned: int, shown: tuple[float, ...]) -> None:
    assert Frame(10, 10, 110, 110, turned).shown(Box(10, 40, 30, 50)) == shown


def test_a_page_is_a_picture() -> None:
    picture = pdf.picture(made(TEXT), "a.pdf", 0, 1.0)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(picture[16:20], "big") == 284  # 10 cm in points, rounded up


def test_letters_and_figures_decide_where_blanks_were_set_otherwise() -> None:
    source = documents.read(made(TEXT), "a.pdf")
    spaced = "a f ee of 1,200.50 EUR for every day of de lay but no more than five per cent"
    assert isinstance(anchor(source, spaced), Refusal)
    assert found(source, spaced, by_letters=True).page == 1


@pytest.mark.parametrize(
    "quote",
    [
        "shall pay a fee of 1,200.50 EUR",
        "shall pay a fee of 1.200,50 EUR",
        "a fee of 120050 EUR for every day",
        "a fee of -1,200.50 EUR for every",
        "The supplier shall pay a fee of 1,200",
    ],
)
def test_figures_are_neither_cut_nor_changed(quote: str) -> None:
    stands = quote == "shall pay a fee of 1,200.50 EUR"
    assert isinstance(anchor(documents.read(made(TEXT), "a.pdf"), quote, by_letters=True), Refusal) is not stands


def test_a_clause_number_that_touches_its_clause_is_no_part_of_a_word() -> None:
    source = documents.from_text(b"The fee is due.\n9.1This Agreement ends in May.\n", "a.txt")
    assert found(source, "This Agreement ends in May.").quote == "This Agreement ends in May."
    assert isinstance(anchor(source, "greement ends"), Refusal)


def test_the_other_question_mark_of_greek_is_a_semicolon() -> None:
    source = documents.from_text("The fee is due\u037e it is paid.".encode(), "a.txt")
    assert found(source, "The fee is due; it is paid.").start == 0
