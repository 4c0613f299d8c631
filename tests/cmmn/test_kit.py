"""The scenario kit passes whole."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.conftest import ROOT


def test_every_scenario_passes(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (data_dir / "cmmn-kit").is_dir():
        pytest.skip("the kit is absent")
    monkeypatch.syspath_prepend(str(ROOT))
    score = importlib.import_module("conformance.cmmn_kit").run(data_dir)
    assert score.failed == []
    assert score.total >= 145
