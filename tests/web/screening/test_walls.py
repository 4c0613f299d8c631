"""A person behind a wall meets the case nowhere, and the record proves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.conftest import confirm

from anyshore.base.errors import CommandRejected
from anyshore.web.accounts import personal
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.engine import queries as engine
from anyshore.web.screening import actions as wall_actions
from anyshore.web.screening import interest_actions
from anyshore.web.screening import queries as wall_queries
from anyshore.web.site.api import api
from anyshore.web.talk import actions as talk_actions
from anyshore.web.talk import queries as talk_queries
from anyshore.web.walls.models import Access, Wall
from anyshore.web.work import conflicts
from anyshore.web.work import queries as work_queries

REFERENCE = "maintenance-agreement"
OTHERS = {
    "pk": 999, "key": "contract-review", "service": "contract-review", "objective": "signed", "month": "2026-01",
    "line": 1,
    "version": 1, "reference": "case:contract-review@2", "digest": "0" * 64, "token": 1, "checkpoint": 1,
    "wall": 1, "forecast": 1, "name": "backlog",
    "document": "1", "conflict": 1, "interest": 1, "kind": "contract", "secret": "x", "provider_id": "x",
    "organization_slug": "x", "link": 1, "webhook": 1, "channel": 1, "place": "0", "one": 1, "language": "de",
    "engagement": "contract-review", "signed": "x", "part": 1, "at": 1,
}  # fmt: skip
"""What addresses need beside the case."""

LEFT_OUT = {"sign-out", "language"}

BY_ROLE = {
    "course-todo", "invoice-trail", "batch", "batch-document", "batch-row", "batch-try", "batch-row-take-out",
    "batch-row-reopen", "/api/engagements/{key}/batches/{number}",
}  # fmt: skip
"""Addresses that a role closes before any case is looked at: only who learns has courses, experts see no invoices; the
number of a batch is none of a case."""

NOWHERE = 999_999
"""The number of no case."""


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            if found.namespace != "api":
                yield from patterns(found)
        else:
            yield found


def addresses(number: int, wait: int) -> Iterator[tuple[str, str, str, bool]]:
    """Every page and endpoint: name, method, address, and whether it names the case."""
    for page in patterns(get_resolver()):
        if page.name in LEFT_OUT:
            continue
        wanted = page.pattern.converters
        known = OTHERS | {"number": number, "instance": number, "wait": wait}
        arguments = {name: known[name] for name in wanted}
        names_case = bool({"number", "instance"} & set(wanted))
        for method in ("get", "post"):
            yield page.name, method, reverse(page.name, kwargs=arguments), names_case
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        address = path
        for name, value in (OTHERS | {"number": number, "instance": number, "wait": wait}).items():
            address = address.replace(f"{{{name}}}", str(value))
        assert "{" not in address, path
        for method in methods:
            yield path, method, address, "{number}" in path or "{instance}" in path


def visit(desk: Any, name: str) -> Iterator[tuple[str, str, bool, int, str]]:
    browser = desk.world.browser(name)
    confirm(browser, desk.person(name))
    wait = desk.wait("first_review")
    for page, method, address, names_case in addresses(desk.number, wait):
        body = {} if method == "get" or not address.startswith("/api/") else {"content_type": "application/json"}
        answer = getattr(browser, method)(address, **body)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield page, method, names_case, answer.status_code, content.decode(errors="replace")
        if "_auth_user_id" not in browser.session:  # some addresses sign out
            browser.force_login(desk.person(name))
            confirm(browser, desk.person(name))


@pytest.mark.parametrize("name", ["lead", "manager", "owner"])
def test_every_address_is_closed_to_a_person_behind_a_wall(desk: Any, name: str) -> None:
    desk.take("second", "second_review")
    talk_actions.comment(desk.person("second"), desk.number, f"Look at this @{name}")
    before = {page for page, method, _c, status, text in visit_safe(desk, name) if REFERENCE in text and status == 200}
    assert {"instances", "/api/instances", "/api/instances/{number}", "instance"} <= before
    desk.world.clock.now += 1
    conflicts.screen(
        desk.person("second"), engine.instance(desk.person("second"), desk.number)[1], desk.number, desk.person(name),
        "declared", "Held shares", "test",
    )  # fmt: skip
    closed, by_role = 0, set(closed_by_role(desk, name))
    for page, method, names_case, status, text in visit(desk, name):
        assert REFERENCE not in text, (page, method)
        assert "Look at this" not in text, (page, method)
        if names_case and (page, method) not in by_role:
            # Malformed requests are refused before the case is looked at, wrong methods before anything is.
            assert status in (404, 405, 422), (page, method, status)
            assert status != 422 or page.startswith("/api/"), (page, method)
            closed += status == 404
        elif names_case:
            assert status == 403, (page, method, status)
    assert closed > 25
    [found] = wall_queries.everything(engine.instance(desk.person("second"), desk.number)[1])
    assert found["screening"].clean
    assert len(found["screening"].refused) >= closed


def closed_by_role(desk: Any, name: str) -> Iterator[tuple[str, str]]:
    """Pages and methods that are refused whatever case is named: of the one behind a wall they tell nothing."""
    browser = desk.world.browser(name)
    for page, method, address, _names_case in addresses(NOWHERE, 1):
        if page in BY_ROLE and getattr(browser, method)(address).status_code == 403:
            yield page, method


def visit_safe(desk: Any, name: str) -> Iterator[tuple[str, str, bool, int, str]]:
    browser = desk.world.browser(name)
    for page, method, address, names_case in addresses(desk.number, desk.wait("first_review")):
        if method == "get":
            answer = browser.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield page, method, names_case, answer.status_code, content.decode(errors="replace")


def test_ones_own_data_leaves_the_case_out_and_the_operators_export_does_not(desk: Any) -> None:
    talk_actions.comment(desk.person("second"), desk.number, "Look at this @lead")
    lead = desk.person("lead")
    before = desk.world.browser("lead").get("/api/me/data").json()
    desk.world.clock.now += 1
    wall_actions.declare(desk.person("manager"), desk.number, lead.email, "A family member works there")
    after = desk.world.browser("lead").get("/api/me/data").json()
    assert [row["text"] for row in before["talk.Comment.mentioned"]] == ["Look at this @lead"]
    assert "talk.Comment.mentioned" not in after
    assert "walls.Wall.person" not in after
    assert {"talk.Comment.mentioned", "walls.Wall.person"} <= set(personal.told(lead))


def test_a_wall_works_after_the_fact_and_gives_tasks_back(desk: Any) -> None:
    desk.take("lead", "first_review")
    assert [one.row.element for one in work_queries.desk(desk.person("lead")).mine] == ["first_review"]
    desk.world.browser("lead").get(reverse("instance", args=[desk.number]))
    desk.world.clock.now += 1
    wall_actions.declare(desk.person("manager"), desk.number, "lead@example.org", "A family member works there")
    found = work_queries.desk(desk.person("lead"))
    assert found.mine == found.waiting == []
    desk.take("judge", "first_review")
    [one] = wall_queries.case(desk.person("manager"), desk.number)["screenings"]
    assert one["screening"].clean
    assert len(one["screening"].before) == 1  # what the person had seen already is told


def test_a_breach_would_be_found(desk: Any) -> None:
    wall_actions.declare(desk.person("manager"), desk.number, "lead@example.org", "Shares")
    desk.world.clock.now += 10
    Access.objects.create(at=desk.world.clock.now, person=desk.person("lead"), case=desk.number, action="GET instance")
    assert not wall_queries.report(desk.person("manager"))["clean"]
    assert "accesses behind a wall" in desk.world.browser("manager").get(reverse("walls")).content.decode()


def test_walls_are_found_from_interests(desk: Any) -> None:
    manager, judge = desk.person("manager"), desk.person("judge")
    interest_actions.note(manager, judge, "LIFTWERK Service", "shares")
    assert wall_actions.find(manager, desk.number, ["Someone else"]) == []
    [wall] = wall_actions.find(manager, desk.number, ["Liftwerk Service AG"])
    assert (wall.person, wall.kind, wall.reason) == (judge, "found", "shares: LIFTWERK Service")
    assert len(wall_actions.find(manager, desk.number, ["Liftwerk Service AG"])) == 1
    assert Wall.objects.count() == 1
    assert desk.world.browser("judge").get(reverse("instance", args=[desk.number])).status_code == 404


def test_a_wall_is_lifted_with_a_reason_and_stays_on_record(desk: Any) -> None:
    manager = desk.person("manager")
    wall = wall_actions.declare(manager, desk.number, "lead@example.org", "Shares")
    desk.world.clock.now += 10
    with pytest.raises(CommandRejected):
        wall_actions.lift(manager, desk.number, wall.pk, " ")
    wall_actions.lift(manager, desk.number, wall.pk, "Shares sold")
    assert desk.world.browser("lead").get(reverse("instance", args=[desk.number])).status_code == 200
    [one] = wall_queries.case(manager, desk.number)["screenings"]
    assert one["screening"].wall.lifted_reason == "Shares sold"
    assert one["screening"].clean
    with pytest.raises(TypeError):
        wall.delete()


def test_who_may_declare(desk: Any) -> None:
    with pytest.raises(Denied):
        wall_actions.declare(desk.person("lead"), desk.number, "second@example.org", "Rivalry")
    with pytest.raises(Invalid):
        wall_actions.declare(desk.person("manager"), desk.number, "stranger@example.org", "Not of this engagement")
    wall_actions.declare(desk.person("lead"), desk.number, "lead@example.org", "My own conflict")
    assert desk.number in engine.blocked(desk.person("lead"))
    with pytest.raises(TypeError):
        Access.objects.create(at=1, person=desk.person("lead"), case=desk.number, action="GET instance").delete()


def test_nobody_behind_a_wall_is_told_or_mentioned(desk: Any) -> None:
    talk_actions.comment(desk.person("second"), desk.number, "See this, @lead")
    assert len(talk_queries.notifications(desk.person("lead"))) == 1
    wall_actions.declare(desk.person("manager"), desk.number, "lead@example.org", "Shares")
    assert list(talk_queries.notifications(desk.person("lead"))) == []
    with pytest.raises(Invalid, match="correct"):
        talk_actions.comment(desk.person("second"), desk.number, "And this, @lead")
