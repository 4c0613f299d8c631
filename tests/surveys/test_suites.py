"""The suites of surveys on the real files."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("suite", "folder", "least"),
    [("survey_table", "survey", 36), ("survey_r", "survey-r", 171), ("choice", "choice", 9)],
)
def test_suites(data_dir: Path, suite: str, folder: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (data_dir / folder).is_dir():
        pytest.skip(f"{data_dir / folder} is absent")
    monkeypatch.syspath_prepend(ROOT)
    score = import_module(f"conformance.{suite}").run(data_dir)
    assert score.failed == []
    assert score.total >= least
