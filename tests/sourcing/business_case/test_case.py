"""Distributions, and reading a case of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.sourcing.business_case.case import Case, Frame, read
from anyshore.sourcing.business_case.distributions import Distribution, fixed

FRAME = Frame(date(2027, 1, 1))
HEADER = "activity,site,quantity,low,mode,high,source"
BASE = "P,,baseline volume,100,,,x\nP,,baseline unit cost,10,,,x\nP,S,price per item,5,,,x"
ALL = [
    Distribution("uniform", (1, 3)), Distribution("triangular", (1, 2, 5)), Distribution("normal", (4, 1.5)),
    Distribution("lognormal", (3, 1.4)), fixed(2),
]  # fmt: skip


def made(*rows: str, header: str = HEADER) -> Case:
    return read("\n".join((header, *rows)).encode(), FRAME, "case.csv")


@pytest.mark.parametrize("known", ALL, ids=lambda one: one.kind)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_draws_lie_below_a_quantile_as_often_as_it_says(known: Distribution, share: float) -> None:
    drawn = known.draw(np.random.default_rng(1), (50_000,))
    below = (drawn <= known.quantile(share)).mean()
    assert below == pytest.approx(1.0 if known.is_known else share, abs=0.01)


@given(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6)), st.floats(0.01, 0.99))
@settings(max_examples=examples(50), deadline=None)
def test_a_triangle_has_its_quantiles_inside(parts: tuple[float, float, float], share: float) -> None:
    low, more, most = parts
    known = Distribution("triangular", (low, low + more, low + more + most))
    assert low <= known.quantile(share) <= low + more + most
    assert known.quantile(share) <= known.quantile(min(0.99, share + 0.005))


def test_a_known_quantity_takes_no_chance() -> None:
    chance, other = (np.random.default_rng(2) for _one in range(2))
    for known in (fixed(1), Distribution("uniform", (1, 1)), Distribution("normal", (1, 0))):
        assert known.draw(chance, (3,)).tolist() == [1, 1, 1]
    assert chance.random() == other.random()


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("beta", (1, 2)), ("uniform", (2, 1)), ("triangular", (1, 5, 2)), ("normal", (1, -1)), ("lognormal", (1, 0.5)),
        ("fixed", (1, 2)), ("fixed", (float("nan"),)),
    ],
)  # fmt: skip
def test_a_distribution_that_is_none_is_refused(kind: str, parameters: tuple[float, ...]) -> None:
    with pytest.raises(DataError) as error:
        Distribution(kind, parameters)
    assert error.value.code == "business.distribution"


def test_the_nearest_row_counts() -> None:
    case = made(
        BASE, "P,T,price per item,6,,,x", ",,governance,0.1,,,x", "P,,governance,0.2,,,x", ",T,governance,0.3,,,x",
        "P,T,governance,0.4,,,x",
    )  # fmt: skip
    assert case.of("P", "S", "governance").median == 0.2
    assert case.of("P", "T", "governance").median == 0.4
    assert case.of("Q", "T", "governance").median == 0.3
    assert case.of("Q", "S", "governance").median == 0.1
    assert case.of("P", "S", "attrition").median == 0
    assert case.of("P", "S", "hours per person").median == 1600


def test_numbers_say_which_distribution_is_meant() -> None:
    case = made(BASE, "P,S,rate,1,,,x", "P,S,attrition,0.1,,0.2,x", "P,S,governance,0.1,0.2,0.3,x")
    kinds = [case.of("P", "S", name).kind for name in ("rate", "attrition", "governance")]
    assert kinds == ["fixed", "uniform", "triangular"]


def test_the_digest_is_of_the_baseline_alone_and_of_all_of_it() -> None:
    case = made(BASE)
    assert made(BASE, "P,S,governance,0.2,,,x").baseline_digest == case.baseline_digest
    assert made(BASE.replace("100,,,x", "101,,,x")).baseline_digest != case.baseline_digest
    assert made(BASE.replace("100,,,x", "100,,,y")).baseline_digest != case.baseline_digest
    newer = read("\n".join((HEADER, BASE)).encode(), Frame(date(2027, 1, 1), version=2))
    assert newer.baseline_digest != case.baseline_digest


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["P,,baseline volume,100,,,x", "P,S,price per item,5,,,x"], "business.baseline"),
        ([BASE.replace("100,,,x", "100,,200,x")], "business.baseline"),
        ([BASE.replace("P,,baseline unit", "P,S,baseline unit")], "business.baseline"),
        ([BASE.replace("5,,,x", "0,,,x")], "business.price"), ([BASE, "P,S,price per item,6,,,x"], "business.twice"),
        ([BASE, "P,S,attrition,-0.2,,,x"], "business.number"),
        ([BASE, "P,S,attrition,0.3,,0.2,x"], "business.distribution"),
        ([BASE, "P,S,attrition,,0.2,,x"], "business.distribution"), ([BASE, "P,S,wages,1,,,x"], "tables.word"),
        ([BASE, "P,S,attrition,0.2,,,"], "tables.empty-cell"), (["P,,baseline volume,100,,,x"], "business.empty"),
        ([], "business.empty"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_used_is_refused(rows: list[str], code: str) -> None:
    with pytest.raises(DataError) as error:
        made(*rows)
    assert code in {one.code for one in error.value.diagnostics}


def test_a_frame_that_is_none_is_refused() -> None:
    with pytest.raises(DataError):
        Frame(date(2027, 1, 1), years=0)
    with pytest.raises(DataError):
        Frame(date(2027, 1, 1), discount=-1)


def test_the_sample_is_a_case() -> None:
    case = read(ROOT / "src/anyshore/sourcing/samples/case.csv", FRAME)
    assert case.activities == ("Payables", "Research")
    assert case.sites == ("Wrocław", "Bengaluru")
    assert all(one.source for one in case.rows.values())
