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
    assert proposal.people == ()
    assert "A secret reason" not in " ".join(proposal.why)
    assert not any("judge" in line for line in proposal.why)
    Credential.objects.filter(person=desk.person("second")).delete()
    Profile.objects.create(person=desk.person("lead"), hours=1)
    [proposal] = staffing.propose(engagement)
    told = " ".join(proposal.why)
    assert "no verified qualification contract-review" in told
    assert "1 hours free" in told
