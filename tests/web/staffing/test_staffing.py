"""Experts matched with open cases."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.web.core.errors import Denied
from anyshore.web.core.models import Credential
from anyshore.web.screening import actions as wall_actions
from anyshore.web.staffing import actions as staffing
from anyshore.web.staffing.models import Profile
from anyshore.web.talk import queries as talk_queries
from anyshore.web.walls.models import Staff


def test_experts_are_matched_and_only_they_are_given_the_tasks(desk: Any) -> None:
    manager = desk.person("manager")
    [proposal] = staffing.propose(desk.world.client.bought.get(key="contract-review"))
    # The expert of the world has no qualification for this service.
    assert {one.email for one in proposal.people} == {f"{n}@example.org" for n in ("lead", "second", "judge")}
    staffing.assign(manager, "contract-review")
    assert staffing.propose(desk.world.client.bought.get(key="contract-review")) == []
    first = proposal.people[0].email.partition("@")[0]
    others = {"lead", "second", "judge"} - {first}
    for name in others:
        with pytest.raises(Denied):
            desk.take(name, "first_review")
    desk.take(first, "first_review")
    assert talk_queries.notifications(desk.person(first)).exists()


def test_staffing_heeds_walls_qualifications_and_hours(desk: Any) -> None:
    engagement = desk.world.client.bought.get(key="contract-review")
    wall_actions.declare(desk.person("manager"), desk.number, "judge@example.org", "A secret reason")
    [proposal] = staffing.propose(engagement)
    assert {one.email for one in proposal.people} == {"lead@example.org", "second@example.org"}, "two of three places"
    assert "A secret reason" not in " ".join(proposal.why)
    assert not any("judge" in line for line in proposal.why)
    Credential.objects.filter(person=desk.person("second")).delete()
    Profile.objects.create(person=desk.person("lead"), hours=1)
    [proposal] = staffing.propose(engagement)
    told = " ".join(proposal.why)
    assert "no verified qualification contract-review" in told
    assert "1 hours free" in told


def test_some_places_are_filled_and_the_others_later(desk: Any) -> None:
    manager, browser = desk.person("manager"), desk.world.browser("manager")
    page = "/engagements/contract-review/staffing/"
    assert f'href="{page}#case-{desk.number}"' in browser.get(f"/cases/{desk.number}/").content.decode()
    assert f'href="{page}"' in browser.get("/staffing/").content.decode()
    assert 'href="/staffing/"' in browser.get("/").content.decode()
    twice = {"place-first_reader": "lead@example.org", "place-second_reader": "lead@example.org"}
    browser.post(page, {"case": desk.number, **twice})
    assert not Staff.objects.filter(case=desk.number, role="first_reader").exists()
    browser.post(page, {"case": desk.number, "place-first_reader": "lead@example.org", "place-second_reader": ""})
    [left] = staffing.propose(desk.world.client.bought.get(key="contract-review"))
    assert left.places == ("second_reader", "deciding_lawyer")
    assert "lead@example.org" not in [one.email for one in left.possible]
    assert staffing.waiting(manager)[0][1] == 1
    staffing.assign(manager, "contract-review")
    assert staffing.waiting(manager)[0][1] == 0


def test_what_is_for_others_is_not_offered(desk: Any) -> None:
    desk.take("lead", "first_review")
    address = f"/work/{desk.number}/{desk.wait('second_review')}/"
    page = desk.world.browser("lead").get(address).content.decode()
    assert "Take this item" not in page
    assert "another part of this case is yours" in page
    assert "Take this item" in desk.world.browser("second").get(address).content.decode()
