"""Rules of retention as dated parameters: which kind of data is kept for how long, since when, and by which source.

A rule says months, days or years, counted from the end of the case, or from when something came or was done. The value
of the day counts for everything that is still there; null, or no value yet: it is kept.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from anyshore import params
from anyshore.base.errors import Diagnostic
from anyshore.params import Parameters, ParamsError
from anyshore.web.core import audit, permissions
from anyshore.web.core.models import Engagement, Person
from anyshore.web.retention.models import Rules

KINDS = {
    "cases": "what an ended case held: variables, log, talk, reviews, and documents nothing else names",
    "documents": "documents of ended cases, where they go before the rest",
    "received": "receipts: who sent what, and how it was answered",
    "access": "who looked at which case",
    "times": "who finished which item, and how long it took them",
}
"""The kinds of data a rule can be for."""

UNITS = ("days", "months", "years")


@dataclass(frozen=True, slots=True)
class Period:
    """How long something is kept on a day.

    Attributes:
        kind: of data.
        number: of units.
        unit: ``days``, ``months`` or ``years``.
        source: by which agreement or law.
    """

    kind: str
    number: int
    unit: str
    source: str

    def as_dict(self) -> dict[str, str]:
        """As plain data."""
        kept = f"{self.number} {self.unit}"
        return {"kind": self.kind, "kept": kept, "source": self.source, "what": KINDS[self.kind]}

    def before(self, day: date, zone: str) -> int:
        """What is older than this goes: the beginning of a day there, microseconds since 1970 UTC."""
        if self.unit == "days":
            first = day - timedelta(self.number)
        else:
            year, month = divmod(day.year * 12 + day.month - 1 - self.number * (12 if self.unit == "years" else 1), 12)
            first = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        begin = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
        return int(begin.timestamp()) * 1_000_000


def read(text: str, file: str = "retention.yaml") -> Parameters:
    """The rules of a file.

    Raises:
        ParamsError: with every problem of the file, located.
    """
    found = params.loads(text, file=file)
    problems = []
    for name, one in found.items():
        if name not in KINDS:
            hint = f"Kinds are {', '.join(KINDS)}."
            problems.append(Diagnostic("retention.kind", f"There is no kind of data {name!r}.", one.location, hint))
        if one.unit not in UNITS:
            hint = f"Write {', '.join(UNITS)}."
            problems.append(Diagnostic("retention.unit", f"{one.unit!r} is no unit of time.", one.location, hint))
        for dated in one.values:
            value = dated.value
            whole = isinstance(value, Decimal) and value == value.to_integral_value() and 1 <= value <= 36_500
            if value is not None and (
                not whole or (one.unit != "days" and isinstance(value, Decimal) and value > 1200)
            ):
                hint = "Write a whole number from 1 on, at most a hundred years; null where it is kept."
                problems.append(Diagnostic("retention.value", f"{value} is no period.", dated.location, hint))
    if problems:
        raise ParamsError.of(problems)
    return found


def on(rules: Parameters, day: date) -> list[Period]:
    """What is kept for how long on a day; what no rule speaks of is kept."""
    found = []
    for name, one in rules.items():
        if one.values[0].valid_from <= day and (dated := one.dated(day)).value is not None:
            found.append(Period(name, int(str(dated.value)), one.unit, dated.source))
    return found


def of(engagement: str) -> Parameters | None:
    """The rules of an engagement; None where none were agreed."""
    text = Rules.objects.filter(engagement__key=engagement).values_list("text", flat=True).first()
    return None if text is None else read(text)


@transaction.atomic
def agree(by: Person | None, key: str, text: str, file: str = "retention.yaml") -> Parameters:
    """Puts rules in force for an engagement.

    Args:
        by: who does; None: who runs the installation.
        key: of the engagement.
        text: the file.
        file: its name.

    Raises:
        ParamsError: the file cannot be used.
        NotFound: there is no such engagement.
    """
    found = read(text, file)
    if by is not None:
        engagement = permissions.engagement(by, key, "people.manage")
    else:
        engagement = Engagement.objects.get(key=key)
    Rules.objects.create(engagement=engagement, text=text, by=by)
    audit.record(by, "retention.agreed", key, engagement=engagement, rules=sorted(found))
    return found
