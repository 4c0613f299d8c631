"""Tokens: for a purpose, for some services, for a time; every endpoint against each."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from anyshore.web.accounts import tokens
from anyshore.web.core import permissions
from anyshore.web.core.models import ApiToken, AuditEntry
from anyshore.web.core.permissions import ABILITIES


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_every_ability_stands_in_one_scope() -> None:
    scoped = [one for _label, abilities in tokens.SCOPES.values() for one in abilities]
    assert sorted(scoped) == sorted(set(scoped))
    assert set(scoped) == frozenset().union(*ABILITIES.values())
    assert all(one.endswith(".see") for one in tokens.SCOPES["read"][1])


def test_a_token_ends(world: Any) -> None:
    token = tokens.issue(world.people["owner"], "report", days=30)
    row = ApiToken.objects.get()
    assert timedelta(days=29) < row.expires - timezone.now() <= timedelta(days=30)
    assert Client().get("/api/me", headers=bearer(token)).status_code == 200
    ApiToken.objects.update(expires=timezone.now())
    assert Client().get("/api/me", headers=bearer(token)).status_code == 401
    assert list(tokens.current(world.people["owner"])) == []


def test_the_last_use_is_known(world: Any) -> None:
    token = tokens.issue(world.people["owner"], "report")
    assert world.browser("owner").get("/api/me/tokens").json()[0]["last_used"] is None
    Client().get("/api/me", headers=bearer(token))
    used = ApiToken.objects.get().last_used
    assert timezone.now() - used < timedelta(minutes=1)
    Client().get("/api/me", headers=bearer(token))
    assert ApiToken.objects.get().last_used == used, "not a write for every request"


def test_a_token_is_made_listed_and_revoked_on_the_account_page(world: Any) -> None:
    browser = world.browser("owner")
    body = {"form": "token", "name": "report", "scopes": ["read", "bill"], "services": "payables, books", "days": "10"}
    page = browser.post("/account/", body).content.decode()
    token = re.search(r"<code>(any_[\w-]+)</code>", page)[1]
    assert token not in str(ApiToken.objects.values())
    row = ApiToken.objects.get()
    assert (row.scopes, row.services) == (["bill", "read"], ["books", "payables"])
    page = browser.get("/account/").content.decode()
    assert token not in page
    assert all(
        word in page for word in ("report", "Read", "Issue and answer invoices", "books, payables", "never used")
    )
    for wrong in ({"days": "0"}, {"days": "366"}, {"scopes": []}, {"scopes": ["root"]}, {"name": " "}):
        assert browser.post("/account/", body | wrong).status_code == 422, wrong
    assert world.browser("agent").post(f"/api/me/tokens/{row.pk}/revoke").status_code == 204
    assert Client().get("/api/me", headers=bearer(tokens.issue(world.people["owner"], "x"))).status_code == 200
    assert browser.post(f"/api/me/tokens/{row.pk}/revoke").status_code == 204
    assert list(AuditEntry.objects.filter(action="token.revoked").values_list("data__token", flat=True)) == [row.pk]


def test_making_one_asks_who_it_is(world: Any) -> None:
    answer = world.browser("owner", confirmed=False).post("/account/", {"form": "token", "name": "x"})
    assert answer.headers["Location"].startswith("/account/confirm/")


@pytest.mark.parametrize("role", ["owner", "manager", "expert"])
def test_a_role_is_never_more_than_its_token_is_for(world: Any, role: str) -> None:
    for scope, (_label, abilities) in tokens.SCOPES.items():
        person = tokens.person_of_token(tokens.issue(world.people[role], scope, [scope]))
        assert permissions.abilities(person) == permissions.abilities(world.people[role]) & abilities
        assert permissions.able(person, world.engagement) <= abilities
        for ability in frozenset().union(*ABILITIES.values()) - abilities:
            assert not permissions.may(person, ability, world.engagement)
            assert not permissions.organisations(person, ability).exists()
