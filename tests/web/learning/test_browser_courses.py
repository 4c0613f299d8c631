"""A real browser: somebody of a client's staff asks for a seat, is there, passes the test, and the client is billed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.web.conftest import PASSWORD
from tests.web.learning.test_courses import School, right, school
from tests.web.test_browser import Visit, browser

from anyshore.web.core.models import Credential, Membership, Person, Role

__all__ = ["browser", "school"]  # the fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def visit(live_server: Any, browser: Any, person: Person) -> Visit:
    person.set_password(PASSWORD)
    person.language = "en"
    person.save()
    found = Visit(browser, live_server.url, locale="en-GB")
    found.sign_in(person.email)
    return found


def test_a_client_s_staff_are_trained_and_billed(live_server: Any, browser: Any, school: School, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    anke = Person.objects.create_user("anke@musterbau.example", name="Anke")
    Membership.objects.create(person=anke, organisation=school.engagement.client, role=Role.LEARNER)
    learner = visit(live_server, browser, anke)
    _asks(learner)
    school.host.work()
    assert school.mails() == ["anke@musterbau.example Einladung: Datenschutz im Alltag"]
    _attended(live_server, browser, school)
    school.host.work()
    _evaluates(learner, live_server.url)
    school.host.work()
    _passes(learner, live_server.url, school)
    school.host.work()
    learner.page.goto(f"{live_server.url}/courses/")
    assert learner.page.get_by_text("valid", exact=True).is_visible()
    assert learner.complaints == []
    _billed(live_server, browser, school)


def _asks(learner: Visit) -> None:
    learner.page.get_by_role("link", name="Datenschutz im Alltag").first.click()
    learner.page.get_by_role("button", name="Ask for a seat").first.click()
    learner.page.get_by_text("You asked for a seat.").wait_for()


def _attended(live_server: Any, browser: Any, school: School) -> None:
    agent = school.staff(Role.AGENT)
    Credential.objects.get_or_create(
        person=agent, kind="certificate", subject="training", defaults={"valid_from": datetime.date(2020, 1, 1)}
    )
    trainer = visit(live_server, browser, agent)
    trainer.page.get_by_role("button", name="Take the next item").first.click()
    trainer.page.wait_for_url("**/work/*/*/")
    trainer.page.locator('input[name="attended"][value="yes"]').check()
    trainer.page.get_by_role("button", name="Done", exact=True).click()
    trainer.page.wait_for_url("**/work/")
    assert trainer.complaints == []


def _evaluates(learner: Visit, address: str) -> None:
    learner.page.goto(f"{address}/courses/")
    learner.page.get_by_role("link", name="Evaluate the course").click()
    learner.page.locator('input[name="rating"][value="4"]').check()
    learner.page.keyboard.press("Control+Enter")
    learner.page.wait_for_url("**/courses/")


def _passes(learner: Visit, address: str, school: School) -> None:
    page = learner.page
    page.goto(f"{address}/courses/")
    page.get_by_role("link", name="Take the test").click()
    page.get_by_role("button", name="Begin the test").click()
    page.get_by_role("button", name="Hand it in").wait_for()
    for name, values in right(school).items():
        fields = page.locator(f'[name="{name}"]')
        for place, value in enumerate(values):
            kind = fields.first.evaluate("(one) => one.type")
            if kind in ("radio", "checkbox"):
                next(one for one in fields.all() if one.get_attribute("value") == value).check()
            elif kind.startswith("select"):
                fields.nth(place).select_option(value)
            else:
                fields.nth(place).fill(value)
    page.get_by_role("button", name="Hand it in").click()
    page.wait_for_url("**/courses/")


def _billed(live_server: Any, browser: Any, school: School) -> None:
    owner = visit(live_server, browser, school.staff(Role.OWNER))
    owner.page.goto(f"{live_server.url}/engagements/training/invoices/2027-05/")
    line = owner.page.get_by_role("row").filter(has_text="Learner").first
    assert "49.00" in line.inner_text()
    assert owner.complaints == []
