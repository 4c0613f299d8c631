"""How far a value is from what was expected, and whether a tolerance lets it pass."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.conftest import ROOT

from anyshore.activities.payables.variances import Field, Tolerance, compare


def _compare(field: Field, actual: str, expected: str, percent: str | None, amount: str | None) -> tuple[object, ...]:
    limits = Tolerance(*(None if limit is None else Decimal(limit) for limit in (percent, amount)))
    found = compare(field, Decimal(actual), Decimal(expected), limits)
    return found.amount, found.percent, found.exceeded


@pytest.mark.parametrize(
    ("field", "actual", "expected", "percent", "amount", "found"),
    [
        # at the tolerance is inside it
        ("price", "1.05", "1.00", "5", None, (Decimal("0.05"), 5, False)),
        ("price", "1.10", "1.00", "5", None, (Decimal("0.10"), 10, True)),
        ("line total", "200.00", "100.00", None, "100.00", (100, 100, False)),
        # either limit decides
        ("line total", "150.00", "100.00", "10", "100.00", (50, 50, True)),
        ("line total", "10600.00", "10000.00", "15", "500.00", (600, 6, True)),
        ("line total", "105.00", "100.00", "10", "100.00", (5, 5, False)),
        # less is a discrepancy of totals only
        ("price", "0.50", "1.00", "5", None, (Decimal("-0.50"), 50, False)),
        ("quantity", "1", "100", None, None, (-99, 99, False)),
        ("discount", "0.00", "9.90", "20", None, (Decimal("-9.90"), 100, True)),
        ("charges", "30", "40", "25", None, (-10, 25, False)),
        ("invoice total", "699.88", "687.50", "20", None, (Decimal("12.38"), Decimal("1.8007"), False)),
        # of nothing expected no percentage is enough, an amount may be
        ("charges", "25", "0", "1000", None, (25, 100, True)),
        ("charge", "5", "0", None, "10", (5, 100, False)),
        ("charge", "0", "0", "0", "0", (0, 0, False)),
        # without a tolerance nothing may differ
        ("receipt", "4", "0", None, None, (4, 100, True)),
        ("receipt", "4", "4", None, None, (0, 0, False)),
        # judged before it is rounded
        ("price", "102.000001", "100", "2", None, (Decimal("2.000001"), 2, True)),
    ],
)
def test_variances(
    field: Field, actual: str, expected: str, percent: str | None, amount: str | None, found: tuple[object, ...]
) -> None:
    assert _compare(field, actual, expected, percent, amount) == found


def test_the_amount_of_a_tolerance_is_money_where_quantities_are_compared() -> None:
    few, many = (
        compare("quantity", Decimal(12), Decimal(10), Tolerance(None, Decimal(50)), worth=worth)
        for worth in (Decimal(25), Decimal(26))
    )
    assert (few.exceeded, many.exceeded) == (False, True)


def test_a_row_of_another_shape_fails_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from conformance import invoice_matching

    header = (
        "case,kind,field,invoice_value,expected_value,tolerance_percent,tolerance_amount,variance_amount,"
        "variance_percent,discrepancy,note\n"
    )
    (tmp_path / "rows.csv").write_text(
        f"{header}good,charges,Freight,4,2,25,,2,100,yes,\nwrong,charges,Freight,4,2,25,,2,100,no,\n"
        "kind,magic,x,1,1,,,,,no,\nempty,charges,x,,,,,,,no,\nnumber,charges,x,one,1,,,,,no,\nshort\n"
    )
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    score = invoice_matching.run(tmp_path)
    assert (score.passed, score.total) == (1, 7)
    told = [" ".join(line.split(": ")[1:]) for line in score.failed]
    assert "decode" in told[0]
    assert [line.split(" ")[0:2] for line in (one.split("row ")[1] for one in score.failed[1:])] == [
        ["3", "wrong:"], ["4", "kind:"], ["5", "empty:"], ["6", "number:"], ["7", "short:"],
    ]  # fmt: skip
