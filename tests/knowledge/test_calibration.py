from __future__ import annotations

import csv
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected
from anyshore.knowledge import reliability_diagram
from anyshore.knowledge.calibration import Forecast, by, check, due, resolve, score


def forecast(probability: float, outcome: bool | None = None, expert: str = "ann", topic: str = "law") -> Forecast:
    return Forecast(f"{probability}", expert, topic, "it happens", probability, 0, 100, outcome)


def test_a_worked_score():
    # Two bins: (0.2, 0.2, 0.2, 0.2) with one event, (0.8, 0.8) with both.
    found = score([forecast(0.2, n == 0) for n in range(4)] + [forecast(0.8, True)] * 2)
    assert found is not None
    assert found.brier == pytest.approx((0.64 + 3 * 0.04 + 2 * 0.04) / 6)
    assert found.base_rate == 0.5
    assert found.reliability == pytest.approx((4 * 0.05**2 + 2 * 0.2**2) / 6)
    assert found.resolution == pytest.approx((4 * 0.25**2 + 2 * 0.5**2) / 6)
    assert found.within == pytest.approx(0)
    assert found.skill == pytest.approx(1 - found.brier / 0.25)
    assert [(b.count, b.observed) for b in found.bins] == [(4, 0.25), (2, 1.0)]


def test_open_forecasts_do_not_count():
    assert score([forecast(0.5)]) is None
    found = score([forecast(0.5), forecast(1.0, True)])
    assert found is not None
    assert (found.count, found.brier) == (1, 0.0)
    assert math.isnan(found.skill)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 20))
def test_the_decomposition_is_exact_whatever_the_bins(pairs: list[tuple[float, bool]], bins: int):
    found = score([forecast(p, o) for p, o in pairs], bins=bins)
    assert found is not None
    parts = found.reliability - found.resolution + found.uncertainty + found.within
    assert found.brier == pytest.approx(parts, abs=1e-12)
    assert sum(b.count for b in found.bins) == len(pairs)


def test_always_the_base_rate_has_no_skill_and_no_resolution():
    found = score([forecast(0.25, n % 4 == 0) for n in range(40)])
    assert found is not None
    assert found.skill == pytest.approx(0)
    assert found.resolution == pytest.approx(0)
    assert found.reliability == pytest.approx(0)


def test_scores_per_expert_and_topic():
    forecasts = [
        forecast(1, True),
        forecast(1, False, "bob"),
        forecast(0, True, "bob", "tax"),
        forecast(0.5, None, "cid"),
    ]
    assert {name: found.brier for name, found in by(forecasts, lambda f: f.expert).items()} == {"ann": 0, "bob": 1}
    assert list(by(forecasts, lambda f: f.topic)) == ["law", "tax"]


def test_resolution_is_final_and_due_ones_are_listed():
    early, late = forecast(0.4), Forecast("z", "ann", "law", "", 0.5, 0, 50)
    assert [f.id for f in due([early, late], 100)] == ["z", "0.4"]
    assert due([early], 99) == []
    done = resolve(early, True, 120)
    assert (done.outcome, done.resolved) == (True, 120)
    assert due([done], 200) == []
    with pytest.raises(CommandRejected, match="already recorded"):
        resolve(done, False, 130)
    with pytest.raises(CommandRejected, match="before the forecast"):
        resolve(early, True, -1)


def test_dishonest_forecasts_are_told():
    bad = Forecast("x", " ", "law", "", 1.5, 100, 100)
    assert [p.code for p in check([bad])] == ["forecast.probability", "forecast.late", "forecast.no-expert"]
    assert check([forecast(0.0), forecast(1.0)]) == []


def test_the_diagram_is_well_formed_and_escapes_its_title():
    found = score([forecast(n / 10, n > 4) for n in range(11)])
    assert found is not None
    svg = reliability_diagram.render(found, title="A < B & C", language="de")
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == "A < B & C"
    assert len(root.findall(f"{space}circle")) == len(found.bins)
    assert "Grundrate" in svg


def test_the_probability_forecasts_of_games(data_dir: Path):
    with (data_dir / "forecasts" / "nba_games.csv").open(newline="") as file:
        forecasts = [
            forecast(float(row["prob1"]), float(row["prob1_outcome"]) == 1, "model", row["season"])
            for row in csv.DictReader(file)
        ]
    found = score(forecasts)
    assert found is not None
    assert found.count == 8886
    assert round(found.brier, 4) == 0.2147
    assert round(found.uncertainty, 4) == 0.2449
    assert found.brier_low < 0.2147 < found.brier_high
    assert sum(part.count for part in by(forecasts, lambda f: f.topic).values()) == 8886


def test_a_probability_on_the_edge_of_a_bin_is_in_the_upper_one():
    found = score([forecast(number / 100, True) for number in range(101)], bins=100)
    assert found is not None
    assert [one.count for one in found.bins] == [1] * 99 + [2]
    assert all(one.low == one.forecast for one in found.bins[:-1])
