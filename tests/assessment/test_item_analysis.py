"""What answers say of questions."""

import math
from importlib import import_module
from pathlib import Path

import pytest
from tests.conftest import ROOT

from anyshore.assessment.item_analysis import Limits, alpha, analyse
from anyshore.base.errors import DataError


def test_the_suite(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    score = import_module("conformance.item_analysis").run(data_dir)
    assert score.failed == []
    assert score.total >= 12


def test_alpha_of_equal_items_is_one_and_of_one_item_nothing() -> None:
    assert alpha([(1, 1), (0, 0), (1, 1)]) == pytest.approx(1)
    assert alpha([(1,), (0,)]) is None
    assert alpha([(1, 1), (1, 1)]) is None


def rows(people: int = 60) -> list[list[float | None]]:
    """Item a and b tell apart, c is always right, d is right for the weak, e is asked of few."""
    made: list[list[float | None]] = []
    for number in range(people):
        able = number % 3 > 0
        a, b = float(able), float(able or number % 2)
        made.append([a, b, 1.0, 0.0 if able else 1.0, a if number < 6 else None])
    return made


def test_weak_items_are_flagged_with_why() -> None:
    found = {item.name: item.weak for item in analyse("abcde", rows(), Limits()).items}
    assert found["b"] == ()
    assert found["c"] == ("too easy", "does not tell apart")
    assert found["d"] == ("key in doubt",)
    assert found["e"] == ("too few answers",)


def test_who_was_not_asked_counts_nowhere() -> None:
    found = analyse("abce", [[*row[:3], row[4]] for row in [*rows(), [None] * 5]])
    assert (found.people, found.complete) == (60, 6)
    assert found.items[3].people == 6
    assert found.model is not None
    assert found.model.difficulties[2] is None  # everybody was right


def test_harder_items_are_harder_for_the_model() -> None:
    marks = [[float(bar < (person * 7) % 10) for bar in (1, 4, 7)] for person in range(200)]
    found = analyse(("easy", "middle", "hard"), marks)
    order = [item.rasch for item in found.items]
    assert None not in order
    assert order == sorted(order, key=lambda value: value or 0)


def test_nobody_answered() -> None:
    found = analyse(("a",), [])
    assert math.isnan(found.items[0].difficulty)
    assert found.alpha is None
    assert found.model is None


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(DataError, match="Row 2 has 1 marks"):
        analyse(("a", "b"), [(1, 0), (1,)])
