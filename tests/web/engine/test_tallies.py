"""Totals kept beside the ledger: whatever is entered between two looks, they are what the whole ledger gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.terms.conftest import TERMS
from tests.terms.test_totals import STEPS, rich, short

from anyshore.host import ledgers
from anyshore.terms import dashboard_reading
from anyshore.terms.arbitrage import unit_costs
from anyshore.terms.book import Book
from anyshore.terms.corrections import touched
from anyshore.terms.dashboards import as_dict
from anyshore.terms.figures import figures
from anyshore.terms.invoice import draft
from anyshore.terms.ledger import Head
from anyshore.terms.months import Month, parse
from anyshore.terms.totals import Counted
from anyshore.web.engagements import dashboards
from anyshore.web.engine import books, tallies, tally_checks, tally_parts
from anyshore.web.engine.models import LedgerEntry, LedgerHead, TallyPart, TallyTotal

pytestmark = pytest.mark.django_db

KEY = "acme"
JANUARY, APRIL = Month(2026, 1), Month(2026, 4)
LATER = 1_790_000_000_000_000
ZONE = "Europe/Berlin"
NUMBERS = {name: number for number, name in enumerate("abcde", 1)}


class Written:
    """A ledger in the database, written entry by entry."""

    def __init__(self, terms: str) -> None:
        self.head, self.version = Head(), 1
        self.terms = terms
        self.add("engagement.signed", 1_765_000_000_000_000, "", terms=terms)

    def add(self, kind: str, at: int, case: str, /, **data: Any) -> None:
        number = NUMBERS.get(case)
        service, text = ("payables", str(number)) if number else ("", "")
        self.head, line = ledgers.chain(self.head, KEY, at, kind, service, text, case.upper(), data)
        LedgerEntry.objects.create(
            engagement=KEY, sequence=self.head.sequence, at=at, type=kind, instance=number, line=line
        )
        LedgerHead.objects.update_or_create(
            engagement=KEY, defaults={"sequence": self.head.sequence, "hash": self.head.hash}
        )

    def bill(self, month: str) -> None:
        if parse(month) not in books.book(KEY).documents:
            shown = figures(draft(books.book(KEY), parse(month)))
            self.add("invoice.issued", LATER, "", number=f"R-{month}", month=month, figures=shown)

    def amend(self, month: str) -> None:
        self.version += 1
        changed = self.terms.replace("version: 1", f"version: {self.version}\nin_force_from: {month}-01", 1)
        self.add("engagement.signed", LATER, "", terms=changed.replace("price: 145", f"price: {145 + self.version}"))


def kept(month: Month) -> Counted:
    tallies.counted(KEY)
    signed = tallies.agreed(KEY).terms_for(month)
    reader = tally_parts.Kept(KEY, signed, tallies.Figures(KEY))
    return Counted(signed, month, tallies.kept(KEY, signed.sequence).sums, reader)


def agree() -> None:
    """What is kept is what the whole ledger gives, month by month, and what is known beside it."""
    whole = Book.of(books.entries(KEY))
    month = JANUARY
    while month <= APRIL:
        found = kept(month)
        expected = draft(whole, month)
        assert short(found.invoice()) == short(expected)
        assert found.unit_costs(found.invoice()) == unit_costs(whole, expected)
        month = month.next
    frame = tallies.frame(KEY)
    assert (frame.late, frame.documents) == (whole.late, whole.documents)
    assert sorted(touched(frame)) == sorted(touched(whole))
    assert tally_checks.check(KEY) == []
    at_a_glance(whole)


def at_a_glance(whole: Book) -> None:
    """A dashboard that is read on and rests on totals tells what one of the whole ledger tells."""
    reader = dashboard_reading.Reader("payables", ZONE)
    until = 0
    for entry in books.entries(KEY):
        reader.add(entry)
        until = max(until, entry.at + 1)
    for by in dashboards.PERIODS:
        agreed = dashboard_reading.by_book(whole)
        expected = dashboard_reading.dashboard(reader, agreed, by, engagement=KEY, until=until)
        assert as_dict(dashboards.as_of(KEY, ZONE, "payables", by, until)) == as_dict(expected)


MOVES = st.lists(
    st.one_of(
        STEPS.map(lambda steps: ("enter", steps[:8])),
        st.sampled_from([("bill", "2026-01"), ("bill", "2026-02"), ("amend", "2026-02"), ("amend", "2026-03")]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, chunk=st.integers(1, 9))
def test_whatever_is_entered_billed_and_amended_between_two_looks(
    monkeypatch: pytest.MonkeyPatch, moves: list[Any], chunk: int
) -> None:
    monkeypatch.setattr(tallies, "CHUNK", chunk)
    with transaction.atomic():
        written = Written(rich(TERMS))
        for move, what in moves:
            if move == "enter":
                for kind, name, when, data in what:
                    written.add(kind, when, name, **data)
            else:
                getattr(written, move)(what)
            agree()
        transaction.set_rollback(True)
    books._books.forget()


@pytest.fixture
def counted() -> Written:
    written = Written(rich(TERMS))
    for name, hours in (("a", 2), ("b", 200)):
        written.add("instance.started", 1_767_600_000_000_000, name)
        written.add("instance.completed", 1_767_600_000_000_000 + hours * 3_600_000_000, name, outcome="paid")
    agree()
    return written


def test_a_total_somebody_changed_is_named(counted: Written) -> None:
    TallyTotal.objects.filter(month="2026-01", number=2).update(number=3)
    told = [str(one) for one in tally_checks.check(KEY)]
    assert any("payables, price 0, unit, 2026-01" in one and "kept as 3" in one for one in told)
    tallies.forget(KEY)
    assert tally_checks.check(KEY) != [], "nothing is kept, and nobody counted anew"


def test_a_case_somebody_changed_is_named(counted: Written) -> None:
    part = TallyPart.objects.filter(instance=2).first()
    TallyPart.objects.filter(pk=part.pk).update(at=part.at + 1)
    [told] = [one for one in tally_checks.check(KEY) if "instance" in one.message]
    assert told.code == "ledger.tally-differs"
    assert "'2'" in told.message


def test_a_ledger_written_anew_is_counted_anew(counted: Written) -> None:
    LedgerEntry.objects.all().delete()
    LedgerHead.objects.all().delete()
    books._books.forget()
    again = Written(rich(TERMS))
    for at in range(6):
        again.add("instance.started", 1_767_600_000_000_000 + at, "c")
    agree()


def test_sheets_of_the_cases_behind_a_figure(counted: Written, tmp_path: Path) -> None:
    found = kept(JANUARY)
    objective = next(one for one in found.signed.terms.services["payables"].objectives if one.key == "decided")
    reader, window = tally_parts.Kept(KEY, found.signed, tallies.Figures(KEY)), found.window
    pages = [reader.results("payables", objective, window, (), page, 1) for page in (1, 2, 3)]
    assert [[one.instance for one in page] for page in pages] == [["2"], ["1"], []]
    assert [page.more for page in pages] == [True, False, False]
    assert [one.met for page in pages for one in page] == [False, True]
    assert reader.results("payables", objective, window, {2}, 1, 5).rows == list(pages[1])
    [line] = [one for one in found.invoice().lines if one.kind == "instance"]
    assert [one.reference for one in reader.behind(line, window, (), 1, 1)] == ["A"]
    assert reader.behind(line, window, {1}, 1, 1).rows == []
