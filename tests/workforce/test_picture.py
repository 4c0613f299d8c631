"""A week drawn: whole XML, every text escaped, steps where they belong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from lxml import etree

from anyshore.workforce.picture import HEIGHT, WIDTH, Steps, week

NINE = datetime(2026, 3, 2, 9)
SVG = "{http://www.w3.org/2000/svg}"


def test_a_week_is_drawn_within_its_frame() -> None:
    values = {NINE + timedelta(days=day, hours=hour): 10.0 * hour for day in range(5) for hour in range(8)}
    drawn = etree.fromstring(week('A "week" & more', [Steps("<calls>", values, filled=True)], 60))
    assert drawn.get("aria-label") == 'A "week" & more'
    assert "<calls>" in [text.text for text in drawn.iter(f"{SVG}text")]
    lines = [line.get("points") for line in drawn.iter(f"{SVG}polyline")]
    assert len(lines) == 5
    places = [tuple(map(float, place.split(","))) for line in lines for place in line.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert len(list(drawn.iter(f"{SVG}polygon"))) == 5


def test_a_break_is_no_line() -> None:
    drawn = etree.fromstring(week("", [Steps("", {NINE: 1.0, NINE + timedelta(hours=2): 1.0})], 60))
    assert len(list(drawn.iter(f"{SVG}polyline"))) == 2


@pytest.mark.parametrize(("largest", "top"), [(0.0, "4"), (0.3, "0.4"), (7.0, "8"), (10.0, "10"), (2500.0, "4000")])
def test_the_scale_ends_above_the_largest_value(largest: float, top: str) -> None:
    drawn = etree.fromstring(week("", [Steps("", {NINE: largest})], 60))
    assert top in [text.text for text in drawn.iter(f"{SVG}text")]


def test_nothing_is_drawn_of_nothing() -> None:
    assert etree.fromstring(week("", [], 60)).tag == f"{SVG}svg"
