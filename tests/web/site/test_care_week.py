"""A week of care for two clients in two zones: planned, served, one objective missed, billed, and computed again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anyshore.terms.invoice import draft
from anyshore.terms.months import Month
from anyshore.terms.recompute import recompute
from anyshore.web.core.models import Engagement
from anyshore.web.engine import books, running
from anyshore.web.engine.models import Wait
from anyshore.web.site import care_plan, care_week
from anyshore.web.site.care_plan import LINES
from anyshore.web.site.care_week import Told
from anyshore.workforce.line import level

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 20, tzinfo=UTC)
OCTOBER = Month(2026, 10)


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield tmp_path
    running.forget()


def test_a_week_is_planned_served_billed_and_computed_again(home: Path) -> None:
    found = care_week.tell(lambda: 20.0, NOW)
    assert found is not None
    assert care_week.tell(lambda: 20.0, NOW) is None  # it is told once
    _planned(found)
    berlin, hudson = (_billed(found.engagements[line.name], home) for line in LINES)
    assert [one.status for one in berlin.scores] == ["met", "met"]
    assert [one.status for one in hudson.scores] == ["missed", "met"]
    assert [line.kind for line in berlin.lines if line.kind == "credit"] == []
    _as_served(found, hudson)


def _planned(found: Told) -> None:
    """A roster of both lines covers what the forecasts need, and breaks no rule of the working-time law."""
    plan = found.plan
    assert (plan.monday, found.month) == (date(2026, 10, 5), OCTOBER)
    assert (plan.found.proven, plan.found.cost, plan.breaches) == (True, 0, [])
    for planned in plan.lines:
        for crew in planned.crews:
            assert len(plan.there(planned.line, crew.day)) >= crew.people > 0
        open_then = {one.start.hour for one in planned.needs if one.scheduled}
        assert min(open_then) == 8
    assert len(care_plan.works(plan)) == len(care_plan.TEAM)
    assert [f"{at:%H:%M}" for at in LINES[1].here(plan.monday)] == ["14:30", "23:00"]  # 08:30 to 17:00 in New York
    late = LINES[1].here(date(2026, 10, 26))  # Europe has put its clocks back, New York has not
    assert [f"{at:%H:%M}" for at in late] == ["13:30", "22:00"]


def _billed(engagement: Engagement, home: Path) -> Any:
    """The invoice of the month, which either side computes again from the export alone."""
    book = books.book(engagement.key)
    assert list(book.documents) == [OCTOBER]
    file = home / f"{engagement.key}.jsonl"
    books.export(engagement.key, file)
    again = recompute(file)
    assert again.all_findings == []
    assert [(one.number, one.findings) for one in again.recorded] == [(f"{engagement.key}-0001", ())]
    assert not Wait.objects.filter(engagement=engagement.key, kind="incident").exists()
    return draft(book, OCTOBER)


def _as_served(found: Told, hudson: Any) -> None:
    """The share missed is the one the queue gives, its cases are those who waited, and the credit is by the band."""
    calls = found.calls["new-york"]
    share = level(calls, 20, 5)
    missed = hudson.scores[0]
    assert share is not None
    assert share < 0.8
    assert missed.denominator == sum(one.person is not None or one.waited >= 5 for one in calls)
    assert missed.numerator / missed.denominator == share
    [answered, credit, solved] = hudson.lines
    assert answered.quantity == sum(one.person is not None for one in calls)
    assert solved.quantity == 8
    rate = 8 if share < 0.7 else 4
    assert credit.amount == -(answered.amount * rate / 100).quantize(Decimal("0.01"))
    assert {one.reference for one in credit.behind} == {one.reference for one in missed.missed}
    assert credit.cases == missed.denominator - missed.numerator
