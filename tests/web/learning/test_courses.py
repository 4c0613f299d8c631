"""People of a client learn: they find their courses, ask, take tests; who looks after them enrols by REST."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anyshore.activities import families
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.jobs import StoredContext
from anyshore.host.outgoing import outbox
from anyshore.host.ports import WaitRow
from anyshore.kernel.state import JOB
from anyshore.packs import reading
from anyshore.web.accounts import tokens
from anyshore.web.core.models import Credential, Engagement, Membership, Person, Role
from anyshore.web.engine import queries as engine
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.site import services

pytestmark = pytest.mark.django_db

MAY = int(datetime.datetime(2027, 5, 3, 8, tzinfo=datetime.UTC).timestamp()) * 1_000_000
MINUTE = 60_000_000
PLACE = "/courses/training/training/"
API = "/api/engagements/training/learning/training"


class Clock:
    """The host's time; tests turn it by hand."""

    now = MAY

    def __call__(self) -> int:
        return self.now


class School:
    """An engagement for the staff of the samples, in May 2027."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.host = Host(DatabaseStore(), families.ACTIVITIES, clock=self.clock, worker="test")
        running.install(self.host)
        self.engagement: Engagement = services.ready("training").engagement
        pack = reading.named("training")
        for kind in pack.references.values():
            content = (pack.samples / kind.file).read_bytes()
            reference_data.load(self.host, self.engagement.key, kind.name, kind.read(content, kind.file), kind.file)

    def learner(self, name: str) -> Client:
        person = Person.objects.create_user(f"{name}@musterbau.example", name=name.title())
        Membership.objects.create(person=person, organisation=self.engagement.client, role=Role.LEARNER)
        return signed_in(person)

    def staff(self, role: str) -> Person:
        side = self.engagement.client if role == Role.OWNER else self.engagement.provider
        return Person.objects.filter(memberships__role=role, memberships__organisation=side).order_by("pk")[0]

    def open(self, form: str) -> Wait:
        return Wait.objects.get(kind="work", name=form)

    def mails(self) -> list[str]:
        """Takes what waits to be sent, as a mail server does: receivers and subjects."""
        sent = outbox.hand_over(self.host.store, self.engagement.key, lambda _one: None, self.clock)
        return [f"{one.to[0]} {one.subject}" for one in sent]


def signed_in(person: Person) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(person)
    return browser


@pytest.fixture
def school(tmp_path: Path, settings: Any) -> Iterator[School]:
    settings.HOME, settings.UNDO_SECONDS, settings.ALLOWED_HOSTS = str(tmp_path), 0, ["testserver"]
    yield School()
    running.forget()


def right(school: School) -> dict[str, list[str]]:
    """The right answers to the test that is open, as its page sends them."""
    context = StoredContext(
        school.host.store, WaitRow(instance=0, wait=0, kind=JOB, element="", engagement="training"), 0
    )
    key = families.run("training.key", {"course": "privacy"}, context)
    known = {one["key"]: one["answer"] for one in key["right"]}  # type: ignore[attr-defined]
    row = Instance.objects.get(pk=school.open("take-test").instance)
    found = {}
    for one in engine.variables(row)["test"]:
        answer = known[one["key"]]
        split = one["kind"] == "matching" or (one["several"] and answer not in one["options"])
        found[f"q{one['number']}"] = answer.split("; ") if split else [answer]
    return found


def attended(school: School, browser: Client) -> None:
    """Asks for privacy, gets a seat, is there, and says how it was."""
    assert browser.post(f"{PLACE}ask/", {"course": "privacy", "session": "P-1"}).status_code == 302
    school.host.work()
    agent = school.staff(Role.AGENT)
    Credential.objects.get_or_create(
        person=agent, kind="certificate", subject="training", defaults={"valid_from": datetime.date(2020, 1, 1)}
    )
    answer = signed_in(agent).post(
        f"{API}/{school.open('record-attendance').instance}/attendance", {"attended": True},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 204, answer.content
    school.host.work()
    todo = school.open("evaluate-course")
    address = f"/courses/todo/{todo.instance}/{todo.wait}/"
    assert browser.post(address, {"rating": "9"}).status_code == 422
    assert browser.post(address, {"rating": "4", "comment": "Clear"}).status_code == 302
    school.host.work()


def test_a_learner_asks_learns_passes_and_is_certified_and_the_client_billed(school: School) -> None:
    browser = school.learner("anke")
    assert browser.get("/")["Location"] == "/courses/"
    page = browser.get("/courses/").content.decode()
    assert "Datenschutz im Alltag" in page
    assert "to be taken" in page
    page = browser.get(PLACE, {"course": "privacy"}).content.decode()
    assert "Was personenbezogen ist" in page
    assert "12" in page
    text = browser.get(f"{PLACE}material/", {"course": "privacy", "name": "2-a-breach.md"}).content.decode()
    assert "72 Stunden" in text
    file = browser.get(f"{PLACE}material/", {"course": "privacy", "name": "checklist.csv"})
    assert file.content.startswith(b"Schritt;Wer")
    assert "attachment" in file["Content-Disposition"]
    attended(school, browser)
    assert school.mails() == ["anke@musterbau.example Einladung: Datenschutz im Alltag"]
    todo = school.open("take-test")
    address = f"/courses/todo/{todo.instance}/{todo.wait}/"
    assert "Begin the test" in browser.get(address).content.decode()
    assert browser.post(address, {"q1": "x"}).status_code == 409, "nobody hands in what they did not begin"
    browser.post(address, {"begin": "yes"})
    page = browser.get(address).content.decode()
    assert "Hand it in" in page
    answers = right(school)
    assert {name for name in answers if f'name="{name}"' not in page} == set(), "every question can be answered"
    kinds = {
        f"q{one['number']}": one["kind"] for one in engine.variables(Instance.objects.get(pk=todo.instance))["test"]
    }
    chosen = [text for name, texts in answers.items() if kinds[name] in ("choice", "matching") for text in texts]
    assert chosen
    assert [text for text in chosen if f'value="{text}"' not in html.unescape(page)] == [], "every right one is there"
    browser.post(address, answers)
    school.host.work()
    assert school.mails() == ["anke@musterbau.example Bestanden: Datenschutz im Alltag"]
    page = browser.get("/courses/").content.decode()
    assert ">valid<" in page
    [told] = signed_in(school.staff(Role.MANAGER)).get(API).json()
    assert (told["learner"], told["attended"], told["percent"], told["passed"]) == ("101", True, 100, True)
    assert told["certificate"] in page
    [mine] = browser.get("/api/me/courses").json()
    assert next(one for one in mine["courses"] if one["id"] == "privacy")["state"] == "valid"
    assert browser.post(f"{PLACE}ask/", {"course": "privacy"}).status_code == 409
    billed = signed_in(school.staff(Role.OWNER)).get("/api/engagements/training/invoices/2027-05").json()
    [line] = [one for one in billed["lines"] if one["name"] == "Learner"]
    assert (line["quantity"], line["amount"]) == ("1", "49.00")


def test_a_test_that_comes_too_late_counts_as_not_answered(school: School) -> None:
    browser = school.learner("anke")
    attended(school, browser)
    todo = school.open("take-test")
    address = f"/courses/todo/{todo.instance}/{todo.wait}/"
    browser.post(address, {"begin": "yes"})
    school.clock.now += 22 * MINUTE
    browser.post(address, right(school))
    school.host.work()
    assert school.open("take-test").wait != todo.wait, "the second attempt"


def test_seats_are_few_and_who_waits_gets_what_is_given_back(school: School) -> None:
    first, second, third = (school.learner(name) for name in ("dana", "emre", "fritz"))
    for browser in (first, second, third):
        browser.post(f"{PLACE}ask/", {"course": "fire", "session": "F-1"})
        school.host.work()
    assert [one.split()[1] for one in school.mails()] == ["Einladung:", "Einladung:", "Warteliste:"]
    assert "Waiting list" in third.get("/courses/").content.decode()
    assert third.post(f"{PLACE}ask/", {"course": "fire"}).status_code == 409, "asked once is enough"
    page = third.get(PLACE, {"course": "fire"}).content.decode()
    assert "You have a seat" not in page
    assert "You have a seat" in first.get(PLACE, {"course": "fire"}).content.decode()


def test_reminders_of_a_day_are_mails(school: School) -> None:
    manager = signed_in(school.staff(Role.MANAGER))
    asked = {"service": "training", "variables": {"day": "2027-05-03"}, "kind": "reminders"}
    answer = manager.post("/api/engagements/training/work", asked, content_type="application/json")
    assert answer.status_code < 300, answer.content
    school.host.work()
    mails = school.mails()
    assert "chris@musterbau.example Overdue: Datenschutz im Alltag" in mails
    assert school.mails() == [], "each once"


def test_a_program_enrols_and_rules_decide(school: School) -> None:
    manager = signed_in(school.staff(Role.MANAGER))
    for learner, course in (("101", "privacy"), ("199", "privacy")):
        answer = manager.post(API, {"learner": learner, "course": course}, content_type="application/json")
        assert answer.status_code == 201
    school.host.work()
    refused, enrolled = manager.get(API).json()
    assert (refused["state"], enrolled["held"], enrolled["attended"]) == ("seat-refused", "2027-05-12", None)
    assert [one["learner"] for one in manager.get(API, {"learner": "101"}).json()] == ["101"]
    first = manager.get(API, {"limit": "1"})
    following = first.headers["Link"].partition(">")[0].removeprefix("<http://testserver")
    assert [*first.json(), *manager.get(following).json()] == [refused, enrolled]
    assert manager.get(API, {"limit": "501"}).status_code == 422
    assert manager.get("/api/engagements/training/learning/none").status_code == 404
    for role in (Role.OWNER, Role.AGENT):
        asked = signed_in(school.staff(role)).post(
            API, {"learner": "101", "course": "fire"}, content_type="application/json"
        )
        assert asked.status_code == 403


def test_a_learner_sees_what_is_theirs_and_nothing_else(school: School) -> None:
    anke, bela = school.learner("anke"), school.learner("bela")
    attended(school, anke)
    todo = school.open("take-test")
    assert bela.get(f"/courses/todo/{todo.instance}/{todo.wait}/").status_code == 404
    assert bela.post(f"/courses/todo/{todo.instance}/{todo.wait}/", {"begin": "yes"}).status_code == 404
    assert anke.get(PLACE, {"course": "none"}).status_code == 404
    assert anke.get(f"{PLACE}material/", {"course": "privacy", "name": "none"}).status_code == 404
    assert anke.post(f"{PLACE}ask/", {"course": "excel", "session": "P-1"}).status_code == 404
    nobody = school.learner("nobody")
    assert "no courses for your address" in nobody.get("/courses/").content.decode()
    assert nobody.get(PLACE, {"course": "privacy"}).status_code == 404
    for place in ("/work/", "/cases/", "/incidents/", "/people/", "/skills/", "/library/", "/audit/", "/engagements/"):
        answer = anke.get(place)
        told = answer.content.decode() if answer.status_code == 200 else ""
        assert not [text for text in ("Datenschutz", "Training of staff") if text in told], place
    for address in (API, f"/api/instances/{todo.instance}", "/api/engagements", "/api/people"):
        answer = anke.get(address)
        assert answer.status_code in (403, 404) or answer.json() == [], address
    assert anke.get("/api/me").json()["engagements"] == []
    assert signed_in(school.staff(Role.MANAGER)).get("/courses/").status_code == 403
    person = Person.objects.get(email="anke@musterbau.example")
    for scope, status in (("read", 403), ("work", 200)):
        token = tokens.issue(person, scope, [scope])
        found = Client().get("/api/me/courses", headers={"authorization": f"Bearer {token}"})
        assert found.status_code == status
