"""What people type arrives whole: typed in a real browser into every field of text, read from the store and the PDF."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.conftest import Clock, build, full
from tests.web.contract import Desk, scene
from tests.web.test_browser import Visit, browser  # noqa: F401 - a fixture

from anyshore.knowledge import documents
from anyshore.web.cases import deliverable, findings
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance, Turn, Wait
from anyshore.web.forecasts.models import Forecast
from anyshore.web.review import actions
from anyshore.web.review.models import Adjudication, Draft
from anyshore.web.talk.models import Checkpoint, Comment
from anyshore.web.walls.models import Wall

pytestmark = pytest.mark.django_db(transaction=True)

TAIL = (
    " this sentence is longer than what a separator in a number could leave of it; it has umlauts (äöüß), “quotation"
    " marks”, a price of 1,234.50 EUR, a mark & a sign < for markup, and its last word is: Ende."
)


def sentence(about: str) -> str:
    return f"About {about}:{TAIL}"


class Desktop(Visit):
    """A person who types."""

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_load_state("networkidle")

    def type(self, name: str, text: str, within: str = "main") -> None:
        """Types key by key, as a hand does: a browser holds only that to the length of a field."""
        field = self.page.locator(f"{within} [name='{name}']:visible").first
        field.click()
        self.page.keyboard.type(text)
        assert field.input_value() == text

    def type_all(self, special: dict[str, str] | None = None, form: str = "main form") -> dict[str, str]:
        """Types into every visible text field of a form; what, by name."""
        typed = {}
        for field in self.page.locator(
            f"{form} textarea:visible, {form} input:visible:not([type]), {form} input[type=text]:visible"
        ).all():
            name = field.get_attribute("name")
            if name == "spent":
                continue  # a time, which runs by itself
            longest = field.get_attribute("maxlength")
            assert longest is None or longest.isdecimal(), (name, longest)
            text = (special or {}).get(name, sentence(name))
            if longest is not None and int(longest) < len(text):
                text = text[: int(longest)].rstrip()
            field.click()
            if field.input_value():  # the time worked runs by itself: it is written over
                self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
            assert field.input_value() == text
            typed[name] = text
        return typed

    def send(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label).first.click()
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def world(live_server: Any) -> Any:
    found = full(build(Clock()))
    yield found
    running.forget()


def desktop(browser: Any, live_server: Any, email: str) -> Desktop:  # noqa: F811
    found = Desktop(browser, live_server.url)
    found.sign_in(f"{email}@example.org")
    return found


def pdf(desk: Desk) -> str:
    """The text of the client's PDF, its lines joined."""
    answer = desk.world.browser("lead").get(f"/cases/{desk.number}/deliverable/")
    return " ".join(documents.read(answer.content, "memo.pdf").text.split())


def test_forms_and_memo_arrive_whole_in_store_and_pdf(live_server: Any, browser: Any, world: Any) -> None:  # noqa: F811
    desk = scene(world)
    _review(desk, browser, live_server)
    lead = desktop(browser, live_server, "lead")

    wait = desk.take("lead", "write_memo")
    lead.open(f"/work/{desk.number}/{wait}/")
    typed = lead.type_all({"minutes": "45"})
    lead.send("Done")
    world.host.work()
    assert engine.variables(desk.case())["memo"] == typed["memo"] == sentence("memo")

    wait = desk.take("lead", "sign_off")
    lead.open(f"/work/{desk.number}/{wait}/")
    typed = lead.type_all()
    lead.send("Done")
    lead.confirm()
    world.host.work()
    [signature] = deliverable.signatures(desk.case())
    assert signature.statement == typed["opinion"] == sentence("opinion")
    text = pdf(desk)
    assert sentence("memo") in text
    assert sentence("opinion") in text
    assert lead.complaints == []


def _review(desk: Desk, browser: Any, live_server: Any) -> None:  # noqa: F811
    """Both reviews, of which a reason is typed, and the decision between them, whose reason is typed, too."""
    wait = desk.take("lead", "first_review")
    lead = desktop(browser, live_server, "lead")
    lead.open(f"/work/{desk.number}/{wait}/review/")
    card = "article[id='Governing Law']"
    lead.page.locator(f"{card} input[value=foreign]").check()
    lead.type("quote", "This Agreement is governed by the laws of Switzerland.", card)
    lead.type("reason", sentence("reason"), card)
    lead.page.locator(f"{card} button", has_text="Keep the answer").click()
    lead.page.wait_for_selector(f"{card}.complete")
    assert Draft.objects.get(question="Governing Law").reason == sentence("reason")
    first = Draft.objects.get(question="Governing Law")
    work_back(desk, wait)
    assert first.evidence
    assert lead.complaints == []

    desk.review("second", "second_review")
    wait = desk.take("judge", "adjudicate")
    judge = desktop(browser, live_server, "judge")
    judge.open(f"/work/{desk.number}/{wait}/adjudication/")
    judge.page.locator("form input[type=radio]").first.check()
    typed = judge.type_all(form="main article form")
    judge.send("Decide")
    assert Adjudication.objects.get().reason == typed["reason"] == sentence("reason")
    actions.finish_adjudication(desk.person("judge"), desk.number, wait)
    desk.world.host.work()
    assert judge.complaints == []


def work_back(desk: Desk, wait: int) -> None:
    """The first reviewer answers the rest, other than the second about one clause."""
    from tests.web.contract import QUOTES

    from anyshore.packs import reading
    from anyshore.web.review import playbooks

    for kind in playbooks.of(reading.named("contract-review")).clauses:
        if kind != "Governing Law":
            value, quote = QUOTES.get(kind, ("absent", "")) if kind != "Anti-Assignment" else ("absent", "")
            actions.draft(desk.person("lead"), desk.number, wait, kind, value, quotes=[quote] if quote else [])
    actions.finish(desk.person("lead"), desk.number, wait)
    desk.world.host.work()


def test_every_other_field_keeps_what_is_typed(live_server: Any, browser: Any, world: Any) -> None:  # noqa: F811
    agent = desktop(browser, live_server, "agent")
    wait = Wait.objects.get(instance=2, kind="work").wait
    agent.page.keyboard.press("n")
    agent.page.wait_for_url(f"**/work/2/{wait}/")
    agent.page.get_by_label("Return it to the sender").check()
    typed = agent.type_all()
    agent.send("Done")
    world.host.work()
    known = engine.variables(Instance.objects.get(pk=2))["clarification"]
    assert known["note"] == typed["note"] == sentence("note")

    expert = desktop(browser, live_server, "expert")
    expert.open("/cases/3/findings/add/")
    given = {"quote": "governed by the laws of Ireland", "confidence": "0.9", "topic": "Law", "place": ""}
    typed = expert.type_all(given)
    expert.send("Note a finding")
    [claim] = findings.claims_of(Instance.objects.get(pk=3))
    assert claim.text == typed["text"] == sentence("text")

    expert.open("/cases/3/tasks/add/")
    typed = expert.type_all()
    expert.send("Add a task")
    turn = Turn.objects.filter(instance=3).order_by("-number").first()
    assert typed["reason"] == sentence("reason")
    assert typed["reason"] in bytes(turn.command).decode("utf-8", "replace")
    assert Wait.objects.filter(instance=3, kind="work").count() == 2

    expert.open("/cases/3/comments/")
    for name, button, rows in (("text", "Comment", Comment), ("question", "Ask the client", Checkpoint)):
        expert.type(name, sentence(name))
        expert.send(button)
        assert getattr(rows.objects.get(), name) == sentence(name)

    expert.open("/cases/3/forecasts/")
    expert.type("event", sentence("event"))
    expert.type("topic", "courts")
    expert.type("probability", "0.25")
    expert.page.locator("[name=resolves]").fill("2027-01-01")
    expert.send("Note the forecast")
    assert Forecast.objects.get().event == sentence("event")

    expert.open("/cases/3/sign/")
    typed = expert.type_all()
    expert.send("Sign the findings")
    expert.confirm()
    [signature] = deliverable.signatures(Instance.objects.get(pk=3))
    assert signature.statement == typed["statement"] == sentence("statement")
    answer = world.browser("expert").get("/cases/3/deliverable/")
    text = " ".join(documents.read(answer.content, "memo.pdf").text.split())
    assert sentence("text") in text
    assert sentence("statement") in text

    manager = desktop(browser, live_server, "manager")
    manager.open("/cases/3/walls/")
    manager.type("person", "agent@example.org")
    manager.type("reason", sentence("wall"))
    manager.send("Keep this person from the case")
    assert Wall.objects.get().reason == sentence("wall")
    assert Person.objects.filter(email="agent@example.org").exists()
    assert Engagement.objects.filter(key="payables").exists()
    assert [*agent.complaints, *expert.complaints, *manager.complaints] == []
