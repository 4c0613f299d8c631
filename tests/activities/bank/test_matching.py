"""Lines and open items: what is matched, what is left to a person, and that no money is lost."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.bank.amounts import Rules
from anyshore.activities.bank.book import Book
from anyshore.activities.bank.items import Line, Match, OpenItem
from anyshore.activities.bank.learning import Learned, Verdict
from anyshore.activities.bank.matching import match, match_all
from anyshore.base.errors import DataError

DAY = date(2026, 1, 5)


def item(name: str, amount: str, partner: str = "P", **more: Any) -> OpenItem:
    return OpenItem(name, partner, Decimal(amount), more.pop("currency", "EUR"), **more)


def line(amount: str, text: str = "", **more: Any) -> Line:
    return Line(more.pop("id", "L"), Decimal(amount), "EUR", DAY, text, **more)


def matched(one: Line, *items: OpenItem, learned: Learned | None = None, **rules: Any) -> Match:
    return match(one, Book.of(items), Rules(**rules), learned)


def chosen(found: Match) -> list[str]:
    return [one.item for one in found.allocations]


RF = "RF18539007547034"


def test_a_structured_reference_comes_before_the_text() -> None:
    items = (item("a", "10", reference=RF), item("b", "10", number="RE-2026-0815"))
    found = matched(line("10", "RE-2026-0815", references=("RF18 5390 0754 7034",)), *items)
    assert (chosen(found), found.evidence, found.automatic) == (["a"], "structured reference", True)


def test_a_structured_reference_inside_the_text() -> None:
    found = matched(line("10", "Zahlung RF18 5390 0754 7034 danke"), item("a", "10", reference=RF), item("b", "10"))
    assert (chosen(found), found.evidence) == (["a"], "structured reference")


def test_an_end_to_end_identification_names_the_item() -> None:
    found = matched(line("-10", end_to_end="E2E-1"), item("a", "-10", end_to_end="E2E-1"), item("b", "-10"))
    assert (chosen(found), found.automatic) == (["a"], True)


def test_equal_candidates_go_to_a_person() -> None:
    found = matched(line("10", partner="P"), item("a", "10"), item("b", "10"), item("c", "99"))
    assert (found.outcome, chosen(found), set(found.candidates)) == ("none", [], {"a", "b"})
    assert found.rest == Decimal(10)


def test_two_sums_are_equal_candidates_too() -> None:
    items = (item("a", "100"), item("b", "200"), item("c", "50"), item("d", "250"))
    found = matched(line("300", partner="P"), *items)
    assert (found.outcome, set(found.candidates)) == ("none", {"a", "b", "c", "d"})


def test_one_sum_is_found_with_credit_notes() -> None:
    found = matched(line("900", partner="P"), item("a", "1000"), item("b", "-100"), item("c", "777"))
    assert (found.outcome, sorted(chosen(found)), found.rest) == ("exact", ["a", "b"], 0)
    assert sum(one.amount for one in found.allocations) == Decimal(900)


def test_a_credit_note_that_is_named_is_set_off() -> None:
    items = (item("a", "1000", number="RE-1001"), item("b", "-100", number="GS-2001"))
    found = matched(line("900", "RE-1001 abzgl. GS-2001"), *items)
    assert (found.outcome, sorted(chosen(found)), found.automatic) == ("exact", ["a", "b"], True)


def test_look_alike_firms_are_not_the_same() -> None:
    items = (item("a", "10", "Muster GmbH"), item("b", "10", "Muster Bau GmbH"))
    assert chosen(matched(line("10", name="Muster Bau GmbH"), *items)) == ["b"]
    assert chosen(matched(line("10", "von MUSTER GMBH"), *items)) == ["a"]
    assert chosen(matched(line("10", name="Muster AG"), items[0])) == []
    assert (
        chosen(matched(line("10", name="Muster"), item("a", "10", "Muster GmbH"), item("b", "10", "Muster AG"))) == []
    )


def test_an_account_names_the_partner_unless_several_pay_from_it() -> None:
    iban = "DE89370400440532013000"
    found = matched(
        line("10", iban="DE89 3704 0044 0532 0130 00"), item("a", "10", ibans=(iban,)), item("b", "10", "Q")
    )
    assert (chosen(found), found.evidence, found.automatic) == (["a"], "account", False)
    shared = (item("a", "10", ibans=(iban,)), item("b", "10", "Q", ibans=(iban,)))
    assert chosen(matched(line("10", iban=iban), *shared)) == []


def test_another_number_in_the_text_keeps_it_from_being_booked() -> None:
    items = (item("a", "10", number="RE-20261"), item("b", "10", reference="4711 0815"))
    assert matched(line("10", "RE-20261"), *items).automatic
    assert not matched(line("10", "RE-20261 4711"), *items).automatic


def test_an_item_of_somebody_else_is_not_booked_by_itself() -> None:
    found = matched(line("10", "RE-20261", partner="Q"), item("a", "10", number="RE-20261"))
    assert (chosen(found), found.automatic) == (["a"], False)


def test_a_large_excess_is_looked_at() -> None:
    one = item("a", "100", number="RE-20261")
    assert matched(line("101", "RE-20261", partner="P"), one).automatic
    assert not matched(line("200", "RE-20261", partner="P"), one).automatic


@pytest.mark.parametrize(
    ("amount", "outcome", "off"), [("99", "write-off", "1"), ("98.99", "none", None), ("101", "excess", "0")]
)
def test_tolerance_is_for_short_payments_only(amount: str, outcome: str, off: str | None) -> None:
    found = matched(line(amount, partner="P"), item("a", "100"), tolerance_percent=Decimal(1))
    assert found.outcome == outcome
    assert [one.write_off for one in found.allocations] == ([] if off is None else [Decimal(off)])


def test_a_tolerance_has_an_amount_as_well() -> None:
    rules = {"tolerance_percent": Decimal(5), "tolerance_amount": Decimal(2)}
    assert matched(line("97", partner="P"), item("a", "100"), **rules).outcome == "none"
    assert matched(line("98", partner="P"), item("a", "100"), **rules).outcome == "write-off"


def test_foreign_currency_is_compared_as_it_was_paid() -> None:
    paid = line("30", partner="P", foreign_amount=Decimal(90), foreign_currency="SEK")
    found = matched(
        paid, item("a", "60", currency="SEK"), item("b", "30", currency="SEK"), item("c", "5", currency="NOK")
    )
    assert (found.outcome, sorted(chosen(found)), found.rest) == ("exact", ["a", "b"], 0)
    assert sum(one.amount for one in found.allocations) == Decimal(30)


def test_a_returned_payment_is_not_matched() -> None:
    found = matched(line("10", "RE-20261", returned="AC04"), item("a", "10", number="RE-20261"))
    assert (found.outcome, found.reason) == ("none", "returned payment")


def test_people_teach_who_pays() -> None:
    stranger = line("10", iban="DE02120300000000202051", id="L2")
    assert matched(stranger, item("a", "10")).outcome == "none"
    seen = Verdict("iban:DE02120300000000202051", "P", ("x",), "L1", confirmed=True)
    found = matched(stranger, item("a", "10"), learned=Learned.of([seen]))
    assert (chosen(found), found.evidence, found.automatic) == (["a"], "learned", False)
    undone = Verdict(seen.payer, "P", ("x",), "L1", confirmed=False, reason="pays for the sister")
    assert matched(stranger, item("a", "10"), learned=Learned.of([seen, undone])).outcome == "none"


def test_what_was_undone_is_not_booked_by_itself_again() -> None:
    one = item("a", "10", number="RE-20261")
    undone = Verdict("", "P", ("a",), "L", confirmed=False, reason="wrong invoice")
    found = matched(line("10", "RE-20261"), one, learned=Learned.of([undone]))
    assert not found.automatic
    assert "wrong invoice" in found.reason


def test_two_items_of_one_id_are_refused() -> None:
    with pytest.raises(DataError):
        Book.of([item("a", "1"), item("a", "2")])


def test_what_one_line_takes_the_next_cannot() -> None:
    book = Book.of([item("a", "10", number="RE-20261")])
    first, second = match_all([line("10", "RE-20261", id="1"), line("10", "RE-20261", id="2")], book, Rules())
    assert (first.outcome, second.outcome) == ("exact", "none")


NUMBERS = ["RE-20261", "RE-20262", "RE-20263", "RE-20264"]
AMOUNTS = st.integers(-3000, 9000).filter(bool).map(lambda cents: Decimal(cents) / 100)
ITEMS = st.lists(
    st.tuples(AMOUNTS, st.sampled_from("PQ"), st.sampled_from(["", *NUMBERS]), st.sampled_from(["EUR", "EUR", "SEK"])),
    max_size=8,
)
LINES = st.lists(
    st.tuples(AMOUNTS, st.sampled_from(["", "P", "Q"]), st.lists(st.sampled_from(NUMBERS), max_size=3), st.booleans()),
    max_size=8,
)


@settings(max_examples=examples(200))
@given(ITEMS, LINES, st.integers(0, 10), st.booleans())
def test_reconciliation_conserves_money(
    owed: list[tuple[Decimal, str, str, str]], paid: list[tuple[Decimal, str, list[str], bool]], percent: int, fit: bool
) -> None:
    """Of each line: what goes to items and what is left make the line. Of each item: nothing is settled twice."""
    items = [
        item(f"i{n}", str(amount), partner, number=number, currency=unit, dated=DAY + timedelta(n))
        for n, (amount, partner, number, unit) in enumerate(owed)
    ]
    lines = [
        line(str(amount), " ".join(text), partner=partner, id=f"l{n}",
             foreign_amount=amount * 3 if abroad else None, foreign_currency="SEK" if abroad else "")
        for n, (amount, partner, text, abroad) in enumerate(paid)
    ]  # fmt: skip
    book = Book.of(items)
    found = list(match_all(lines, book, Rules(tolerance_percent=Decimal(percent), amount_must_fit=fit)))
    cleared: dict[str, Decimal] = defaultdict(Decimal)
    for one, made in zip(lines, found, strict=True):
        assert sum((each.amount for each in made.allocations), made.rest) == one.amount
        assert (made.outcome == "none") == (not made.allocations)
        assert made.rest * one.amount >= 0
        for each in made.allocations:
            cleared[each.item] += each.cleared
            assert each.write_off == 0 or made.outcome in ("write-off", "within tolerance")
    for each in items:
        assert book.open[each.id] == each.amount - cleared[each.id]
        assert book.open[each.id] * each.amount >= 0
        assert abs(book.open[each.id]) <= abs(each.amount)
