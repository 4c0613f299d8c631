"""A business case: activities, the sites they could go to, and the quantities that decide; read from CSV or Excel.

A row is a quantity: of an activity at a site, of an activity at every site (``site`` empty), or of all (both empty).
The nearest row counts: activity and site, activity, site, all. The baseline (volume, unit cost) is the client's own and
known: it is frozen, and its digest tells whether anybody changed it since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from anyshore.base import canonical
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column, Row, open_table
from anyshore.sourcing.business_case.distributions import KINDS, Distribution, fixed


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity a case may name.

    Attributes:
        name: in a file.
        german: likewise.
        unit: of its numbers.
        usual: what counts where nobody names it; None where it must be named.
        low: the least it may be.
    """

    name: str
    german: str
    unit: str
    usual: float | None = 0.0
    low: float = 0.0


QUANTITIES = (
    Quantity("baseline volume", "Menge bisher", "items per year", None),
    Quantity("baseline unit cost", "Stückkosten bisher", "money per item", None),
    Quantity("baseline inflation", "Teuerung bisher", "share per year", low=-1.0),
    Quantity("volume growth", "Mengenwachstum", "share per year", low=-1.0),
    Quantity("hours per item", "Stunden je Stück", "hours"),
    Quantity("rate", "Stundensatz", "money per hour"),
    Quantity("price per item", "Preis je Stück", "money per item"),
    Quantity("price inflation", "Teuerung beim Anbieter", "share per year", low=-1.0),
    Quantity("one-off cost", "Einmalkosten", "money"),
    Quantity("lag months", "Anlaufmonate", "months"),
    Quantity("lag loss", "Anlaufverlust", "share of productivity"),
    Quantity("attrition", "Fluktuation", "share per year"),
    Quantity("replacement cost", "Kosten je Ersatz", "money per leaver"),
    Quantity("hours per person", "Stunden je Person", "hours per year", 1600.0, 1.0),
    Quantity("governance", "Steuerung", "share of fees"),
    Quantity("retained cost", "verbleibende Kosten", "share of baseline"),
    Quantity("tax on fees", "Steuer auf Entgelt", "share of fees"),
    Quantity("tax on saving", "Steuer auf Ersparnis", "share of saving"),
    Quantity("currency drift", "Währungstrend", "share per year", low=-1.0),
    Quantity("currency volatility", "Währungsschwankung", "share per year"),
)
"""All of them, in the order in which they are shown."""
BY_NAME = {one.name: one for one in QUANTITIES}
BASELINE = ("baseline volume", "baseline unit cost")
_ALL = ""
_NUMBERS = ("low", "mode", "high")
COLUMNS = (
    Column("activity", aliases=("Tätigkeit", "Aktivität")),
    Column("site", aliases=("Standort",)),
    Column("quantity", "code", aliases=("Größe",), required=True, codes={q.name: (q.german,) for q in QUANTITIES}),
    Column("distribution", "code", aliases=("Verteilung",), codes={
        "fixed": ("fest",), "uniform": ("gleichverteilt",), "triangular": ("Dreieck",), "normal": ("Normal",),
        "lognormal": ("Lognormal",),
    }),
    Column("low", "number", aliases=("value", "von", "Wert")),
    Column("mode", "number", aliases=("likeliest", "wahrscheinlich")),
    Column("high", "number", aliases=("bis",)),
    Column("unit", aliases=("Einheit",)),
    Column("source", aliases=("Quelle",), required=True),
    Column("year", "number", aliases=("Jahr",)),
)  # fmt: skip
"""What a file of a case has: ``low`` alone is a fixed number; ``mode`` and ``high`` make a distribution of it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for the whole case.

    Attributes:
        start: first day; flows of a year come in at its end.
        years: how many are looked at.
        discount: share per year.
        currency: ISO 4217.
        version: of the baseline, counted by whoever freezes it.
    """

    start: date
    years: int = 5
    discount: float = 0.08
    currency: str = "EUR"
    version: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.years <= 30:
            raise DataError("business.years", f"A case over {self.years} years is none.", hint="Use 1 to 30.")
        if not -1 < self.discount < 10:
            raise DataError("business.rate", f"Nobody discounts at {self.discount:.0%}.", hint="Write 8 % as 0.08.")


@dataclass(frozen=True, slots=True)
class Case:
    """Activities, sites, and their quantities.

    Attributes:
        frame: what holds for all.
        activities: names, in the order of the file.
        sites: likewise.
        rows: by activity, site and quantity; an empty name stands for all.
    """

    frame: Frame
    activities: tuple[str, ...]
    sites: tuple[str, ...]
    rows: Mapping[tuple[str, str, str], Distribution]

    def of(self, activity: str, site: str, quantity: str) -> Distribution:
        """What counts for an activity at a site."""
        return self.rows.get(self.scope(activity, site, quantity), _usual(quantity))

    def scope(self, activity: str, site: str, quantity: str) -> tuple[str, str, str]:
        """The row that counts; draws of the same row are the same for all it counts for."""
        for one, other in ((activity, site), (activity, _ALL), (_ALL, site)):
            if (one, other, quantity) in self.rows:
                return one, other, quantity
        return _ALL, _ALL, quantity

    def with_row(self, key: tuple[str, str, str], value: Distribution) -> Case:
        """The case with one quantity known otherwise."""
        return Case(self.frame, self.activities, self.sites, {**self.rows, key: value})

    def check_frozen(self, digest: str) -> None:
        """Refuses a baseline that is not the one of this digest.

        Raises:
            DataError: it is another.
        """
        if digest != self.baseline_digest:
            message = f"The baseline is not the one that was frozen: its digest is {self.baseline_digest}."
            raise DataError("business.thawed", message, hint="Compare with the file that was frozen, and its version.")

    @property
    def baseline_digest(self) -> str:
        """SHA-256 of the baseline: whoever has the case can tell whether it is the one that was frozen."""
        rows = [
            [*key, one.kind, [repr(number) for number in one.parameters], one.source, one.year]
            for key, one in sorted(self.rows.items())
            if key[2] in BASELINE
        ]
        return canonical.digest({"version": self.frame.version, "rows": rows})


def read(source: bytes | Path, frame: Frame, file: str | None = None) -> Case:
    """Reads the quantities of a case.

    Raises:
        DataError: with every problem of the file.
    """
    table = open_table(source, COLUMNS, file)
    rows: dict[tuple[str, str, str], Distribution] = {}
    for row in table:
        key = (row.text("activity") or _ALL, row.text("site") or _ALL, row.text("quantity") or "")
        found = _distribution(row)
        if found is not None and key in rows:
            row.problem(
                "quantity", "business.twice", f"{' · '.join(filter(None, key))} stands there twice.", "Keep one."
            )
        elif found is not None:
            rows[key] = found
    table.refuse_if_broken()
    return made(frame, rows, table.file)


def made(frame: Frame, rows: Mapping[tuple[str, str, str], Distribution], file: str | None = None) -> Case:
    """A case of quantities, checked as a whole.

    Raises:
        DataError: no activity or site is named, the baseline is incomplete or not known, or nothing tells the price.
    """
    activities = tuple(dict.fromkeys(key[0] for key in rows if key[0]))
    sites = tuple(dict.fromkeys(key[1] for key in rows if key[1]))
    if not activities or not sites:
        missing = "site" if activities else "activity"
        raise DataError("business.empty", f"No row names any {missing}.", Location(file), "Fill in that column.")
    case = Case(frame, activities, sites, dict(rows))
    for activity in activities:
        _check_baseline(case, activity, file)
        for site in sites:
            priced = case.of(activity, site, "price per item").median > 0
            worked = all(case.of(activity, site, name).median > 0 for name in ("hours per item", "rate"))
            if not priced and not worked:
                message = f"Nothing tells what {activity} costs at {site}."
                hint = "Name a price per item, or hours per item and a rate."
                raise DataError("business.price", message, Location(file), hint)
    return case


def _check_baseline(case: Case, activity: str, file: str | None) -> None:
    for name in BASELINE:
        rows: Sequence[tuple[str, str, str]] = [key for key in case.rows if key[0] in ("", activity) and key[2] == name]
        if not rows:
            raise DataError(
                "business.baseline", f"{activity} has no {name}.", Location(file), "Add a row with your own."
            )
        if any(key[1] for key in rows) or any(not case.rows[key].is_known for key in rows):
            message = f"The {name} of {activity} is the client's own today: one known number, whatever the site."
            raise DataError("business.baseline", message, Location(file), "Leave site, mode and high empty.")


def _usual(quantity: str) -> Distribution:
    usual = BY_NAME[quantity].usual
    return fixed(0.0 if usual is None else usual, "not named")


def _distribution(row: Row) -> Distribution | None:
    if row.broken:
        return None
    quantity = BY_NAME[row.text("quantity") or ""]
    low, mode, high = (row.number(name) for name in _NUMBERS)
    given = [float(one) for one in (low, mode, high) if one is not None]
    kind = row.text("distribution") or _guessed(low, mode, high)
    year = row.number("year")
    try:
        if len(given) != KINDS[kind]:
            message = f"{kind} has {KINDS[kind]} numbers, here are {len(given)}."
            raise DataError("business.distribution", message, hint="Fill in low, mode and high as the kind needs.")
        found = Distribution(kind, tuple(given), row.text("source") or "", None if year is None else int(year))
    except DataError as problem:
        row.problem("low", problem.code, problem.message, problem.hint)
        return None
    if found.quantile(0.5) < quantity.low or (kind in ("fixed", "uniform", "triangular") and given[0] < quantity.low):
        message = f"{quantity.name} is {quantity.low:g} or more ({quantity.unit})."
        row.problem("low", "business.number", message, "Write 20 % as 0.2.")
        return None
    return found


def _guessed(low: Decimal | None, mode: Decimal | None, high: Decimal | None) -> str:
    if mode is not None:
        return "triangular"
    return "fixed" if high is None or low is None else "uniform"
