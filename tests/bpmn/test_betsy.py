"""The betsy suite, as far as its files are here."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

UNREACHABLE = {"AdHocSubProcess_Parallel", "AdHocSubProcess_Sequential"}
"""Their trace asks for a token that stands in none of their scripts."""


@pytest.fixture
def betsy(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The runner, which stands beside the package."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    return importlib.import_module("conformance.betsy")


def test_every_test_gives_its_trace(data_dir: Path, betsy: Any) -> None:
    tests = json.loads((data_dir / "betsy" / "tests.json").read_text())
    wrong = {
        test["name"]
        for test in tests
        for case in test["cases"]
        if not betsy.same(case["traces"], betsy.trace(data_dir, test, case))
    }
    assert wrong == UNREACHABLE


def test_the_unreachable_traces_are_so(data_dir: Path) -> None:
    tests = json.loads((data_dir / "betsy" / "tests.json").read_text())
    for test in tests:
        if test["name"] in UNREACHABLE:
            content = (data_dir / "betsy" / test["file"]).read_text()
            assert any(token not in content for case in test["cases"] for token in case["traces"])
