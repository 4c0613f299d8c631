"""The dated figures of German law on default, and of the rulebook of direct debits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

from anyshore import params


@dataclass(frozen=True, slots=True)
class BaseRates:
    """Base rates of § 247 BGB.

    Attributes:
        changes: first day and rate in percent, oldest first.
        known_until: last day that was looked up; the rate of a later day is the last one known, which is provisional.
    """

    changes: tuple[tuple[date, Decimal], ...]
    known_until: date

    def spans(self, first: date, last: date) -> Iterable[tuple[date, date, Decimal]]:
        """The days from first to last, both included, cut where the rate changes: first day, last day, percent.

        Raises:
            ParamsError: no rate is known yet on the first day.
        """
        if first <= last and (not self.changes or first < self.changes[0][0]):
            earliest = self.changes[0][0] if self.changes else None
            raise params.ParamsError(
                "receivables.base-rate", f"There is no base rate for {first}; the first is of {earliest}.",
                hint="Add the rate with its day and source.",
            )  # fmt: skip
        ends = [start - timedelta(1) for start, _ in self.changes[1:]] + [date.max]
        for (start, percent), end in zip(self.changes, ends, strict=True):
            begin, stop = max(start, first), min(end, last)
            if begin <= stop:
                yield begin, stop, percent

    def with_later(self, later: Iterable[tuple[date, Decimal]]) -> BaseRates:
        """These rates and later ones, which a client looked up; each is known until its half-year ends."""
        found = dict(self.changes) | dict(later)
        last = max(found)
        until = date(last.year, 6, 30) if last.month < 7 else date(last.year, 12, 31)
        return BaseRates(tuple(sorted(found.items())), max(self.known_until, until))


@cache
def parameters() -> params.Parameters:
    """The parameters, read once."""
    return params.loads(files(__package__).joinpath("law_de.yaml").read_text(encoding="utf-8"), file="law_de.yaml")


@cache
def base_rates() -> BaseRates:
    """The base rates that come with Anyshore."""
    found = parameters()["base_rate"].values
    until = str(parameters()["base_rate_known_until"].at(date.max))
    changes = tuple((one.valid_from, one.value) for one in found if isinstance(one.value, Decimal))
    return BaseRates(changes, date.fromisoformat(until))


def surcharge(arose: date, *, business: bool) -> Decimal:
    """Points above the base rate.

    Args:
        arose: day on which the debt arose.
        business: whether it is a payment claim of a transaction without a consumer (§ 288 (2) BGB).
    """
    return parameters()["surcharge_business" if business else "surcharge_general"].number(arose)


def lump_sum(arose: date, *, business: bool) -> Decimal:
    """The lump sum of § 288 (5) BGB in EUR, nothing where a consumer owes.

    Args:
        arose: day on which the debt arose.
        business: whether it is a payment claim whose debtor is no consumer.
    """
    return parameters()["lump_sum"].number(arose) if business else Decimal(0)


def default_after() -> int:
    """Days of § 286 (3) BGB."""
    return days("default_after")


def days(name: str) -> int:
    """A whole number of days or months, as it is in force."""
    return int(parameters()[name].number(date.max))
