"""Figures for programs: the first of the cases behind them, and all of them in sheets."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.terms import figures
from anyshore.terms.invoice import draft
from anyshore.terms.ledger import plain
from anyshore.terms.months import parse
from anyshore.web.engagements import listed
from anyshore.web.engine import books, tallies

SHORT = ("results", "running", "left_out", "unmeasured", "counts")


@pytest.fixture
def worked(world: Any) -> Any:
    """Three invoices decided, one in time and two late, and one that waits."""
    for sample in ("01-matching-ubl.xml", "02-matching-cii.xml", "04-no-order-ubl.xml"):
        world.start(sample)
        world.clock.now += 3_600_000_000
    return world


def answer(world: Any, address: str) -> Any:
    found = world.browser("owner").get(f"/api/engagements/payables/{address}")
    assert found.status_code == 200, found.content
    return found


def test_a_scorecard_tells_what_the_whole_ledger_gives(worked: Any) -> None:
    shown = answer(worked, "scorecard").json()
    whole = plain(figures.details(draft(books.book("payables"), parse("2026-01"), until=worked.clock.now + 1)))
    assert shown["objectives"] == whole["objectives"]
    assert [one["counts"]["running"] for one in shown["objectives"]] == [1]
    assert (shown["month"], shown["terms"], shown["running"]) == (whole["month"], whole["terms"], True)


def test_an_invoice_tells_what_the_whole_ledger_gives(worked: Any) -> None:
    for hours in (0, 24 * 40):  # while the month runs, and after it
        worked.clock.now += hours * 3_600_000_000
        shown = answer(worked, "invoices/2026-01").json()
        until = worked.clock.now + 1 if shown["running"] else None
        whole = plain(figures.details(draft(books.book("payables"), parse("2026-01"), until=until)))
        assert {name: shown[name] for name in whole} == whole
        assert whole["lines"][0]["cases"] == 2


def test_the_same_is_told_while_the_ledger_is_still_being_counted(worked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(address: str) -> str:
        page = worked.browser("owner").get(address).content.decode()
        return page.split("<main")[1].split("<footer")[0]  # the form in the footer has a token that is new every time

    counted = answer(worked, "scorecard").json()
    pages = {
        address: shown(address) for address in ("/engagements/", "/engagements/payables/objectives/payables/decided/")
    }
    monkeypatch.setattr(tallies, "ready", lambda engagement: None)
    assert answer(worked, "scorecard").json() == counted
    for address, page in pages.items():
        assert shown(address) == page


def test_cases_come_in_sheets(worked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = answer(worked, "scorecard").json()["objectives"][0]["results"]
    assert len(everything) == 2
    monkeypatch.setattr(listed, "MOST", 1)
    assert answer(worked, "scorecard").json()["objectives"][0]["results"] == everything[:1]
    first = answer(worked, "objectives/payables/decided/cases?limit=1")
    assert first.json() == {"total": 2, "cases": everything[:1]}
    assert "page=2" in first.headers["Link"]
    second = answer(worked, "objectives/payables/decided/cases?limit=1&page=2")
    assert second.json() == {"total": 2, "cases": everything[1:]}
    assert "Link" not in second.headers
    line = answer(worked, "invoices/2026-01/lines/1/cases?limit=1").json()
    assert line["total"] == 2
    assert line["cases"] == answer(worked, "invoices/2026-01").json()["lines"][0]["behind"]
