"""Columns are read one after the other, footnotes stand apart, tables and signatures keep their words together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import typst

from anyshore.knowledge import documents
from anyshore.knowledge.anchors import Refusal, anchor
from anyshore.knowledge.documents import Source

FIRST = [
    "The supplier shall deliver goods in",
    "good order and on the days that are",
    "agreed between the parties and shall",
    "bear the costs of the carriage.",
]
SECOND = [
    "The customer shall pay the price in",
    "thirty days after the goods have been",
    "delivered and the invoice has ar-",
    "rived with all of its parts.",
]
THIRD = [
    "The law of Ireland governs all that",
    "is agreed here and the courts of the",
    "city of Dublin alone shall decide on",
    "whatever the parties dispute.",
]
LINES = [
    "in good order and on the days that are agreed between the parties",
    "thirty days after the goods have been delivered and the invoice has arrived with all",
    "governs all that is agreed here and the courts of the city of Dublin",
]


def row_by_row(*columns: Sequence[str], above: str = "", below: str = "", width: int = 150, gap: int = 25) -> Source:
    """A page that is drawn line by line over all of its columns."""
    rows = [f"#place(dx: 0pt, dy: 0pt)[{above}]"] if above else []
    for number in range(max(map(len, columns))):
        for place, column in enumerate(columns):
            if number < len(column):
                rows.append(f'#place(dx: {place * (width + gap)}pt, dy: {30 + 12 * number}pt)[#"{column[number]}"]')
    rows += [f"#place(dx: 0pt, dy: {50 + 12 * max(map(len, columns))}pt)[{below}]"] if below else []
    return typeset("#set page(width: 20cm, height: 12cm)\n#set text(size: 9pt)\n" + "\n".join(rows))


def typeset(markup: str) -> Source:
    return documents.read(bytes(typst.compile(markup.encode(), format="pdf", ignore_system_fonts=True)), "page.pdf")


def stands(source: Source, quote: str) -> bool:
    return not isinstance(anchor(source, quote), Refusal)


@pytest.mark.parametrize("columns", [(FIRST, SECOND), (FIRST, SECOND, THIRD)])
def test_columns_are_read_one_after_the_other(columns: Sequence[Sequence[str]]) -> None:
    source = row_by_row(*columns)
    assert all(stands(source, line) for line in LINES[: len(columns)])
    assert not stands(source, "deliver goods in The customer shall pay")


def test_a_heading_over_all_columns_stands_before_them_and_a_footer_after() -> None:
    above = "MASTER AGREEMENT BETWEEN THE SUPPLIER AND THE CUSTOMER THAT ARE NAMED BELOW"
    below = "This sentence goes over both of the columns and closes the text of this page."
    source = row_by_row(FIRST, SECOND, above=above, below=below)
    assert source.text.startswith(above)
    assert source.text.rstrip().endswith(below)
    assert all(stands(source, line) for line in LINES[:2])


def test_a_table_beside_text_does_not_cut_the_text() -> None:
    source = row_by_row(FIRST, ["Paper 5.00", "Pens 3.00", "Ink 7.00", "Glue 2.00"])
    assert stands(source, LINES[0])
    assert stands(source, "Paper 5.00")


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ((["Item", "Paper", "Pens", "Ink"], ["Price", "5.00", "3.00", "7.00"]), "Paper 5.00"),
        ((["Delivery of all of the goods", "Return of all of the goods", "Storage of all of the goods"],
          ["5.00 EUR", "3.00 EUR", "7.00 EUR"]), "Return of all of the goods 3.00 EUR"),
    ],
)  # fmt: skip
def test_the_rows_of_a_table_stay_together(columns: Sequence[Sequence[str]], row: str) -> None:
    assert stands(row_by_row(*columns), row)


def test_signatures_side_by_side_are_all_there() -> None:
    left = ["SUPPLIER LIMITED", "By: ______________", "Name: Alice Archer", "Title: Director"]
    right = ["CUSTOMER LIMITED", "By: ______________", "Name: Bob Baker", "Title: Manager"]
    source = row_by_row(left, right)
    assert all(stands(source, words) for words in (*left, *right))


def test_columns_that_are_drawn_in_order_stay_as_they_are() -> None:
    text = " ".join([*FIRST, *SECOND[:2], *THIRD])
    source = typeset(f"#set page(width: 14cm, height: 8cm, columns: 2)\n#set text(size: 9pt)\n{text}\n\n{text}")
    assert stands(source, LINES[0])
    assert stands(source, LINES[2])


NOTES = """#set page(width: 14cm, height: 8cm, footer: context [Page #counter(page).display() of 2])
The Supplier shall indemnify the Customer against all losses#footnote[Losses include reasonable legal fees.] arising
from a breach of clause 7, and costs#footnote[Costs of the courts.] of it. The area is 20 m#super[2] large, save as
provided in
#pagebreak()
clause 9 of this agreement.
"""


def test_footnotes_and_their_marks_stand_apart() -> None:
    source = typeset(NOTES)
    assert stands(source, "against all losses arising from a breach of clause 7, and costs of it")
    assert stands(source, "Losses include reasonable legal fees.")
    assert stands(source, "20 m2 large")
    assert [source.text[start:end] for start, end in source.asides[:2]] == ["1", "2"]


def test_a_sentence_goes_on_behind_footnotes_and_the_number_of_the_page() -> None:
    assert stands(typeset(NOTES), "save as provided in clause 9 of this agreement")


def test_a_mark_is_not_glued_to_its_word() -> None:
    text = typeset(NOTES).text
    assert "losses1" not in text
    assert "1Losses" not in text


def test_a_note_may_be_longer_than_the_text_of_its_page() -> None:
    note = "Losses include reasonable legal fees, and the costs of every court that has to be asked in a country."
    source = typeset(
        "#set page(width: 14cm, height: 8cm)\n#set super(typographic: false)\n"
        f"The Supplier shall bear all losses.#footnote[{note}] The breach of clause 7 is one."
    )
    assert stands(source, "bear all losses. The breach of clause 7 is one")


def test_columns_need_not_share_their_lines() -> None:
    rows = [
        f'#place(dx: 0pt, dy: {20 + 12 * number}pt)[#"{one}"]\n#place(dx: 180pt, dy: {26 + 12 * number}pt)[#"{other}"]'
        for number, (one, other) in enumerate(zip(FIRST, SECOND, strict=True))
    ]
    source = typeset("#set page(width: 18cm, height: 14cm)\n#set text(size: 9pt)\n" + "\n".join(rows))
    assert all(stands(source, line) for line in LINES[:2])


def test_raised_figures_without_a_footnote_are_of_the_text() -> None:
    source = typeset("The area is 20 m#super[2] large and the 3#super[rd] floor is let.\n\n2 Rooms are let.")
    assert source.asides == ()
    assert stands(source, "20 m2 large and the 3rd floor")
