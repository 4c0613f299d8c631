from __future__ import annotations

from anyshore.knowledge.documents import Source
from anyshore.knowledge.furniture import furniture

WORDS = "Words of the contract that fill the page and say this and that about it. " * 14


def found(text: str, pages: tuple[tuple[int, int], ...] = ()) -> list[str]:
    source = Source("0" * 64, "x", text, pages or ((0, len(text)),))
    return [text[start:end].strip() for start, end in furniture(source)]


def pdf(*pages: str) -> list[str]:
    text, places = "", []
    for page in pages:
        places.append((len(text), len(text) + len(page)))
        text += page + "\n"
    return found(text, tuple(places))


def test_page_numbers_that_count_on_are_furniture():
    text = "".join(f"{WORDS}\n\n- {number} -\n\n" for number in range(7, 11))
    assert found(text) == ["- 7 -", "- 8 -", "- 9 -", "- 10 -"]
    assert found(text.replace("- 9 -", "- 90 -")) == []
    assert found(text.replace(WORDS, f"{WORDS}\n\n500\n\n")) == ["- 7 -", "- 8 -", "- 9 -", "- 10 -"]


def test_a_line_that_comes_again_far_apart_is_furniture():
    text = "".join(f"{WORDS}\n\nACME Master Agreement, page {number} of 3\n\n" for number in (1, 2, 3))
    assert len(found(text)) == 3


def test_lines_that_come_again_close_by_or_in_a_paragraph_are_not():
    assert found("Not applicable to this\n\n" * 9) == []
    assert found(f"{WORDS}\nthe Receiving Party\nshall\n" * 5) == []
    assert found(f"{WORDS}\n\n(a)\n\n" * 5) == []


def test_figures_that_do_not_count_are_words():
    assert found("".join(f"{WORDS}\n\nMonthly rent {rent} euro\n\n" for rent in (900, 950, 1100))) == []


def test_the_edges_of_the_pages_of_a_pdf_need_no_blank_lines():
    pages = [f"ACME Confidential\n{WORDS}\nlast words of page\n{number}" for number in range(1, 6)]
    assert [line for line in pdf(*pages) if line.isdigit()] == ["1", "2", "3", "4", "5"]
    assert pdf(*pages).count("ACME Confidential") == 5


def test_a_text_without_pages_has_none():
    assert found("") == []
    assert found("One line") == []


def test_a_footer_of_several_lines_is_furniture_as_a_whole():
    text = "".join(f"{WORDS}\n\nPage {number} of 9\nACME, Inc. Master Agreement\n\n" for number in range(1, 5))
    assert len(found(text)) == 8
    assert found("".join(f"{WORDS}\n\nACME, Inc. Master Agreement\nand {word}\n\n" for word in "abcd")) == []


def test_two_rows_of_page_numbers_are_told_apart():
    text = "".join(f"{WORDS}\n\n{number}\n\n{number + 40}\n\n{number}\n\n" for number in range(1, 5))
    assert len(found(text)) == 12


def test_at_a_form_feed_one_number_and_two_headers_are_enough():
    text = f"{WORDS}\n\n1\n\n\fACME confidential\n\n{WORDS}\n\n7\n\n\fACME confidential\n\n{WORDS}"
    assert found(text) == ["1", "ACME confidential", "7", "ACME confidential"]


def test_a_line_that_says_page_needs_no_blank_lines():
    text = "".join(f"{WORDS}\nPage {number} of 9\n" for number in range(1, 5))
    assert found(text) == ["Page 1 of 9", "Page 2 of 9", "Page 3 of 9", "Page 4 of 9"]
