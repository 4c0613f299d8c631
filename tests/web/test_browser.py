"""A real browser walks the agent's and the owner's way: script, keyboard, security policy and all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, PAYABLES, Clock, build, full

from anyshore.packs import reading
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """A browser in which nothing is open; what a test opens is closed after it."""
    yield chromium
    for context in chromium.contexts:
        context.close()


class Visit:
    """A person at a browser. Whatever the browser complains about fails the test."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.page = browser.new_context(viewport={"width": 1280, "height": 860}, **options).new_page()
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, email: str) -> None:
        self.page.goto(f"{self.address}/sign-in/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("nav")
        self.page.wait_for_load_state("networkidle")  # the script for the keyboard is there

    def confirm(self) -> None:
        """Who signs says once more who they are; what was sent is done then."""
        self.page.wait_for_url("**/account/confirm/**")
        self.page.locator("input[name=password]").focus()
        self.page.keyboard.type(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("networkidle")


def test_the_agents_and_the_owners_way(live_server: Any, browser: Any) -> None:
    world = full(build(Clock()))
    try:
        _agent(live_server, browser, world)
        world.host.work()
        assert Instance.objects.get(pk=2).status == "ended"
        _owner(live_server, browser)
    finally:
        running.forget()


def _agent(live_server: Any, browser: Any, world: Any) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("agent@example.org")
    page.keyboard.press("n")  # takes the next item without a mouse
    page.wait_for_url("**/work/2/*/")
    assert page.get_by_role("heading", name="Clarify the invoice").is_visible()
    assert page.get_by_text("Why you see this").is_visible()
    page.get_by_label("Return it to the sender").check()
    page.get_by_role("button", name="Done, next").click()
    assert page.get_by_text("An answer is needed.").is_visible()
    complaints = [one for one in visit.complaints if "422" not in one]
    page.get_by_label("Why?").fill("There is no order number on it.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/work/")
    assert page.get_by_text("Nothing waits for you.").first.is_visible()
    assert complaints == []


def _owner(live_server: Any, browser: Any) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("owner@example.org")
    page.get_by_role("link", name="Supplier invoices, from receipt to decision").click()
    page.get_by_role("link", name="Invoices decided in time").click()
    page.get_by_role("link", name="04-no-order-ubl.xml").click()
    page.wait_for_selector(".djs-container svg .djs-element")
    assert page.locator(".bjs-powered-by").is_visible(), "the bpmn.io logo stays"
    assert page.locator(".count-passed").count() >= 5
    page.get_by_role("button", name="Deutsch").click()
    assert page.get_by_text("Was geschah").is_visible()
    assert visit.complaints == []


def test_files_are_checked_tried_and_put_to_use(live_server: Any, browser: Any) -> None:
    template = reading.SHIPPED / "_template"
    review = reading.SHIPPED / "kpo" / "contract-review" / "case.yaml"
    build(Clock())
    try:
        visit = Visit(browser, live_server.url)
        page = visit.page
        visit.sign_in("manager@example.org")
        page.get_by_role("link", name="Processes").click()
        page.get_by_role("link", name="Check files").click()
        page.get_by_label("Files").set_input_files([template / "way.dmn", template / "forms.yaml"])
        page.get_by_role("button", name="Check").click()
        page.get_by_label("Files").set_input_files([PAYABLES / "payables.bpmn", review])
        page.get_by_role("button", name="Add or replace").click()
        page.wait_for_selector(".djs-container svg .djs-element")
        assert page.locator(".bjs-powered-by").is_visible(), "the bpmn.io logo stays"
        page.get_by_text("Try a decision").click()
        page.get_by_label("amount").fill("20")
        page.get_by_role("button", name="Decide").click()
        assert page.locator("#tried").get_by_text("rule 1 matched").is_visible()
        for name in ("payables.bpmn", "case.yaml"):
            page.get_by_role("listitem").filter(has_text=name).get_by_role("button").click()
        page.get_by_label("Files").set_input_files(template / "request.bpmn")
        page.get_by_role("button", name="Add or replace").click()
        page.get_by_label("Id").fill("visas")
        page.get_by_label("Title", exact=False).first.fill("Visas")
        page.get_by_role("button", name="Put to use").click()
        assert page.get_by_text("In use as visas").is_visible()
        assert visit.complaints == []
    finally:
        running.forget()


def test_pages_hold_at_phone_width(live_server: Any, browser: Any) -> None:
    full(build(Clock()))
    try:
        visit = Visit(browser, live_server.url)
        visit.page.set_viewport_size({"width": 390, "height": 800})
        visit.sign_in("manager@example.org")
        for path in ("/work/", "/cases/", "/cases/2/", "/engagements/payables/", "/operations/", "/people/"):
            visit.page.goto(live_server.url + path)
            wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide"
        assert visit.complaints == []
    finally:
        running.forget()
