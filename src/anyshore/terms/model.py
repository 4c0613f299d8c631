"""Contract terms as plain data. ``reading`` makes them from a terms file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from anyshore.terms.calendars import Calendar

Shore = Literal["onshore", "nearshore", "offshore"]
Per = Literal["instance", "milestone", "hour", "fte_month", "month"]
Where = Mapping[str, tuple[object, ...]]
"""Facts an entry must hold: for each key the allowed values, in the ledger's plain form."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which ledger entries are meant: those of a type that hold certain facts."""

    entry: str
    where: Where = field(default_factory=dict)

    def fits(self, entry: str, data: Mapping[str, Any]) -> bool:
        """Whether an entry of this type with these facts is meant."""
        return entry == self.entry and holds(self.where, data)


def holds(where: Where, data: Mapping[str, Any]) -> bool:
    """Whether facts hold what is asked for; ``true`` and ``1`` are different facts."""
    return all(any(data.get(k) == v and isinstance(data.get(k), bool) == isinstance(v, bool) for v in allowed)
               for k, allowed in where.items())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A time in which the clock of an objective stands still, for example while waiting for the client."""

    name: str
    begins: Match
    ends: Match


@dataclass(frozen=True, slots=True)
class Duration:
    """A service level objective on time: so many percent of the cases within a limit.

    Attributes:
        key: its name in the terms file.
        name: its name for people.
        begins: first such entry of an instance starts the clock.
        ends: first such entry after that stops it.
        limit: microseconds on the clock; exactly the limit is within it.
        calendar: name of the calendar the clock runs by; empty: round the clock.
        target: percentage of cases that must be within the limit.
        exclusions: when the clock stands still.
        left_out: outcomes whose instances do not count.
        minimum_cases: with fewer cases in a month the objective is not assessed.
    """

    key: str
    name: str
    begins: Match
    ends: Match
    limit: int
    calendar: str
    target: Decimal
    exclusions: tuple[Exclusion, ...] = ()
    left_out: tuple[str, ...] = ()
    minimum_cases: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """A service level objective on quality: so many percent of the entries hold a fact."""

    key: str
    name: str
    of: Match
    good: Where
    target: Decimal
    minimum_cases: int = 1


Objective = Duration | Share


@dataclass(frozen=True, slots=True)
class Tier:
    """A unit price for the units of a month up to a number (None: all further ones)."""

    up_to: int | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """One item of the price list.

    Attributes:
        name: text of the invoice line; unique in its service.
        per: what is counted.
        tiers: unit prices; one tier without a bound for a plain price.
        tier_mode: ``graduated``: each unit at its own tier; ``volume``: all units at the tier reached.
        match: the entries counted (``instance``, ``milestone``, ``hour``).
        minutes: the fact that holds the minutes of an entry (``hour``).
        increment: minutes; each entry is rounded up to a multiple (``hour``); 0: not rounded.
        fte: full-time equivalents (``fte_month``).
    """

    name: str
    per: Per
    tiers: tuple[Tier, ...]
    tier_mode: Literal["graduated", "volume"] = "graduated"
    match: Match | None = None
    minutes: str = "minutes"
    increment: int = 0
    fte: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Band:
    """Attainment below this percentage takes that percentage off the fee."""

    below: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Credits:
    """Service credits of a service: bands by objective, lowest attainment last, and the cap on all together."""

    at_risk: Decimal
    bands: Mapping[str, tuple[Band, ...]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What one case cost the client before, and where that figure comes from."""

    unit_cost: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an engagement."""

    key: str
    name: str
    kind: Literal["bpo", "kpo"]
    prices: tuple[Price, ...]
    objectives: tuple[Objective, ...] = ()
    credits: Credits | None = None
    minimum_charge: Decimal = Decimal(0)
    baseline: Baseline | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where invoices come from or go to (BG-5, BG-8)."""

    post_code: str
    city: str
    country: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about an invoice (BG-6)."""

    name: str
    phone: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Client or provider, with the countries (ISO 3166-1) it works in.

    What an invoice says of it may be left out, until one is asked for; see the schema.
    """

    name: str
    countries: tuple[str, ...]
    address: Address | None = None
    vat_id: str = ""
    tax_number: str = ""
    registration: str = ""
    email: str = ""
    contact: Contact | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """When (days from the invoice) and where invoices are paid: IBAN or another number of an account (BG-17)."""

    days: int
    account: str
    account_name: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Vat:
    """Value added tax: category (EN 16931, BT-151), rate in percent, reason for an exemption."""

    category: str
    rate: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of an engagement's terms; it holds from ``in_force_from`` until a later version does."""

    id: str
    title: str
    version: int
    in_force_from: date
    client: Party
    provider: Party
    currency: str
    start: date
    end: date | None
    time_zone: str
    shores: tuple[Shore, ...]
    data_classes: tuple[str, ...]
    calendars: Mapping[str, Calendar]
    services: Mapping[str, Service]
    vat: Vat
    payment: Payment | None = None
