"""Terms in words leave nothing out: whatever a version changes, the page says so. A client signs what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import yaml
from django.urls import reverse
from django.utils import translation
from tests.web.conftest import PAYABLES, World

from anyshore.base.errors import TermsError
from anyshore.terms import reading
from anyshore.web.engagements import actions, contents

RICH = """
id: mill
title: Invoices and reviews
version: 1
in_force_from: 2026-01-01
client:
  name: Mill
  countries: [DE]
  address: {lines: [Am Bach 1], post_code: "97070", city: Würzburg, country: DE}
  vat_id: DE136695976
  email: invoices@mill.example
  reference: PO-1
provider:
  name: Desk
  countries: [PL, DE]
  address: {lines: [Weg 2], post_code: 00-001, city: Warszawa, country: PL}
  vat_id: PL1234567890
  tax_number: 12/345
  registration: KRS 1
  email: desk@desk.example
  contact: {name: Anna, phone: +48 22 1234, email: anna@desk.example}
payment: {days: 30, account: DE89370400440532013000, account_name: Desk, bic: COBADEFFXXX}
currency: EUR
start: 2026-01-01
end: 2028-12-31
time_zone: Europe/Berlin
shores: [nearshore]
data_classes: [internal]
calendars:
  office:
    time_zone: Europe/Berlin
    holidays: [{country: DE, subdivision: BE}]
    hours: {monday: ["09:00-12:00", "13:00-17:00"], tuesday: ["09:00-17:00"], friday: ["09:00-15:00"]}
    special_days: [{date: 2026-12-24, name: Christmas Eve, hours: ["09:00-12:00"]}]
services:
  payables:
    kind: bpo
    name: Invoices
    minimum_charge: 250
    prices:
      - {per: instance, name: Decided, outcomes: [booked], tier_mode: volume,
         tiers: [{up_to: 1000, price: 1.85}, {price: 1.5}]}
      - {per: milestone, name: Memo, milestone: signed, price: 100}
      - {per: hour, name: Expert, price: 90, increment: 15, minutes: spent, where: {role: expert}}
      - {per: fte_month, name: Desk, price: 4000, fte: 2.5}
      - {per: month, name: Base, price: 500}
    objectives:
      decided:
        measure: duration
        name: In time
        from: instance.started
        to: {entry: instance.completed, where: {outcome: booked}}
        within: {business_hours: 8}
        calendar: office
        target: 95
        minimum_cases: 5
        exclude:
          - {name: waiting, from: {entry: work.opened, where: {party: client}},
             to: {entry: work.completed, where: {party: client}}}
        leave_out: {outcomes: [withdrawn]}
      right:
        measure: share
        name: Right
        of: {entry: work.completed, where: {sampled: true}}
        good: {right: true}
        target: 99.5
    credits:
      at_risk: 10
      bands:
        decided: [{below: 95, credit: 3}, {below: 90, credit: 6}]
    baseline: {unit_cost: 6.4, source: books of 2025}
vat: {category: S, rate: 19}
"""
OTHERS = {
    "DE": "AT", "PL": "CZ", "BE": "BY", "EUR": "USD", "Europe/Berlin": "Europe/Vienna", "nearshore": "offshore",
    "internal": "personal", "bpo": "kpo", "volume": "graduated", "instance.started": "work.opened",
    "instance.completed": "instance.cancelled", "work.opened": "instance.started", "work.completed": "work.opened",
    "09:00-12:00": "09:00-11:30", "13:00-17:00": "13:00-16:00", "09:00-17:00": "10:00-17:00",
    "09:00-15:00": "10:00-15:00", "DE136695976": "DE136695977", "PL1234567890": "PL1234567891",
    "invoices@mill.example": "bills@mill.example", "desk@desk.example": "a@desk.example",
    "anna@desk.example": "b@desk.example", "+48 22 1234": "+48 22 1235", "COBADEFFXXX": "DEUTDEFFXXX",
    "DE89370400440532013000": "DE02120300000000202051",
}  # fmt: skip
"""A value → another one that is allowed in its place."""


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    children = list(items)
    if not children:
        yield path
    for key, child in children:
        yield from leaves(child, (*path, key))


def text_of(data: Any) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


OTHERS_AT = {
    "in_force_from": date(2026, 2, 1), "start": date(2025, 12, 1), "end": date(2029, 12, 31), "vat.category": "L",
    "calendars.office.special_days.0.date": date(2026, 12, 23),
    "services.payables.credits.bands.decided.0.below": 94,
    "services.payables.objectives.decided.target": 96, "services.payables.objectives.right.target": 98,
}  # fmt: skip
"""The same for single places."""


def other(path: tuple[Any, ...], value: Any) -> Any:
    place = ".".join(map(str, path))
    match value:
        case _ if place in OTHERS_AT:
            return OTHERS_AT[place]
        case bool():
            return not value
        case str():
            return OTHERS.get(value, f"{value} otherwise")
        case _:
            return value + 1


DATA = yaml.safe_load(RICH)
NOT_SHOWN = {
    "id", "version", "services.payables.objectives.decided.measure", "services.payables.objectives.right.measure",
    "services.payables.objectives.decided.calendar", "calendars.office.holidays.0.country",
}  # fmt: skip
"""The id is the engagement's own, the version heads the card; the others cannot change alone."""
LEAVES = [path for path in leaves(DATA) if ".".join(map(str, path)) not in NOT_SHOWN and path[-1] != "per"]


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_every_change_is_told(path: tuple[Any, ...]) -> None:
    changed = deepcopy(DATA)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = other(path, place[path[-1]])
    try:
        new = reading.loads(text_of(changed))
    except TermsError as error:
        pytest.fail(f"no version to compare with: {error}")
    old = reading.loads(RICH)
    assert new != old
    assert sum(contents.changes(contents.sections(new, old)).values()) >= 1
    assert not sum(contents.changes(contents.sections(old, old)).values())


@pytest.mark.parametrize("gone", ["minimum_charge", "credits", "baseline", "objectives"])
def test_what_is_gone_is_told_too(gone: str) -> None:
    less = deepcopy(DATA)
    del less["services"]["payables"][gone]
    if gone == "objectives":
        del less["services"]["payables"]["credits"]
    found = contents.sections(reading.loads(text_of(less)), reading.loads(RICH))
    assert contents.changes(found)["gone"] >= 1


def test_sentences_read_in_both_languages() -> None:
    def texts() -> dict[str, str]:
        found = contents.sections(reading.loads(RICH))
        return {row.key: row.text for section in found for row in section.rows}

    with translation.override("en"):
        english = texts()
    with translation.override("de"):
        german = texts()
    assert english["price Decided"] == (
        "1.85 EUR up to 1,000, 1.50 EUR beyond for a case; all units at the price of the step reached; "
        "counted: a case is completed (outcome = booked)"
    )
    assert german["credit decided"] == "unter 95 %: 3 % der Vergütung; unter 90 %: 6 % der Vergütung"
    assert english.keys() == german.keys()
    same = {key for key, text in german.items() if text == english[key] and " " in text}
    plain = {
        "billing client",
        "billing provider",
        "title",
        "client",
        "provider",
        "vat",
        "holidays",
        "hours monday monday",
        "day 2026-12-24",
    }
    assert same <= plain, "a sentence is not translated"


def test_the_page_compares_with_the_version_before(world: World) -> None:
    text = (PAYABLES / "terms.yaml").read_text(encoding="utf-8")
    amended = text.replace("version: 1", "version: 2\nin_force_from: 2026-02-01").replace("1.85", "2.10")
    actions.propose(world.people["manager"], world.provider, world.client, amended)
    address = reverse("engagement-terms", args=["payables"])
    page = " ".join(world.browser("owner").get(address).content.decode().split())
    assert "Against version 1: 2 changed, 0 new, 0 gone." in page
    assert "2.10 EUR up to 1,000" in page
    assert "<del>1.85 EUR up to 1,000" in page
    assert "The text that binds (YAML)" in page
    german = world.browser("owner").get(address, headers={"accept-language": "de"}).content.decode()
    assert "Gegenüber Fassung 1" in german
