"""Whether duties keep the law of a country: each breach with its paragraph, its day and what it is.

Duties have times with their zone, so that rest is counted in real hours, over changes of the clock and between sites in
other zones; days and weeks are those of the place of the duty. What lies outside the known period is not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from anyshore.base.errors import AnyshoreError
from anyshore.params import parameters
from anyshore.params.parameters import Parameters

COUNTRIES = ("AT", "DE")
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Worker:
    """Whose duties are judged.

    Attributes:
        name: how they are called.
        born: their day of birth, where it is known that they may be under 18.
        mother: whether she is pregnant or nurses.
        night_worker: whether they work nights as a rule (§ 2 (5) ArbZG).
    """

    name: str
    born: date | None = None
    mother: bool = False
    night_worker: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of a worker: from and to with their zone, and the minutes of breaks in it."""

    worker: str
    begin: datetime
    end: datetime
    breaks: int = 0

    @property
    def day(self) -> date:
        """The day it begins on, where it is."""
        return self.begin.date()

    @property
    def hours(self) -> float:
        """Hours of work."""
        return round(_hours(self.begin, self.end) - self.breaks / 60, 6)


@dataclass(frozen=True, slots=True)
class Breach:
    """What a duty, or several, break."""

    worker: str
    day: date
    rule: str
    source: str
    message: str


def law(country: str) -> Parameters:
    """The rules of a country.

    Raises:
        AnyshoreError: those of the country are not known.
    """
    if country not in COUNTRIES:
        message = f"The working-time law of {country!r} is not known."
        raise AnyshoreError("workforce.law", message, hint=f"There are: {', '.join(COUNTRIES)}.")
    return _law(country)


@cache
def _law(country: str) -> Parameters:
    name = f"{country.lower()}.yaml"
    return parameters.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"), file=name)


@dataclass(frozen=True, slots=True)
class _Case:
    """The duties of one worker in order, and what is asked of them."""

    worker: Worker
    duties: Sequence[Duty]
    rules: Parameters
    holidays: Collection[date]
    sundays_allowed: bool

    def value(self, rule: str, day: date) -> Any:
        """The value of a rule on a day, None where the country has none."""
        return self.rules.at(day).get(rule) if rule in self.rules else None

    def names(self, rule: str, day: date) -> list[str]:
        """The rule that holds for the worker: that of the young or of mothers before the general one."""
        young = self.worker.born is not None and _years(self.worker.born, day) < 18
        return [f"youth_{rule}"] * young + [f"mother_{rule}"] * self.worker.mother + [rule]

    def strictest(self, rule: str, day: date) -> tuple[str, Any]:
        """The first rule of ``names`` the country has, and its value."""
        found = ((name, self.value(name, day)) for name in self.names(rule, day))
        return next(((name, value) for name, value in found if value is not None), (rule, None))

    def breach(self, rule: str, day: date, message: str) -> Breach:
        """A breach, with the source that is in force on the day."""
        values = [one for one in self.rules[rule].values if one.valid_from <= day]
        return Breach(self.worker.name, day, rule, values[-1].source, message)


def breaches(
    duties: Sequence[Duty], workers: Sequence[Worker], country: str, holidays: Collection[date] = (),
    *, sundays_allowed: bool = False,
) -> list[Breach]:  # fmt: skip
    """What some duties break, by worker and day.

    Args:
        duties: of all workers; earlier ones too, where averages are to be judged.
        workers: who works them.
        country: whose law, as ``DE``.
        holidays: of the place of the duties.
        sundays_allowed: whether an exception lets people work on Sundays and holidays (§ 10 ArbZG, § 13 (5) ArbZG).

    Raises:
        AnyshoreError: the country's law is not known, or a duty has no zone, no worker or ends before it begins.
    """
    rules, known = law(country), {worker.name: worker for worker in workers}
    by_worker: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.worker not in known or duty.begin.tzinfo is None or duty.end.tzinfo is None or duty.hours < 0:
            message = f"The duty of {duty.worker!r} from {duty.begin} to {duty.end} cannot be judged."
            raise AnyshoreError("workforce.duty", message, hint="It needs a worker, a time zone, and an end behind it.")
        by_worker[duty.worker].append(duty)
    found = []
    for name, own in by_worker.items():
        case = _Case(
            known[name], sorted(own, key=lambda duty: duty.begin.astimezone(UTC)), rules, holidays, sundays_allowed
        )
        found += [breach for check in CHECKS for breach in check(case)]
    return sorted(found, key=lambda one: (one.worker, one.day, one.rule))


def _rest(case: _Case) -> Iterator[Breach]:
    for one, other in pairwise(case.duties):
        rule, hours = case.strictest("rest", other.day)
        if hours is not None and (between := _hours(one.end, other.begin)) < hours:
            yield case.breach(rule, other.day, f"{between:.4g} hours of rest before it, {hours} are the least")


def _day(case: _Case) -> Iterator[Breach]:
    for duty in case.duties:
        rule, hours = case.strictest("day", duty.day)
        if hours is not None and duty.hours > hours:
            yield case.breach(rule, duty.day, f"{duty.hours:.4g} hours of work, {hours} are the most")


def _breaks(case: _Case) -> Iterator[Breach]:
    for duty in case.duties:
        rule, steps = case.strictest("breaks", duty.day)
        least = max((step["minutes"] for step in steps or () if duty.hours > step["over"]), default=0)
        if duty.breaks < least:
            yield case.breach(rule, duty.day, f"{duty.breaks} minutes of breaks, {least} are the least")


def _clock(case: _Case) -> Iterator[Breach]:
    """Hours of the day, and weekdays, in which the young and mothers do not work."""
    for duty in case.duties:
        rule, span = case.strictest("hours", duty.day)
        ends = _minutes(duty.end) + (1440 if duty.end.date() > duty.day else 0)
        if span is not None and (_minutes(duty.begin) < span["from"] * 60 or ends > span["to"] * 60):
            yield case.breach(rule, duty.day, f"works outside {span['from']}:00 to {span['to']}:00")
        rule, days = case.strictest("free", duty.day)
        if days is not None and (duty.day.weekday() in days or duty.day in case.holidays):
            yield case.breach(rule, duty.day, "works on a day that is free")


def _weeks(case: _Case) -> Iterator[Breach]:
    hours: dict[date, float] = defaultdict(float)
    days: dict[date, set[date]] = defaultdict(set)
    for duty in case.duties:
        hours[_monday(duty.day)] += duty.hours
        days[_monday(duty.day)].add(duty.day)
    for monday in hours:
        rule, most = case.strictest("week", monday)
        if most is not None and round(hours[monday], 6) > most:
            yield case.breach(rule, monday, f"{hours[monday]:.4g} hours of work in the week, {most} are the most")
        rule, most = case.strictest("days", monday)
        if most is not None and len(days[monday]) > most:
            yield case.breach(rule, monday, f"{len(days[monday])} days of work in the week, {most} are the most")


def _averages(case: _Case) -> Iterator[Breach]:
    for rule in ["average", *["night_average"] * case.worker.night_worker]:
        for monday in sorted({_monday(duty.day) for duty in case.duties}):
            value = case.value(rule, monday)
            if value is None:
                continue
            since = monday - (int(value["weeks"]) - 1) * _WEEK
            worked = round(sum(duty.hours for duty in case.duties if since <= duty.day < monday + _WEEK), 6)
            if worked > value["hours"] * value["weeks"]:
                mean = worked / float(value["weeks"])
                message = f"{mean:.4g} hours a week over {value['weeks']} weeks, {value['hours']} are the most"
                yield case.breach(rule, monday, message)


def _sundays(case: _Case) -> Iterator[Breach]:
    worked = sorted({duty.day for duty in case.duties})
    rested = [day for day in worked if day.weekday() == 6 or day in case.holidays]
    if not case.sundays_allowed:
        for day in rested:
            if case.value("sundays", day):
                yield case.breach("sundays", day, "works on a Sunday or holiday without an exception")
        return
    years: dict[int, list[date]] = defaultdict(list)
    for day in worked:
        if day.weekday() == 6:
            years[day.year].append(day)
    for year, days in years.items():
        least = case.value("free_sundays", days[-1])
        if least is not None and _sundays_of(year) - len(days) < least:
            free = _sundays_of(year) - len(days)
            yield case.breach("free_sundays", days[-1], f"{free} Sundays of the year are free, {least} are the least")
    yield from _substitutes(case, worked, rested)


def _substitutes(case: _Case, worked: Sequence[date], rested: Sequence[date]) -> Iterator[Breach]:
    """Every Sunday and holiday worked gets a working day of its own without work, those first that end first."""
    first, last = worked[0], worked[-1]
    free = {day for number in range((last - first).days + 1) if (day := first + number * _DAY) not in set(worked)}
    free = {day for day in free if day.weekday() != 6 and day not in case.holidays}
    waiting = []
    for day in rested:
        rule = "substitute_sunday" if day.weekday() == 6 else "substitute_holiday"
        span = case.value(rule, day)
        if span is not None:
            waiting.append((day + (int(span) - 1) * _DAY, day, rule, int(span)))
    for until, day, rule, span in sorted(waiting):
        options = [one for one in free if abs((one - day).days) < span]
        if options:
            free.remove(min(options))
        elif until <= last:
            yield case.breach(rule, day, f"no substitute day of rest within {span} days")


CHECKS: Sequence[Callable[[_Case], Iterator[Breach]]] = (_rest, _day, _breaks, _clock, _weeks, _averages, _sundays)


def _hours(begin: datetime, end: datetime) -> float:
    return round((end.astimezone(UTC) - begin.astimezone(UTC)) / timedelta(hours=1), 6)


def _minutes(at: datetime) -> Decimal:
    return Decimal(60 * at.hour + at.minute)


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _sundays_of(year: int) -> int:
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    return (days + first.weekday()) // 7
