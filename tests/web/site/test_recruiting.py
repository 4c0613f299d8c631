"""A hire goes from requisition to contract, across roles: who sees what, when, and who decides."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.web.beginning import begin

from anyshore.base.errors import CommandRejected
from anyshore.host.jobs import StoredRecords
from anyshore.mail.composing import OUTBOX
from anyshore.terms.exports import verify_export
from anyshore.web.core.models import AuditEntry, Engagement, Person, Role
from anyshore.web.engine import books
from anyshore.web.engine.books import entries
from anyshore.web.engine.models import Document, Instance, Reference, Wait
from anyshore.web.engine.running import host
from anyshore.web.retention import erasing
from anyshore.web.site import services
from anyshore.web.work import actions as work
from anyshore.web.work import acts, items
from anyshore.web.work.models import Draft

pytestmark = pytest.mark.django_db

VACANCY = {
    "vacancy": "V-7", "title": "Accountant", "department": "Finance", "seats": 1, "must": "Payables; DATEV",
    "may": "English", "salary_from": 45000, "salary_to": 52000, "council": True,
}  # fmt: skip
CV = b"Mia Beispiel\nborn 3.5.1988, mia@beispiel.example\n\nExperience\nPayables clerk, DATEV\n\nSkills\nEnglish\n"
CARD = {"skills": "4", "cooperation": "3", "communication": "5", "note": "Closed three months alone"}


@pytest.fixture
def engagement(tmp_path: Path, settings: Any) -> Engagement:
    settings.HOME = str(tmp_path)
    return services.ready("recruiting").engagement


def person(engagement: Engagement, role: str) -> Person:
    side = engagement.client_id if role == Role.OWNER else engagement.provider_id
    found = Person.objects.filter(memberships__role=role, memberships__organisation=side)
    return found.order_by("pk")[0]


def does(by: Person, instance: int, element: str, **answers: str) -> None:
    """Takes a task and finishes it, as the pages do."""
    wait = Wait.objects.get(instance=instance, element=element, kind="work")
    work.take(by, instance, wait.wait)
    work.complete(by, instance, wait.wait, answers, "")
    host().work()


def published(engagement: Engagement) -> None:
    number = begin(person(engagement, Role.MANAGER), engagement.key, "recruiting", variables=VACANCY)
    host().work()
    client = person(engagement, Role.OWNER)
    does(client, number, "approve", decision="approve", note="In the plan")
    does(client, number, "guidelines", decision="agreed", note="Minutes")


def applied(engagement: Engagement) -> int:
    files = [("V-7 Mia Beispiel.txt", CV)]
    number = begin(person(engagement, Role.MANAGER), engagement.key, "recruiting", documents=files)
    host().work()
    return number


def seen(by: Person, instance: int) -> str:
    """Everything the page and the REST API say of a piece of work."""
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(by)
    page, told = browser.get(f"/cases/{instance}/"), browser.get(f"/api/instances/{instance}")
    assert (page.status_code, told.status_code) == (200, 200)
    return page.content.decode() + told.content.decode()


def test_the_first_look_does_not_say_who(engagement: Engagement) -> None:
    published(engagement)
    number = applied(engagement)
    agent = person(engagement, Role.AGENT)
    wait = Wait.objects.get(instance=number, element="look")
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(agent)
    shown = browser.get(f"/work/{number}/{wait.wait}/").content.decode()
    assert "Payables clerk, DATEV" in shown
    for text in (shown, seen(agent, number), seen(person(engagement, Role.OWNER), number)):
        for told in ("Mia", "Beispiel", "1988"):
            assert told not in text
    does(agent, number, "look", decision="invite", note="Payables and DATEV")
    assert "Mia Beispiel" in seen(agent, number)


def test_nobody_sees_a_card_before_both_are_given(engagement: Engagement) -> None:
    published(engagement)
    number = applied(engagement)
    agent, client = person(engagement, Role.AGENT), person(engagement, Role.OWNER)
    does(agent, number, "look", decision="invite", note="Payables and DATEV")
    does(client, number, "card_client", **CARD)
    for who in (agent, client, person(engagement, Role.MANAGER)):
        assert "Closed three months alone" not in seen(who, number)
    does(agent, number, "card_agent", **CARD | {"note": "Quick with figures"})
    for said in ("Closed three months alone", "Quick with figures"):
        assert said in seen(agent, number)


def test_a_hire_goes_from_requisition_to_contract(engagement: Engagement) -> None:
    published(engagement)
    number = applied(engagement)
    agent, client = person(engagement, Role.AGENT), person(engagement, Role.OWNER)
    does(agent, number, "look", decision="invite", note="Payables and DATEV")
    does(agent, number, "card_agent", **CARD)
    does(client, number, "card_client", **CARD)
    does(client, number, "select", decision="offer", salary="50000", starts="2026-07-01", note="Both cards")
    does(client, number, "consent", decision="agreed", note="Letter")
    does(agent, number, "offer", decision="accepted", answered="2026-04-15")
    does(agent, number, "contract", signed="2026-04-20", file="Personnel file 17")
    assert Instance.objects.get(pk=number).status == "ended"
    assert "Contract made" in seen(client, number)


def listed(engagement: Engagement, manager: Person) -> tuple[int, Wait, str]:
    """A list of what is due, its task taken, and what is in view."""
    number = begin(manager, engagement.key, "recruiting", variables={"day": "2026-10-01"})
    host().work()
    wait = Wait.objects.get(instance=number, element="erase")
    work.take(manager, number, wait.wait)
    return number, wait, acts.shown(items.item(wait).form, Instance.objects.get(pk=number), engagement)


def held_of(*words: str) -> set[tuple[str, str]]:
    """The tables of the database in which one of the words stands."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            values = [one for row in cursor.fetchall() for one in row]
            told = b" ".join(bytes(one) if isinstance(one, memoryview | bytes) else str(one).encode() for one in values)
            found |= {(table, word) for word in words if word.encode() in told}
    return found


def test_what_is_due_is_gone_from_every_table_when_a_manager_deletes_it(engagement: Engagement, tmp_path: Path) -> None:
    published(engagement)
    number = applied(engagement)
    agent, manager = person(engagement, Role.AGENT), person(engagement, Role.MANAGER)
    does(agent, number, "look", decision="reject", note="No DATEV")
    letters = StoredRecords(host().store, engagement.key, OUTBOX)
    does(agent, number, "reject", sent="2026-03-31")
    for case in (number, number + 1000):  # of this case, and of one that is not due
        letters.put_once(f"{case}:7", {"to": ["mia@beispiel.example"]})
        Draft.objects.create(person=agent, instance=case, wait=1, answers={"note": "Mia"})
    digest = Instance.objects.get(pk=number).digest
    listing, wait, shown = listed(engagement, manager)
    with pytest.raises(acts.Changed):
        work.complete(manager, listing, wait.wait, {"note": "Mailbox, too"}, "something else")
    assert Document.objects.filter(engagement=engagement.key).count() == 1
    work.complete(manager, listing, wait.wait, {"note": "Mailbox, too"}, shown)
    host().work()
    assert not Document.objects.filter(engagement=engagement.key).exists()
    told = {one.type: one for one in entries(engagement.key)}
    assert (told["instance.erased"].instance, told["instance.erased"].data["digest"]) == (str(number), digest)
    assert (told["documents.erased"].data["statement"], told["documents.erased"].data["cases"]) == (
        "Mailbox, too", [number]
    )  # fmt: skip
    assert AuditEntry.objects.get(action="task.erased").data["cases"] == [number]
    books.export(engagement.key, tmp_path / "ledger.jsonl")
    assert verify_export(tmp_path / "ledger.jsonl").findings == ()
    assert [row.key for row in letters.find()] == [f"{number + 1000}:7"]
    Draft.objects.filter(instance=number + 1000).delete()
    Reference.objects.filter(kind=OUTBOX).delete()
    assert held_of("Mia Beispiel", "beispiel.example", "3.5.1988", "Payables clerk") == set()
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(agent)
    page = browser.get(f"/cases/{number}/")
    assert page.status_code == browser.get(f"/api/instances/{number}").status_code == 410
    assert "nothing of it is left to be shown or replayed" in page.content.decode()
    again = begin(manager, engagement.key, "recruiting", variables={"day": "2026-10-01"})
    host().work()
    assert Instance.objects.get(pk=again).status == "ended"


def test_consent_to_the_pool_keeps_nothing_the_applicant_wants_gone(engagement: Engagement) -> None:
    published(engagement)
    manager, agent = person(engagement, Role.MANAGER), person(engagement, Role.AGENT)
    known = {"vacancy": "V-7", "application": "A-9", "applicant": "Mia Beispiel", "text": "Experience\nPayables"}
    pool = {"pool": True, "pool_until": "2099-12-31"}
    number = begin(manager, engagement.key, "recruiting", variables=known | pool)
    host().work()
    does(agent, number, "look", decision="reject", note="No DATEV")
    does(agent, number, "reject", sent="2026-03-31")
    assert list(erasing.erase(engagement.key, [number], date(2027, 1, 1), {"rule": "cases"}).bound) == [number]
    assert list(erasing.erase(engagement.key, [number], date(2026, 9, 30), {}, asked=True).bound) == [number]
    assert erasing.erase(engagement.key, [number], date(2027, 1, 1), {"rule": "request"}, asked=True).cases == [number]


def test_a_dispute_keeps_an_application_whoever_wants_it_gone(engagement: Engagement) -> None:
    published(engagement)
    manager, agent = person(engagement, Role.MANAGER), person(engagement, Role.AGENT)
    known = {"vacancy": "V-7", "application": "A-9", "applicant": "Mia Beispiel", "text": "Experience\nPayables"}
    number = begin(manager, engagement.key, "recruiting", variables=known)  # by a form: there is no document
    host().work()
    does(agent, number, "look", decision="reject", note="No DATEV")
    does(agent, number, "reject", sent="2026-03-31")
    listing, wait, shown = listed(engagement, manager)
    begin(manager, engagement.key, "recruiting", variables={"application": "A-9", "raised": "2026-09-30"})
    host().work()
    form, row = items.item(wait).form, Instance.objects.get(pk=listing)
    assert acts.shown(form, row, engagement) != shown, "the dispute is about it, too"
    with pytest.raises(CommandRejected, match="has to be kept: until further notice") as caught:
        work.complete(manager, listing, wait.wait, {"note": "All"}, acts.shown(form, row, engagement))
    assert caught.value.code == "erase.kept"
    done = erasing.erase(engagement.key, [number], date(2036, 1, 1), {"rule": "cases"})
    assert (done.cases, list(done.bound)) == ([], [number])
    assert "Mia Beispiel" in seen(agent, number)
