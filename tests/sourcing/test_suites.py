"""The suites of methods and cash flows on the real examples: nothing that passed fails."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

MISLABELLED = {"pymcdm:TestPROBID.test_output"}
"""Names PROBID and prints the figures of simplified PROBID."""
LONG = 4
"""Periodic returns of 500 and more flows that the file has as none, though there is one."""


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"conformance.{name}")


def test_published_examples_of_ranking_come_out(suite: Any, data_dir: Path) -> None:
    if not (data_dir / "mcda").is_dir():
        pytest.skip("no examples of ranking")
    score = suite("mcda").run(data_dir)
    assert score.total
    assert [one for one in score.failed if not any(name in one for name in MISLABELLED)] == []


def test_flows_come_out(suite: Any, data_dir: Path) -> None:
    if not (data_dir / "cash-flows").is_dir():
        pytest.skip("no cash flows")
    score = suite("cash_flows").run(data_dir)
    assert score.total
    assert all("irr_periodic" in one and "where None" in one for one in score.failed)
    assert len(score.failed) <= LONG


def test_names_are_judged_right_outside_the_grey_band(suite: Any, data_dir: Path) -> None:
    score = suite("sourcing_kind").run(data_dir)
    assert score.passed / score.total >= 0.95
    assert score.extra["grey"] <= 0.3
    goals = {"en clear": 0.98, "en hard": 0.85, "de clear": 0.95, "de hard": 0.8}
    assert all(area >= goals[group] for group, area in score.extra["auc"].items())


def test_a_list_that_breaks_fails_row_by_row(suite: Any, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("activity,expected,lang,level\nPost invoices,kpo,en,clear\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    score = suite("sourcing_kind").run(tmp_path)
    assert (score.passed, score.total, len(score.failed)) == (0, 1, 1)


def test_event_logs_are_counted_as_by_pm4py(suite: Any, data_dir: Path) -> None:
    score = suite("event_logs").run(data_dir)
    assert score.total
    assert score.failed == []


def test_a_figure_that_differs_fails_its_log(suite: Any, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case,activity,time\n1,x,2026-01-01\n", encoding="utf-8")
    expected = '{"a": {"events": 1, "cases": 2}, "b": {"events": 1}}'
    (tmp_path / "pm4py_expected.json").write_text(expected, encoding="utf-8")
    score = suite("event_logs").run(tmp_path)
    assert (score.passed, score.total) == (0, 2)
    assert score.failed == ["a: a.csv cases", "b: there is no file of this log"]
