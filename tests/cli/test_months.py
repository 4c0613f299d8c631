"""``anyshore business-case months``: what the ledger of an engagement shows, for a case to be held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.commands import Commands
from tests.conftest import ROOT

from anyshore.sourcing.business_case import months

pytestmark = pytest.mark.long
TERMS = ROOT / "src/anyshore/services/bpo/payables/terms.yaml"


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Commands]:
    prompt = Commands(installed(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("printed"))
    yield prompt
    prompt.close()


def test_months_are_listed_and_written_for_the_case(prompt: Commands, tmp_path: Path) -> None:
    prompt.run("engage", TERMS)
    file = tmp_path / "months.csv"
    found = prompt.run("business-case", "months", "payables", "--from", "2026-01", "--to", "2026-02", "--write", file)
    # Nothing was done, and the minimum charge is due all the same.
    assert found == [
        {"month": "2026-01", "items": "0", "fees": "250.00", "credits": "0.00"},
        {"month": "2026-02", "items": "0", "fees": "250.00", "credits": "0.00"},
    ]
    assert [str(one.fees) for one in months.read(file)] == ["250.00", "250.00"]


def test_what_the_ledger_does_not_hold_is_told(prompt: Commands, tmp_path: Path) -> None:
    prompt.run("engage", TERMS)
    asked = ("business-case", "months", "payables", "--from", "2026-01")
    assert "business.service" in prompt.run(*asked, "--service", "absent", status=1)
    assert "terms.month" in prompt.run("business-case", "months", "payables", "--from", "January", status=1)
    assert "file.unwritable" in prompt.run(*asked, "--write", tmp_path / "no" / "m.csv", status=1)
    assert "terms.not-in-force" in prompt.run("business-case", "months", "absent", "--from", "2026-01", status=1)
