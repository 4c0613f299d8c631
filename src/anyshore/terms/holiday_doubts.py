"""What the holidays of a calendar leave undecided: days some close on, days not yet set, days worked in their place.

Public holidays are those by law of the whole country or subdivision. Beside them there are days that hold in some
communities only (Assumption in Bavaria: Art. 1 (1) no. 2 FTG), for some employers only (the general holidays of
Hong Kong: Cap. 149), for half a day, or that move every year. Whether the office is closed then is for the contract to
say; until it does, it is told here, as a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from anyshore.base.errors import Diagnostic
from anyshore.params.marked import Document, Path
from anyshore.terms.calendars import HALF_DAY, WEEKDAYS, HolidayTable, holiday_table, kinds_of_holidays, known_regions

Data = dict[str, Any]
Doubt = tuple[Path, str, str, str]
"""Path, code, message, hint."""

_MOST_YEARS = 5
"""Years of the contract that are looked at."""
_LOOK_BACK = 5
"""Years in which a country that makes up for days off has done so."""
_OBSERVED_ONLY = frozenset({"school", "unofficial", "workday"})
"""Kinds of holidays on which offices work as on other days."""
_ESTIMATED = "(estimated)"
_SHOWN = 3


def doubts(document: Document) -> list[Diagnostic]:
    """The doubts of terms that fit the schema and have no problems, with their places."""
    data: Data = document.data  # type: ignore[assignment]
    first = max(data["start"], data.get("in_force_from", data["start"]))
    last = data.get("end", date(first.year, 12, 31))
    found = []
    for name, body in data.get("calendars", {}).items():
        for index, region in enumerate(body.get("holidays", [])):
            calendar = _Look(region, body, first, last)
            for place, code, message, hint in calendar.doubts():
                path = ("calendars", name, "holidays", index, *place)
                found.append(Diagnostic(f"terms.{code}", message, document.at(path), hint, "warning"))
    return found


class _Look:
    """The holidays of one region as a calendar of the contract sees them."""

    def __init__(self, region: Data, calendar: Data, first: date, last: date) -> None:
        self.region, self.first, self.last = region, first, last
        self.country: str = region["country"]
        self.part: str = region.get("subdivision", "")
        self.years = range(first.year, min(last.year, first.year + _MOST_YEARS - 1) + 1)
        self.special = {one["date"] for one in calendar.get("special_days", [])}
        self.hours = [calendar["hours"].get(day, []) for day in WEEKDAYS]
        also = tuple(region.get("also", ()))
        self.closed = self._days(self._table_of(self.part, *also))

    def doubts(self) -> Iterator[Doubt]:
        """All of them; what the region says with ``also`` or ``working_weekends`` is decided."""
        if "also" not in self.region:
            yield from self._other_kinds()
            yield from self._elsewhere()
        yield from self._estimated()
        yield from self._make_up()

    @property
    def _name(self) -> str:
        return f"{self.country} {self.part}".strip()

    def _table_of(self, part: str, *also: str) -> Callable[[int], Mapping[date, str]]:
        return lambda year: holiday_table(self.country, part, year, also).days

    def _days(self, of: Callable[[int], Mapping[date, str]]) -> dict[date, str]:
        """Days of the contract, by year."""
        found = {day: name for year in self.years for day, name in of(year).items()}
        return {day: name for day, name in sorted(found.items()) if self.first <= day <= self.last}

    def _is_open(self, day: date) -> bool:
        return day not in self.special and day not in self.closed and bool(self.hours[day.weekday()])

    def _other_kinds(self) -> Iterator[Doubt]:
        for kind in kinds_of_holidays(self.country):
            if kind in _OBSERVED_ONLY:
                continue
            days = self._days(self._table_of(self.part, kind))
            # A kind whose days are all on days off in these years is told, too: in other years they are not.
            new = {day: name for day, name in days.items() if day not in self.closed and day not in self.special}
            if not new:
                continue
            message = f"in {self._name} there are holidays of the kind '{kind}', and they count as other days: "
            hint = f"say 'also: [{kind}]' to close, 'also: []' to stay open, or list single days under special_days"
            if kind == HALF_DAY:
                hint = "list them under special_days with the hours the office keeps; 'also: []' to stay open"
            yield (), "holidays-undecided", message + _shown(new), hint

    def _elsewhere(self) -> Iterator[Doubt]:
        """Days that are public holidays in some subdivision, where none is named."""
        if self.part:
            return
        days: dict[date, str] = {}
        parts = set()
        for part in known_regions()[self.country]:
            here = self._days(self._table_of(part))
            new = {day: name for day, name in here.items() if self._is_open(day)}
            days |= new
            if new:
                parts.add(part)
        if days:
            some = ", ".join(sorted(parts)[:_SHOWN]) + (" …" if len(parts) > _SHOWN else "")
            message = f"holidays differ inside {self.country} ({some}), and only those of all of it count: not "
            hint = "name the subdivision; 'also: []' where those of the whole country are meant"
            yield (), "holidays-undecided", message + _shown(dict(sorted(days.items()))), hint

    def _estimated(self) -> Iterator[Doubt]:
        days = {day: name for day, name in self.closed.items() if _ESTIMATED in name and day not in self.special}
        if days:
            message = f"holidays of {self._name} are set by the moon, and estimated here: "
            yield (), "holidays-unsettled", message + _shown(days), "list them as special_days when they are announced"

    def _make_up(self) -> Iterator[Doubt]:
        worked = {year: self._table(year).make_up for year in self.years}
        closed = [
            day for days in worked.values() for day in days
            if self.first <= day <= self.last and day not in self.special and not self.hours[day.weekday()]
        ]  # fmt: skip
        if closed and "working_weekends" not in self.region:
            message = (
                f"in {self._name} these weekend days are worked in place of a day off, and the calendar is closed: "
            )
            hint = "say 'working_weekends: [\"09:00-17:00\"]' to open, 'working_weekends: []' to stay closed"
            yield (), "holidays-undecided", message + _shown(dict.fromkeys(closed, "")), hint
        unset = [year for year, days in worked.items() if not days and self._is_set_by_year(year)]
        if unset:
            years = ", ".join(map(str, unset))
            message = (
                f"{self._name} sets days off and the weekend days worked for them year by year; unknown for {years}"
            )
            yield (), "holidays-unsettled", message, "list them as special_days when they are announced"

    def _table(self, year: int) -> HolidayTable:
        return holiday_table(self.country, self.part, year)

    def _is_set_by_year(self, year: int) -> bool:
        return any(self._table(past).make_up for past in range(year - _LOOK_BACK, year))


def _shown(days: dict[date, str]) -> str:
    first = [f"{day} {name}".rstrip() for day, name in list(days.items())[:_SHOWN]]
    more = len(days) - len(first)
    return ", ".join(first) + (f" and {more} more" if more else "")
