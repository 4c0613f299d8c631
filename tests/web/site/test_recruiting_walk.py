"""In a real browser: client, recruiter and manager go from a requisition to a contract, and delete what is due."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tests.web.beginning import begin
from tests.web.conftest import PASSWORD
from tests.web.site.test_recruiting import CARD, CV, VACANCY, person
from tests.web.test_browser import Visit, browser  # noqa: F401 - a fixture

from anyshore.web.core.models import Engagement, Role
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.site import services

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("ANYSHORE_PICTURES")
"""A folder that gets pictures of the pages, to be looked at."""


class Walker(Visit):
    """Somebody who takes what is next, answers, and goes on."""

    def next(self, heading: str, **answers: str) -> None:
        """Takes the next item and finishes it.

        Args:
            heading: what its page is called.
            answers: by field.
        """
        page = self.page
        page.goto(f"{self.address}/work/")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("n")
        page.wait_for_url("**/work/*/*/")
        assert page.get_by_role("heading", name=heading).first.is_visible()
        for name, text in answers.items():
            field = page.locator(f"[name={name}]").first
            if field.get_attribute("type") == "radio":
                page.locator(f"[name={name}][value='{text}']").check()
            else:
                field.fill(text)
        self.picture(heading)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        page.wait_for_load_state("networkidle")

    def picture(self, name: str) -> None:
        if PICTURES:
            for width in (1280, 390):
                self.page.set_viewport_size({"width": width, "height": 860})
                self.page.screenshot(path=Path(PICTURES) / f"{name.split()[0]}-{width}.png", full_page=True)
            self.page.set_viewport_size({"width": 1280, "height": 860})


@pytest.fixture
def engagement(tmp_path: Path, settings: Any) -> Any:
    settings.HOME = str(tmp_path)
    made = services.ready("recruiting").engagement
    for role in (Role.OWNER, Role.AGENT, Role.MANAGER):
        one = person(made, role)
        one.set_password(PASSWORD)
        one.save()
    yield made
    running.forget()


def comes(engagement: Engagement, **what: Any) -> int:
    number = begin(person(engagement, Role.MANAGER), engagement.key, "recruiting", **what)
    host().work()
    return number


def test_from_a_requisition_to_a_contract(live_server: Any, browser: Any, engagement: Engagement) -> None:  # noqa: F811
    client, recruiter = (Walker(browser, live_server.url) for _ in range(2))
    client.sign_in(person(engagement, Role.OWNER).email)
    recruiter.sign_in(person(engagement, Role.AGENT).email)

    comes(engagement, variables=VACANCY)
    client.next("Approve the requisition", decision="approve", note="In the plan")
    host().work()
    client.next("Selection guideline before the works council", decision="agreed", note="Minutes of 3 March")
    host().work()

    number = comes(engagement, documents=[("V-7 Mia Beispiel.txt", CV)])
    recruiter.next("First look without a name", decision="invite", note="Payables and DATEV")
    host().work()
    client.next("Score card", **CARD)
    recruiter.next("Score card", **CARD)
    host().work()
    client.next("Decide on the offer", decision="offer", salary="50000", starts="2026-07-01", note="Both cards")
    host().work()
    client.next("Consent of the works council", decision="agreed", note="Letter")
    host().work()
    recruiter.next("Make the offer", decision="accepted", answered="2026-04-15")
    host().work()
    recruiter.next("Sign the contract", signed="2026-04-20", file="Personnel file 17")
    host().work()

    assert Instance.objects.get(pk=number).status == "ended"
    client.page.goto(f"{live_server.url}/cases/{number}/")
    assert client.page.get_by_text("Contract made").first.is_visible()
    assert client.complaints == recruiter.complaints == []
