"""A mail a day: at the hour somebody chose by their clock, once, and only where something waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail

from anyshore.web.home import digests
from anyshore.web.site import mailing

SEVEN_IN_BERLIN = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)


@pytest.fixture
def owner(busy: Any, settings: Any) -> Any:
    settings.MAIL = mailing.of("smtp://mail.example.org:587?from=a@example.org")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    person = busy.people["agent"]
    person.zone, person.language = "Europe/Berlin", "de"
    person.save()
    return person


def chosen(world: Any, hour: str) -> None:
    assert world.browser("agent").post("/account/", {"form": "digest", "hour": hour}).status_code == 302


def test_it_comes_once_at_the_hour_of_the_readers_clock(busy: Any, owner: Any) -> None:
    assert digests.send_due(SEVEN_IN_BERLIN) == 0
    chosen(busy, "7")
    assert digests.send_due(SEVEN_IN_BERLIN.replace(hour=5)) == 0
    assert digests.send_due(SEVEN_IN_BERLIN) == 1
    assert digests.send_due(SEVEN_IN_BERLIN.replace(hour=20)) == 0
    assert digests.send_due(SEVEN_IN_BERLIN.replace(day=3)) == 1
    one = mail.outbox[0]
    assert one.to == [owner.email]
    assert "Das wartet auf Sie" in one.body
    assert "/work/" in one.body
    assert busy.client.name not in one.body
    chosen(busy, "")
    assert digests.send_due(SEVEN_IN_BERLIN.replace(day=4)) == 0


def test_a_server_that_is_away_is_tried_again(busy: Any, owner: Any, settings: Any) -> None:
    chosen(busy, "7")
    settings.EMAIL_BACKEND = "tests.web.home.test_digests.Away"
    assert digests.send_due(SEVEN_IN_BERLIN) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digests.send_due(SEVEN_IN_BERLIN) == 1


class Away:
    """A mail server that does not answer."""

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise ConnectionRefusedError


def test_nothing_is_mailed_where_nothing_waits(world: Any, settings: Any) -> None:
    settings.MAIL = mailing.of("smtp://mail.example.org:587?from=a@example.org")
    idle = world.people["idle"]
    idle.digest = 7
    idle.save()
    assert digests.send_due(SEVEN_IN_BERLIN) == 0
    assert mail.outbox == []


def test_an_hour_that_is_none_is_refused(world: Any) -> None:
    assert world.browser("owner").post("/account/", {"form": "digest", "hour": "25"}).status_code == 422
