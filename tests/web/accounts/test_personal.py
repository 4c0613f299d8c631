"""What is kept of a person is told whole, and erased as far as nothing binds it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import PASSWORD

from anyshore.base.errors import CommandRejected
from anyshore.terms.book import Book
from anyshore.web.accounts import personal, tokens
from anyshore.web.core.models import ApiToken, AuditEntry, Credential, Membership, Person
from anyshore.web.engine import books


def test_every_column_that_names_a_person_has_its_fate() -> None:
    assert {name for name, _field in personal.relations()} == set(personal.FATES)
    assert set(personal.FATES.values()) == {personal.DELETED, personal.KEPT}
    for name in personal.BY_ADDRESS:
        model, column = personal._column(name)
        model._meta.get_field(column)


def worked(world: Any) -> Person:
    """The agent has done something of everything."""
    agent = world.people["agent"]
    tokens.issue(agent, "report")
    browser = Client(headers={"user-agent": "Desk"})
    browser.post("/sign-in/", {"email": agent.email, "password": PASSWORD})
    world.start("04-no-order-ubl.xml")
    item = browser.post("/work/next/").headers["Location"]
    assert browser.post(item, {"decision": "reject", "note": "late"}).status_code == 302
    world.host.work()
    return agent


def test_a_person_is_told_everything_and_no_secret(world: Any) -> None:
    agent = worked(world)
    told = world.browser("agent").get("/api/me/data").json()
    tables = ("core.Membership.person", "core.Credential.person", "core.ApiToken.person", "accounts.Device.person")
    assert {"core.Person", "usersessions.UserSession.user", "core.AuditEntry.object", *tables} <= set(told)
    assert told["core.Person"][0]["email"] == agent.email
    text = json.dumps(told)
    for secret in (agent.password, ApiToken.objects.get().digest, *agent.devices.values_list("digest", flat=True)):
        assert secret not in text
    assert "owner@example.org" not in text, "nothing of others"
    assert AuditEntry.objects.get(action="person.exported").person == agent
    assert world.browser("agent", confirmed=False).get("/api/me/data").status_code == 403


def test_who_is_erased_is_nowhere_but_in_what_they_did(world: Any) -> None:
    agent = worked(world)
    email, name = agent.email, agent.name
    before = list(books.entries("payables"))
    after = personal.erase(agent, "asked on 2 January")
    assert not Person.objects.filter(email=email).exists()
    assert (agent.email, agent.is_active, agent.has_usable_password()) == (after, False, False)
    for model in (Membership, Credential, ApiToken):
        assert not model.objects.filter(person=agent).exists()
    assert Client().post("/sign-in/", {"email": email, "password": PASSWORD}).status_code == 422
    trail = json.dumps(list(AuditEntry.objects.values("object", "data")))
    assert email not in trail
    assert name not in trail
    assert after in trail
    page = world.browser("manager").get("/people/").content.decode()
    assert email not in page
    assert list(books.entries("payables")) == before, "the ledger is as it was"
    assert isinstance(books.book("payables"), Book), "and verifies"


def test_who_holds_work_gives_it_back_first(world: Any) -> None:
    world.start("04-no-order-ubl.xml")
    world.browser("agent").post("/work/next/")
    with pytest.raises(CommandRejected, match="holds work of the cases 1"):
        personal.erase(world.people["agent"], "asked")
    assert Person.objects.filter(email="agent@example.org").exists()
