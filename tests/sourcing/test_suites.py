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
