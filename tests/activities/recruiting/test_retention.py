"""Until when applications are kept."""

from datetime import date

import pytest

from anyshore.activities.recruiting import retention
from anyshore.base.errors import DataError

REJECTED = date(2026, 3, 31)


def test_an_application_is_deleted_six_months_after_the_rejection() -> None:
    found = retention.keep(REJECTED)
    assert (found.delete_on, found.why, found.months) == (date(2026, 10, 1), retention.REJECTED, 6)
    assert found.sources[:2] == ("§ 15 (4) AGG", "§ 61b (1) ArbGG")
    assert retention.keep(date(2025, 8, 31)).delete_on == date(2026, 3, 1)


def test_a_dispute_stops_it_until_it_is_settled() -> None:
    assert retention.keep(REJECTED, disputed=True).delete_on is None
    late = retention.keep(REJECTED, disputed=True, settled=date(2027, 5, 4))
    assert late.delete_on == date(2027, 5, 5)
    early = retention.keep(REJECTED, disputed=True, settled=date(2026, 5, 4))
    assert early.delete_on == date(2026, 10, 1)


def test_consent_to_a_talent_pool_keeps_it_longer_and_never_shorter() -> None:
    assert retention.keep(REJECTED, pool_until=date(2028, 3, 31)).delete_on == date(2028, 4, 1)
    assert retention.keep(REJECTED, pool_until=date(2026, 5, 1)).delete_on == date(2026, 10, 1)


def test_who_is_hired_has_a_personnel_file() -> None:
    assert retention.keep(None).why == retention.HIRED


@pytest.mark.parametrize("more", [{"settled": date(2026, 5, 1)}, {"disputed": True, "settled": date(2026, 1, 1)}])
def test_a_dispute_that_never_began_cannot_end(more: dict[str, object]) -> None:
    with pytest.raises(DataError, match="dispute"):
        retention.keep(REJECTED, **more)  # type: ignore[arg-type]
