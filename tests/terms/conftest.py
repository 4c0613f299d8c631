"""A small engagement to write ledgers for."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from anyshore.terms.book import Book
from anyshore.terms.corrections import Correction, correction
from anyshore.terms.exports import write_export
from anyshore.terms.figures import figures
from anyshore.terms.invoice import Invoice, draft
from anyshore.terms.ledger import EMPTY, Entry, append, head_of
from anyshore.terms.months import Month, parse

TERMS = """
id: acme
version: 1
client: {name: Acme, countries: [DE]}
provider: {name: Shore, countries: [PL]}
currency: EUR
start: 2026-01-01
time_zone: Europe/Berlin
shores: [onshore, nearshore]
calendars:
  office:
    time_zone: Europe/Berlin
    holidays: [{country: DE, subdivision: BE}]
    hours:
      monday: ["09:00-17:00"]
      tuesday: ["09:00-17:00"]
      wednesday: ["09:00-17:00"]
      thursday: ["09:00-17:00"]
      friday: ["09:00-17:00"]
services:
  payables:
    kind: bpo
    name: Payables
    prices:
      - {per: instance, name: Decided invoice, outcomes: [paid, rejected], price: 1.85}
    objectives:
      decided:
        measure: duration
        name: Invoices decided in time
        from: instance.started
        to: instance.completed
        within: {business_hours: 8}
        calendar: office
        target: 95
        exclude:
          - name: waiting for the client
            from: {entry: work.opened, where: {party: client}}
            to: {entry: work.completed, where: {party: client}}
        leave_out: {outcomes: [withdrawn]}
    credits:
      at_risk: 10
      bands:
        decided:
          - {below: 95, credit: 3}
          - {below: 90, credit: 6}
          - {below: 80, credit: 12}
    baseline: {unit_cost: 6.40, source: own estimate}
vat: {category: S, rate: 19}
"""


def at(text: str, zone: str = "Europe/Berlin") -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round((moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


class Ledger:
    """Writes entries in the words of a test."""

    def __init__(self, terms: str = TERMS) -> None:
        self.entries: list[Entry] = []
        self.sign(terms)

    def add(self, kind: str, when: str | int, instance: str = "", service: str = "payables", **data: object) -> None:
        head = head_of(self.entries[-1]) if self.entries else EMPTY
        moment = when if isinstance(when, int) else at(when)
        reference = instance.upper() if instance else ""
        entry = append(head, engagement="acme", at=moment, type=kind, service=service, instance=instance,
                       reference=reference, data=data)  # fmt: skip
        self.entries.append(entry)

    def sign(self, terms: str, when: str = "2025-12-15T12:00") -> None:
        self.add("engagement.signed", when, service="", terms=terms)

    def case(
        self, instance: str, start: str | int, end: str | int | None = None, outcome: str = "paid", **data: object
    ) -> None:
        self.add("instance.started", start, instance)
        if end is not None:
            self.add("instance.completed", end, instance, outcome=outcome, **data)

    def book(self) -> Book:
        return Book.of(self.entries)

    def invoice(self, month: str = "2026-01", until: str | None = None) -> Invoice:
        return draft(self.book(), parse(month), until=at(until) if until else None)

    def issue(self, month: str, when: str, number: str = "R-1", **changed: object) -> None:
        data = figures(self.invoice(month)) | changed
        self.add("invoice.issued", when, service="", number=number, month=month, figures=data)

    def correction(self, month: str = "2026-01") -> Correction:
        return correction(self.book(), parse(month))

    def correct(self, month: str, when: str, number: str = "C-1", **changed: object) -> None:
        data = {"number": number, "month": month, "reason": "agreed"} | self.correction(month).contents() | changed
        self.add("invoice.corrected", when, service="", **data)

    def export(self, path: Path, when: str | None = None) -> Path:
        stream = io.BytesIO()
        write_export(self.entries, stream, engagement="acme", at=at(when) if when else None)
        path.write_bytes(stream.getvalue())
        return path


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(scope="session")
def ledger_of() -> type[Ledger]:
    return Ledger


@pytest.fixture(scope="session")
def terms_text() -> str:
    return TERMS


@pytest.fixture
def january() -> Month:
    return Month(2026, 1)
