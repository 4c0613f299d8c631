"""The client's list of sites, and its rate card: from CSV or Excel, with columns of its own.

A site needs a name and a country. What is left empty is not known, and counts as anything from worst to best. A column
``more: NAME`` or ``less: NAME`` is a criterion of the client's own, in which more or less is better; ``… to`` beside a
number makes an interval of it. What work costs is told by the rate card alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, head, open_sheet, open_table
from anyshore.sourcing.shores import places
from anyshore.sourcing.shores.places import Place

Interval = tuple[float, float]
"""Lowest and highest; equal where the number is known."""

_MORE, _LESS, _TO = "more:", "less:", " to"
_ZERO, _ONE = Decimal(0), Decimal(1)
COLUMNS = (
    Column("site", aliases=("name", "location", "Standort"), required=True),
    Column("country", aliases=("Land",), required=True),
    Column("zone", aliases=("time zone", "Zeitzone")),
    Column("latitude", "number", aliases=("Breite",)),
    Column("longitude", "number", aliases=("Länge",)),
    Column("opens", "number", aliases=("öffnet",), unit="h", minimum=_ZERO),
    Column("closes", "number", aliases=("schließt",), unit="h", minimum=_ZERO),
    Column("languages", aliases=("Sprachen",)),
    Column("risk", "number", aliases=("Risiko",), minimum=_ZERO),
    Column("risk to", "number", aliases=("Risiko bis",), minimum=_ZERO),
)
"""What a list of sites has; ``risk`` is the client's own judgement from 0 (none) to 1."""
RATE_COLUMNS = (
    Column("role", aliases=("Rolle",), required=True),
    Column("site", aliases=("country", "Standort", "Land"), required=True),
    Column("currency", aliases=("Währung",), required=True),
    Column("rate", "number", aliases=("per hour", "Satz", "Stundensatz"), required=True, minimum=_ZERO),
    Column("rate to", "number", aliases=("Satz bis",), minimum=_ZERO),
    Column("from", "date", aliases=("gültig ab", "valid from")),
    Column("source", aliases=("Quelle",), required=True),
)
"""What a rate card has: a rate per hour of a role at a site, or in a country."""


@dataclass(frozen=True, slots=True)
class Own:
    """A criterion of the client's own, and the column of the list it stands in."""

    name: str
    more_is_better: bool
    column: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A site that may do the work.

    Attributes:
        name: what the client calls it.
        place: where it is.
        opens: minutes after local midnight.
        closes: likewise.
        languages: ISO 639-1; those of the country where the list names none.
        risk: from 0 to 1; the whole range where nobody said.
        own: the client's own criteria by name; absent where not known.
    """

    name: str
    place: Place
    opens: int = 540
    closes: int = 1020
    languages: tuple[str, ...] = ()
    risk: Interval = (0.0, 1.0)
    own: dict[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour of a role costs.

    Attributes:
        role: for example ``agent`` or ``expert``.
        where: name of a site, or a country code.
        currency: ISO 4217.
        amount: per hour, lowest and highest.
        since: first day; None where it always held.
        source: where the rate is from: an offer, a contract, a benchmark with its year.
    """

    role: str
    where: str
    currency: str
    amount: Interval
    since: date | None
    source: str


@dataclass(frozen=True, slots=True)
class RateCard:
    """The client's rates, all in one currency."""

    rates: tuple[Rate, ...] = ()

    def rate(self, role: str, site: Site, day: date) -> Rate | None:
        """The rate of a role at a site on a day: the site's own before its country's, the newest of them."""
        for where in (site.name, site.place.country):
            fitting = [
                one for one in self.rates
                if one.where == where and one.role == role and (one.since is None or one.since <= day)
            ]  # fmt: skip
            if fitting:
                return max(fitting, key=lambda one: one.since or date.min)
        return None


@dataclass(frozen=True, slots=True)
class Sites:
    """Sites, with the client's own criteria."""

    sites: tuple[Site, ...]
    own: tuple[Own, ...] = ()


def read_sites(source: bytes | Path, file: str | None = None) -> Sites:
    """Reads a list of sites.

    Raises:
        DataError: with every problem of the file.
    """
    sheet = open_sheet(source, file)
    first = head(sheet)
    own, more = _own([str(cell) for cell in first.cells] if first else [])
    rows = open_table(source, (*COLUMNS, *more), file)
    found: dict[str, Site] = {}
    for row in rows:
        site = None if row.broken else _site(row, own)
        if site is not None and site.name in found:
            row.problem("site", "shore.twice", f"Site {site.name!r} stands there twice.", "Give it its own name.")
        elif site is not None:
            found[site.name] = site
    rows.refuse_if_broken()
    if not found:
        raise DataError("shore.empty", "The file has no sites.", Location(rows.file), "Add a row each.")
    return Sites(tuple(found.values()), own)


def read_rates(source: bytes | Path, file: str | None = None) -> RateCard:
    """Reads a rate card.

    Raises:
        DataError: with every problem of the file; also where it has several currencies.
    """
    rows = open_table(source, RATE_COLUMNS, file)
    found: list[Rate] = []
    for row in rows:
        rate = _rate(row)
        if rate is not None and found and rate.currency != found[0].currency:
            message = f"The card is in {found[0].currency}, and this rate in {rate.currency}."
            row.problem("currency", "shore.currency", message, "State all rates in one currency, with the day of it.")
        elif rate is not None:
            found.append(rate)
    rows.refuse_if_broken()
    return RateCard(tuple(found))


def _own(header: Sequence[str]) -> tuple[tuple[Own, ...], list[Column]]:
    """The client's own criteria by the header, and the columns they are read from."""
    own: dict[str, Own] = {}
    columns = []
    for cell in header:
        text = cell.strip()
        kind = next((one for one in (_MORE, _LESS) if text.lower().startswith(one)), None)
        if kind is None:
            continue
        columns.append(Column(text, "number"))
        name = text[len(kind) :].strip()
        if not name.endswith(_TO):
            own[name] = Own(name, kind == _MORE, text)
    return tuple(own.values()), columns


def _site(row: Row, own: Sequence[Own]) -> Site | None:
    """The site of a row; None where nothing tells where it is. What else is wrong with it is noted."""
    country = (row.text("country") or "").upper()
    lat, lon = (row.number(name) for name in ("latitude", "longitude"))
    try:
        place = places.place(
            country, row.text("zone"), None if lat is None else float(lat), None if lon is None else float(lon)
        )
    except DataError as problem:
        row.problem(
            "country" if problem.code == "shore.country" else "zone", problem.code, problem.message, problem.hint
        )
        return None
    spoken = tuple((row.text("languages") or "").replace(",", " ").lower().split())
    hours = [_minutes(row, name, usual) for name, usual in (("opens", 9), ("closes", 17))]
    if hours[0] >= hours[1] or hours[1] > 1440:
        row.problem(
            "closes", "shore.hours", "A site closes after it opens, on the same day.", "Use hours, as 9 and 17.5."
        )
    risk = _interval(row, "risk", "risk to", _ONE) or (0.0, 1.0)
    values = {}
    for one in own:
        interval = _interval(row, one.column, one.column + _TO, None)
        if interval is not None:
            values[one.name] = interval
    return Site(
        row.text("site") or "", place, hours[0], hours[1], spoken or places.languages().get(country, ()), risk, values
    )


def _minutes(row: Row, column: str, usual: int) -> int:
    hours = row.number(column)
    return int((Decimal(usual) if hours is None else hours) * 60)


def _interval(row: Row, column: str, to: str, most: Decimal | None) -> Interval | None:
    """The number in a column, up to the one in the column beside it."""
    low = row.number(column)
    high = row.number(to) if to in row.values else None
    if low is None:
        return None
    high = low if high is None else high
    if high < low or (most is not None and high > most):
        limit = "" if most is None else f", and none above {most}"
        row.problem(column, "shore.interval", f"From {low} to {high} is no interval{limit}.", "Lowest first.")
        return None
    return float(low), float(high)


def _rate(row: Row) -> Rate | None:
    amount = _interval(row, "rate", "rate to", None)
    if row.broken or amount is None:
        return None
    currency = (row.text("currency") or "").upper()
    if len(currency) != 3 or not currency.isalpha():
        row.problem("currency", "shore.currency", f"{currency!r} is no currency.", "Use a code of ISO 4217, as EUR.")
        return None
    where = row.text("site") or ""
    where = where.upper() if len(where) == 2 else where
    return Rate(row.text("role") or "", where, currency, amount, row.day("from"), row.text("source") or "")
