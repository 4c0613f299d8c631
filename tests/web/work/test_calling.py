"""What calls people: proposed and accepted terms, incidents, an objective about to be missed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.web.conftest import HOUR, PAYABLES, World

from anyshore.web.core.errors import Invalid
from anyshore.web.engagements import actions as terms
from anyshore.web.engine.models import Notification
from anyshore.web.engine.running import now
from anyshore.web.talk import queries as talk
from anyshore.web.work import actions as work
from anyshore.web.work import calling, due

pytestmark = pytest.mark.django_db
TERMS = (PAYABLES / "terms.yaml").read_text(encoding="utf-8")


def kinds(world: World, name: str) -> list[str]:
    return [one.kind for one in talk.notifications(world.people[name])]


def page(world: World, name: str) -> str:
    return str(world.browser(name).get("/notifications/").content.decode())


def test_an_amendment_calls_the_client_and_its_acceptance_the_provider(world: World) -> None:
    Notification.objects.all().delete()
    changed = TERMS.replace("version: 1", "version: 2").replace("target: 95", "target: 96")
    terms.propose(world.people["manager"], world.provider, world.client, changed)
    assert kinds(world, "owner") == ["proposed"]
    assert kinds(world, "rival") == []
    told = page(world, "owner")
    assert "Terms wait for your signature" in told
    assert 'href="/engagements/payables/terms/"' in told
    assert re.search(
        r"Notifications</span\s*><b[^>]*count-of[^>]*>1<", world.browser("owner").get("/").content.decode()
    )
    terms.accept(world.people["owner"], "payables", 2)
    assert kinds(world, "manager") == ["accepted"]


def test_an_amendment_equal_to_what_is_signed_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        terms.propose(world.people["manager"], world.provider, world.client, TERMS.replace("version: 1", "version: 2"))
    assert "nothing was changed" in refused.value.fields["text"]


def test_an_incident_calls_whoever_manages_it_once(busy: Any) -> None:
    Notification.objects.all().delete()
    assert calling.call() == 1
    assert calling.call() == 0
    assert kinds(busy, "manager") == ["incident"]
    assert "Work is stuck" in page(busy, "manager")
    assert 'href="/cases/4/"' in page(busy, "manager")
    assert kinds(busy, "agent") == []


def test_an_objective_about_to_be_missed_calls_its_holder_and_the_manager_once(world: World) -> None:
    Notification.objects.all().delete()
    world.start("04-no-order-ubl.xml")
    row = world.open_item()
    work.take(world.people["agent"], row.instance, row.wait)
    assert calling.call() == 0
    world.clock.now = due.moments([row], now())[row.instance] - HOUR
    assert calling.call() == 1
    assert calling.call() == 0
    assert kinds(world, "agent") == kinds(world, "manager") == ["near"]
    assert "An objective is about to be missed" in page(world, "agent")


def test_two_engagements_of_one_title_are_told_apart(world: World) -> None:
    again = TERMS.replace("id: payables", "id: payables-two", 1)
    terms.propose(world.people["manager"], world.provider, world.client, again)
    told = world.browser("manager").get("/cases/").content.decode()
    assert "Supplier invoices, from receipt to decision · payables-two</option>" in told
    assert "Supplier invoices, from receipt to decision · payables</option>" in told
    assert ">payables-two<" in world.browser("manager").get("/engagements/").content.decode()
