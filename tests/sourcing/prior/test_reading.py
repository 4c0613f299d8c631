"""What names say: lists written by us, the last one when the words were there already."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from anyshore.sourcing.decide import Rules
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.prior.reading import Named, shipped_prior

HERE = Path(__file__).parent
RULES = Rules(date(2026, 11, 30))


def judged(name: str) -> list[tuple[dict[str, str], float, bool]]:
    with (HERE / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = RULES.decide_all([Activity(row["activity"], "DE", "internal") for row in rows])
    return [(row, d.judgement.probability, d.judgement.grey) for row, d in zip(rows, found, strict=True)]  # type: ignore[union-attr]


def area(rows: list[tuple[dict[str, str], float, bool]], lang: str, level: str) -> float:
    chosen = [(row, p) for row, p, _ in rows if (row["lang"], row["level"]) == (lang, level)]
    above = [p for row, p in chosen if row["expected"] == "kpo"]
    below = [p for row, p in chosen if row["expected"] == "bpo"]
    return sum((a > b) + (a == b) / 2 for a in above for b in below) / len(above) / len(below)


def test_names_nobody_had_looked_at_are_told_apart() -> None:
    rows = judged("names_last.csv")
    assert area(rows, "en", "clear") >= 0.98
    assert area(rows, "de", "clear") >= 0.95
    assert area(rows, "en", "hard") >= 0.8
    assert area(rows, "de", "hard") >= 0.8
    right = [(p > 0.5) == (row["expected"] == "kpo") for row, p, grey in rows if not grey]
    assert sum(right) / len(right) >= 0.95
    assert len(right) / len(rows) >= 0.65


@pytest.mark.parametrize("name", ["names_first.csv", "names_second.csv"])
def test_names_the_words_were_written_with_stay_right(name: str) -> None:
    right = [(p > 0.5) == (row["expected"] == "kpo") for row, p, grey in judged(name) if not grey]
    assert sum(right) / len(right) >= 0.95


def test_matched_tasks_are_shown_best_first() -> None:
    (found,) = shipped_prior().read([Named("Post payments to customer accounts")])
    similar = [match.similarity for match in found.matches]
    assert similar == sorted(similar, reverse=True)
    assert "payment" in found.matches[0].task.lower()
    assert all(0 <= match.judgement <= 1 for match in found.matches)


def test_what_is_like_no_task_says_nothing() -> None:
    (found,) = shipped_prior().read([Named("Xqz 42")])
    assert (found.matches, found.similar, found.place_bound) == ((), 0.0, None)


def test_a_name_says_the_same_alone_and_among_others() -> None:
    names = [Named("Post payments"), Named("Verträge prüfen"), Named(""), Named("Assess risks", "of loans")]
    assert shipped_prior().read(names) == [shipped_prior().read([one])[0] for one in names]


@pytest.mark.parametrize(("name", "bound"), [("Repair roofs", True), ("Clean offices", True), ("Post invoices", False)])
def test_work_bound_to_a_place_is_told(name: str, bound: bool) -> None:
    (found,) = shipped_prior().read([Named(name)])
    assert found.place_bound is not None
    assert (found.place_bound >= 0.53) == bound
