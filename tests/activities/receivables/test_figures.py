"""Ageing and the figures of the trade."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.receivables.figures import Dated, ageing, days_late, days_to_settle, figures, is_open

DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))


def invoice(amount: str, issued: date, due: date, settled: date | None = None) -> Dated:
    return Dated(Decimal(amount), issued, due, settled)


def test_classes_by_due_date() -> None:
    on = date(2025, 6, 30)
    rows = [
        invoice("1", date(2025, 6, 1), on),
        invoice("2", date(2025, 6, 1), date(2025, 6, 29)),
        invoice("4", date(2025, 4, 1), date(2025, 5, 31)),
        invoice("8", date(2025, 4, 1), date(2025, 5, 30)),
        invoice("16", date(2024, 4, 1), date(2024, 5, 30)),
        invoice("32", date(2025, 4, 1), date(2025, 5, 30), on),
        invoice("64", date(2025, 7, 1), date(2025, 7, 30)),
    ]
    found = ageing(rows, on)
    assert [(one.first, one.last, one.count, one.amount) for one in found] == [
        (None, 0, 1, 1), (1, 30, 2, 6), (31, 60, 1, 8), (61, 90, 0, 0), (91, None, 1, 16)
    ]  # fmt: skip


def test_day_counts() -> None:
    one = invoice("1", date(2025, 1, 1), date(2025, 1, 31), date(2025, 2, 5))
    assert (days_to_settle(one), days_late(one, date(2026, 1, 1))) == (35, 5)
    early = invoice("1", date(2025, 1, 1), date(2025, 1, 31), date(2025, 1, 5))
    assert (days_to_settle(early), days_late(early, date(2026, 1, 1))) == (4, 0)
    open_ = invoice("1", date(2025, 1, 1), date(2025, 1, 31))
    assert (days_to_settle(open_), days_late(open_, date(2025, 2, 1))) == (None, 1)


def test_figures_of_a_month() -> None:
    rows = [
        invoice("100", date(2025, 3, 1), date(2025, 3, 31)),
        invoice("300", date(2025, 4, 10), date(2025, 5, 10)),
        invoice("200", date(2025, 4, 11), date(2025, 4, 20), date(2025, 4, 22)),
    ]
    found = figures(rows, date(2025, 4, 1), date(2025, 4, 30))
    assert (found.opening, found.sales, found.closing, found.current) == (100, 500, 400, 300)
    assert (found.dso, found.best_dso, found.delinquent) == (24, 18, 6)
    assert found.effectiveness == Decimal("66.6667")
    empty = figures([], date(2025, 4, 1), date(2025, 4, 30))
    assert (empty.dso, empty.effectiveness) == (None, None)


@settings(max_examples=examples(60))
@given(
    st.lists(st.tuples(st.integers(1, 999), DAYS, st.integers(0, 60), st.none() | st.integers(0, 90)), max_size=8), DAYS
)
def test_classes_hold_all_that_is_open(rows: list[tuple[int, date, int, int | None]], on: date) -> None:
    made = [
        invoice(str(cents), issued, date.fromordinal(issued.toordinal() + term),
                None if later is None else date.fromordinal(issued.toordinal() + later))
        for cents, issued, term, later in rows
    ]  # fmt: skip
    held = [one for one in made if is_open(one, on)]
    found = ageing(made, on)
    assert sum(one.count for one in found) == len(held)
    assert sum(one.amount for one in found) == sum(one.amount for one in held)
