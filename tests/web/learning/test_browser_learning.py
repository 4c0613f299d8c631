"""A real browser: an agent fails, learns, passes, works, and expires; a manager looks; a stranger checks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.conftest import Clock, World, build
from tests.web.learning.test_learning import right
from tests.web.test_browser import Visit, browser
from tests.web.work.test_browser_queues import NARROW, WIDE, photographed

from anyshore.web.core.models import Credential
from anyshore.web.engine import running
from anyshore.web.learning.models import Attempt, Certificate

__all__ = ["browser"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = build(Clock())
    Credential.objects.filter(person=found.people["agent"]).delete()
    found.start("03-over-tolerance-ubl.xml")
    yield found
    running.forget()


def both(page: Any, name: str) -> None:
    for size, word in ((NARROW, "narrow"), (WIDE, "wide")):
        page.set_viewport_size(size)
        photographed(page, f"{name}-{word}")


def test_an_agent_fails_learns_passes_works_and_expires(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url)
    page = visit.page
    page.set_default_navigation_timeout(120_000)
    visit.sign_in("agent@example.org")
    assert page.get_by_text("Nothing waits for you.").first.is_visible()
    both(page, "work-without-certificate")
    page.get_by_role("link", name="Win or renew the certificate").click()
    both(page, "learning")
    page.get_by_role("link", name="Accounts payable").click()
    assert page.get_by_text("Never pay twice").is_visible()
    both(page, "learning-subject")
    page.get_by_role("button", name="Begin the test").click()
    page.wait_for_url("**/learning/tests/*/")
    both(page, "learning-test")
    page.get_by_role("button", name="Hand it in").click()
    assert page.get_by_text("not passed").is_visible()
    page.goto(f"{live_server.url}/work/")
    assert page.get_by_text("Accounts payable: needs").first.is_visible()
    assert page.get_by_role("button", name="Take the next item").count() == 0
    page.get_by_role("link", name="Win or renew the certificate").click()
    page.get_by_role("link", name="Accounts payable").first.click()
    page.get_by_role("button", name="Begin the test").click()
    page.wait_for_url("**/learning/tests/*/")
    for place, given in right(Attempt.objects.get(ended=None), world).items():
        field = page.locator(f'[name="q{place}"]')
        if field.first.get_attribute("type") == "text":
            field.fill(given[0])
        else:
            for value in given:
                page.locator(f'[name="q{place}"][value="{value}"]').check()
    page.get_by_role("button", name="Hand it in").click()
    won = Certificate.objects.get()
    assert page.get_by_text(won.number).is_visible()
    both(page, "learning-passed")
    page.goto(f"{live_server.url}/work/")
    page.get_by_role("button", name="Take the next item").click()
    page.wait_for_url("**/work/*/*/")
    page.goto(f"{live_server.url}/learning/")
    both(page, "learning-held")
    _manager(live_server, browser, world)
    _stranger(live_server, browser, won)
    _expired(live_server, page, world)
    assert visit.complaints == []


def _manager(live_server: Any, browser: Any, world: World) -> None:
    visit = Visit(browser, live_server.url)
    visit.sign_in("manager@example.org")
    visit.page.get_by_role("link", name="Skills").click()
    assert visit.page.get_by_text("Agent Example").first.is_visible()
    both(visit.page, "skills")
    assert visit.complaints == []


def _stranger(live_server: Any, browser: Any, won: Certificate) -> None:
    visit = Visit(browser, live_server.url)
    visit.page.goto(f"{live_server.url}/check/")
    visit.page.get_by_label("Number").fill(won.number)
    visit.page.get_by_role("button", name="Check").click()
    visit.page.wait_for_url(f"**/check/{won.number}/")
    assert visit.page.get_by_text("Agent Example").is_visible()
    both(visit.page, "check")
    assert visit.complaints == []


def _expired(live_server: Any, page: Any, world: World) -> None:
    """The item in hand is given back; at midnight in Berlin nothing is given any more."""
    page.goto(f"{live_server.url}/work/")
    page.locator("section.next a.line").first.click()
    page.get_by_role("button", name="Give it back").click()
    world.clock.now = int(datetime.datetime(2027, 1, 5, 23, tzinfo=datetime.UTC).timestamp()) * 1_000_000 - 1
    page.goto(f"{live_server.url}/work/")
    assert page.get_by_role("button", name="Take the next item").is_visible()
    world.clock.now += 1
    page.goto(f"{live_server.url}/work/")
    assert page.get_by_text("payables (expired on 2027-01-05)").is_visible()
    assert page.get_by_role("button", name="Take the next item").count() == 0
    both(page, "work-expired")
    page.get_by_role("link", name="Win or renew the certificate").click()
    page.get_by_role("link", name="Accounts payable").first.click()
    assert page.get_by_role("button", name="Begin the test").is_visible()
