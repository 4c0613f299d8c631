"""Plans: figures against libraries called otherwise, the same bytes from every run, and what a plan must say."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats

from anyshore.analysis import plans, results
from anyshore.base.errors import DataError

DRAWN = random.Random(11)
ROWS = [
    (("a", "b")[n % 2], ("x", "y", "z")[n % 3], round(DRAWN.gauss(10 + n % 2, 3), 2), round(DRAWN.gauss(5, 1), 2))
    for n in range(60)
]
TABLE = "g,h,v,w\n" + "".join(f"{g},{h},{v},{w}\n" for g, h, v, w in ROWS)


def text(steps: str, table: str = TABLE, head: str = "") -> str:
    return results.run(f"{head}steps:\n{steps}".encode(), table.encode()).text


def tried(found: str) -> list[list[str]]:
    return [line.split(" | ") for line in found.splitlines() if " | test | " in line]


def test_the_tests_of_a_plan_are_those_of_the_library() -> None:
    found = tried(text(
        "  - {id: t, do: compare, of: v, by: g}\n  - {id: r, do: correlate, of: v, by: w}\n"
        "  - {id: f, do: anova, of: v, by: h}\n  - {id: m, do: model, of: v, on: [w]}\n"
    ))  # fmt: skip
    groups = [[v for g, _, v, _ in ROWS if g == name] for name in "ab"]
    thirds = [[v for _, h, v, _ in ROWS if h == name] for name in "xyz"]
    line = stats.linregress([w for *_, w in ROWS], [v for _, _, v, _ in ROWS])
    wanted = [
        stats.ttest_ind(*groups, equal_var=False).pvalue,
        stats.pearsonr([v for _, _, v, _ in ROWS], [w for *_, w in ROWS]).pvalue,
        stats.f_oneway(*thirds).pvalue, line.pvalue,
    ]  # fmt: skip
    assert [one[4] for one in found] == [f"p {p:.6g}" for p in wanted]
    order = sorted(wanted)
    least = next(one for one in found if one[4] == f"p {order[0]:.6g}")
    assert least[5] == f"Holm {min(1, 4 * order[0]):.6g}"


def test_a_cross_table_counts_columns_and_doubts_small_expectations() -> None:
    table = "g,h\n" + "a,x\n" * 30 + "a,y\n" * 10 + "b,x\n" * 2 + "b,y\n" * 1
    found = text("  - {id: c, do: cross, of: g, by: h}\n", table)
    assert "c | a | x | 30 of 32, 93.75 %" in found
    expected = stats.chi2_contingency(np.array([[30, 10], [2, 1]]), correction=False)
    assert tried(found)[0][4] == f"p {expected.pvalue:.6g}"
    assert "5 wanted | in doubt" in found


def test_permutations_are_those_of_their_seed_and_near_the_test_of_welch() -> None:
    step = "  - {id: t, do: compare, of: v, by: g, draws: 1999}\n"
    first = text(step, head="seed: 5\n")
    assert first == text(step, head="seed: 5\n")
    assert first != text(step, head="seed: 6\n")
    welch = float(tried(text("  - {id: t, do: compare, of: v, by: g}\n"))[0][4].removeprefix("p "))
    assert float(tried(first)[0][4].removeprefix("p ")) == pytest.approx(welch, abs=0.03)


def test_rows_without_a_value_are_left_out_of_their_step_and_counted() -> None:
    found = text("  - {id: d, do: describe, of: v}\n", "v,u\n1\n".replace("1\n", "0.1,a\n,b\n0.2,\n"))
    assert "Step d: describe | rows left out 1" in found
    assert "d | mean | all | 0.15" in found


def test_the_p_values_of_holm() -> None:
    assert results.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert results.holm([]) == []
    assert results.holm([0.6, 0.9]) == [1.0, 1.0]


def test_the_first_difference_is_told_with_its_line() -> None:
    assert results.difference("a\nb\n", "a\nb\n") == ""
    assert results.difference("a\nb\n", "a\nc\n") == "line 2: 'b\\n' / 'c\\n'"
    assert results.difference("a\n", "a\nb\n") == "line 2: (ends) / 'b\\n'"
    assert results.difference("a\n", "a\r\n") == "line 1: 'a\\n' / 'a\\r\\n'"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - {id: a, do: describe, of: v}\n  - {id: a, do: describe, of: v}\n", "second time"),
        ("  - {id: a, do: compare, of: v}\n", "needs 'by'"),
        ("  - {id: a, do: model, of: v, on: [w], by: g}\n", "no groups"),
        ("  - {id: a, do: compare, of: v, by: g, draws: 999}\n", "need a seed"),
        ("  - {id: a, do: anova, of: v, by: g, draws: 999}\n", "draws permutations"),
        ("  - {id: a, do: script, of: v}\n", "script"),
        ("  - {id: a, do: describe, of: v, filter: x}\n", "filter"),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(steps: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        plans.read(f"steps:\n{steps}", "plan.yaml")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{id: a, do: describe, of: q}", "no column 'q'"),
        ("{id: a, do: describe, of: g}", "no number"),
        ("{id: a, do: compare, of: v, by: h}", "makes 3 groups"),
        ("{id: a, do: model, of: v, on: [w, w]}", "depend"),
    ],
)
def test_a_step_that_cannot_be_computed_is_named(step: str, said: str) -> None:
    with pytest.raises(DataError, match=f"Step a: .*{said}"):
        text(f"  - {step}\n")
