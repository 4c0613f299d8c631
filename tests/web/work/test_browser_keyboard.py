"""An agent answers a mail and takes a call with the keyboard alone, in a real browser: no mouse, no touch."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.web.beginning import begin
from tests.web.conftest import NOON, PASSWORD, Clock, World, build
from tests.web.test_browser import Visit, browser
from tests.web.work.test_browser_finance import engage

from anyshore.activities.families import ACTIVITIES
from anyshore.host.driver import Host
from anyshore.kernel.state import ROOT
from anyshore.packs import reading
from anyshore.web.core.models import Credential
from anyshore.web.engine import running

__all__ = ["browser"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400_000_000
SAMPLES = reading.named("helpdesk").samples
REFERENCES = {"mail_desk": "desks.csv", "reply_template": "templates.csv", "customer_address": "customers.csv"}
FAR = 60
"""Presses of a key after which a thing counts as out of reach."""
FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels[0] ? one.labels[0].innerText : one.innerText || one.getAttribute("aria-label");
  const shown = getComputedStyle(one);
  const ring = shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) > 0 || shown.boxShadow !== "none";
  return [one.tagName, (label || "").replace(/\\s+/g, " ").trim(), ring];
}"""


class Keys:
    """Somebody who has nothing but a keyboard, and sees where the focus is."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def here(self) -> tuple[str, str]:
        """Kind and label of what has the focus, which must be seen to have it."""
        kind, label, ring = self.page.evaluate(FOCUSED)
        assert ring or kind == "BODY", f"nothing shows that {label!r} has the focus"
        return kind, label

    def reach(self, label: str, key: str = "Tab") -> None:
        """Goes on until something of that label has the focus."""
        passed = []
        for _press in range(FAR):
            kind, found = self.here()
            if kind != "BODY" and label in found:
                return
            passed.append(found)
            self.press(key)
        raise AssertionError(f"{label!r} is out of reach; passed: {passed}")

    def fill(self, label: str, text: str) -> None:
        self.reach(label)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, initial: str) -> None:
        """Chooses in a list by the letter its entry begins with."""
        self.reach(label)
        assert self.here()[0] == "SELECT"
        self.page.keyboard.type(initial)

    def go(self, *keys: str) -> None:
        """Presses what leads to another page."""
        with self.page.expect_navigation():
            self.press(*keys)
        self.page.wait_for_load_state("networkidle")


def test_a_mail_is_answered_and_a_call_taken_without_a_mouse(live_server: Any, browser: Any) -> None:
    world = build(Clock(NOON + 40 * DAY))
    world.host = Host(world.host.store, ACTIVITIES, clock=world.clock, worker="test", report_of=reading.report_of)
    running.install(world.host)
    try:
        engage(world, "helpdesk", **{name: (SAMPLES / file).read_bytes() for name, file in REFERENCES.items()})
        engage(world, "call-centre")
        _skilled(world)
        visit = Visit(browser, live_server.url)
        keys = Keys(visit)
        visit.page.goto(f"{live_server.url}/sign-in/")
        keys.fill("Email", "agent@example.org")
        keys.fill("Password", PASSWORD)
        keys.go("Enter")
        _mail(keys, world)
        _call(keys, world)
        assert [one for one in visit.complaints if "422" not in one] == []
    finally:
        running.forget()


def _skilled(world: World) -> None:
    """The agent speaks both languages, and on the telephone."""
    for kind, subject, level in (("language", "en", "C1"), ("language", "de", "C1"), ("channel", "phone", "")):
        Credential.objects.create(
            person=world.people["agent"], kind=kind, subject=subject, level=level,
            valid_from=datetime.date(2020, 1, 1), verified_by=world.people["manager"],
        )  # fmt: skip


def _heading(keys: Keys, name: str) -> bool:
    return bool(keys.page.get_by_role("heading", name=name).is_visible())


def _mail(keys: Keys, world: World) -> None:
    """A mail nobody taught is sorted, its ticket answered; what was forgotten is where the focus goes."""
    mail = (SAMPLES / "01-broken-shade.eml").read_bytes()
    ticket = begin(world.people["manager"], "helpdesk", "helpdesk", documents=[("shade.eml", mail)])
    world.host.work()
    keys.reach("My work")
    keys.go("Enter")
    keys.go("n")
    assert _heading(keys, "Sort the request")
    assert keys.here() == ("INPUT", "Yes 1")  # one begins at the decision
    keys.press("1")
    keys.fill("What is it about?", "damage")
    keys.go("Control+Enter")
    world.host.work()
    keys.reach("My work")
    keys.go("Enter")
    keys.go("n")
    assert _heading(keys, "Answer the request")
    keys.choose("What do you do?", "Reply, it is solved")
    keys.go("Control+Enter")
    assert "Reply, or the part" in keys.here()[1]  # without words nothing is answered
    keys.page.keyboard.type("Dear Ms Miller,")
    keys.press("Enter", "Enter")
    keys.page.keyboard.type("a new shade is on its way.")
    keys.go("Control+Enter")
    world.host.work()
    conversation = world.host.state(ticket).variables[ROOT]["conversation"]
    assert conversation[-1]["text"] == "Dear Ms Miller,\n\na new shade is on its way."


def _call(keys: Keys, world: World) -> None:
    """A call is taken by its script, a call-back promised; an item can be given back and taken again."""
    given = {
        "call": "C-1", "offered": "2026-02-10T12:00:00+01:00", "queue": "orders", "customer": "K100", "language": "en",
        "answered": True, "waited": 8, "talk_seconds": 180, "held": 0, "wrap_seconds": 20,
    }  # fmt: skip
    call = begin(world.people["manager"], "call-centre", "call-centre", rows=[given])
    world.host.work()
    keys.reach("My work")
    keys.go("Enter")
    keys.go("n")
    keys.reach("Give it back", "Shift+Tab")
    keys.go("Enter")
    keys.go("n")
    assert _heading(keys, "Take the call")
    keys.choose("1. Greet.", "no")
    keys.fill("2. What is it about", "Where is my order?")
    keys.press("Tab", "3")  # the wrap-up code by its digit
    assert keys.here() == ("INPUT", "Fault 3")
    keys.choose("4. Is the concern settled?", "no")
    keys.choose("5. Did you promise", "yes")
    keys.reach("On which day?")
    keys.page.keyboard.type("02112026")
    keys.fill("At what hour?", "9")
    keys.reach("on the hour")
    keys.press("3")
    keys.go("Control+Enter")
    world.host.work()
    kept = world.host.state(call).variables[ROOT]
    assert (kept["wrap_up"], kept["concern"], kept["consent"]) == ("fault", "Where is my order?", False)
    assert str(kept["call_back"]["day"]) == "2026-02-11"
    assert str(kept["call_back"]["time"]) == "09:30:00"
