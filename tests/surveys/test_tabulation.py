"""Banners, nets, means, letters, weights."""

from __future__ import annotations

import numpy as np
import pytest

from anyshore.base.errors import DataError
from anyshore.surveys import weighting
from anyshore.surveys.tabulation import banner, letters, questions

SEX = np.repeat([0, 1], 100)
AGE = np.tile([0, 1], 100)
LIKES = np.where(SEX == 0, np.arange(200) % 4 > 0, np.arange(200) % 4 == 0).astype(int)
sex = questions.single("sex", "Sex", SEX, ["men", "women"])
age = questions.single("age", "Age", AGE, ["young", "old"])
likes = questions.single("likes", "Likes it?", LIKES, ["no", "yes"], nets={"any": ["no", "yes"]}, scores=[0.0, 1.0])


def test_shares_bases_nets_means_and_letters() -> None:
    (table,) = banner.tables([likes], questions.head(sex))
    assert table.columns == ("Total", "men", "women")
    assert table.marks == ("", "A", "B")
    assert table.row("yes").values == pytest.approx([0.5, 0.75, 0.25])
    assert table.row("yes").letters == ("", "B", "")
    assert table.row("no").letters == ("", "", "A")
    assert table.row("any").values == pytest.approx([1, 1, 1])
    assert table.row("Mean").values == pytest.approx([0.5, 0.75, 0.25])
    assert table.row("Mean").letters == ("", "B", "")
    assert table.cases == pytest.approx([200, 100, 100])


def test_nested_heads_are_compared_within_their_column() -> None:
    columns = questions.head(age, within=questions.head(sex))
    assert [one.label for one in columns] == ["men › young", "men › old", "women › young", "women › old"]
    (table,) = banner.tables([likes], columns)
    assert len({*table.heads} - {""}) == 2
    assert table.cases == pytest.approx([200, 50, 50, 50, 50])


def test_small_columns_are_blank_and_compared_with_none() -> None:
    columns = [questions.Column("g", "few", np.arange(200) < 20), questions.Column("g", "many", np.arange(200) >= 20)]
    (table,) = banner.tables([likes], columns, options=banner.Options(suppressed_below=30, low_below=190))
    assert np.isnan(table.row("yes").values[1])
    assert np.isnan(table.row("yes").counts[1])
    assert table.row("yes").letters == ("", "", "")
    assert list(table.low) == [False, False, True]


def test_weights_make_effective_bases_which_tests_rest_on() -> None:
    weights = np.where(AGE == 0, 0.1, 1.9)
    (table,) = banner.tables([likes], questions.head(sex), weights)
    assert table.effective[1] == pytest.approx(weighting.effective_cases(weights[SEX == 0]))
    z = (table.row("yes").values[1] - table.row("yes").values[2]) / np.sqrt(0.25 * 2 / table.effective[1])
    assert (z > 1.96) == (table.row("yes").letters[1] == "B")


def test_shared_cases_come_off_the_variance() -> None:
    share = np.array([[np.nan, 0.5, 0.6]])
    apart = letters.Bases(np.array([0, 200.0, 200]), np.zeros(3, dtype=bool), [[1, 2]], None)
    shared = np.zeros((3, 3))
    shared[1, 2] = shared[2, 1] = 150
    joined = letters.Bases(apart.effective, apart.out, [[1, 2]], shared)
    assert letters.of_shares(share, apart, (0.99, 0.98)) == [("", "", "")]
    assert letters.of_shares(share, joined, (0.99, 0.98)) == [("", "", "A")]
    everybody = [questions.Column("g", "a", SEX >= 0), questions.Column("g", "b", SEX == 0)]
    assert "share cases" in banner.tables([likes], everybody)[0].test


def test_the_second_level_has_lower_case_letters_and_letters_go_on_behind_z() -> None:
    bases = letters.Bases(np.array([0, 100.0, 100]), np.zeros(3, dtype=bool), [[1, 2]], None)
    assert letters.of_shares(np.array([[0, 0.5, 0.62]]), bases, (0.95, 0.90)) == [("", "", "a")]
    assert letters.marks(28)[24:] == ["Y", "Z", "AA", "AB"]


def test_rim_weights_meet_their_targets_and_say_what_they_cost() -> None:
    found = weighting.rim(
        [(np.array(["m", "w"])[SEX], {"m": 40, "w": 60}), (np.array(["y", "o"])[AGE], {"y": 0.3, "o": 0.7})]
    )
    assert found.weights[SEX == 0].sum() == pytest.approx(80)
    assert found.weights[AGE == 0].sum() == pytest.approx(60)
    assert found.weights.mean() == pytest.approx(1)
    assert found.efficiency == pytest.approx(found.effective / 200)
    assert found.efficiency < 1


def test_caps_hold_and_what_they_make_impossible_is_told() -> None:
    group = np.array(["a"] * 10 + ["b"] * 190)
    loose = weighting.rim([(group, {"a": 0.2, "b": 0.8})])
    assert loose.highest == pytest.approx(4)
    with pytest.raises(DataError, match="missed"):
        weighting.rim([(group, {"a": 0.2, "b": 0.8})], lowest=0.5, highest=2)
    start = np.where(np.arange(200) % 10 == 0, 8.0, 1.0)
    capped = weighting.rim([(np.array(["m", "w"])[SEX], {"m": 0.5, "w": 0.5})], start=start, lowest=0.3, highest=3)
    assert capped.highest == pytest.approx(3)
    assert capped.capped == 20
    assert capped.off < 0.005
