"""A person's word that two invoices are no duplicates is kept, and holds for that pair alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables.apart import ApartInput, ApartOutcome, tell_apart
from anyshore.activities.payables.duplicates import DuplicatesInput, DuplicatesOutcome, find_duplicates

MakeInvoice = Callable[..., Invoice]


def find(context: MemoryContext, key: str, invoice: Invoice) -> DuplicatesOutcome:
    return find_duplicates(DuplicatesInput(invoice, f"{key}.xml"), context.with_key(key))


def say(context: MemoryContext, key: str, found: DuplicatesOutcome, note: str = "Two deliveries") -> ApartOutcome:
    others = tuple(one.invoice for one in found.duplicates)
    return tell_apart(ApartInput(found.invoice, others, "ada@provider.example", note), context.with_key(key))


@pytest.fixture
def pair(make_invoice: MakeInvoice) -> tuple[Invoice, Invoice]:
    one = make_invoice("RE-2026-042")
    return one, replace(one, number="RE-2026-077", issue_date=one.issue_date + timedelta(days=2))


def test_a_pair_told_apart_is_none_the_next_time_and_says_who_said_so(pair: tuple[Invoice, Invoice]) -> None:
    one, two = pair
    context = MemoryContext()
    find(context, "a", one)
    looked = find(context, "b", two)
    assert looked.near
    assert say(context, "b-said", looked) == ApartOutcome(1)
    # the first again, as another file: a duplicate of itself, and none of the second
    again = find(context, "c", one)
    assert [(d.kind, d.id) for d in again.duplicates] == [("exact", "a")]
    (told,) = again.distinct
    assert (told.number, told.person, told.note) == ("RE-2026-077", "ada@provider.example", "Two deliveries")
    assert told.on == date.fromtimestamp(context.now // 1_000_000)


def test_the_word_holds_for_that_pair_alone(pair: tuple[Invoice, Invoice]) -> None:
    one, two = pair
    context = MemoryContext()
    find(context, "a", one)
    say(context, "b-said", find(context, "b", two))
    third = find(context, "c", replace(one, number="RE-2026-090", issue_date=one.issue_date + timedelta(days=3)))
    assert third.near
    assert [d.id for d in third.duplicates] == ["a", "b"]
    assert third.distinct == ()


def test_another_amount_under_the_same_number_is_another_invoice(pair: tuple[Invoice, Invoice]) -> None:
    one, _ = pair
    context = MemoryContext()
    find(context, "a", one)
    changed = replace(one, issue_date=one.issue_date + timedelta(days=1))
    say(context, "b-said", find(context, "b", changed))
    assert find(context, "c", changed).distinct != ()
    assert find(context, "d", replace(one, issue_date=one.issue_date + timedelta(days=5))).exact


def test_an_invoice_cannot_be_told_apart_from_itself(pair: tuple[Invoice, Invoice]) -> None:
    one, _ = pair
    context = MemoryContext()
    find(context, "a", one)
    say(context, "b-said", find(context, "b", one))
    assert find(context, "c", one).exact


def test_a_repeated_job_keeps_one_word(pair: tuple[Invoice, Invoice]) -> None:
    one, two = pair
    context = MemoryContext()
    find(context, "a", one)
    looked = find(context, "b", two)
    assert say(context, "said", looked) == say(context, "said", looked)
    assert len(context.records("told-apart").rows) == 1
    assert tell_apart(ApartInput(looked.invoice, (), None, ""), context.with_key("none")) == ApartOutcome(0)
    assert len(context.records("told-apart").rows) == 1
