"""Figures of logs: counted by hand, by another way, and as known of real processes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.sourcing.event_log import hours
from anyshore.sourcing.event_log.counts import count
from anyshore.sourcing.event_log.figures import JUDGEMENT_TO, RULES_FROM, figures
from anyshore.sourcing.event_log.hours import Hours
from anyshore.sourcing.event_log.log import EventLog, ordered
from anyshore.sourcing.event_log.reading import read
from anyshore.sourcing.event_log.steps import foretell

DAY = 86_400_000_000


def log_of(cases: list[str], step: int = 60_000_000) -> EventLog:
    """A log whose cases are written as letters, one after the other."""
    letters = sorted({letter for case in cases for letter in case})
    case = np.repeat(np.arange(len(cases)), [len(one) for one in cases]).astype(np.int32)
    activity = np.array([letters.index(letter) for one in cases for letter in one], np.int32)
    return ordered(case, activity, np.arange(len(case)) * step, letters, file="l", zoned=True)


@given(st.lists(st.text("abcd", min_size=1, max_size=7), min_size=1, max_size=30))
def test_counts_are_those_of_plain_counting(cases: list[str]) -> None:
    found = count(log_of(cases))
    variants = Counter(cases)
    assert (found.events, found.cases, found.variants) == (sum(map(len, cases)), len(cases), len(variants))
    assert found.largest_variants == tuple(sorted(variants.values(), reverse=True)[:10])
    assert found.follows == Counter(pair for case in cases for pair in pairwise(case))
    assert found.starts == Counter(case[0] for case in cases)
    assert found.ends == Counter(case[-1] for case in cases)
    assert found.rework == Counter(one for case in cases for one, n in Counter(case).items() if n > 1)


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=25))
def test_foretelling_is_that_of_plain_counting(cases: list[str]) -> None:
    found = foretell(log_of(cases))
    letters = sorted({letter for case in cases for letter in case})
    right = total = 0
    for part in range(5):
        learnt: dict[tuple[str, ...], Counter[str]] = {}
        for number, case in enumerate(cases):
            if number % 5 != part:
                for first, second, third in steps(case):
                    for context in ((first, second), (second,), ()):
                        learnt.setdefault(context, Counter())[third] += 1
        for number, case in enumerate(cases):
            if number % 5 == part:
                for first, second, third in steps(case):
                    context = next((c for c in ((first, second), (second,), ()) if c in learnt), None)
                    order = [*letters, "$"]
                    guess = context is not None and max(order, key=lambda x: (learnt[context][x], -order.index(x)))
                    right += guess == third
                    total += 1
    assert found.accuracy == pytest.approx(right / total)


def steps(case: str) -> list[tuple[str, str, str]]:
    padded = f"$$" + case + "$"  # noqa: F541
    return [(padded[at], padded[at + 1], padded[at + 2]) for at in range(len(case) + 1)]


def test_a_log_without_choice_is_foretold_whole() -> None:
    found = figures(log_of(["abc"] * 200))
    assert (found.foretold.accuracy, found.foretold.entropy, found.foretold.error) == (1.0, 0.0, 0.0)
    assert (found.lean, found.mixed, found.rework, found.top_ten) == (-1.0, False, 0.0, 1.0)


def test_few_cases_say_nothing() -> None:
    found = figures(log_of(["abc"] * 99))
    assert (found.enough, found.lean, found.mixed) == (False, 0.0, False)
    assert "too few" in found.detail


def test_the_sampling_error_falls_with_cases() -> None:
    cases = ["ab", "ac", "ab", "abd", "acd", "ad", "ab"]
    few, many = (figures(log_of(cases * n)).foretold for n in (20, 320))
    assert 0 < many.error < few.error / 3


def test_steps_by_rule_and_steps_by_judgement_make_a_mixed_log() -> None:
    cases = [f"abc{'defg'[n * 7 % 4]}{'hijk'[n * 5 % 3]}" for n in range(400)]
    found = figures(log_of(cases))
    assert {step.activity for step in found.rule_steps} >= {"a", "b"}
    assert "c" in {step.activity for step in found.judgement_steps}


def test_business_hours_are_local() -> None:
    berlin = Hours("Europe/Berlin", holidays=[date(2026, 1, 6)])
    times = np.array(["2026-01-05T07:30", "2026-01-05T06:30", "2026-01-06T09:00", "2026-01-03T09:00"], "datetime64[us]")
    local = hours.local(times.astype(np.int64), berlin, zoned=True)
    assert hours.share_inside(local, berlin) == 0.25
    assert hours.share_inside(times.astype(np.int64), Hours()) == 0.25
    start, end = (
        np.array([text], "datetime64[us]").astype(np.int64) for text in ("2026-01-05T17:00", "2026-01-07T09:00")
    )
    assert hours.between(start, end, berlin).tolist() == [2 * 3_600_000_000]
    assert hours.between(start, end, Hours()).tolist() == [12 * 3_600_000_000]
    with pytest.raises(ValueError, match="zone"):
        hours.local(start, Hours("Nowhere/City"), zoned=True)


@given(st.integers(0, 30 * DAY), st.integers(0, 30 * DAY))
def test_business_hours_add_up(first: int, second: int) -> None:
    start, end = np.array([min(first, second)]), np.array([max(first, second)])
    middle = (start + end) // 2
    whole = hours.between(start, end, Hours())
    assert whole == hours.between(start, middle, Hours()) + hours.between(middle, end, Hours())
    assert 0 <= whole[0] <= end[0] - start[0]


@pytest.mark.parametrize(
    ("name", "rules"),
    [("BPI_2020_DomesticDeclarations", True), ("Helpdesk", True), ("SEPSIS", False), ("BPIC15_1", False)],
)
def test_real_processes_lean_as_they_are_known(data_dir: Path, name: str, rules: bool) -> None:
    found = figures(read(data_dir / "event-logs" / f"{name}.parquet"))
    assert (found.foretold.accuracy >= RULES_FROM, found.foretold.accuracy <= JUDGEMENT_TO) == (rules, not rules)
    assert (found.lean < -0.5) if rules else (found.lean > 0.5)
