"""Documents are kept as the law of their day has it, and a change reaches what is still kept then."""

from __future__ import annotations

from datetime import date

import pytest

from anyshore.activities.common.retention import Kind, keep_until, source


@pytest.mark.parametrize(
    ("kind", "made", "until"),
    [
        ("voucher", date(2025, 1, 1), date(2033, 12, 31)),
        ("voucher", date(2026, 12, 31), date(2034, 12, 31)),
        ("voucher", date(2017, 3, 1), date(2025, 12, 31)),
        ("voucher", date(2016, 3, 1), date(2024, 12, 31)),  # let go on the day the change came
        ("voucher", date(2014, 3, 1), date(2024, 12, 31)),
        ("voucher", date(2013, 3, 1), date(2023, 12, 31)),  # was gone before
        ("book", date(2026, 3, 1), date(2036, 12, 31)),
        ("letter", date(2026, 3, 1), date(2032, 12, 31)),
    ],
)
def test_years_count_from_the_end_of_the_year(kind: Kind, made: date, until: date) -> None:
    assert keep_until(kind, made) == until


def test_the_law_is_told() -> None:
    assert "14b" in source("voucher", date(2026, 3, 1))
    assert "Bürokratieentlastungsgesetz" in source("voucher", date(2026, 3, 1))
    assert "Bürokratieentlastungsgesetz" not in source("voucher", date(2012, 3, 1))
