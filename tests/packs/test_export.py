"""A month's postings leave the payables service as a batch for DATEV and as a journal."""

from __future__ import annotations

import csv
from typing import Any

from tests.activities.building import Line, ubl
from tests.packs.test_payables_kinds import BY_TOTAL, _received

from anyshore import feel
from anyshore.host.driver import Host
from anyshore.kernel.state import ROOT
from anyshore.packs import reading


def export(host: Host, first: str, last: str) -> dict[str, Any]:
    days = {name: feel.compile(f'date("{day}")').evaluate({}) for name, day in (("first", first), ("last", last))}
    numbers = {name: feel.compile(str(value)).evaluate({}) for name, value in (("consultant", 29098), ("client", 55))}
    start = reading.named("payables").starts
    number = host.start(start, {"task": "export", **days, **numbers}, engagement="e", service="payables")
    host.work()
    variables = host.state(number).variables[ROOT]
    assert variables["outcome"] == "postings exported"
    return dict(variables["export"])


def test_the_postings_of_a_month_are_exported_reversals_too() -> None:
    first = ubl("R-A", [Line("1", "1000.00")])
    second = ubl("R-X", [Line("1", "900.00")], kind="384", preceding="R-A")
    host, _ = _received(BY_TOTAL, first, second)
    found = export(host, "2026-03-01", "2026-03-31")
    assert (found["postings"], found["debits"], found["left"]) == (3, 3451, [])
    rows = list(csv.reader(found["file"].splitlines(), delimiter=";"))[2:]
    assert [(one[0], one[6], one[7], one[13]) for one in rows] == [
        ("1000,00", "6815", "1600", "Spree Möbel GmbH R-A"), ("190,00", "1576", "1600", "Spree Möbel GmbH R-A"),
        ("900,00", "6815", "1600", "Spree Möbel GmbH R-X"), ("171,00", "1576", "1600", "Spree Möbel GmbH R-X"),
        ("1000,00", "1600", "6815", "Storno R-A"), ("190,00", "1600", "1576", "Storno R-A"),
    ]  # fmt: skip
    journal = list(csv.DictReader(found["journal"].splitlines(), delimiter=";"))
    assert len(journal) == 9
    assert {one["vat_category"] for one in journal if one["account"] == "1576"} == {"S"}


def test_a_month_without_postings_is_an_empty_batch() -> None:
    host, _ = _received(BY_TOTAL, ubl("R-A", [Line("1", "1000.00")]))
    found = export(host, "2026-04-01", "2026-04-30")
    assert (found["postings"], len(found["file"].splitlines())) == (0, 2)
