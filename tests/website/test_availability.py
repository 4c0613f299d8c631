"""How long a site was up: outages, maintenance, budget, mean times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.website.checks import spans
from anyshore.website.checks.availability import Agreed, Look, Window, availability, down
from anyshore.website.checks.spans import Span

DAY = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = 5 * MINUTE


def at(minute: int) -> datetime:
    return DAY + minute * MINUTE


def span(begin: int, end: int) -> Span:
    return at(begin), at(end)


def looks(*bad: tuple[int, int], until: int = 1440, probe: str = "a") -> list[Look]:
    """A look every five minutes, down from a minute on until before another."""
    return [
        Look(at(minute), not any(begin <= minute < end for begin, end in bad), probe) for minute in range(0, until, 5)
    ]


def agreed(**told: object) -> Agreed:
    return Agreed(**{"hours": (span(0, 1440),), "target": Decimal("99.5"), "every": EVERY, **told})  # type: ignore[arg-type]


def test_a_day_without_an_outage_is_whole() -> None:
    found = availability(looks(), [], agreed())
    assert found.percent == Decimal("100.0000")
    assert (found.failures, found.mttr, found.mtbf) == (0, None, None)
    assert found.budget == found.left == timedelta(minutes=7, seconds=12)
    assert found.unwatched == timedelta()


def test_an_outage_lasts_from_the_first_bad_look_to_the_next_good_one() -> None:
    found = availability(looks((100, 120), (600, 605)), [], agreed())
    assert found.outages == (span(100, 120), span(600, 605))
    assert found.unplanned == 25 * MINUTE
    assert found.percent == Decimal("98.2638")  # 1415 / 1440, rounded down
    assert found.left == timedelta(minutes=7, seconds=12) - 25 * MINUTE
    assert found.mttr == 12.5 * MINUTE
    assert found.mtbf == 1415 * MINUTE / 2


@pytest.mark.parametrize(
    ("window", "notice", "unplanned"),
    [
        ((100, 120, -1440), 0, 0), ((100, 110, -1440), 0, 10), ((90, 200, -1440), 48 * 60, 20),
        ((90, 200, -2 * 1440), 48 * 60, 0), ((200, 300, -1440), 0, 20), ((100, 120, 110), 0, 20),
    ],
)  # fmt: skip
def test_maintenance_counts_where_it_was_announced_in_time(
    window: tuple[int, int, int], notice: int, unplanned: int
) -> None:
    begin, end, told = (at(one) for one in window)
    found = availability(looks((100, 120)), [Window(begin, end, told)], agreed(notice=notice * MINUTE))
    assert found.unplanned == unplanned * MINUTE
    assert found.planned == (20 - unplanned) * MINUTE


def test_maintenance_beyond_what_was_agreed_is_unplanned() -> None:
    found = availability(looks((100, 160)), [Window(at(90), at(200), at(-9999))], agreed(most=45 * MINUTE))
    assert (found.planned, found.unplanned) == (45 * MINUTE, 15 * MINUTE)
    assert found.outages == (span(145, 160),)


def test_only_agreed_hours_count() -> None:
    found = availability(looks((470, 500)), [], agreed(hours=(span(480, 1080),)))
    assert found.agreed == 600 * MINUTE
    assert found.unplanned == 20 * MINUTE
    assert availability(looks(), [], agreed(hours=())).percent is None


def test_time_in_which_nobody_looked_is_told_and_not_held_against_the_site() -> None:
    some = [one for one in looks((100, 105)) if not 105 <= (one.at - DAY) / MINUTE < 200]
    found = availability(some, [], agreed())
    assert found.unplanned == 10 * MINUTE  # for twice the interval what the last look said is believed
    assert found.unwatched == 90 * MINUTE


def test_one_probe_of_three_may_be_cut_off_itself() -> None:
    three = [*looks((100, 200), probe="a"), *looks(probe="b"), *looks((150, 160), probe="c")]
    assert down(three, at(1440), EVERY) == [span(150, 160)]
    assert down(looks((1430, 1440)), at(1440), EVERY) == [span(1430, 1440)]


SOME = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda two: span(*two)), max_size=6)


def minutes(some: list[Span]) -> set[int]:
    return {minute for minute in range(61) if any(begin <= at(minute) < end for begin, end in some)}


@given(SOME, SOME)
def test_spans_are_sets_of_minutes(one: list[Span], other: list[Span]) -> None:
    assert minutes(spans.joined(one)) == minutes(one)
    assert minutes(spans.met(one, other)) == minutes(one) & minutes(other)
    assert minutes(spans.without(one, other)) == minutes(one) - minutes(other)
    assert spans.length(spans.joined(one)) == len(minutes(one)) * MINUTE


@given(st.lists(st.booleans(), min_size=288, max_size=288), SOME)
def test_planned_and_unplanned_are_all_of_the_down_time(ups: list[bool], windows: list[Span]) -> None:
    seen = [Look(at(5 * place), up) for place, up in enumerate(ups)]
    found = availability(seen, [Window(*one, announced=at(-1)) for one in windows], agreed())
    assert found.planned + found.unplanned == ups.count(False) * EVERY
    assert found.unplanned == spans.length(found.outages)
    assert found.left == found.budget - found.unplanned
