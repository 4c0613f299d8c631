"""Notice periods of § 622 BGB: which one holds, and on which day it ends.

The day of receipt does not count (§ 187 (1) BGB). A notice is received when it is received, and ends when it ends: §
193 BGB moves neither to a working day, for a period of notice must not become shorter or longer by the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from anyshore.activities.recruiting import law
from anyshore.base.errors import DataError, Diagnostic

END = 31
"""Stands for the end of a month among the days on which a notice can end."""
EMPLOYER, EMPLOYEE = "employer", "employee"
_MOST = 240
"""Weeks or months of an agreed period; § 624 BGB lets nobody be bound for more than five years."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of notice.

    Attributes:
        weeks: its weeks.
        months: its months; weeks or months, not both.
        to: days of a month on which it can end, 31 for the end of the month; any day if empty.
        in_months: months of the year in which it can end, 3, 6, 9 and 12 for the end of a quarter; any if empty.
    """

    weeks: int = 0
    months: int = 0
    to: tuple[int, ...] = ()
    in_months: tuple[int, ...] = ()

    def ends(self, received: date) -> date:
        """The last day of an employment whose notice was received on a day."""
        least = law.months_later(received, self.months) if self.months else law.days_later(received, 7 * self.weeks)
        if not self.to and not self.in_months:
            return least
        day = least
        while not self._fits(day):
            day = law.days_later(day, 1)
        return day

    def _fits(self, day: date) -> bool:
        if self.in_months and day.month not in self.in_months:
            return False
        return not self.to or day.day in self.to or (END in self.to and day == law.month_end(day))

    def text(self, language: str = "en") -> str:
        """The period in words, ``4 weeks to day 15 or the end of a month``."""
        german = language == "de"
        number = self.months or self.weeks
        if german:
            unit = ("Monat" if number == 1 else "Monate") if self.months else ("Woche" if number == 1 else "Wochen")
        else:
            unit = ("month" if self.months else "week") + ("" if number == 1 else "s")
        return f"{number} {unit} {self._target(german=german)}"

    def _target(self, *, german: bool) -> str:
        if not self.to and not self.in_months:
            return "zu jedem Tag" if german else "to any day"
        days = [("Monatsende" if german else "the end of a month") if one == END else
                (f"{one}." if german else f"day {one}") for one in self.to]  # fmt: skip
        text = ("zum " if german else "to ") + (" oder " if german else " or ").join(days)
        if self.in_months:
            text += (" in Monat " if german else " in month ") + ", ".join(map(str, self.in_months))
        return text


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice that has to be kept.

    Attributes:
        last_day: last day of the employment.
        period: the period that holds.
        rule: what it rests on.
        years: completed years of service at the receipt that count.
        notes: what else was looked at, in words.
    """

    last_day: date
    period: Period
    rule: str
    years: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Employment:
    """What the notice depends on.

    Attributes:
        since: first day in establishment or undertaking.
        received: day on which the notice is received.
        party: who gives it: ``employer`` or ``employee``.
        birth: birth date, for notices before 2019.
        probation_months: agreed probation; 0 for none.
        collective: what a collective agreement says instead (§ 622 (4) BGB).
        agreed: what the contract says for notice by this party.
        agreed_other: what the contract says for notice by the other one, where that differs.
        agreed_from_start: whether the contract's period holds during the probation, too (BAG 6 AZR 705/15).
        helper: taken on as temporary help (§ 622 (5) no. 1 BGB).
        employees: how many the employer usually has, without apprentices, part-time by its weight.
    """

    since: date
    received: date
    party: str
    birth: date | None = None
    probation_months: int = 0
    collective: Period | None = None
    agreed: Period | None = None
    agreed_other: Period | None = None
    agreed_from_start: bool = False
    helper: bool = False
    employees: Decimal | None = None


def head_count(hours: tuple[Decimal, ...]) -> Decimal:
    """Employees by weekly hours: up to 20 count half, up to 30 three quarters (§ 622 (5) sentence 2 BGB)."""
    half, most = Decimal("0.5"), Decimal("0.75")
    return sum((half if one <= 20 else most if one <= 30 else Decimal(1) for one in hours), Decimal(0))


def find(data: Employment) -> Notice:
    """The notice that has to be kept, and the day it ends.

    Raises:
        DataError: what was given contradicts itself, all of it at once.
        ParamsError: the law of that day is not known.
    """
    _check(data)
    years, notes = _years(data)
    if data.collective is not None:
        return _notice(data, data.collective, "collective agreement, § 622 (4) BGB", years, notes)
    if _in_probation(data):
        short = Period(weeks=law.whole("notice_probation", data.received))
        rule = law.source("notice_probation", data.received)
        found = _contract if data.agreed_from_start else _notice
        return found(data, short, rule, years, notes)
    period, rule = statutory(data.party, years, data.received)
    return _contract(data, period, rule, years, notes)


def statutory(party: str, years: int, day: date) -> tuple[Period, str]:
    """The period of § 622 (1) or (2) BGB after completed years of service, and its source.

    Raises:
        ParamsError: the law of that day is not known.
    """
    rows = law.parameters()["notice_employer"].at(day)
    assert isinstance(rows, list)
    held = [row for row in rows if int(row["years"]) <= years]
    if party == EMPLOYER and held:
        row = max(held, key=lambda one: int(one["years"]))
        number = rows.index(row) + 1
        return Period(months=int(row["months"]), to=(END,)), f"{law.source('notice_employer', day)} no. {number}"
    targets = law.parameters()["notice_targets"].at(day)
    assert isinstance(targets, list)
    base = Period(weeks=law.whole("notice_base", day), to=tuple(int(one) for one in targets))
    return base, law.source("notice_base", day)


def never_sooner(one: Period, other: Period) -> bool:
    """Whether a period ends no sooner than another, on whatever day the notice is received (BAG 2 AZR 280/14)."""
    days = (date(2023, 1, 1) + timedelta(number) for number in range(731))
    return all(one.ends(day) >= other.ends(day) for day in days)


def _contract(data: Employment, period: Period, rule: str, years: int, notes: list[str]) -> Notice:
    """The statutory period against what the contract says (§ 622 (5), (6) BGB).

    A contract may not bind the employee longer than the employer; where it does, the longer period holds for both, as
    § 89 (2) HGB has it (BAG 2 AZR 296/04).
    """
    agreed = data.agreed
    if data.party == EMPLOYER and data.agreed_other and (agreed is None or not never_sooner(agreed, data.agreed_other)):
        agreed = data.agreed_other
        notes.append("The contract binds the employee longer: the employer keeps that, too (BAG 2 AZR 296/04).")
    if agreed is None or agreed == period:
        return _notice(data, period, rule, years, notes)
    if _may_be_shorter(data, agreed, years):
        return _notice(data, agreed, "contract, § 622 (5) BGB", years, notes)
    if never_sooner(agreed, period):
        return _notice(data, agreed, "contract, § 622 (5) sentence 3 BGB", years, notes)
    notes.append("What the contract says would end sooner in some cases: the law holds (BAG 2 AZR 280/14).")
    return _notice(data, period, rule, years, notes)


def _may_be_shorter(data: Employment, agreed: Period, years: int) -> bool:
    """Whether § 622 (5) BGB lets the contract undercut § 622 (1); the longer periods of (2) stay in any case."""
    longer = data.party == EMPLOYER and statutory(EMPLOYER, years, data.received)[0].months > 0
    if longer:
        return False
    if data.helper:
        months = law.whole("notice_helper_longest", data.received)
        if data.received < law.completed(data.since, months):
            return True
    small = law.whole("notice_small_employer", data.received)
    least = Period(weeks=law.whole("notice_base", data.received))
    return data.employees is not None and data.employees <= small and never_sooner(agreed, least)


def _in_probation(data: Employment) -> bool:
    months = min(data.probation_months, law.whole("notice_probation_longest", data.received))
    return months > 0 and data.received < law.completed(data.since, months)


def _years(data: Employment) -> tuple[int, list[str]]:
    """Completed years that count at the receipt."""
    since = data.since
    age = law.whole("notice_counts_from_age", data.received)
    notes = []
    if age and data.birth is not None:
        since = max(since, law.completed(data.birth, 12 * age))
        if since > data.since:
            notes.append(
                f"Years before the age of {age} do not count: {law.source('notice_counts_from_age', data.received)}."
            )
    years = max(data.received.year - since.year, 0)
    while years and law.completed(since, 12 * years) > data.received:
        years -= 1
    return years, notes


def _notice(data: Employment, period: Period, rule: str, years: int, notes: list[str]) -> Notice:
    return Notice(period.ends(data.received), period, rule, years, tuple(notes))


def _check(data: Employment) -> None:
    problems = []
    if data.party not in (EMPLOYER, EMPLOYEE):
        problems.append(Diagnostic(
            "recruiting.party", f"Notice is given by {data.party!r}.", hint="Write employer or employee.",
        ))  # fmt: skip
    if data.received < data.since:
        problems.append(Diagnostic(
            "recruiting.before-entry", f"The notice of {data.received} is received before the first day, {data.since}.",
            hint="Whether the period then begins with the receipt or the first day is for the contract to say.",
        ))  # fmt: skip
    if data.probation_months < 0:
        problems.append(
            Diagnostic("recruiting.probation", "A probation of less than nothing.", hint="Give months, or 0.")
        )
    for name in ("collective", "agreed", "agreed_other"):
        period = getattr(data, name)
        if period is not None and (problem := _odd(period)):
            problems.append(
                Diagnostic(
                    "recruiting.period",
                    f"{name}: {problem}",
                    hint="Give 3 months to day 31, for example, or 4 weeks to days 15 and 31.",
                )
            )
    if problems:
        raise DataError.of(problems)


def _odd(period: Period) -> str:
    if period.weeks and period.months:
        return "a period has weeks or months, not both."
    if not 0 <= period.weeks + period.months <= _MOST:
        return f"a period of {period.weeks or period.months} is none."
    if any(not 1 <= day <= END for day in period.to) or any(not 1 <= month <= 12 for month in period.in_months):
        return "it ends on days 1 to 31 of months 1 to 12."
    if period.in_months and period.to and not any(_has(day, month) for day in period.to for month in period.in_months):
        return "none of these months has such a day."
    if period.to and not period.in_months and all(day in (29, 30) for day in period.to):
        return "not every month has such a day; write 31 for the end of the month."
    return ""


def _has(day: int, month: int) -> bool:
    return day == END or day <= (28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)
