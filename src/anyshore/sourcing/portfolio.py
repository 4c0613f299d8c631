"""Reading a client's activities from CSV or Excel. A row that cannot be used is reported in full; the others go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from anyshore.base.countries import COUNTRIES, country_hint
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, open_table
from anyshore.sourcing.criteria import CRITERIA, DATA_CLASSES, DONE_BY, DUTIES, SPECIFICITY

NUMBERS = ("volume_per_month", "handling_minutes")
COLUMNS = (
    Column("activity", required=True),
    Column("client_country", required=True),
    Column("data_class", "code", required=True, codes=dict.fromkeys(DATA_CLASSES, ())),
    *(Column(name, "number", minimum=Decimal(0)) for name in NUMBERS),
    Column("core", "yes-no"),
    Column("description"),
    Column("occupations"),
    Column("duty", "code", codes=dict.fromkeys(DUTIES, ())),
    Column("asset_specificity", "code", codes=dict.fromkeys(SPECIFICITY, ())),
    Column("place_bound", "yes-no"),
    Column("done_by", "code", codes=dict.fromkeys(DONE_BY, ())),
    Column("event_log"),
    Column("languages"),
    Column("role"),
    *(Column(one.column, "code", codes=dict.fromkeys(one.values, ())) for one in CRITERIA),
)
"""What a portfolio has."""
MAX_ROWS = 100_000
MAX_CODES = 20
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a client.

    Attributes:
        name: what the client calls it.
        client_country: ISO 3166-1 alpha-2.
        data_class: one of ``DATA_CLASSES``.
        volume_per_month: items per month; None where not known.
        handling_minutes: minutes of work per item; None where not known.
        core: whether it is a primary activity of the client; None where not known.
        criteria: the known criteria: name → word.
        line: where it stands in the file.
        description: more words about it.
        occupations: O*NET-SOC codes the client chose instead of those matched by name.
        duty: the duty of law that holds it; None where not known.
        asset_specificity: ``low``, ``medium`` or ``high``; None where not known.
        place_bound: whether it is done at a place; None where not known.
        done_by: ``own staff`` or ``provider``; None where not known.
        event_log: name of the file with its event log; empty where there is none.
        languages: it is done in, ISO 639-1; empty where that tells no site apart.
        role: whose rate of the client's card it costs; empty for the only one of the card.
    """

    name: str
    client_country: str
    data_class: str
    volume_per_month: Decimal | None = None
    handling_minutes: Decimal | None = None
    core: bool | None = None
    criteria: dict[str, str] = field(default_factory=dict)
    line: int = 0
    description: str = ""
    occupations: tuple[str, ...] = ()
    duty: str | None = None
    asset_specificity: str | None = None
    place_bound: bool | None = None
    done_by: str | None = None
    event_log: str = ""
    languages: tuple[str, ...] = ()
    role: str = ""

    @property
    def monthly_hours(self) -> Decimal | None:
        """Hours of work per month; None where volume or handling time is not known."""
        if self.volume_per_month is None or self.handling_minutes is None:
            return None
        return self.volume_per_month * self.handling_minutes / 60


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The activities that can be used, and what is wrong with the rest."""

    activities: Sequence[Activity]
    problems: Sequence[Diagnostic]


def read(source: bytes | Path, file: str | None = None) -> Portfolio:
    """Reads a portfolio from CSV or a workbook: one header row, columns in any order.

    Args:
        source: a path, or the content.
        file: its name, for messages; its path where left out.

    Raises:
        DataError: the file as a whole cannot be used (no table, header, size).
    """
    table = open_table(source, COLUMNS, file)
    activities: dict[str, Activity] = {}
    for row in table:
        if len(activities) >= MAX_ROWS:
            raise DataError("portfolio.too-long", f"More than {MAX_ROWS:,} activities.", row.at())
        found = _activity(row)
        if found is not None and found.name in activities:
            message = f"Activity {found.name!r} stands in line {activities[found.name].line} already."
            row.problem("activity", "portfolio.twice", message, "Give it its own name.")
        elif found is not None:
            activities[found.name] = found
    problems = sorted((*table.warnings, *table.problems), key=lambda problem: problem.location.line or 0)
    if not activities and not table.problems:
        raise DataError("portfolio.empty", "The file has no activities.", Location(table.file), "Add a row each.")
    return Portfolio(list(activities.values()), problems)


def _activity(row: Row) -> Activity | None:
    """The activity of a row; None where something is wrong with it."""
    country = (row.text("client_country") or "").upper()
    if country and country not in COUNTRIES:
        message = f"{country!r} is no country code."
        row.problem("client_country", "portfolio.country", message, country_hint(country))
    for column in NUMBERS:
        if (row.number(column) or Decimal(0)).adjusted() > _MOST_DIGITS:
            message = f"{row.number(column)} is more than anybody does in a month."
            row.problem(column, "portfolio.number", message, "Check the number.")
    if row.broken:
        return None
    words = {criterion.name: row.text(criterion.column) for criterion in CRITERIA}
    return Activity(
        row.text("activity") or "", country, row.text("data_class") or "", row.number("volume_per_month"),
        row.number("handling_minutes"), row.flag("core"), {name: word for name, word in words.items() if word},
        row.line, row.text("description") or "", _listed(row.text("occupations")), row.text("duty"),
        row.text("asset_specificity"), row.flag("place_bound"), row.text("done_by"), row.text("event_log") or "",
        _listed((row.text("languages") or "").lower()), row.text("role") or "",
    )  # fmt: skip


def _listed(text: str | None) -> tuple[str, ...]:
    """The words of a cell that takes several."""
    return tuple(one for one in re.split(r"[;,\s]+", text or "") if one)[:MAX_CODES]
