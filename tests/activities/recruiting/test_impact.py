"""Adverse impact: the four-fifths rule and the exact test, of groups only."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from tests.draws import examples

from anyshore.activities.memory import MemoryContext
from anyshore.activities.recruiting import declaring, impact
from anyshore.activities.recruiting.impact import Group, assess, fisher
from anyshore.base.errors import DataError

COUNTS = st.tuples(st.integers(1, 60), st.integers(0, 60)).map(lambda pair: (pair[0], min(pair)))


def test_the_guidelines_example(data_dir: Path) -> None:
    with (data_dir / "hr/adverse_impact_example.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    found = assess([Group(row["group"], int(row["applicants"]), int(row["hired"])) for row in rows])
    assert len(found.lines) == len(rows)
    for line, row in zip(found.lines, rows, strict=True):
        assert line.rate == Decimal(row["selection_rate"])
        assert line.ratio == Decimal(row["impact_ratio"])
        assert line.adverse == (row["adverse_impact"] or "no")


def test_four_fifths_is_a_limit_that_may_be_met() -> None:
    lines = assess([Group("a", 100, 50), Group("b", 100, 40), Group("c", 1000, 399)]).lines
    assert [line.below for line in lines] == [False, False, True]
    assert lines[2].ratio == Decimal("0.7980")


def test_what_may_be_chance_is_said_to_be() -> None:
    lines = assess([Group("a", 10, 5), Group("b", 10, 3), Group("c", 200, 20)]).lines
    assert [line.adverse for line in lines] == ["no", "by chance?", "yes"]
    assert lines[0].p is None


def test_small_groups_are_left_out_and_never_one_alone() -> None:
    found = assess([Group("a", 50, 20), Group("b", 40, 20), Group("c", 4, 4)])
    assert [line.group for line in found.lines] == ["a"]
    assert (found.suppressed, found.best) == (2, "a")
    both = assess([Group("a", 50, 20), Group("b", 4, 1), Group("c", 4, 4)])
    assert [line.group for line in both.lines] == ["a"]
    assert assess([Group("c", 4, 4)]).lines == ()
    assert assess([]).best is None


def test_nobody_selected_is_no_impact() -> None:
    assert [line.adverse for line in assess([Group("a", 9, 0), Group("b", 9, 0)]).lines] == ["no", "no"]


def test_numbers_that_cannot_be_are_told_at_once() -> None:
    with pytest.raises(DataError) as told:
        assess([Group("a", 3, 4), Group("a", 5, 1), Group("b", -1, -2), Group("c", 10**6, 1)])
    assert len(told.value.diagnostics) == 4


@given(COUNTS, COUNTS)
@settings(max_examples=examples(150))
def test_the_exact_test_is_scipys(one: tuple[int, int], other: tuple[int, int]) -> None:
    table = [[one[1], one[0] - one[1]], [other[1], other[0] - other[1]]]
    ours = float(fisher(Group("a", *one), Group("b", *other)))
    assert ours == pytest.approx(fisher_exact(table).pvalue, abs=1e-9)


def test_declarations_are_summed_up_and_say_nothing_of_anybody() -> None:
    context = MemoryContext()
    for number in range(30):
        group = "women" if number % 3 else "men"
        said = declaring.DeclareInput("sex", group, selected=number % 4 == 0, period="2026")
        declaring.declare(said, context.with_key(f"job-{number}"))
        declaring.declare(said, context.with_key(f"job-{number}"))
    found = declaring.sum_up(declaring.ImpactInput("sex", "2026"), context)
    assert [(line.group, line.applicants) for line in found.lines] == [("men", 10), ("women", 20)]
    assert declaring.sum_up(declaring.ImpactInput("sex", "2025"), context).lines == ()
    kept = {name for row in context.records(declaring.KIND).find() for name in row.data}
    assert kept == {"characteristic", "group", "selected", "period"}
    with pytest.raises(DataError, match="recognised"):
        declaring.sum_up(declaring.ImpactInput("sex", "2026", least=impact.LEAST - 1), context)
