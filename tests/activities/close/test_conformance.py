"""The suites of receivables and the period close."""

from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(("suite", "least"), [("receivables", 1879), ("period_close", 1012)])
def test_suites(data_dir: Path, suite: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    score = import_module(f"conformance.{suite}").run(data_dir)
    assert score.failed == []
    assert score.total >= least


def test_broken_files_fail_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    (tmp_path / "invoices.csv").write_text(
        "invoice,amount,invoice_date,due_date,settled_date,days_to_settle,days_late\n1,x,,,,1,1\n"
    )
    (tmp_path / "rates.csv").write_text("valid_from,percent\nyesterday,1\n")
    (tmp_path / "postings.csv").write_text(
        "entry,date,narration,account,number,currency,cost_number,cost_currency\n1,2026-01-01,x,A,1,EUR,,\n"
    )
    (tmp_path / "trial_balance.csv").write_text("as_of,account,balance_at_cost,currency\n2026-01-31,A,1,EUR\n")
    scores = [import_module(f"conformance.{name}").run(tmp_path) for name in ("receivables", "period_close")]
    assert [(one.passed, one.total) for one in scores] == [(0, 2), (0, 1)]
