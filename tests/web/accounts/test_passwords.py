"""A password is one's own: one that somebody else chose is changed before anything else."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from tests.web.conftest import PASSWORD

from anyshore.web.accounts import tokens
from anyshore.web.core import audit
from anyshore.web.core.models import Organisation, Person

FRESH = "another long phrase"


@pytest.mark.parametrize("language", ["en", "de"])
def test_who_was_handed_a_password_gets_nowhere_with_it(world: Any, language: str) -> None:
    agent = world.people["agent"]
    token = {"authorization": f"Bearer {tokens.issue(agent, 'report')}"}
    Person.objects.filter(pk=agent.pk).update(handed=True, language=language)
    browser = Client(headers={"accept-language": language})
    browser.post("/sign-in/", {"email": agent.email, "password": PASSWORD})
    for page in ("/work/", "/cases/", "/people/", "/account/factors/"):
        assert browser.get(page).headers["Location"] == "/account/", page
    said = "Somebody else chose your password" if language == "en" else "Jemand anders hat Ihr Passwort gewählt"
    assert said in browser.get("/account/").content.decode()
    for sender in (browser.get("/api/me"), Client().get("/api/me", headers=token)):
        assert (sender.status_code, sender.headers["Content-Type"]) == (403, "application/problem+json")
    assert browser.post("/account/", {"form": "password", "old": PASSWORD, "new": PASSWORD}).status_code == 422
    assert browser.post("/account/", {"form": "password", "old": PASSWORD, "new": FRESH}).status_code == 302
    assert browser.get("/work/").status_code == 200
    assert Client().get("/api/me", headers=token).status_code == 200, "tokens stay where nobody asks for their end"


def test_tokens_are_revoked_with_the_password_where_one_wishes_it(world: Any) -> None:
    agent = world.people["agent"]
    token = {"authorization": f"Bearer {tokens.issue(agent, 'report')}"}
    body = {"form": "password", "old": PASSWORD, "new": FRESH, "revoke": "on"}
    assert world.browser("agent").post("/account/", body).status_code == 302
    assert Client().get("/api/me", headers=token).status_code == 401


def test_the_passwords_of_before_are_known_from_the_audit_trail(world: Any) -> None:
    """What the migration does for installations whose managers chose passwords."""
    manager, people = world.people["manager"], world.people
    audit.record(manager, "person.added", people["agent"].email, organisation=world.provider)
    audit.record(manager, "person.added", people["expert"].email, organisation=world.provider)
    audit.record(people["expert"], "password.changed", people["expert"].email)
    audit.record(manager, "client.introduced", "Musterbau", owner=people["owner"].email)
    audit.record(people["idle"], "password.changed", people["idle"].email)
    audit.record(manager, "password.reset", people["idle"].email)
    importlib.import_module("anyshore.web.core.migrations.0004_tokens_end").mark_handed(
        apps, SimpleNamespace(connection=connection)
    )
    handed = set(Person.objects.filter(handed=True).values_list("email", flat=True))
    assert handed == {"agent@example.org", "owner@example.org", "idle@example.org"}


def test_a_manager_closes_and_opens_accounts_of_colleagues_only(world: Any) -> None:
    agent, manager, boss = world.people["agent"], world.people["manager"], world.browser("manager")
    token = {"authorization": f"Bearer {tokens.issue(agent, 'report')}"}
    boss.post(f"/people/{agent.pk}/active/", {"active": "no"})
    assert "account closed" in boss.get(f"/people/{agent.pk}/").content.decode()
    assert Client().get("/api/me", headers=token).status_code == 401
    assert Client().post("/sign-in/", {"email": agent.email, "password": PASSWORD}).status_code == 422
    boss.post(f"/people/{agent.pk}/active/", {"active": "yes"})
    assert Client().get("/api/me", headers=token).status_code == 200
    assert boss.post(f"/people/{manager.pk}/active/", {"active": "no"}).status_code == 422, "never oneself"
    agent.memberships.create(organisation=Organisation.objects.get(key="fern"), role="agent")
    assert boss.post(f"/people/{agent.pk}/active/", {"active": "no"}).status_code == 422
