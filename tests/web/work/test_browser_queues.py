"""A real browser at the queue, at an item with its counterparts, and at the page of interests: wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Clock, World, build
from tests.web.test_browser import Visit, browser

from anyshore.web.engine import running
from anyshore.web.engine.models import Instance

__all__ = ["browser"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = (
    "03-over-tolerance-ubl.xml",
    "04-no-order-ubl.xml",
    "05-unknown-seller-cii.xml",
    "14-changed-account-ubl.xml",
)
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 800}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = build(Clock())
    for sample in SAMPLES:
        found.start(sample)
    found.start("01-matching-ubl.xml")
    found.start("09-duplicate-of-01-ubl.xml")
    yield found
    running.forget()


def photographed(page: Any, name: str) -> None:
    """Keeps what the page looks like where ANYSHORE_SHOTS names a folder; nothing is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    if folder := os.environ.get("ANYSHORE_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_queue_is_sorted_and_searched(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("agent@example.org")
    page.get_by_role("link", name="My work").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("columnheader", name="Supplier").is_visible()
    photographed(page, "queue-wide")
    page.get_by_role("link", name="Amount").click()
    amounts = page.locator('td[data-label="Amount"]').all_inner_texts()
    values = [float(one.split()[0].replace(",", "")) for one in amounts]
    assert values == sorted(values)
    page.get_by_role("link", name="Amount").click()
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("Amount")
    page.locator("main").get_by_label("Search").fill("nordlicht")
    page.locator("main").get_by_label("Search").press("Enter")
    page.wait_for_url("**text=nordlicht**")
    assert page.locator("table.stack tbody tr").count() == 4
    assert page.locator("main").get_by_label("Search").input_value() == "nordlicht"
    page.set_viewport_size(NARROW)
    photographed(page, "queue-narrow")
    page.get_by_role("link", name="All queues").click()
    page.wait_for_load_state("networkidle")
    photographed(page, "queues-narrow")
    assert visit.complaints == []


def test_an_agent_decides_on_the_page(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("agent@example.org")
    page.keyboard.press("n")
    page.wait_for_url("**/work/1/*/")
    order = page.locator("section.counterpart").filter(has_text="Bürostuhl Modell 3")
    assert order.locator("tr.differs").count() == 3
    assert order.get_by_text("2 differences").is_visible()
    photographed(page, "item-wide")
    page.set_viewport_size(NARROW)
    photographed(page, "item-narrow")
    page.set_viewport_size(WIDE)
    assert page.locator("#o_order").inner_text() == "optional"
    with page.expect_response("**/needed/"):
        page.get_by_label("Match it with another order").check()
    page.wait_for_function("document.querySelector('#o_order').textContent === 'needed'")
    page.get_by_label("Why?").fill("It is of another order.")
    page.get_by_role("button", name="Done, next").click()
    assert page.get_by_text("An answer is needed.").count() == 1
    page.wait_for_load_state("networkidle")
    complaints = [one for one in visit.complaints if "422" not in one]
    with page.expect_response("**/needed/"):
        page.get_by_label("Book it").check()
    page.wait_for_function("document.querySelector('#o_order').textContent === 'optional'")
    page.get_by_role("button", name="Done", exact=True).click()
    page.wait_for_url("**/work/")
    world.host.work()
    assert Instance.objects.get(pk=1).status == "ended"
    assert complaints == []


def test_a_decision_needs_no_mouse(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url, timezone_id="Asia/Kolkata")
    page = visit.page
    visit.sign_in("agent@example.org")
    page.keyboard.press("n")
    page.wait_for_url("**/work/1/*/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement.type") == "radio", "focus begins on the decision"
    assert page.get_by_text("your time").count() >= 1, "the browser's clock is the reader's"
    page.keyboard.press("3")
    assert page.locator("input[type=radio]").nth(2).is_checked()
    page.evaluate("document.activeElement.blur()")
    with page.expect_response("**/needed/"):
        page.keyboard.press("1")
    assert page.locator("input[type=radio]").nth(0).is_checked()
    asked: list[Any] = []

    def sent(route: Any) -> None:
        for one in asked:
            one.fulfill(status=404)  # the item is gone before the next page is here
        route.continue_()

    page.route("**/needed/", lambda route: asked.append(route))
    page.route(page.url, sent)
    page.get_by_label("Why?").fill("1, as agreed.")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/2/*/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Please correct the marked fields.").wait_for()
    assert page.evaluate("document.activeElement.closest('.field-bad') !== null"), "focus is where something is wrong"
    assert [one for one in visit.complaints if "422" not in one] == []


def test_a_duplicate_leads_to_the_earlier_one(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("agent@example.org")
    page.get_by_role("link", name="My work").click()
    page.get_by_role("link", name="09-duplicate-of-01-ubl.xml").click()
    photographed(page, "duplicate-wide")
    page.get_by_role("link", name="01-matching-ubl.xml").click()
    page.wait_for_url("**/cases/5/")
    assert visit.complaints == []


def test_what_binds_people_is_noted_and_ended(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("manager@example.org")
    page.get_by_role("link", name="Interests").click()
    page.get_by_label("Person").select_option(label="Expert Example")
    page.get_by_label("Party").fill("Musterbau AG")
    page.get_by_label("Relation").fill("holding")
    page.get_by_role("button", name="Note it").click()
    assert page.get_by_text("Noted. New walls from it: 1.").is_visible()
    photographed(page, "interests-wide")
    page.set_viewport_size(NARROW)
    photographed(page, "interests-narrow")
    page.get_by_role("button", name="It has ended").click()
    assert page.get_by_text("until a manager lifts them").is_visible()
    page.set_viewport_size(WIDE)
    page.goto(f"{live_server.url}/people/{world.people['expert'].pk}/")
    photographed(page, "person-wide")
    page.set_viewport_size(NARROW)
    photographed(page, "person-narrow")
    page.get_by_label("Reason to lift the wall").fill("Sold")
    page.get_by_role("button", name="Lift").click()
    assert page.get_by_text("holding: Musterbau AG").count() == 0
    assert visit.complaints == []
