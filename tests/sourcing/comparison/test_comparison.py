"""The ten differences, the map and the paper, in both languages and with anything in them."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.sourcing.comparison.differences import DIFFERENCES
from anyshore.sourcing.comparison.infographic import MOST, infographic
from anyshore.sourcing.comparison.paper import Money, comparison, paper
from anyshore.sourcing.comparison.placing import Placed, placed
from anyshore.sourcing.comparison.portfolio_map import BAND, portfolio_map
from anyshore.sourcing.criteria import CRITERIA

DAY = date(2026, 11, 30)
MONEY = Money("EUR", 5, 0.08, -1_000, 2_000.4, 9_000, 0.87, 10_000, "case.csv")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert(1)</script> #import "x" $x$ & \\ \' 你好'


def some(count: int, name: str = "Activity") -> list[Placed]:
    leans = {one.criterion: "BPO" for one in DIFFERENCES}
    return [
        Placed(f"{name} {n}", ("BPO", "KPO", "keep")[n % 3], ("onshore", "nearshore", "")[n % 3], n % 11 / 10, 10.0 * n,
               leans if n % 2 else {}, f"/a/{n}", name * 9, bool(n % 2), 0.1, 0.9, (name * 9,) * 3)
        for n in range(count)
    ]  # fmt: skip


def pages(pdf: bytes) -> list[str]:
    found = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in found]
    finally:
        found.close()


def test_the_ten_are_the_ten_criteria() -> None:
    assert [one.criterion for one in DIFFERENCES] == [one.name for one in CRITERIA]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("count", [0, 1, 12, 200])
def test_everything_that_is_numbered_is_drawn_and_named(count: int, language: str) -> None:
    root = etree.fromstring(infographic(some(count), language).encode())  # type: ignore[arg-type]
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert sum(text.endswith(f"Activity {n}") for n, text in enumerate(texts)) <= count
    assert sum("  Activity" in text for text in texts) == min(count, MOST)
    for difference in DIFFERENCES:
        assert difference.in_language(language)[0] in texts  # type: ignore[arg-type]
    height = float(root.get("viewBox").split()[3])
    assert all(0 <= float(one.get("y")) <= height for one in root.iter(f"{SVG}text"))


def test_dots_stand_where_their_activity_leans() -> None:
    one = Placed("Payroll", "BPO", leans={"driven by": "BPO", "price": "KPO"})
    root = etree.fromstring(infographic([one], "en").encode())
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in root.iter(f"{SVG}circle")]
    assert len(dots) == 2
    assert dots[0][0] < 540 < dots[1][0]
    assert dots[0][1] < dots[1][1]


def test_the_map_puts_each_into_its_band_and_links_it() -> None:
    activities = [
        Placed("A", "BPO", "onshore", 0.0, 100.0, link="/a"), Placed("B", "KPO", "offshore", 1.0, 25.0, link="/b"),
        Placed("C", "keep", "", None, None),
    ]  # fmt: skip
    root = etree.fromstring(portfolio_map(activities, "en").encode())
    circles = {one.find(f"{SVG}title").text[0]: one for one in root.iter(f"{SVG}circle")}
    bands = {name: int((float(one.get("cy")) - 44) // BAND) for name, one in circles.items()}
    assert bands == {"A": 0, "B": 2, "C": 3}
    assert float(circles["A"].get("cx")) < float(circles["C"].get("cx")) < float(circles["B"].get("cx"))
    assert float(circles["A"].get("r")) == 2 * float(circles["B"].get("r"))
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["/a", "/b"]


def test_circles_do_not_cover_each_other_where_there_is_room() -> None:
    activities = [Placed(str(n), "BPO", "onshore", 0.3, 10.0) for n in range(3)] + [Placed("x", "keep", value=200.0)]
    root = etree.fromstring(portfolio_map(activities, "en").encode())
    circles = [tuple(float(c.get(name)) for name in ("cx", "cy", "r")) for c in root.iter(f"{SVG}circle")]
    for at, one in enumerate(circles):
        for other in circles[at + 1 :]:
            assert (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 >= (one[2] + other[2]) ** 2 - 0.5


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("count", "name"), [(0, "A"), (12, "Activity"), (300, "W" * 90), (60, NASTY)])
def test_the_paper_has_two_pages_whatever_is_in_it(count: int, name: str, language: str) -> None:
    long = [name * 9] * 20
    made = paper(name * 3, DAY, some(count, name), language, money=MONEY, sources=long, signatures=long)  # type: ignore[arg-type]
    assert len(pages(made)) == 2
    assert len(pages(comparison(name * 3, DAY, some(count, name), language))) == 1  # type: ignore[arg-type]


def test_the_paper_says_what_is_proposed_what_it_brings_and_on_what_it_rests() -> None:
    activities = [
        Placed("Payroll", "BPO", "nearshore", 0.06, 170.0, reason="Rules.", settled=True, flips=("if judgement",)),
        Placed("Valuation", "KPO", "onshore", 0.9, 400.0), Placed("Brand", "keep", "", 0.5),
    ]  # fmt: skip
    first, second = pages(
        paper("Musterbau", DAY, activities, "de", money=MONEY, sources=["kind.dmn"], signatures=["Erika"])
    )
    assert "Von 3 Tätigkeiten werden 1 als BPO und 1 als KPO vorgeschlagen" in first
    assert "-1.000 EUR" in first
    assert "87 %" in first
    assert "30.11.2026" in first
    assert "if judgement" in second
    assert "case.csv" in second
    assert "Erika" in second
    plain = pages(paper("Musterbau", DAY, activities, "en"))[0]
    assert "No business case is attached" in plain


def test_the_same_input_gives_the_same_bytes() -> None:
    made = [paper("M", DAY, some(5), "en", money=MONEY) for _time in range(2)]
    assert made[0] == made[1]


def test_a_decision_is_placed_in_the_shape_of_today_and_of_ranked_shores() -> None:
    reason = {"en": "Rules.", "de": "Regeln."}
    criteria = [{"criterion": "driven by", "leans": "BPO"}, {"criterion": "price", "leans": None}]
    old = placed(
        {
            "activity": "A",
            "kind": "BPO",
            "reason": reason,
            "judgement_share": "0.2",
            "criteria": criteria,
            "shore": "offshore",
        },
        "de",
    )
    assert (old.judgement, old.shore, old.reason, old.leans) == (0.2, "offshore", "Regeln.", {"driven by": "BPO"})
    ranked = {
        "activity": "A",
        "kind": "KPO",
        "reason": reason,
        "judgement": 0.8,
        "low": 0.6,
        "high": 0.9,
        "flips": [{"en": "x", "de": "y"}],
    }
    assert placed({**ranked, "shore": [{"site": "S", "shore": "nearshore"}]}, "en").shore == "nearshore"
    assert placed({**ranked, "shore": [{"shore": "onshore", "chosen": False}]}, "en").shore == ""
    settled = placed({**ranked, "shore": []}, "de", settled=("keep", "", "wir wachsen hier"))
    assert (settled.kind, settled.reason, settled.settled, settled.flips) == ("keep", "wir wachsen hier", True, ("y",))


@given(
    st.recursive(
        st.none() | st.text() | st.floats() | st.booleans(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["activity", "kind", "reason", "criteria", "shore", "judgement", "flips", "low"]), inner
            )
        ),
    )
)
@settings(max_examples=examples(80), deadline=None)
def test_what_is_no_decision_is_refused_or_drawn(thing: object) -> None:
    with contextlib.suppress(DataError):
        drawn = portfolio_map([placed(thing, "en")], "en")  # type: ignore[arg-type]
        assert drawn.startswith("<svg")


@pytest.mark.parametrize("draw", [infographic, portfolio_map])
def test_a_drawing_has_the_same_numbers_in_both_languages(draw: Any) -> None:
    both = [
        [
            {name: value for name, value in one.items() if name not in ("x", "width", "aria-label")}
            for one in root.iter()
        ]
        for root in (etree.fromstring(draw(some(12), language).encode()) for language in ("en", "de"))
    ]
    assert both[0] == both[1]
