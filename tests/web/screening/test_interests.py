"""What binds people to others: who may note it, who sees it, and the walls that come of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.web.contract import PACK

from anyshore.base.errors import CommandRejected
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Assignment, AuditEntry, Conflict, Engagement, Organisation
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.screening import actions as wall_actions
from anyshore.web.screening import interest_actions
from anyshore.web.walls.models import Interest, Wall


def sees(world: Any, name: str, number: int) -> bool:
    return bool(world.browser(name).get(reverse("instance", args=[number])).status_code == 200)


def test_an_expert_notes_a_holding_and_is_kept_from_the_client(desk: Any) -> None:
    world = desk.world
    assert sees(world, "judge", desk.number)
    given = {"party": "MUSTERBAU Gesellschaft mbH & Co. KG", "relation": "holding"}
    assert world.browser("judge").post(reverse("interests"), given | {"party": "Musterbau"}).status_code == 302
    noted = Interest.objects.get()
    assert (noted.person, noted.by, noted.since) == (desk.person("judge"), "judge@example.org", world.clock.now)
    assert Conflict.objects.get().reason == "holding: Musterbau"
    assert not sees(world, "judge", desk.number)
    assert world.browser("judge").get("/engagements/contract-review/").status_code == 404
    assert {one.action for one in AuditEntry.objects.all()} >= {"interest.noted", "conflict.found"}


def test_the_page_tells_whoever_is_walled_off_nothing_of_it(desk: Any) -> None:
    given = {"party": "Musterbau GmbH", "relation": "holding"}
    page = desk.world.browser("judge").post(reverse("interests"), given, follow=True).content.decode()
    assert "Noted." in page
    assert "New walls" not in page
    assert "holding: <b>Musterbau GmbH</b>" in page


def test_a_manager_sees_and_notes_those_of_colleagues(desk: Any) -> None:
    world = desk.world
    world.browser("judge").post(reverse("interests"), {"party": "Liftwerk AG", "relation": "former client"})
    manager = world.browser("manager")
    page = manager.get(reverse("interests")).content.decode()
    assert "Judge Expert" in page
    assert "former client: <b>Liftwerk AG</b>" in page
    given = {"person": desk.person("second").pk, "party": "Musterbau GmbH", "relation": "family"}
    page = manager.post(reverse("interests"), given, follow=True).content.decode()
    assert "New walls from it: 1." in page
    assert not sees(world, "second", desk.number)
    assert Interest.objects.get(person=desk.person("second")).by == "manager@example.org"
    person = manager.get(reverse("person", args=[desk.person("second").pk])).content.decode()
    assert "family: Musterbau GmbH" in person


def test_nobody_else_sees_them_or_notes_them_for_others(desk: Any) -> None:
    world = desk.world
    interest_actions.note(desk.person("judge"), desk.person("judge"), "Liftwerk AG", "shares")
    assert "Liftwerk" not in world.browser("lead").get(reverse("interests")).content.decode()
    assert "Liftwerk" not in world.browser("stranger").get(reverse("interests")).content.decode()
    with pytest.raises(NotFound):
        interest_actions.note(desk.person("lead"), desk.person("judge"), "Elsewhere", "shares")
    with pytest.raises(NotFound):
        interest_actions.note(desk.person("stranger"), desk.person("judge"), "Elsewhere", "shares")
    with pytest.raises(Denied):
        interest_actions.note(desk.person("owner"), desk.person("owner"), "Elsewhere", "shares")
    with pytest.raises(NotFound):
        interest_actions.end(desk.person("lead"), Interest.objects.get().pk)


def test_an_interest_noted_later_meets_the_parties_a_case_concerns(desk: Any) -> None:
    world, manager = desk.world, desk.person("manager")
    assert wall_actions.find(manager, desk.number, ["Liftwerk Service AG", ""]) == []
    desk.take("lead", "first_review")
    interest_actions.note(desk.person("lead"), desk.person("lead"), "LIFTWERK Service", "earlier mandate")
    [wall] = Wall.objects.all()
    assert (wall.person, wall.kind, wall.reason) == (desk.person("lead"), "found", "earlier mandate: LIFTWERK Service")
    assert not sees(world, "lead", desk.number)
    desk.take("judge", "first_review")  # what was in the hands of whoever is behind the wall went back
    interest_actions.note(desk.person("second"), desk.person("second"), "Somebody Else", "shares")
    assert Wall.objects.count() == 1


def test_who_works_nowhere_near_a_case_gets_no_wall_around_it(desk: Any) -> None:
    wall_actions.find(desk.person("manager"), desk.number, ["Liftwerk"])
    interest_actions.note(desk.person("stranger"), desk.person("stranger"), "Liftwerk", "shares")
    assert not Wall.objects.exists()


def test_whoever_is_bound_to_a_new_client_never_sees_its_terms(desk: Any) -> None:
    world, judge = desk.world, desk.person("judge")
    rich = Organisation.objects.create(key="rich", name="Reich & Söhne GmbH", kind="client")
    _noted, made = interest_actions.note(judge, judge, "reich und soehne", "family")
    assert made == 0
    _noted, made = interest_actions.note(judge, judge, "Reich & Sohne", "family")
    assert (made, Conflict.objects.count()) == (0, 0), "this provider does not serve it yet"
    terms = (PACK / "terms.yaml").read_text(encoding="utf-8").replace("id: contract-review", "id: rich-review", 1)
    terms_actions.propose(world.people["manager"], world.provider, rich, terms)
    assert Conflict.objects.get().organisation == rich
    Assignment.objects.create(person=judge, engagement=Engagement.objects.get(key="rich-review"))
    assert world.browser("judge").get("/engagements/rich-review/").status_code == 404


def test_an_interest_ends_once_and_its_walls_stay_until_a_manager_lifts_them(desk: Any) -> None:
    judge = desk.person("judge")
    noted, _made = interest_actions.note(judge, judge, "Musterbau", "shares")
    with pytest.raises(Invalid):
        interest_actions.note(judge, judge, " Musterbau ", "shares")
    desk.world.clock.now += 10
    answer = desk.world.browser("judge").post(reverse("interest-end", args=[noted.pk]), follow=True)
    assert "until a manager lifts them" in answer.content.decode()
    assert Interest.objects.get().until == desk.world.clock.now
    assert Conflict.objects.count() == 1
    with pytest.raises(CommandRejected):
        interest_actions.end(judge, noted.pk)
    interest_actions.note(judge, judge, "Musterbau", "shares")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"party": " ", "relation": "shares"}, {"party"}),
        ({"party": "", "relation": ""}, {"party", "relation"}),
        ({"party": "x" * 201, "relation": "y" * 121}, {"party", "relation"}),
    ],
)
def test_what_cannot_be_noted_is_said_at_its_field(desk: Any, given: dict[str, str], fields: set[str]) -> None:
    browser = desk.world.browser("judge")
    page = browser.post(reverse("interests"), given)
    assert page.status_code == 422
    assert page.content.decode().count("field-bad") == len(fields)
    answer = browser.post("/api/interests", given, content_type="application/json")
    assert {one["element"] for one in answer.json()["problems"]} == fields
    assert not Interest.objects.exists()


def test_by_rest(desk: Any) -> None:
    browser = desk.world.browser("judge")
    given = {"party": "Liftwerk", "relation": "shares"}
    answer = browser.post("/api/interests", given, content_type="application/json")
    assert answer.status_code == 201
    [own] = browser.get("/api/interests").json()
    assert own == answer.json()
    assert (own["person"], own["party"], own["relation"], own["until"]) == (
        "judge@example.org", "Liftwerk", "shares", None
    )  # fmt: skip
    assert desk.world.browser("manager").get("/api/interests").json() == [own]
    assert desk.world.browser("lead").get("/api/interests").json() == []
    other = given | {"person": desk.person("second").pk}
    assert browser.post("/api/interests", other, content_type="application/json").status_code == 403
    assert (
        desk.world.browser("manager").post("/api/interests", other, content_type="application/json").status_code == 201
    )
    assert browser.post(f"/api/interests/{own['id']}/end").status_code == 204
    assert browser.get("/api/interests").json()[0]["until"] == desk.world.clock.now
