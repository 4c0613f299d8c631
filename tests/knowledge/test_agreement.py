from __future__ import annotations

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.knowledge.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha, raw_agreement, wilson

_ = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C: four observers, twelve units.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
UNITS = [list(unit) for unit in zip(*OBSERVERS, strict=True)]
# The worked example of the encyclopaedia article on alpha: three coders, fifteen units.
CODERS = [
    [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
    [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
    [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
]
# Fleiss (1971), table 1: thirty patients, six raters, counts per diagnosis.
DIAGNOSES = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
PATIENTS = [[kind for kind, count in enumerate(row) for _n in range(int(count))] for row in DIAGNOSES.split(" ")]


def pairs(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _n in range(count)]
    return [a for a, _b in cells], [b for _a, b in cells]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_the_canonical_example(level: str, published: float):
    assert round(krippendorff_alpha(UNITS, level, seed=1, resamples=0).value, 3) == published  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.691), ("interval", 0.811)])
def test_alpha_of_three_coders(level: str, published: float):
    table = list(zip(*CODERS, strict=True))
    assert round(krippendorff_alpha(table, level, seed=1, resamples=0).value, 3) == published  # type: ignore[arg-type]


def test_the_bootstrap_interval_depends_on_the_seed_alone():
    first = krippendorff_alpha(UNITS, seed=7)
    assert first == krippendorff_alpha(UNITS, seed=7)
    assert first.low != krippendorff_alpha(UNITS, seed=8).low
    assert first.low < first.value < first.high <= 1


def test_alpha_interval_is_near_the_published_analytic_one():
    # Gwet, irrCAC 1.0, krippen.alpha.raw on the same data: 0.74342, 95 % interval (0.419, 1).
    found = krippendorff_alpha(UNITS, seed=3, resamples=4000)
    assert found.low == pytest.approx(0.419, abs=0.06)
    assert found.high > 0.9


def test_fleiss_of_the_diagnoses():
    found = fleiss_kappa(PATIENTS)
    assert round(found.value, 3) == 0.430
    assert round(raw_agreement(PATIENTS).value, 3) == 0.556


def test_fleiss_with_missing_answers_and_its_interval():
    # Gwet, irrCAC 1.0, fleiss.kappa.raw(cac.raw4raters): 0.76117, 95 % interval (0.424, 1).
    found = fleiss_kappa(UNITS)
    assert round(found.value, 5) == 0.76117
    assert (round(found.low, 3), found.high) == (0.424, 1.0)


def test_cohen_1960_and_1968():
    first, second = pairs([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert round(cohen_kappa(first, second).value, 3) == 0.492
    disagreement = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    weights = {(a, b): 1 - disagreement[a][b] / 6 for a in range(3) for b in range(3)}
    assert round(cohen_kappa(first, second, weights=weights).value, 3) == 0.348


def test_cohen_interval():
    # Gwet, irrCAC 1.0, kappa2.table(cont3x3abstractors): 0.7964, standard error 0.0589, interval (0.68, 0.913).
    found = cohen_kappa(*pairs([[13, 0, 0], [0, 20, 7], [0, 4, 56]]))
    assert round(found.value, 4) == 0.7964
    assert (found.low, found.high) == pytest.approx((0.68, 0.913), abs=0.003)


def test_quadratic_weights_of_two_labels_are_the_plain_kappa():
    first, second = pairs([[20, 5], [10, 15]])
    assert cohen_kappa(first, second).value == pytest.approx(0.4)
    assert cohen_kappa(first, second, weights="quadratic").value == pytest.approx(0.4)


WORDS = ["none", "low", "medium", "high", "severe"]
FIRST = ["low", "low", "high", "high", "none", "none", "severe", "severe", "medium", "high"]
SECOND = ["low", "none", "high", "severe", "none", "low", "severe", "high", "medium", "high"]


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_words_are_as_far_apart_as_on_their_scale_and_not_as_in_the_alphabet(weights: Literal["linear", "quadratic"]):
    numbers = [[WORDS.index(word) for word in words] for words in (FIRST, SECOND)]
    of_words = cohen_kappa(FIRST, SECOND, weights=weights, scale=WORDS)
    of_numbers = cohen_kappa(*numbers, weights=weights)
    assert of_words.value == pytest.approx(of_numbers.value)
    assert (of_words.low, of_words.high) == pytest.approx((of_numbers.low, of_numbers.high))
    alphabet = cohen_kappa(FIRST, SECOND, weights=weights, scale=sorted(WORDS)).value
    assert alphabet < of_words.value
    with pytest.raises(DataError, match="no order"):
        cohen_kappa(FIRST, SECOND, weights=weights)


def test_grades_nobody_gave_keep_their_place_on_the_scale():
    # By hand, linear: the pairs lie 0, 0, 1 and 3 steps apart, 1 in the mean; all 16 together 30/16: 1 − 16/30 = 7/15.
    first, second = [1, 2, 4, 2], [1, 2, 5, 5]
    expected = 7 / 15
    assert cohen_kappa(first, second, weights="linear").value == pytest.approx(expected)
    assert cohen_kappa(first, second, weights="linear", scale=[1, 2, 3, 4, 5]).value == pytest.approx(expected)
    texts = [[str(grade) for grade in grades] for grades in (first, second)]
    assert cohen_kappa(*texts, weights="linear").value == pytest.approx(expected)
    assert cohen_kappa(["9", "10", "8"], ["10", "10", "8"], weights="linear").value > 0.5
    with pytest.raises(DataError, match="not on the scale: 5"):
        cohen_kappa(first, second, weights="linear", scale=[1, 2, 3, 4])


def test_ordinal_alpha_of_words_goes_by_their_scale():
    table = list(zip(FIRST, SECOND, strict=True))
    numbers = [[WORDS.index(word) for word in row] for row in table]
    wanted = krippendorff_alpha(numbers, "ordinal", seed=1, resamples=0).value
    assert krippendorff_alpha(table, "ordinal", seed=1, scale=WORDS, resamples=0).value == pytest.approx(wanted)
    with pytest.raises(DataError, match="no order"):
        krippendorff_alpha(table, "ordinal", seed=1)


def test_wilson_interval_as_published():
    # Newcombe (1998, Stat. Med. 17:857), table I: 81 of 263 → 0.2553 to 0.3662; 0 of 20 → 0 to 0.1611.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("table", [[], [["a", None]], [[None, None]]])
def test_nothing_rated_twice_is_undefined(table: list[list[str | None]]):
    for found in (raw_agreement(table), fleiss_kappa(table), krippendorff_alpha(table, seed=1)):
        assert math.isnan(found.value)
        assert found.method.startswith("undefined")


def test_one_answer_throughout_has_agreement_but_no_kappa():
    table = [["yes", "yes"]] * 5
    assert raw_agreement(table).value == 1
    assert math.isnan(fleiss_kappa(table).value)
    assert math.isnan(krippendorff_alpha(table, seed=1).value)
    assert math.isnan(cohen_kappa(["yes"] * 5, ["yes"] * 5).value)


def test_answers_that_cannot_be_ordered_or_measured_are_refused():
    with pytest.raises(DataError, match="no order"):
        krippendorff_alpha([[1, "a"]], "ordinal", seed=1)
    with pytest.raises(DataError, match="must be numbers"):
        krippendorff_alpha([["x", "y"]], "interval", seed=1)
    with pytest.raises(DataError, match="against"):
        cohen_kappa([1], [1, 2])


RATINGS = st.lists(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=3, max_size=3), min_size=2, max_size=15)


@given(RATINGS)
def test_alpha_does_not_depend_on_the_order_of_units_or_people(table: list[list[int | None]]):
    there = krippendorff_alpha(table, "ordinal", seed=1, resamples=0).value
    back = krippendorff_alpha([row[::-1] for row in table[::-1]], "ordinal", seed=1, resamples=0).value
    assert there == pytest.approx(back, nan_ok=True)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), min_size=2, max_size=30))
def test_alpha_of_two_is_fleiss_with_its_small_sample_correction(cells: list[tuple[str, str]]):
    # Krippendorff (2011): nominal alpha = 1 − (n − 1)/n · (1 − pi), with n = 2N values and Scott's pi.
    alpha = krippendorff_alpha(cells, seed=1, resamples=0).value
    pi = fleiss_kappa(cells).value
    n = 2 * len(cells)
    assert alpha == pytest.approx(1 - (n - 1) / n * (1 - pi), nan_ok=True)


@given(RATINGS)
def test_intervals_hold_the_value(table: list[list[int | None]]):
    for found in (raw_agreement(table), fleiss_kappa(table)):
        if not math.isnan(found.value) and not math.isnan(found.low):
            assert found.low <= found.value + 1e-9
            assert found.value <= found.high + 1e-9


@pytest.mark.parametrize("absent", [None, math.nan, "", "  "])
def test_an_absent_answer_is_no_category(absent: object) -> None:
    """Reviewers who always agree where both answered are not told apart by how the others' silence is written."""
    rows = [["yes", "yes", absent], ["no", "no", absent], ["yes", absent, "yes"], [absent, "no", "no"], [absent] * 3]
    assert raw_agreement(rows).value == 1
    assert fleiss_kappa(rows).value == pytest.approx(1)
    assert krippendorff_alpha(rows, seed=1, resamples=0).value == pytest.approx(1)
    kappa = cohen_kappa([row[0] for row in rows], [row[1] for row in rows])
    assert (kappa.value, kappa.units) == (pytest.approx(1), 2)
