"""Drawings are well-formed whatever they show, and their numbers are for machines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from anyshore.base import svg

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"], exclude_characters="\ufffe\uffff"))


@given(TEXTS, TEXTS)
def test_texts_and_attributes_come_back_as_they_were(text: str, label: str) -> None:
    found = etree.fromstring(svg.drawing(10, 5, label, svg.element("text", text, x=1)).encode())
    assert found.get("aria-label") == label
    assert (found[0].text or "", found[0].get("x")) == (text, "1")


def test_an_element_with_its_attributes() -> None:
    made = svg.element(
        "g", svg.title("a < b"), None, "c & d", class_="x", stroke_width=1.5, fill=None, aria_hidden="true"
    )
    assert made == '<g class="x" stroke-width="1.5" aria-hidden="true"><title>a &lt; b</title>c &amp; d</g>'
    assert svg.element("rect", x=0) == '<rect x="0"/>'
    assert made.__html__() is made


@pytest.mark.parametrize(("value", "text"), [
    (10_000, "10000"), (1.0, "1"), (1.005, "1"), (-0.001, "0"), (Decimal("12.345"), "12.34"), (1e9, "1000000000"),
    (0.1 + 0.2, "0.3"), (-2.5, "-2.5"),
])  # fmt: skip
def test_numbers_for_machines(value: svg.Number, text: str) -> None:
    assert svg.number(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_what_is_no_number_is_not_drawn(value: svg.Number) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        svg.element("rect", x=value)


def test_points() -> None:
    assert svg.points([(1, 2.5), (10_000, 0)]) == "1,2.5 10000,0"


def test_a_bar_is_drawn_out_as_far_as_its_share_and_marked_where_it_is_told() -> None:
    found = svg.bar(Decimal("42.5"), 6, "#17683f", "#e6ecef", mark=95, class_="bar")
    drawn = etree.fromstring(found)
    assert [one.get("width") for one in drawn] == ["100", "42.5", "0.8"]
    assert [one.get("x") for one in drawn] == [None, None, "95"]
    assert (drawn.get("aria-hidden"), drawn.get("role")) == ("true", None)
    told = etree.fromstring(svg.bar(10, 5, None, "#e6ecef", label="Weight: 10 %"))
    assert (told.get("aria-label"), told[1].get("fill"), told[1].get("rx")) == ("Weight: 10 %", None, None)
