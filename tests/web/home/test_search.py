"""One search, within what one may see."""

from __future__ import annotations

from typing import Any

from tests.web.engagements.test_corrections import DAY, PLAIN, agree

from anyshore.web.engagements import actions
from anyshore.web.home import search


def titles(person: Any, text: str) -> list[str]:
    return [hit.title for group in search.found(person, text) for hit in group.hits]


def test_everybody_finds_what_they_may_see(world: Any) -> None:
    agree(world, PLAIN)
    world.start("01-matching-ubl.xml")
    world.clock.now += 30 * DAY
    actions.issue_invoice(world.people["manager"], "payables", "2026-01")
    people = world.people
    assert "01-matching-ubl.xml" in titles(people["owner"], "MATCHING")
    assert "Supplier invoices, from receipt to decision" in titles(people["owner"], " supplier ")
    assert titles(people["owner"], "payables-0001") == ["payables-0001"]
    for amount in ("2.20", "2,20"):
        assert "payables-0001" in titles(people["manager"], amount)
    assert people["agent"].name in titles(people["manager"], people["agent"].email)
    assert titles(people["owner"], people["agent"].email) == []
    assert "payables-0001" not in titles(people["agent"], "payables-0001")
    for outside in ("stranger", "idle"):
        assert titles(people[outside], "01-matching") == []
    assert "payables-0001" not in titles(people["rival"], "2.20")
    assert titles(people["owner"], "   ") == []


def test_the_page_and_the_palette_show_the_same(world: Any) -> None:
    world.start("01-matching-ubl.xml")
    browser = world.browser("owner")
    page = browser.get("/search/?q=matching").content.decode()
    part = browser.get("/search/?q=matching", headers={"hx-request": "true"}).content.decode()
    assert part.strip() in page
    assert "<html" not in part
    assert "Nothing was found." in browser.get("/search/?q=zzzz").content.decode()
    assert "data-palette" in page
