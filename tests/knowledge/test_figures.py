"""A quotation that begins or ends inside a figure, or leaves out what belongs to it, is refused and told why."""

from __future__ import annotations

import pytest

from anyshore.knowledge import documents
from anyshore.knowledge.anchors import Refusal, anchor
from anyshore.knowledge.figures import cut_figure

CUTS = [
    # digits in groups, with every blank and sign that groups them
    ("annual fee is 5", "The annual fee is 5 000 EUR."),
    ("cap is 12", "The cap is 12 500 EUR."),
    ("cap is 12 500", "The cap is 12 500 000 in all."),
    ("cap is 12", "The cap is 12\u00a0500 in all."),
    ("cap is 12", "The cap is 12\u202f500 in all."),
    ("cap is 12", "The cap is 12\u2009500 in all."),
    ("Gebühr beträgt 5", "Die Gebühr beträgt 5’000 CHF."),
    ("Gebühr beträgt 5", "Die Gebühr beträgt 5'000 CHF."),
    ("000 EUR", "The fee is 5 000 EUR."),
    ("500 in all", "The cap is 12 500 in all."),
    ("fee is 5", "The fee is 5\n000 in all."),
    ("fee is 5", "The fee is 5.000 in all."),
    ("fee is 5.", "The fee is 5.000 in all."),
    ("fee is 5", "The fee is 5,25 in all."),
    ("25 in all", "The fee is 5.25 in all."),
    ("lasts 5", "It lasts 5 1/2 hours."),
    ("lasts 5", "It lasts 5½ hours."),
    ("lasts 5", "It lasts 5 ½ hours."),
    ("value of 3", "A value of 3 × 10^6."),
    # signs
    ("5 % a year", "The index moves by −5 % a year."),
    ("5 % a year", "The index moves by -5 % a year."),
    ("5 % a year", "The index moves by − 5 % a year."),
    ("5 % a year", "The index moves by minus 5 % a year."),
    ("5 % a year", "The index moves by ±5 % a year."),
    ("5 % a year", "The index moves by (-5 % a year)."),
    ("EUR 500 a year", "A credit of −EUR 500 a year."),
    ("5 days", "Within ≤5 days."),
    # percent, multiplier, currency
    ("discount of 5", "A discount of 5 % a year."),
    ("discount of 5", "A discount of 5% a year."),
    ("discount of 5", "A discount of 5 per cent a year."),
    ("discount of 5", "A discount of 5\npercent a year."),
    ("Rabatt von 5", "Ein Rabatt von 5 Prozent."),
    ("spread of 25", "A spread of 25 basis points."),
    ("fee of five", "A fee of five percent."),
    ("fee of five (5", "A fee of five (5%) percent."),
    ("fee of five (5)", "A fee of five (5) percent."),
    ("% a year", "A discount of 5 % a year."),
    ("deposit is USD 1", "The deposit is USD 1 million."),
    ("deposit is USD 1.5", "The deposit is USD 1.5 bn."),
    ("Einlage beträgt 3", "Die Einlage beträgt 3 Mio. EUR."),
    ("Einlage beträgt 3", "Die Einlage beträgt 3 Tsd. EUR."),
    ("deposit is one", "The deposit is one million euros."),
    ("deposit is twenty", "The deposit is twenty-five euros."),
    ("million in all", "The deposit is USD 1 million in all."),
    ("fee is 500", "The fee is 500 EUR a month."),
    ("fee is 500", "The fee is 500 € a month."),
    ("fee is 500", "The fee is 500 dollars a month."),
    ("fee is 500", "The fee is 500,– EUR a month."),
    ("500 a month", "The fee is EUR 500 a month."),
    ("500 a month", "The fee is $500 a month."),
    ("500 a month", "The fee is US$ 500 a month."),
    ("fee is EUR", "The fee is EUR 500 a month."),
    ("EUR a month", "The fee is 500 EUR a month."),
    # dates and times
    ("ends on 24", "It ends on 24/09/2018 at noon."),
    ("2018 at noon", "It ends on 24/09/2018 at noon."),
    ("starts in 2018", "It starts in 2018-09-24 at noon."),
    ("at 9", "It starts at 9:30 that day."),
    ("ends on 24 September", "It ends on 24 September 2018."),
    ("ends on September 24", "It ends on September 24, 2018."),
    ("ends on September 24,", "It ends on September 24, 2018."),
    ("ends on 24", "It ends on 24 September 2018."),
    ("endet am 24. Dezember", "Er endet am 24. Dezember 2018."),
    ("endet am 24.", "Er endet am 24. Dezember 2018."),
    ("September 2018", "It ends on 24 September 2018."),
    ("2018.", "It ends on 24 September 2018."),
    ("24, 2018", "It ends on September 24, 2018."),
    ("for 5", "It runs for 5-10 days."),
    ("10 days", "It runs for 5–10 days."),
    # numbers of clauses
    ("breach of clause 7", "A breach of clause 7.2 ends it."),
    ("breach of clause 7", "A breach of clause 7(a) ends it."),
    ("breach of Section 7", "A breach of Section 7 (a) ends it."),
    ("breach of Section 7.1(a)", "A breach of Section 7.1(a)(ii) ends it."),
    ("nach § 7", "Nach Satz und nach § 7 Abs. 2 BGB."),
    ("7 Abs. 2 BGB", "Nach § 7 Abs. 2 BGB."),
    ("(a) hereof", "Under Section 7(a) hereof."),
    # the ends of a part beside a marked omission are ends, too
    ("The fee is 5 … a month", "The fee is 5 000 EUR a month."),
]  # fmt: skip

HOLDS = [
    ("annual fee is 5 000 EUR", "The annual fee is 5 000 EUR."),
    ("−5 % a year", "The index moves by −5 % a year."),
    ("-5 % a year", "The index moves by −5 % a year."),
    ("minus 5 % a year", "It moves by minus 5 % a year."),
    ("deposit is USD 1 million", "The deposit is USD 1 million."),
    ("fee is 5", "The fee is 5."),
    ("fee is 5", "The fee is 5, and no more."),
    ("within 30", "Pay within 30 days."),
    ("within thirty (30)", "Pay within thirty (30) days."),
    ("30 days", "Pay within thirty (30 days)."),
    ("5 years", "The term – 5 years – ends."),
    ("Section 7", "Under Section 7 (the Fee) it ends."),
    ("Section 7", "See Section 7. (a) First."),
    ("clause 7", "A breach of clause 7 ends it."),
    ("in 2018", "It began in 2018, 500 people came."),
    ("the 24 of them", "All the 24 of them came."),
    ("ends in September", "It ends in September, 500 days on."),
    ("may terminate", "The parties 1 may terminate."),
    ("The fee", "12\nThe fee is due."),
    ("§ 7 Abs. 2", "Nach § 7 Abs. 2 BGB."),
    ("ends on 24 September 2018", "It ends on 24 September 2018."),
    ("2018", "It began in 2018."),
    ("one", "There is one person."),
    ("pay in euros", "They pay in euros, 5 times."),
    ("The fee is 5 000 EUR … a month", "The fee is 5 000 EUR for all work a month."),
]  # fmt: skip


def found(quote: str, text: str) -> object:
    return anchor(documents.read(text.encode(), "contract.txt"), quote)


@pytest.mark.parametrize(("quote", "text"), CUTS)
def test_a_quote_that_cuts_a_figure_is_refused(quote: str, text: str) -> None:
    refusal = found(quote, text)
    assert isinstance(refusal, Refusal)
    assert refusal.code in {"quote.cuts-a-figure", "quote.cuts-a-word"}


@pytest.mark.parametrize(("quote", "text"), HOLDS)
def test_a_quote_with_whole_figures_is_found(quote: str, text: str) -> None:
    assert isinstance(found(quote, text), list)


def test_the_refusal_shows_the_figure_of_the_source() -> None:
    refusal = found("annual fee is 5", "The annual fee is 5 000 EUR.")
    assert isinstance(refusal, Refusal)
    assert "“5 000”" in refusal.message


def test_where_one_place_cuts_a_figure_and_another_does_not_the_other_is_given() -> None:
    text = "The fee is 5 000 EUR. In May the fee is 5."
    (span,) = found("fee is 5", text)  # type: ignore[misc]
    assert span.start == text.rindex("fee")


def test_the_sign_a_quote_begins_with_stands_in_its_evidence() -> None:
    (span,) = found("-5 % a year", "The index moves by −5 % a year.")  # type: ignore[misc]
    assert span.quote == "−5 % a year"


def test_a_figure_is_looked_for_at_both_ends_only() -> None:
    text = "Fees of 5 000 EUR and 7 500 EUR are due."
    assert cut_figure(text, 0, len(text)) is None
    assert cut_figure(text, 0, text.index("7 500") + 1) == "7 500"
