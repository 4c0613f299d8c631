"""The official suites through our own call; the whole of them is `python -m conformance en16931 DATA`."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("part", ["CreditNote-unit-UBL", "cii", "testfiles"])
def test_unit_tests_agree(data_dir: Path, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from conformance import en16931

    score = en16931.run(data_dir / "einvoice/en16931-test" / part)
    assert score.failed == []
    assert score.total > 0


def test_xrechnung_business_cases_are_clean(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from conformance import en16931

    score = en16931.run_xrechnung(data_dir)
    assert score.failed == []
    assert score.total == 66
