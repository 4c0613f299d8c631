"""The activity of notice: when it ends, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.recruiting import notice
from anyshore.activities.recruiting.notice import Employment, Period


@dataclass(frozen=True, slots=True)
class NoticeInput:
    """A notice (``notice.Employment`` says what each field is).

    Attributes:
        since: first day of the employment.
        received: day on which the notice is received.
        party: ``employer`` or ``employee``.
    """

    since: date
    received: date
    party: str
    birth: date | None = None
    probation_months: int | None = None
    collective: Period | None = None
    agreed: Period | None = None
    agreed_other: Period | None = None
    agreed_from_start: bool | None = None
    helper: bool | None = None
    employees: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NoticeOutcome:
    """When it ends, and by what.

    Attributes:
        last_day: last day of the employment.
        period_en: the period in English.
        period_de: the period in German.
        rule: what it rests on.
        years: completed years of service that count.
        notes: what else was looked at.
    """

    last_day: date
    period_en: str
    period_de: str
    rule: str
    years: int
    notes: tuple[str, ...] = ()


def notice_ends(data: NoticeInput, context: ActivityContext) -> NoticeOutcome:
    """Says which period of notice holds and when it ends.

    Raises:
        DataError: what was given contradicts itself.
    """
    del context
    found = notice.find(Employment(
        data.since, data.received, data.party, data.birth, data.probation_months or 0, data.collective, data.agreed,
        data.agreed_other, bool(data.agreed_from_start), bool(data.helper), data.employees,
    ))  # fmt: skip
    return NoticeOutcome(
        found.last_day, found.period.text("en"), found.period.text("de"), found.rule, found.years, found.notes
    )
