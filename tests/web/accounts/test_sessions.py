"""Sessions are listed and ended; those that are over are cleared away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.web.conftest import PASSWORD

from anyshore.web.core.models import AuditEntry


def signed_in(agent: str) -> Client:
    browser = Client(headers={"user-agent": agent})
    assert browser.post("/sign-in/", {"email": "agent@example.org", "password": PASSWORD}).status_code == 302
    return browser


def test_one_session_is_ended_from_another(world: Any) -> None:
    here, there, third = signed_in("Desk"), signed_in("Phone"), signed_in("Tablet")
    page = here.get("/account/").content.decode()
    assert all(name in page for name in ("Desk", "Phone", "Tablet"))
    phone = UserSession.objects.get(user_agent="Phone").pk
    world.browser("owner").post("/account/sessions/end/", {"session": phone})
    assert there.get("/work/").status_code == 200, "nobody ends another's"
    here.post("/account/sessions/end/", {"session": phone})
    assert there.get("/work/").status_code == 302
    assert third.get("/work/").status_code == 200
    here.post("/account/sessions/end/", {"session": "others"})
    assert third.get("/work/").status_code == 302
    assert here.get("/work/").status_code == 200
    assert AuditEntry.objects.filter(action="session.ended", object="agent@example.org").count() == 2
    for nonsense in ("", "x", "9" * 400, "-1", "٣"):
        assert here.post("/account/sessions/end/", {"session": nonsense}).status_code == 302


def test_what_is_over_is_cleared_when_somebody_comes_in(world: Any) -> None:
    signed_in("Old")
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    signed_in("New")
    assert Session.objects.count() == 1
    assert [one.user_agent for one in UserSession.objects.all()] == ["New"]
