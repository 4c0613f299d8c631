"""The home of each role: what to do now, what is at stake, bars that open their cases, counts in the navigation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.beginning import begin
from tests.web.conftest import HOUR, PAYABLES, World

from anyshore.web.core.models import Person
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine.models import Notification, Wait
from anyshore.web.home import sets
from anyshore.web.walls.models import Wall
from anyshore.web.work import actions

SAMPLES = ("03-over-tolerance-ubl.xml", "04-no-order-ubl.xml", "05-unknown-seller-cii.xml")
ANSWERS = {"decision": "return", "note": "There is no order number on it."}


@pytest.fixture
def open_work(world: World) -> World:
    """Three exceptions: two days old, three hours old, new."""
    for sample, after in zip(SAMPLES, (45 * HOUR, 3 * HOUR, 0), strict=True):
        world.start(sample)
        world.clock.now += after
    return world


def shown(world: World, name: str) -> str:
    return str(world.browser(name).get(reverse("home")).content.decode())


def finish(world: World, place: int = 0) -> int:
    row = Wait.objects.filter(kind="work").order_by("instance")[place]
    agent = world.people["agent"]
    actions.take(agent, row.instance, row.wait)
    actions.complete(agent, row.instance, row.wait, ANSWERS, "", (60, 95))
    world.host.work()
    return int(row.instance)


def test_an_agent_begins_with_the_next_item_and_its_deadline(open_work: World) -> None:
    page = shown(open_work, "agent")
    assert 'data-key="n"' in page
    assert "03-over-tolerance-ubl.xml" in page
    assert re.search(r"badge bad.*?2026-01-06 12:00 <abbr>CET</abbr>", page, re.DOTALL), "overdue, by its own clock"
    assert "3 wait for you" in page
    assert "Who is free" not in page
    assert "Money and promises" not in page
    row = Wait.objects.filter(kind="work").order_by("instance")[1]
    actions.take(open_work.people["agent"], row.instance, row.wait)
    assert "Go on with it" in shown(open_work, "agent")


def test_own_figures_count_what_was_done_and_what_came_back(open_work: World) -> None:
    finish(open_work)
    agent = open_work.people["agent"]
    own = sets.own(agent)
    assert (own.today, own.median, own.finished, own.again) == (1, 95, 1, 0)
    assert "1:35" in shown(open_work, "agent")
    row = Wait.objects.filter(kind="work").order_by("instance")[0]
    actions.take(agent, row.instance, row.wait)
    actions.complete(agent, row.instance, row.wait, {"decision": "match", "order": "PO-0000", "note": "Another."})
    open_work.clock.now += HOUR
    open_work.host.work()
    assert sets.own(agent).again == 1
    open_work.clock.now += 24 * HOUR
    assert sets.own(agent).today == 0


def test_what_somebody_finished_is_a_page_of_theirs(open_work: World) -> None:
    number = finish(open_work)
    page = open_work.browser("agent").get(reverse("work-done")).content.decode()
    assert "03-over-tolerance-ubl.xml" in page
    assert "1:35" in page
    assert "export=csv" in page
    assert "03-over" not in open_work.browser("expert").get(reverse("work-done")).content.decode()
    agent = open_work.people["agent"]
    Wall.objects.create(case=number, person=agent, kind="declared", reason="kin", since=0, by=agent.email)
    assert "03-over" not in open_work.browser("agent").get(reverse("work-done")).content.decode()


def test_days_are_those_of_the_reader(open_work: World) -> None:
    """At 23:30 in Berlin it is tomorrow in Kolkata."""
    Person.objects.filter(email="agent@example.org").update(zone="Asia/Kolkata")
    before = sets.day_of(open_work.clock.now, "Europe/Berlin")
    assert sets.bounds(before, "Europe/Berlin")[1] - sets.bounds(before, "Europe/Berlin")[0] == 24 * HOUR
    assert sets.day_of(sets.bounds(before, "Europe/Berlin")[1] - HOUR // 2, "Asia/Kolkata") == before + 1
    spring = sets.day_of(1_774_746_000_000_000, "Europe/Berlin")  # 29 March 2026: the clock goes forward
    first, last = sets.bounds(spring, "Europe/Berlin")
    assert last - first == 23 * HOUR


def test_a_manager_sees_backlog_and_deadlines_as_bars_that_open_their_cases(open_work: World) -> None:
    manager = open_work.people["manager"]
    assert [bar.count for bar in sets.backlog(manager)] == [2, 0, 0, 1, 0]
    assert [bar.count for bar in sets.breach(manager)] == [1, 0, 1, 0, 1], (
        "missed; at the end of this business day; tomorrow"
    )
    browser = open_work.browser("manager")
    page = browser.get(reverse("home")).content.decode()
    bars = re.findall(r'href="(/home/[a-z]+/\d+/)"[^>]*aria-label="([^"]*)"', page)
    assert ("/home/backlog/3/", "up to 5 days: 1 case") in bars
    for address, words in bars:
        opened = browser.get(address).content.decode()
        count = int(re.search(r": (\d+) case", words).group(1))
        assert opened.count('<th scope="row"') == count, f"{address} shows what its bar says"


def test_cases_that_ended_are_counted_by_day(open_work: World) -> None:
    number = finish(open_work)
    manager = open_work.people["manager"]
    today = sets.day_of(open_work.clock.now, sets.zone_of())
    assert [bar.count for bar in sets.ended(manager)] == [0] * (sets.DAYS - 1) + [1]
    assert [one.pk for one in sets.cases(manager, "ended", str(today))] == [number]
    assert [one.pk for one in sets.cases(open_work.people["agent"], "done", str(today))] == [number]
    assert not sets.cases(open_work.people["agent"], "ended", str(today)), "an agent looks after nobody's cases"


def test_who_is_free_is_known(open_work: World) -> None:
    rows = {one.person.email: one.holds for one in sets.workers(open_work.people["manager"])}
    assert rows == {"agent@example.org": 0, "expert@example.org": 0}
    row = Wait.objects.filter(kind="work").order_by("instance")[0]
    actions.take(open_work.people["agent"], row.instance, row.wait)
    found = sets.workers(open_work.people["manager"])
    assert [(one.person.email, one.holds) for one in found] == [("expert@example.org", 0), ("agent@example.org", 1)]


@pytest.mark.parametrize("place", ["5", "99", "-1", "x", "9" * 30])
def test_a_bar_that_is_not_there_is_not_found(open_work: World, place: str) -> None:
    answer = open_work.browser("manager").get(reverse("home-cases", args=["backlog", place]))
    assert answer.status_code == 404
    assert open_work.browser("manager").get(reverse("home-cases", args=["nothing", "0"])).status_code == 404


@pytest.mark.parametrize("role", ["rival", "stranger", "idle", "agent"])
def test_nobody_sees_cases_of_others_behind_a_bar(open_work: World, role: str) -> None:
    for place in range(5):
        page = open_work.browser(role).get(reverse("home-cases", args=["backlog", str(place)])).content.decode()
        assert "ubl.xml" not in page


def test_an_owner_sees_money_promises_and_what_to_sign(open_work: World) -> None:
    page = shown(open_work, "owner")
    assert "Money and promises this month" in page
    assert "Nothing waits for your signature." in page
    assert "Who is free" not in page
    terms = (
        (PAYABLES / "terms.yaml")
        .read_text(encoding="utf-8")
        .replace("version: 1", "version: 2", 1)
        .replace("1.85", "1.86")
    )
    terms = terms.replace("valid_from: 2026-01-01", "valid_from: 2026-02-01", 1)
    terms_actions.propose(open_work.people["manager"], open_work.provider, open_work.client, terms)
    page = shown(open_work, "owner")
    assert "terms, version 2" in page
    assert counts(page)["Engagements"] == 1
    assert "terms, version 2" not in shown(open_work, "rival")


def counts(page: str) -> dict[str, int]:
    """What the navigation says waits where."""
    rows = re.findall(r"<span\s*>([^<]+)</span>\s*<b\s+class=\"count-of\"\s*>(\d+)</b>", page)
    return {name: int(number) for name, number in rows}


def test_the_navigation_counts_what_waits(busy: World) -> None:
    assert {one.kind for one in busy.people["manager"].notifications.all()} == {Notification.Kind.ACCEPTED}
    assert counts(shown(busy, "manager")) == {"Operations": 1, "Notifications": 2}
    row = busy.open_item()
    actions.take(busy.people["agent"], row.instance, row.wait)
    Notification.objects.create(person=busy.people["agent"], case=row.instance, kind="assigned", at=1)
    assert counts(shown(busy, "agent")) == {"My work": 1, "Notifications": 1}


def test_the_navigation_has_four_groups(busy: World) -> None:
    page = shown(busy, "manager")
    assert re.findall(r'class="group"[^>]*>([^<]+)<', page) == ["Work", "Deliver", "Agree", "Set up"]


@pytest.mark.parametrize("role", ["manager", "agent"])
def test_more_work_asks_no_more_queries(world: World, role: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            world.browser(role).get(reverse("home"))
        return len(found)

    text = (PAYABLES / "samples" / SAMPLES[1]).read_bytes()

    def more(number: int) -> None:
        document = (f"{number}.xml", text.replace(b"RE-2026-0123", f"RE-2026-9{number:03}".encode()))
        begin(world.people["manager"], "payables", "payables", documents=[document])
        world.host.work()

    more(0)
    more(1)
    asked()
    before = asked()
    for number in range(2, 8):
        more(number)
    assert Wait.objects.filter(kind="work").count() == 8
    asked()
    assert asked() <= before


def test_the_home_follows_without_reloading(open_work: World) -> None:
    part: Any = open_work.browser("manager").get(reverse("home"), headers={"hx-request": "true"})
    assert "<html" not in part.content.decode()
    assert "Who is free" in part.content.decode()
