"""The recall curve."""

from __future__ import annotations

from django.utils import translation
from lxml import etree

from anyshore.web.discovery import charts


def test_the_curve_climbs_with_every_hit_and_is_told_in_words() -> None:
    with translation.override("de"):
        drawn = etree.fromstring(charts.recall([True, False, True], 2_000))
    line = next(one for one in drawn if one.tag.endswith("polyline"))
    places = [tuple(map(float, place.split(","))) for place in line.get("points").split()]
    assert [y for _x, y in places] == [210, 115, 115, 20]
    assert places[-1][0] == 40.83  # three of 2,000, over the width of the axis
    assert drawn.get("aria-label").endswith("2 / 3")
    assert "3 / 2.000" in "".join(drawn.itertext())


def test_a_set_that_nobody_began_has_a_curve_at_its_origin() -> None:
    assert 'points="40,210"' in charts.recall([], 10)
