"""The seasonal mean, on its own and on a bank's calls."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.forecast import seasonal_mean, wape

MONDAY = datetime(2026, 3, 2, 9)


def test_the_mean_of_the_same_hour_of_earlier_weeks() -> None:
    history = {MONDAY - timedelta(weeks=week): float(week) for week in range(1, 7)}
    assert seasonal_mean(history, MONDAY) == 2.5
    assert seasonal_mean(history, MONDAY, weeks=2) == 1.5


def test_a_week_without_a_value_is_passed_over() -> None:
    assert seasonal_mean({MONDAY - timedelta(weeks=3): 7.0}, MONDAY) == 7.0
    assert seasonal_mean({}, MONDAY) is None


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(AnyshoreError):
        seasonal_mean({}, MONDAY, weeks=0)
    with pytest.raises(AnyshoreError):
        wape({}, {})


def test_half_hours_of_a_bank_are_forecast_within_seven_percent(data_dir: Path) -> None:
    calls: dict[datetime, float] = defaultdict(float)
    with (data_dir / "calls" / "bank_calls.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            at = datetime.fromisoformat(row["DateTime"])
            calls[at.replace(minute=at.minute // 30 * 30)] += float(row["Calls"])
    first = min(calls) + timedelta(weeks=4)
    expected = {at: found for at in calls if at >= first and (found := seasonal_mean(calls, at)) is not None}
    assert wape({at: calls[at] for at in expected}, expected) < 0.075
