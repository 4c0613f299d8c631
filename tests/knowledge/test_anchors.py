from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.harness import lines_executed

from anyshore.knowledge import documents
from anyshore.knowledge.anchors import Refusal, SourceIndex, Span, anchor, holds

CONTRACT = """MASTER AGREEMENT

1. Fees. The Customer shall pay a fee of USD 10,000.50 per month (the "Fee"), within
thirty (30) days. The Customer is unable to terminate this Agree-
ment for convenience before 09/24/2018.
2. Term. The long-
term engagement lasts five (5) years. Either party’s liability is limited to
the “Fee” – and nothing else. The office of the ﬁrst ﬂoor is included.
3. Fees. The Customer shall pay interest."""


MORE = "\nThe software licence. It is a non\u00adexclusive, royalty\u00ad\nfree right under 42 U.S.C. 289g\u00ad1(b)."


def source(text: str = CONTRACT) -> documents.Source:
    return documents.read(text.encode(), "contract.txt")


def places(quote: str, text: str = CONTRACT, **options: bool) -> list[str]:
    found = anchor(source(text), quote, **options)
    assert isinstance(found, list), found
    assert all(holds(source(text), span) for span in found)
    return [span.quote for span in found]


def refused(quote: str, text: str = CONTRACT) -> Refusal:
    found = anchor(source(text), quote)
    assert isinstance(found, Refusal), found
    return found


@pytest.mark.parametrize(
    ("quote", "original"),
    [
        ("The Customer shall pay a fee", "The Customer shall pay a fee"),
        ('(the "Fee"), within thirty (30) days', '(the "Fee"), within\nthirty (30) days'),
        ("  within   thirty\t(30)\ndays ", "within\nthirty (30) days"),
        ("terminate this Agreement", "terminate this Agree-\nment"),
        ("terminate this Agree-\n  ment", "terminate this Agree-\nment"),
        ("long-term engagement", "long-\nterm engagement"),
        ("The longterm engagement", "The long-\nterm engagement"),
        ("Either party's liability", "Either party’s liability"),
        ('the "Fee" - and nothing else', "the “Fee” – and nothing else"),
        ("the »Fee« — and nothing", "the “Fee” – and nothing"),
        ("the first floor", "the ﬁrst ﬂoor"),
        ("thirty ( 30 ) days", "thirty (30) days"),
        ("thirty(30)days", "thirty (30) days"),
        ("soft\u00adware licence", "software licence"),
        ("ﬁve ( 5 ) years", "five (5) years"),
        ("a non-exclusive, royalty-free right", "a non\u00adexclusive, royalty\u00ad\nfree right"),
        ("42 U.S.C. 289g-1(b)", "42 U.S.C. 289g\u00ad1(b)"),
    ],
)
def test_differences_of_typesetting_are_forgiven_and_the_original_is_given(quote: str, original: str):
    assert places(quote, CONTRACT + MORE) == [original]


def test_combining_accents_agree_with_composed_ones():
    assert places("für die Prüfung", "Kosten fu\u0308r die Pru\u0308fung trägt er.") == ["fu\u0308r die Pru\u0308fung"]


@pytest.mark.parametrize(
    "quote",
    [
        "The Customer shall pay a fee of USD 10,001",
        "The Customer shall pay a fee of USD 10",
        "The Customer shall pay a fee of USD 10,000",
        "the customer shall pay a fee",
        "The Customer shall not pay a fee",
        "The Customer is able to terminate",
        "able to terminate this Agreement",
        "able to terminate this Agreement for convenience before 09/24/2018",
        "mer shall pay a fee",
        "0.50 per month (the “Fee”), within thirty (30) days",
        "with in thirty (30) days",
        "withinthirty (30) days",
        "USD 10, 000.50 per month",
        "nothing-else",
        "liability is limited to the Fee",
        "engagement lasts five (5) years (the",
        "The Customer shall pay a fee of USD -10,000.50",
    ],
)
def test_a_quote_that_is_not_in_the_source_is_refused(quote: str):
    assert refused(quote).code in {"quote.not-found", "quote.cuts-a-word"}


def test_ambiguous_quotes_give_all_places_in_order():
    found = anchor(source(), "The Customer shall pay")
    assert isinstance(found, list)
    assert [CONTRACT[span.start : span.end] for span in found] == ["The Customer shall pay"] * 2
    assert found[0].start < found[1].start


@pytest.mark.parametrize(
    "mark", ["…", "...", " [...] ", " […] ", "<omitted>", "(...)", " . . . ", "<OMITTED>", "<ommited>"]
)
def test_marked_omissions_leave_out_words(mark: str):
    found = anchor(source(), f"The Customer shall pay a fee{mark}within thirty (30) days")
    assert isinstance(found, list)
    assert len(found) == 1
    assert [CONTRACT[a:b] for a, b in found[0].parts] == ["The Customer shall pay a fee", "within\nthirty (30) days"]
    assert found[0].quote == "The Customer shall pay a fee […] within\nthirty (30) days"


def test_omissions_at_the_ends_are_ignored():
    assert places("... five (5) years …") == ["five (5) years"]


def test_parts_in_another_order_are_refused_unless_asked_for():
    quote = "five (5) years <omitted> within thirty (30) days"
    assert refused(quote).code == "quote.out-of-order"
    assert places(quote, in_order=False) == ["within\nthirty (30) days […] five (5) years"]


def test_the_tightest_places_of_an_omission_are_given():
    text = "A fee. A fee is due. It ends. A fee is due. It ends."
    found = anchor(source(text), "A fee … It ends")
    assert isinstance(found, list)
    assert [text[span.start : span.end] for span in found] == ["A fee is due. It ends"] * 2


def test_dots_that_stand_in_the_source_are_words_of_it():
    assert places("dated ........ by and", "dated …….. by and between") == ["dated …….. by and"]


@pytest.mark.parametrize(
    ("quote", "whole"),
    [
        ("he Customer shall pay interest.", "The Customer shall pay interest."),
        ("The Customer shall pay inte", "The Customer shall pay interest"),
        ("9/24/2018", "09/24/2018"),
        ("The Customer shall pay interest. 4", "The Customer shall pay interest."),
        ("ustomer shall pay a fee of USD 10,000.50", "Customer shall pay a fee of USD 10,000.50"),
        ("gement lasts five (5) years. Either party's", "engagement lasts five (5) years. Either party’s"),
        ("The Customer shall pay <omitted> thirty (30) d", "The Customer shall pay […] thirty (30) days"),
        ("The Customer shall pay a fee <omitted> mon", "The Customer shall pay a fee […] month"),
    ],
)
def test_a_slip_of_the_hand_is_adjusted_to_whole_words_and_told(quote: str, whole: str):
    found = anchor(source(CONTRACT + " 4.2 Other."), quote)
    assert isinstance(found, list)
    assert [(span.quote, span.adjusted) for span in found] == [(whole, True)]


def test_whole_words_come_before_parts_of_words():
    assert places("Fee", "Feel the Fee and Fees") == ["Fee"]


@pytest.mark.parametrize("quote", ["", "  ", ".", "—", "…"])
def test_a_quote_without_a_word_is_refused(quote: str):
    assert refused(quote).code in {"quote.empty", "quote.not-found"}


def test_the_nearest_miss_tells_where_the_quote_begins_to_differ():
    quote = "The Customer shall pay a fee of USD 12,000.50 per month"
    nearest = refused(quote).nearest
    assert nearest is not None
    assert nearest.side == "before"
    assert quote[nearest.quote_offset :] == "2,000.50 per month"
    assert CONTRACT[nearest.source_offset :].startswith("0,000.50 per month")
    assert nearest.common.endswith("a fee of USD 1")


def test_the_nearest_miss_is_found_from_the_middle_too():
    nearest = refused("Each Purchaser must pay a fee of USD 10,000.50 per month").nearest
    assert nearest is not None
    assert nearest.side == "after"
    assert nearest.common.startswith("pay a fee of USD 10,000.50")
    assert nearest.quote_says.endswith("must")
    assert nearest.source_says.endswith("shall")


def test_the_nearest_miss_of_a_missing_space_is_the_space():
    refusal = refused("The Customer shallpay a fee of")
    assert refusal.nearest is not None
    assert refusal.nearest.common.endswith("shall")
    assert refusal.nearest.quote_says.startswith("pay")


def test_nothing_alike_has_no_nearest_miss():
    assert refused("Zebras graze quietly under acacia trees").nearest is None


def test_a_span_of_another_document_or_text_does_not_hold():
    found = anchor(source(), "five (5) years")
    assert not isinstance(found, Refusal)
    [span] = found
    assert isinstance(span, Span)
    assert holds(source(), span)
    assert not holds(source(CONTRACT + " "), span)
    moved = Span(span.document, span.start + 1, span.end + 1, 1, span.quote, ((span.start + 1, span.end + 1),))
    assert not holds(source(), moved)


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "12", "3.5", "(a)", "“x”"]), min_size=4, max_size=40
)
GAPS = st.sampled_from([" ", "  ", "\n", " \n ", "\u00a0"])


@given(st.data(), WORDS)
def test_any_run_of_words_anchors_whatever_the_blanks(data: st.DataObject, words: list[str]):
    text = "".join(word + data.draw(GAPS) for word in words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    quote = "".join(word + data.draw(GAPS) for word in words[first:last]).replace("“", '"').replace("”", '"')
    found = anchor(source(text), quote)
    assert isinstance(found, list)
    assert any(span.quote.split() == words[first:last] for span in found)
    assert all(holds(source(text), span) and not span.adjusted for span in found)


@given(WORDS, st.integers(0, 39), st.sampled_from(["omega", "99", "not"]))
def test_a_changed_word_is_always_refused(words: list[str], place: int, other: str):
    changed = [*words]
    changed[place % len(words)] = other
    assert isinstance(anchor(source(" ".join(words)), " ".join(changed)), Refusal)


def paged() -> str:
    filler = "Other words of the contract stand on this page, as on every page of it. " * 15
    foot = "\n\nSource: ACME INC, 10-K, 1/2/2003\n\n{}\n\n"
    return (
        f"{filler}The Supplier delivers within thirty{foot.format(12)}days of the order. {filler}"
        f"It repairs the ma-{foot.format(13)}chine at its own cost, for a fee of\n\n500\n\n{filler}{foot.format(14)}"
    )


def test_a_quote_over_a_page_break_leaves_out_headers_and_page_numbers():
    assert places("delivers within thirty days of the order", paged()) == [
        "delivers within thirty […] days of the order"
    ]
    assert places("It repairs the machine at its own cost", paged()) == ["It repairs the ma- […] chine at its own cost"]
    assert places("thirty Source: ACME INC, 10-K, 1/2/2003 12 days", paged())


def test_a_figure_on_a_line_of_its_own_is_no_page_number():
    assert refused("at its own cost, for a fee of Other words", paged()).code == "quote.not-found"


def test_blanks_to_write_on_agree_whatever_their_length():
    assert places("this ____ day of _______, 2020", "Made this ___________ day of ____, 2020.") == [
        "this ___________ day of ____, 2020"
    ]


MOST_LINES = 2_000_000
"""A few for each of the 480,000 characters of the source."""


@pytest.mark.parametrize(
    "quote",
    [
        "e",
        "e…" * 60,
        " … the … " * 2000,
        "a…b…c…" * 30,
        "greement … " * 90,
        "x" * 50_000,
        "the " * 20_000,
        "<" * 50_000,
    ],
)
def test_no_quote_takes_long(quote: str):
    words = "The Agreement between the parties ends here, and the rest of the e-mail is about beans. "
    index = SourceIndex(source("".join(f"{number} {words}" for number in range(5_000))))
    assert lines_executed(lambda: anchor(index, quote)) < MOST_LINES


def test_a_quote_of_very_many_parts_is_refused():
    assert refused(" … ".join(["fee"] * 101)).code == "quote.too-many-parts"


def test_an_index_serves_many_quotes():
    index = SourceIndex(source())
    assert anchor(index, "thirty (30) days") == anchor(source(), "thirty (30) days")
