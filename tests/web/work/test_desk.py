"""The decision desk: drafts, undoing, handling time, several at once, views of one's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from tests.web.conftest import World

from anyshore.base.errors import CommandRejected
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Assignment, Credential
from anyshore.web.engine import people
from anyshore.web.engine.models import Instance, LedgerEntry, Notification, Wait
from anyshore.web.work import actions, decisions, many, queries
from anyshore.web.work.decisions import Keeper, Took
from anyshore.web.work.models import Draft, Handled, View

SAMPLES = ("03-over-tolerance-ubl.xml", "04-no-order-ubl.xml", "05-unknown-seller-cii.xml")
SECOND = 1_000_000
ANSWERS = {"decision": "return", "order": "", "note": "There is no order number on it."}


@pytest.fixture
def desk(world: World, settings: Any) -> World:
    """Three exceptions wait; a decision can be undone for ten seconds."""
    settings.UNDO_SECONDS = 10
    for sample in SAMPLES:
        world.start(sample)
        world.clock.now += 60 * SECOND
    return world


def items(world: World) -> list[tuple[int, int]]:
    found = Wait.objects.filter(kind="work").order_by("instance")
    return [(one.instance, one.wait) for one in found]


def taken(world: World, place: int = 0) -> tuple[int, int]:
    pair = items(world)[place]
    actions.take(world.people["agent"], *pair)
    return pair


def sent(world: World, pair: tuple[int, int], **more: str) -> Any:
    return world.browser("agent").post(reverse("work-item", args=pair), ANSWERS | {"hold": "yes"} | more)


def test_what_is_written_is_kept_and_there_again(desk: World) -> None:
    pair = taken(desk)
    browser = desk.browser("agent")
    given = {"decision": "return", "note": "It says", "spent": "1:", "measured": "61", "unasked": "x"}
    assert browser.post(reverse("work-draft", args=pair), given).status_code == 204
    page = browser.get(reverse("work-item", args=pair)).content.decode()
    assert "It says" in page
    assert 'value="return" checked' in page
    assert 'name="measured" value="61"' in page
    assert set(Draft.objects.get().answers) == {"decision", "order", "earlier", "numbers", "note"}
    assert desk.browser("manager").post(reverse("work-draft", args=pair), given).status_code == 409


def test_a_decision_can_be_undone_before_it_is_done(desk: World) -> None:
    pair = taken(desk)
    assert sent(desk, pair, next="yes").headers["Location"] == reverse("work-item", args=items(desk)[1])
    agent = desk.people["agent"]
    page = desk.browser("agent").get(reverse("work")).content.decode()
    assert "Undo" in page
    assert pair not in [(one.row.instance, one.row.wait) for one in queries.desk(agent).mine]
    desk.clock.now += 9 * SECOND
    assert decisions.settle() == 0
    answer = desk.browser("agent").post(reverse("work-undo", args=pair))
    assert answer.headers["Location"] == reverse("work-item", args=pair)
    desk.clock.now += 60 * SECOND
    assert decisions.settle() == 0
    assert Wait.objects.filter(instance=pair[0], wait=pair[1], kind="work").exists()
    page = desk.browser("agent").get(reverse("work-item", args=pair)).content.decode()
    assert "There is no order number on it." in page


def test_a_decision_is_done_when_its_time_is_over(desk: World) -> None:
    pair = taken(desk)
    sent(desk, pair)
    desk.clock.now += 10 * SECOND
    assert desk.browser("agent").post(reverse("work-settle")).content.decode().count("<form") == 0
    desk.host.work()
    assert Instance.objects.get(pk=pair[0]).status == "ended"
    assert not Draft.objects.exists()
    with pytest.raises(CommandRejected):
        decisions.undo(desk.people["agent"], *pair)


def test_who_went_away_has_decided_too(desk: World) -> None:
    pair = taken(desk)
    sent(desk, pair)
    desk.clock.now += 10 * SECOND
    assert Keeper().work() == 1
    assert not Wait.objects.filter(instance=pair[0], wait=pair[1], kind="work").exists()


def test_what_is_wrong_with_a_decision_is_told_at_once(desk: World) -> None:
    pair = taken(desk)
    answer = desk.browser("agent").post(reverse("work-item", args=pair), {"decision": "match", "hold": "yes"})
    assert answer.status_code == 422
    assert not Draft.objects.filter(due__isnull=False).exists()


def test_a_decision_that_cannot_be_done_any_more_comes_back_with_its_reason(desk: World) -> None:
    pair = taken(desk)
    sent(desk, pair)
    actions.give_back(desk.people["manager"], *pair)
    desk.clock.now += 10 * SECOND
    assert decisions.settle() == 0
    kept = Draft.objects.get()
    assert (kept.due, kept.problem) == (None, "This item is not in your hands. Take it first.")
    actions.take(desk.people["agent"], *pair)
    assert "not in your hands" in desk.browser("agent").get(reverse("work-item", args=pair)).content.decode()


def test_handling_time_is_measured_and_can_be_corrected(desk: World, settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    pair = taken(desk)
    wrong = sent(desk, pair, measured="95", spent="soon")
    assert wrong.status_code == 422
    assert "Write minutes and seconds" in wrong.content.decode()
    sent(desk, pair, measured="95", spent="12:05")
    found = Handled.objects.get()
    assert (found.measured, found.spent, found.form) == (95, 725, "invoice-exception")


@pytest.mark.parametrize(
    ("text", "seconds"), [("1:30", 90), ("90", 5400), ("1:01:05", 3665), ("", 7), ("0:00", 0), ("999", 12 * 3600)]
)
def test_times_are_read_as_people_write_them(text: str, seconds: int) -> None:
    assert Took.read("7", text).spent == seconds


@pytest.mark.parametrize("text", ["1:75", "-1", "1,5", "1:2:3", "9" * 9])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Took.read("7", text)


def ticked(*pairs: tuple[int, int]) -> list[str]:
    return [f"{instance}-{wait}" for instance, wait in pairs]


def test_several_are_decided_alike(desk: World) -> None:
    pairs = items(desk)[:2]
    browser = desk.browser("agent")
    page = browser.post(reverse("work-many"), {"item": ticked(*pairs)}).content.decode()
    assert "Decide all 2" in page
    refused = browser.post(reverse("work-many"), {"item": ticked(*pairs), "decide": "yes", "decision": "return"})
    assert refused.status_code == 422
    assert len(items(desk)) == 3, "nothing is done where the answers do not fit"
    answer = browser.post(reverse("work-many"), {"item": ticked(*pairs), "decide": "yes"} | ANSWERS, follow=True)
    assert "2 pieces of work are done." in answer.content.decode()
    desk.host.work()
    assert [Instance.objects.get(pk=pair[0]).status for pair in pairs] == ["ended", "ended"]
    assert len(items(desk)) == 1


def test_what_somebody_else_has_stays_and_is_told(desk: World) -> None:
    pairs = items(desk)[:2]
    actions.take(desk.people["agent"], *pairs[0])
    second = desk.people["idle"]
    Assignment.objects.create(person=second, engagement=desk.engagement)
    Credential.objects.filter(person=desk.people["agent"]).update(person=second)
    given = {"item": ticked(*pairs), "decide": "yes"} | ANSWERS
    page = desk.browser("idle").post(reverse("work-many"), given).content.decode()
    assert "These stayed where they were" in page
    assert "Somebody else has this item." in page
    assert "1 piece of work is done." in page


def test_a_manager_gives_work_to_whom_it_fits(desk: World) -> None:
    pairs = items(desk)[:2]
    manager, agent, idle = (desk.people[name] for name in ("manager", "agent", "idle"))
    found = many.chosen(manager, ticked(*pairs))
    assert agent in many.people(manager, found)
    assert idle not in many.people(manager, found), "not assigned to the engagement"
    given = {"item": ticked(*pairs), "give": "yes", "to": str(agent.pk)}
    desk.browser("manager").post(reverse("work-many"), given)
    held = Wait.objects.filter(instance__in=[pair[0] for pair in pairs], kind="work")
    assert {one.claimed_by for one in held} == {agent.email}
    assert Notification.objects.filter(person=agent, kind="assigned").count() == 2
    lines = LedgerEntry.objects.filter(type="work.taken").values_list("line", flat=True)
    told = [json.loads(bytes(line))["data"]["given_by"] for line in lines]
    assert {people.address(one) for one in told} == {"manager@example.org"}, "the ledger tells who gave it"
    with pytest.raises(CommandRejected):
        actions.give(manager, *pairs[0], agent)


def test_work_is_not_given_to_whom_it_does_not_fit(desk: World) -> None:
    pair = items(desk)[0]
    manager, agent, idle = (desk.people[name] for name in ("manager", "agent", "idle"))
    with pytest.raises(Denied):
        actions.give(manager, *pair, idle)
    Assignment.objects.create(person=idle, engagement=desk.engagement)
    with pytest.raises(Denied, match="not for"):
        actions.give(manager, *pair, idle)  # without the service's certificate
    with pytest.raises(Denied):
        actions.give(agent, *pair, agent)  # an agent gives nobody anything
    assert Wait.objects.get(instance=pair[0], wait=pair[1]).claimed_by is None


def test_a_queue_is_cut_down_by_what_its_rows_have(desk: World) -> None:
    desk.start("04-no-order-ubl.xml")
    browser = desk.browser("agent")
    page = browser.get("/work/").content.decode()
    assert 'name="is-supplier"' in page
    cut = browser.get("/work/?queue=payables:invoice-exception&is-supplier=Schnellkontor+Handels+UG").content.decode()
    assert cut.count('type="checkbox"') == 1
    assert "Keep this view as" in cut


def test_views_are_kept_under_a_name(desk: World) -> None:
    browser = desk.browser("agent")
    query = "queue=payables%3Ainvoice-exception&sort=-amount&evil=1"
    answer = browser.post(reverse("work-view"), {"name": "Dear ones", "query": query})
    assert answer.headers["Location"].endswith("?queue=payables%3Ainvoice-exception&sort=-amount")
    assert "Dear ones" in browser.get("/work/").content.decode()
    assert "Dear ones" not in desk.browser("manager").get("/work/").content.decode()
    assert browser.post(reverse("work-view"), {"name": "", "query": query}).status_code == 422
    browser.post(reverse("work-view-drop", args=[View.objects.get().pk]))
    assert not View.objects.exists()


def test_what_differs_stands_above_the_decision_and_texts_can_be_taken_over(desk: World) -> None:
    pair = taken(desk)
    page = desk.browser("agent").get(reverse("work-item", args=pair)).content.decode()
    assert page.index('class="differences"') < page.index("data-decision")
    assert "The price was agreed with the buyer." in page


def test_nobody_undoes_or_drops_what_is_somebody_elses(desk: World) -> None:
    pair = taken(desk)
    sent(desk, pair)
    browser = desk.browser("agent")
    browser.post(reverse("work-view"), {"name": "Dear ones", "query": "sort=-amount"})
    view = View.objects.get()
    for name in ("manager", "stranger"):
        assert desk.browser(name).post(reverse("work-undo", args=pair)).status_code in (404, 409)
        assert desk.browser(name).post(reverse("work-view-drop", args=[view.pk])).status_code == 404
    assert View.objects.exists()
    assert browser.post(reverse("work-undo", args=pair)).status_code == 302
