"""Intervals counted several times over."""

from __future__ import annotations

import pytest

from anyshore.base.temporal import DateTime
from anyshore.kernel.counting import Counting


def micros(text: str) -> int:
    return DateTime.parse(text).to_micros("UTC")


@pytest.mark.parametrize(
    ("begun", "interval", "number", "due"),
    [
        ("2026-01-31T10:00:00Z", "P1M", 1, "2026-02-28T10:00:00Z"),
        ("2026-01-31T10:00:00Z", "P1M", 2, "2026-03-31T10:00:00Z"),
        ("2026-01-31T10:00:00Z", "PT0.5H", 3, "2026-01-31T11:30:00Z"),
        ("2026-01-31T10:00:00Z", "P1D[Etc/GMT+5]", 3, "2026-02-03T10:00:00Z"),
        ("2026-03-28T10:00:00Z", "P1D[Europe/Berlin]", 2, "2026-03-30T09:00:00Z"),
    ],
)
def test_an_interval_is_counted_from_the_beginning(begun: str, interval: str, number: int, due: str) -> None:
    assert Counting("UTC").times(micros(begun), interval, number) == micros(due)
