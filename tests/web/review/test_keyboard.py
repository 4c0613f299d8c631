"""A contract from review to signed memo in a real browser with the keyboard alone; one reviewer reads German."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Clock, build
from tests.web.contract import PACK, QUOTES, scene
from tests.web.test_browser import Visit, browser  # noqa: F401 - a fixture

from anyshore.web.cases import deliverable
from anyshore.web.core.models import Person
from anyshore.web.engine import running
from anyshore.web.review import playbooks
from anyshore.web.review.models import Answer

pytestmark = pytest.mark.long

pytestmark = pytest.mark.django_db(transaction=True)

SEARCHED = {
    "Governing Law": "laws of switzerland", "Cap On Liability": "limited to the fees", "Expiration Date": "three years",
    "Renewal Term": "renews for successive", "Notice Period To Terminate Renewal": "ninety (90)",
    "Exclusivity": "maintained by any other", "Anti-Assignment": "assign this agreement",
}  # fmt: skip


class Hands(Visit):
    """A person who has a keyboard and no mouse."""

    def sign_in(self, email: str) -> None:
        self.page.goto(f"{self.address}/sign-in/")
        self.page.keyboard.type(email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("nav")
        self.page.wait_for_load_state("networkidle")

    def next(self, address: str) -> None:
        self.page.goto(f"{self.address}/work/")
        self.page.wait_for_load_state("networkidle")
        self.page.keyboard.press("n")
        self.page.wait_for_url(address)
        self.page.wait_for_load_state("networkidle")

    def write(self, field: str, text: str) -> None:
        """Goes to a field with Tab, and writes."""
        for _step in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", field):
                visible = self.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
                assert visible != "none"  # one sees where one is
                self.page.keyboard.type(text)
                return
        raise AssertionError(f"Tab does not reach {field}")

    def is_free(self) -> None:
        """Says of oneself that one is free of conflicts."""
        self.page.wait_for_url("**/conflicts/")
        self.page.keyboard.press("1")
        self.send()

    def until_at(self, clause: str) -> None:
        """The focus is on a clause, and no answer is under way; counts beside them may be."""
        under_way = ", ".join(
            f"[data-clause]{place}.htmx-{what}" for place in ("", " ") for what in ("request", "settling")
        )
        self.page.wait_for_function(
            "([id, underWay]) => document.activeElement.id === id && !document.querySelector(underWay)",
            arg=[clause, under_way],
        )

    def send(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+Enter")
        self.page.wait_for_load_state("networkidle")

    def review(self, absent: str = "") -> None:
        page = self.page
        page.keyboard.press("j")
        for done, (kind, clause) in enumerate(playbooks.of(_pack()).clauses.items(), 1):
            value = QUOTES.get(kind, ("absent", ""))[0] if kind != absent else "absent"
            self.until_at(kind)
            page.keyboard.press(str(list(clause.answers).index(value) + 1))
            if value != "absent":
                page.wait_for_selector(f"[id='{kind}'] .badge.warn")
                self.until_at(kind)
                page.keyboard.press("/")
                page.keyboard.type(SEARCHED[kind])
                page.keyboard.press("Enter")
                page.keyboard.press("Escape")
                page.keyboard.press("q")
            page.wait_for_function(
                "(text) => document.querySelector('#progress').textContent.trim().startsWith(text)", arg=f"{done} /"
            )
        page.keyboard.press("f")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*/review/")


def _pack() -> Any:
    from anyshore.packs import reading

    return reading.read(PACK)


def test_from_contract_to_signed_memo_with_the_keyboard(live_server: Any, browser: Any) -> None:  # noqa: F811
    world = build(Clock())
    try:
        desk = scene(world)
        Person.objects.filter(email="second@example.org").update(language="de")
        lead = Hands(browser, live_server.url)
        lead.sign_in("lead@example.org")
        lead.next("**/work/*/*/review/")
        lead.page.keyboard.press("?")
        assert lead.page.get_by_role("dialog").get_by_text("next and previous clause").is_visible()
        lead.page.keyboard.press("Escape")
        lead.review()  # the next key comes at once: what was closed swallows none
        world.host.work()

        second = Hands(browser, live_server.url)
        second.sign_in("second@example.org")
        second.next("**/conflicts/")
        second.is_free()
        assert "Ihre Antworten sieht niemand" in second.page.content()
        second.review(absent="Anti-Assignment")
        world.host.work()
        assert Answer.objects.count() == 30

        judge = Hands(browser, live_server.url)
        judge.sign_in("judge@example.org")
        judge.next("**/conflicts/")
        judge.is_free()
        judge.page.wait_for_url("**/work/*/*/adjudication/")
        judge.page.keyboard.press("j")
        judge.page.keyboard.press("2")
        judge.page.keyboard.type("Clause 6.1 allows it to affiliates.")
        judge.send()
        judge.page.keyboard.press("f")
        judge.page.keyboard.press("Enter")
        judge.page.wait_for_url("**/cases/*/review/")
        world.host.work()

        lead.next("**/work/*/*/")
        lead.write("textarea", "It may be signed once exclusivity is struck.")
        lead.send()
        world.host.work()
        lead.next("**/work/*/*/")
        lead.write("textarea", "Every finding rests on the words quoted.")
        lead.send()
        lead.confirm()
        world.host.work()
        assert desk.case().status == "ended"
        made = deliverable.report(desk.case(), world.client.bought.get(key="contract-review"))
        assert [one.person for one in made.composed.deliverable.signoffs] == ["Lead Expert"]
        assert lead.complaints == second.complaints == judge.complaints == []
    finally:
        running.forget()
