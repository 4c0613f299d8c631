"""Calls are kept once, a recording with consent alone; what came before is shown newest first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from anyshore.activities.calls.contacts import CONTACT, Contact, HistoryInput, KeepInput, history, keep
from anyshore.activities.memory import MemoryContext


def contact(number: int, day: int = 2, customer: str = "K1", **more: object) -> Contact:
    return Contact(
        f"C-{number}", customer, date(2026, 3, day), f"2026-03-{day:02}T09:00:00", "answered in time", **more
    )  # type: ignore[arg-type]


def test_a_call_is_kept_once() -> None:
    context = MemoryContext()
    first = keep(KeepInput(contact(1, wrap_up="fault")), context)
    again = keep(KeepInput(contact(1, wrap_up="order")), context)
    assert first.contact == again.contact
    assert first.share == again.share
    assert len(context.records(CONTACT).find(customer="K1")) == 1


@pytest.mark.parametrize("consent", [True, False])
def test_where_a_recording_lies_is_kept_with_consent_alone(consent: bool) -> None:
    context = MemoryContext()
    kept = keep(KeepInput(contact(1, recording="exchange/C-1"), consent), context).contact
    assert kept.recording == ("exchange/C-1" if consent else None)
    assert history(HistoryInput("K1"), context).calls[0].recording == kept.recording


def test_earlier_calls_come_newest_first_and_those_of_nobody_are_none() -> None:
    context = MemoryContext()
    for number in range(25):
        keep(KeepInput(contact(number, number + 1, resolved=number % 2 == 0)), context)
    keep(KeepInput(contact(99, customer="K2")), context)
    found = history(HistoryInput("K1"), context)
    assert (found.count, found.unresolved) == (25, 12)
    assert [one.call for one in found.calls] == [f"C-{number}" for number in range(24, 4, -1)]
    assert history(HistoryInput(None), context).count == 0


@pytest.mark.parametrize(
    ("day", "code", "repeated"), [(3, "fault", True), (9, "fault", True), (10, "fault", False), (3, "order", False)]
)
def test_the_same_concern_within_a_week_is_repeated(day: int, code: str, repeated: bool) -> None:
    context = MemoryContext()
    assert not keep(KeepInput(contact(1, 2, wrap_up="fault")), context).repeated
    assert keep(KeepInput(contact(2, day, wrap_up=code)), context).repeated is repeated
    assert not keep(KeepInput(contact(3, 1, wrap_up="fault")), context).repeated


def test_the_draw_is_spread_evenly() -> None:
    context = MemoryContext()
    shares = [keep(KeepInput(contact(number)), context).share for number in range(1000)]
    assert all(Decimal(0) <= share < 100 for share in shares)
    assert 30 <= sum(share < 5 for share in shares) <= 75
