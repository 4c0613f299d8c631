"""Every figure of a month computed a second time, from the words of the terms and by other means.

The oracle counts business minutes one by one on the wall clock, keeps amounts as fractions, and knows nothing of
tables, bisection or the order of entries. Terms and cases are drawn at random; the figures and the cases behind them
have to be the same, and the same again from an export.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from tests.draws import seeds

from anyshore.terms.figures import details
from anyshore.terms.months import Month
from anyshore.terms.recompute import recompute

MINUTE = timedelta(minutes=1)
PLACES = {"EUR": 2, "JPY": 0, "KWD": 3}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass
class Deal:
    """What was agreed, as the two sides would say it."""

    zone: str
    country: str
    part: str
    opens: int
    closes: int
    half_day: date
    limit: int
    target: int
    bands: list[tuple[int, int]]
    at_risk: int
    currency: str
    tiers: list[tuple[int | None, Fraction]]
    volume: bool
    minimum: Fraction
    vat: Fraction

    def text(self) -> str:
        hours = "\n".join(f'      {day}: ["{self.opens:02}:00-{self.closes:02}:00"]' for day in DAYS)
        tiers = ", ".join(
            f"{{{'' if bound is None else f'up_to: {bound}, '}price: {float(price):.4f}}}"
            for bound, price in self.tiers
        )
        bands = ", ".join(f"{{below: {below}, credit: {credit}}}" for below, credit in self.bands)
        part = f", subdivision: {self.part}" if self.part else ""
        return f"""
id: acme
version: 1
client: {{name: Acme, countries: [DE]}}
provider: {{name: Shore, countries: [PL]}}
currency: {self.currency}
start: 2026-01-01
time_zone: {self.zone}
shores: [nearshore]
calendars:
  office:
    time_zone: {self.zone}
    holidays: [{{country: {self.country}{part}}}]
    hours:
{hours}
    special_days: [{{date: {self.half_day}, name: Half a day, hours: ["{self.opens:02}:00-12:00"]}}]
services:
  payables:
    kind: bpo
    name: Payables
    prices:
      - {{per: instance, name: Case, outcomes: [paid], tiers: [{tiers}], tier_mode: {"volume" if self.volume else "graduated"}}}
    minimum_charge: {float(self.minimum):.2f}
    objectives:
      decided:
        measure: duration
        name: In time
        from: instance.started
        to: instance.completed
        within: {{business_hours: {self.limit}}}
        calendar: office
        target: {self.target}
        exclude:
          - name: waiting
            from: {{entry: work.opened, where: {{party: client}}}}
            to: {{entry: work.completed, where: {{party: client}}}}
    credits:
      at_risk: {self.at_risk}
      bands: {{decided: [{bands}]}}
vat: {{category: S, rate: {float(self.vat)}}}
"""  # noqa: E501

    def is_open(self, moment: datetime, days_off: set[date]) -> bool:
        local = moment.astimezone(ZoneInfo(self.zone))
        if local.date() == self.half_day:
            return self.opens * 60 <= local.hour * 60 + local.minute < 12 * 60
        if local.weekday() > 4 or local.date() in days_off:
            return False
        return self.opens <= local.hour < self.closes


@dataclass
class Job:
    """One case: when it began and ended, when it waited for the client, how it ended."""

    name: str
    start: datetime
    end: datetime | None
    waits: list[tuple[datetime, datetime]]
    outcome: str


def draw_deal(chance: random.Random) -> Deal:
    target = chance.choice([90, 95])
    one, other = Fraction(chance.randint(1, 40_000), 10_000), Fraction(chance.randint(1, 40_000), 10_000)
    zone, country, part = chance.choice([
        ("Europe/Berlin", "DE", "BE"), ("Europe/Berlin", "DE", "BY"), ("America/New_York", "US", "CA"),
        ("Asia/Kolkata", "IN", ""), ("Australia/Lord_Howe", "AU", "NSW"), ("Asia/Tokyo", "JP", ""),
    ])  # fmt: skip
    return Deal(
        zone=zone, country=country, part=part, opens=chance.choice([8, 9]), closes=chance.choice([16, 17, 24]),
        half_day=date(2026, 4, chance.randint(1, 30)), limit=chance.choice([4, 8, 20]), target=target,
        bands=[(target, 3), (target - 10, 7)], at_risk=chance.choice([2, 5, 10]),
        currency=chance.choice(list(PLACES)), tiers=[(5, one), (12, other), (None, Fraction(1, 2))],
        volume=chance.random() < 0.5, minimum=Fraction(chance.choice([0, 2000]), 100),
        vat=Fraction(chance.choice([19, 7])),
    )  # fmt: skip


def draw_jobs(chance: random.Random, zone: str) -> list[Job]:
    jobs = []
    for number in range(25):
        start = datetime(2026, 3, 20, tzinfo=ZoneInfo(zone)).astimezone(UTC) + MINUTE * chance.randint(0, 50 * 1440)
        end = start + MINUTE * chance.choice([60, 480, 1440, 3000, 9000]) * 1 if chance.random() < 0.85 else None
        waits = []
        if end and chance.random() < 0.4:
            length = int((end - start) / MINUTE)
            begin = start + MINUTE * chance.randint(0, length // 2)
            waits.append((begin, begin + MINUTE * chance.randint(1, length // 2)))
        jobs.append(Job(f"j{number:02}", start, end, waits, chance.choice(["paid", "paid", "paid", "withdrawn"])))
    return jobs


def rounded(amount: Fraction, places: int) -> Fraction:
    scale = 10**places
    return Fraction(math.floor(abs(amount) * scale + Fraction(1, 2)), scale) * (1 if amount >= 0 else -1)


def first_instant(zone: str, year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def fate(deal: Deal, job: Job, until: datetime, days_off: set[date]) -> tuple[bool | None, datetime]:
    """Met, missed or (None) not decided before an instant, and when that became certain."""
    used, moment = 0, job.start
    end = job.end if job.end and job.end < until else None
    while moment < (end or until):
        if deal.is_open(moment, days_off) and not any(begin <= moment < stop for begin, stop in job.waits):
            if used == deal.limit * 60:
                return False, moment  # this minute is one too many, and it began now
            used += 1
        moment += MINUTE
    return (True, end) if end else (None, until)


def expected(deal: Deal, jobs: list[Job]) -> dict[str, Any]:
    """April 2026 by the words of the terms."""
    begin, stop = first_instant(deal.zone, 2026, 4), first_instant(deal.zone, 2026, 5)
    found = holidays.country_holidays(deal.country, subdiv=deal.part or None, years=2026)
    days_off = {day for day in found if day.year == 2026}
    fates = {job.name: fate(deal, job, stop, days_off) for job in jobs if job.start < stop}
    counted = {name: met for name, (met, at) in fates.items() if met is not None and begin <= at < stop}
    met = sum(counted.values())
    done = [j for j in jobs if j.outcome == "paid" and j.end and begin <= j.end < stop]
    places = PLACES[deal.currency]
    fee = Fraction(0)
    if deal.volume and done:
        price = next(price for bound, price in deal.tiers if bound is None or len(done) <= bound)
        fee = rounded(len(done) * price, places)
    elif done:
        low = 0
        for bound, price in deal.tiers:
            units = max(min(len(done), bound or len(done)) - low, 0)
            fee, low = fee + rounded(units * price, places), min(bound or 0, len(done))
    fee = max(fee, rounded(deal.minimum, places))
    credit = Fraction(0)
    if counted and 100 * met < deal.target * len(counted):
        percent = max(percent for below, percent in deal.bands if 100 * met < below * len(counted))
        credit = min(rounded(fee * percent / 100, places), rounded(fee * deal.at_risk / 100, places))
    net = fee - credit
    vat = rounded(net * deal.vat / 100, places)
    return {
        "met": sorted(name for name, good in counted.items() if good),
        "missed": sorted(name for name, good in counted.items() if not good),
        "billed": sorted(job.name for job in done),
        "credit": credit, "net": net, "vat": vat, "gross": net + vat,
    }  # fmt: skip


def shown(data: dict[str, Any]) -> dict[str, Any]:
    (objective,) = data["objectives"]
    return {
        "met": sorted(r["instance"] for r in objective["results"] if r["met"]),
        "missed": sorted(r["instance"] for r in objective["results"] if not r["met"]),
        "billed": sorted(b["instance"] for x in data["lines"] if x["kind"] == "instance" for b in x["behind"]),
        "credit": sum((Fraction(credit["amount"]) for credit in data["credits"]), Fraction(0)),
        "net": Fraction(data["net"]), "vat": Fraction(data["vat"]["amount"]), "gross": Fraction(data["gross"]),
    }  # fmt: skip


@pytest.mark.drawn
@pytest.mark.parametrize("seed", seeds(24))
def test_figures_computed_by_other_means_are_the_same(ledger_of, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    deal = draw_deal(chance)
    jobs = draw_jobs(chance, deal.zone)
    ledger = ledger_of(deal.text())
    events: list[tuple[datetime, str, Job]] = []
    for job in jobs:
        events.append((job.start, "instance.started", job))
        events += [(begin, "work.opened", job) for begin, _ in job.waits]
        events += [(stop, "work.completed", job) for _, stop in job.waits]
        if job.end:
            events.append((job.end, "instance.completed", job))
    for when, kind, job in sorted(events, key=lambda event: event[0]):
        more = {"outcome": job.outcome} if kind == "instance.completed" else {}
        more |= {"party": "client"} if kind.startswith("work.") else {}
        ledger.add(kind, round(when.timestamp() * 1_000_000), job.name, **more)
    wanted = expected(deal, jobs)
    assert shown(details(ledger.invoice("2026-04"))) == wanted
    (again,) = recompute(ledger.export(tmp_path / "e.jsonl", "2026-06-30T00:00"), asked=[Month(2026, 4)]).asked
    assert shown(details(again)) == wanted
