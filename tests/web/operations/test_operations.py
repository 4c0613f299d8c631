"""Operations: incidents by their cause and in bulk, tasks tried again, work on hold, moves to a newer version."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.conftest import BROKEN

from anyshore.web.core.models import AuditEntry
from anyshore.web.engine.models import Instance, LedgerEntry, Wait
from anyshore.web.operations import queries as operations
from anyshore.web.walls import actions as walls

CAUSE = {"engagement": "payables", "service": "payables", "code": "activity.unknown", "element": "call"}


def stuck(world: Any, count: int, engagement: str = "payables") -> list[int]:
    """Instances whose automatic task has given up."""
    world.host.deploy("stumble", {"stumble.bpmn": BROKEN})
    started = [
        world.host.start(
            "process:stumble", {}, service="payables", reference=f"S-{engagement}-{number}", engagement=engagement,
            zone="Europe/Berlin",
        )
        for number in range(count)
    ]  # fmt: skip
    for _attempt in range(5):
        world.host.work()
        world.clock.now += 60_000_000
    return started


def open_incidents() -> list[int]:
    return sorted(Wait.objects.filter(kind="incident").values_list("instance", flat=True))


def test_incidents_are_shown_by_cause_and_one_by_one(world: Any) -> None:
    stuck(world, 3)
    stuck(world, 1, "rival-payables")
    browser = world.browser("manager")
    found = operations.causes(world.people["manager"])
    assert [(one.engagement, one.code, one.place, one.count) for one in found] == [
        ("payables", "activity.unknown", "Call nothing", 3), ("rival-payables", "activity.unknown", "Call nothing", 1)
    ]  # fmt: skip
    page = browser.get("/operations/").content.decode()
    assert "3 cases" in page
    assert "Accounts payable" in page, "services have names"
    listed = browser.get("/operations/incidents/", CAUSE).content.decode()
    assert [f"S-payables-{n}" in listed for n in range(3)] == [True] * 3
    assert "S-rival" not in listed
    assert operations.causes(world.people["stranger"]) == []


def test_all_of_a_cause_are_tried_again_or_cancelled_but_not_those_of_others(world: Any) -> None:
    first, second, walled = stuck(world, 3)
    (foreign,) = stuck(world, 1, "rival-payables")
    walls.screen(world.people["manager"], walled, "declared", "Held shares", "test", world.clock.now)
    browser = world.browser("manager")
    answer = browser.post("/operations/incidents/retry/", CAUSE | {"name": "x", "value": "1 + 1"}, follow=True)
    assert "2 cases were helped." in answer.content.decode()
    assert open_incidents() == [walled, foreign]
    for _attempt in range(5):
        world.host.work()
        world.clock.now += 60_000_000
    assert open_incidents() == [first, second, walled, foreign]
    assert browser.post("/operations/incidents/cancel/", CAUSE | {"reason": " "}).status_code == 422
    browser.post("/operations/incidents/cancel/", CAUSE | {"reason": "cannot be helped"})
    assert [world.instance(n).status for n in (first, second, walled, foreign)] == [
        "ended",
        "ended",
        "active",
        "active",
    ]
    actions = AuditEntry.objects.filter(engagement=world.engagement).values_list("action", flat=True)
    assert list(actions)[:2] == ["incidents.cancelled", "incidents.retried"]
    reasons = LedgerEntry.objects.filter(engagement="payables", type="instance.cancelled")
    assert all(b"cannot be helped" in bytes(one.line) for one in reasons)


def test_a_broken_instance_can_be_cancelled_by_itself(world: Any) -> None:
    (number,) = stuck(world, 1)
    Instance.objects.filter(pk=number).update(state=b"\x00")
    browser = world.browser("manager")
    wait = Wait.objects.get(kind="incident")
    assert browser.post(f"/operations/{number}/{wait.wait}/retry/").status_code == 409
    assert world.instance(number).status == "broken"
    assert browser.get("/operations/").status_code == 200
    assert browser.get(f"/cases/{number}/").status_code == 200, "what cannot be read is shown as far as it can be"
    assert browser.post(f"/cases/{number}/cancel/", {"reason": "lost"}).status_code == 302
    assert world.instance(number).status == "ended"
    assert browser.get("/cases/").status_code == 200


NOT_WAITED_FOR = b"case: told\nitems: {note: {type: task, activity: there.is.no.such, wait: false}}\n"


def not_waited_for(world: Any) -> tuple[int, int]:
    """A case that has ended, and what it started and did not wait for has failed for good."""
    world.host.deploy("told", {"case.yaml": NOT_WAITED_FOR})
    number = world.host.start("case:told", service="payables", reference="T-1", engagement="payables")
    for _attempt in range(5):
        world.host.work()
        world.clock.now += 60_000_000
    return number, Wait.objects.get(kind="incident").wait


def test_what_no_case_waits_for_is_shown_tried_again_and_given_up(world: Any) -> None:
    number, wait = not_waited_for(world)
    browser = world.browser("manager")
    for page in ("/operations/", f"/operations/incidents/?code={CAUSE['code']}"):
        shown = browser.get(page).content.decode()
        assert "There is no activity" in shown
        assert "Give up" in shown
        assert "Cancel this case" not in shown
    assert "There is no activity" in browser.get(f"/cases/{number}/").content.decode()
    assert browser.post(f"/operations/{number}/{wait}/retry/").status_code == 302
    assert Wait.objects.get(instance=number).kind == "job"
    for _attempt in range(5):
        world.host.work()
        world.clock.now += 60_000_000
    given_up = f"/operations/{number}/{wait}/give-up/"
    assert browser.post(given_up, {"reason": " "}).status_code == 422
    assert browser.post(given_up, {"reason": "told by hand"}).status_code == 302
    assert not open_incidents()
    assert world.instance(number).status == "ended"
    assert browser.post(given_up, {"reason": "again"}).status_code == 409
    assert AuditEntry.objects.filter(action="incident.given-up").count() == 1


def test_what_no_case_waits_for_is_given_up_by_rest(world: Any) -> None:
    number, wait = not_waited_for(world)
    browser = world.browser("manager")
    assert browser.get("/api/incidents").json()[0]["wait"] == wait
    post = {"content_type": "application/json", "data": {"reason": "told by hand"}}
    assert browser.post(f"/api/incidents/{number}/{wait}/give-up", **post).status_code == 204
    assert not open_incidents()


def test_what_is_tried_again_is_shown(world: Any) -> None:
    world.host.deploy("stumble", {"stumble.bpmn": BROKEN})
    world.host.start("process:stumble", {}, service="payables", reference="S-1", engagement="payables")
    world.host.work()
    page = world.browser("manager").get("/operations/retries/").content.decode()
    assert "S-1" in page
    assert "there.is.no.such" in page
    assert "S-1" not in world.browser("stranger").get("/operations/retries/").content.decode()


def test_many_are_put_on_hold_and_go_on(busy: Any) -> None:
    browser = busy.browser("manager")
    answer = browser.post("/operations/held/all/", {"case": [2, 3], "held": "yes"}, follow=True)
    assert "2 cases were helped." in answer.content.decode()
    assert "04-no-order-ubl.xml" in browser.get("/operations/held/").content.decode()
    assert browser.post("/operations/held/all/", {"case": [2, 999], "held": "no"}).status_code == 404
    assert busy.instance(2).status == "suspended", "all or none"
    assert browser.post("/operations/held/all/", {"held": "no"}).status_code == 422
    browser.post("/operations/held/all/", {"case": [2, 3], "held": "no"})
    assert [busy.instance(n).status for n in (2, 3)] == ["active", "active"]


def test_a_move_is_planned_tried_and_made_for_one_engagement(world: Any) -> None:
    mine, walled = stuck(world, 2)
    (foreign,) = stuck(world, 1, "rival-payables")
    old = world.instance(mine).definition
    world.host.deploy("stumble", {"stumble.bpmn": BROKEN.replace(b'"call"', b'"ask"')})
    walls.screen(world.people["manager"], walled, "declared", "Held shares", "test", world.clock.now)
    browser = world.browser("manager")
    assert "/operations/versions/payables/process:stumble@" in browser.get("/operations/versions/").content.decode()
    address = f"/operations/versions/payables/{old}/"
    page = browser.get(address).content.decode()
    assert "1 running case" in page
    assert "Call nothing" in page
    blind = browser.post(address, {"do": "try"}).content.decode()
    assert "would stay" in blind
    assert "Move 1 case" not in blind
    tried = browser.post(address, {"do": "try", "to:call": "ask"}).content.decode()
    assert "Move 1 case" in tried
    assert world.instance(mine).definition == old
    assert browser.post(address, {"do": "migrate", "to:call": "nowhere"}).status_code == 422
    assert browser.post(address, {"do": "migrate", "to:call": "ask"}).status_code == 302
    moved = [world.instance(number).definition != old for number in (mine, walled, foreign)]
    assert moved == [True, False, False]
    assert browser.get(address).status_code == 404, "nothing the manager knows of runs on it any more"


def test_the_same_by_rest(world: Any) -> None:
    first, second = stuck(world, 2)
    browser = world.browser("manager")

    def post(path: str, body: dict[str, Any]) -> Any:
        return browser.post(path, body, content_type="application/json")

    listed = browser.get("/api/incidents?limit=1")
    assert [one["instance"] for one in listed.json()] == [first]
    assert listed.headers["Link"] == '<http://testserver/api/incidents?limit=1&page=2>; rel="next"'
    rest = browser.get("/api/incidents?limit=1&page=2")
    assert [one["instance"] for one in rest.json()] == [second]
    assert "Link" not in rest.headers
    assert browser.get("/api/incidents?limit=0").status_code == 422
    assert post("/api/incidents/retry", {"engagement": "payables", "code": "other"}).json()["done"] == 0
    old = world.instance(first).definition
    assert browser.get("/api/versions").json()[0] | {"newest": ""} == {
        "engagement": "payables", "definition": old, "newest": "", "instances": 2
    }  # fmt: skip
    world.host.deploy("stumble", {"stumble.bpmn": BROKEN.replace(b'"call"', b'"ask"')})
    plan = {"source": old, "elements": {"call": "ask"}}
    tried = post("/api/engagements/payables/migrations", plan).json()
    assert (tried["dry_run"], tried["migrated"], world.instance(first).definition) == (True, 2, old)
    assert tried["gone"] == []
    done = post("/api/engagements/payables/migrations", plan | {"dry_run": False}).json()
    assert (done["migrated"], done["refused"]) == (2, [])
    cancelled = post("/api/incidents/cancel", {"engagement": "payables", "reason": "old"}).json()
    assert cancelled == {"done": 2, "refused": 0, "reasons": []}


def test_hold_and_resume_by_rest(busy: Any) -> None:
    browser = busy.browser("manager")
    assert browser.post("/api/instances/2/hold").status_code == 204
    again = browser.post("/api/instances/2/hold")
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")
    assert browser.post("/api/instances/2/resume").status_code == 204
    assert busy.instance(2).status == "active"


def test_a_wrong_method_is_answered_with_a_problem(world: Any) -> None:
    answer = world.browser("manager").delete("/api/instances/1")
    assert (answer.status_code, answer.json()["code"]) == (405, "request.method")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/instances/null,null", "/api/instances/9999999999999999999999", "/api/nowhere"])
def test_what_cannot_be_an_instance_is_answered_with_a_problem(world: Any, path: str) -> None:
    answer = world.browser("manager").get(path)
    assert answer.status_code in (404, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"code", "message", "hint", "problems"} <= set(answer.json())
