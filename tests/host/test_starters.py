"""Processes that begin by a timer or a condition, under an engagement, on every store."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.host import operations, starters
from anyshore.host.driver import Host
from anyshore.host.operations import Selection
from anyshore.host.ports import ENDED, Page
from anyshore.kernel.commands import Cancel, Resolve
from anyshore.web.engine.store import DatabaseStore
from tests.host import processes as bpmn
from tests.host.contract.test_concurrency import in_threads
from tests.host.fixtures import SECOND, Clock, row, variables, waits
from tests.host.test_calendars import BANGALORE, moment, sign
from tests.terms.conftest import TERMS

HOUR = 3600 * SECOND


def begins(definition: str) -> bpmn.Element:
    return "startEvent", {}, definition


def every(cycle: str) -> bpmn.Element:
    return begins(f"<timerEventDefinition><timeCycle>{cycle}</timeCycle></timerEventDefinition>")


def when(condition: str) -> bpmn.Element:
    text = f'<condition xsi:type="tFormalExpression">{condition}</condition>'
    return begins(f"<conditionalEventDefinition>{text}</conditionalEventDefinition>")


def process(**starts: bpmn.Element) -> dict[str, bytes]:
    """A process ``nightly`` with these start events, whose work waits for a person."""
    flows = "\n".join(f"{name} -> b" for name in starts) + "\nb -> z"
    return {"nightly.bpmn": bpmn.process("nightly", {**starts, "b": bpmn.user(), "z": bpmn.end()}, flows).encode()}


def opened(host: Host, files: dict[str, bytes], engagement: str = "a", zone: str = "UTC") -> int:
    (number,) = starters.open_all(
        host, host.deploy("nightly", files), engagement=engagement, service="books", zone=zone, by="m@provider"
    )
    host.work()
    return number


def begun(host: Host, definition: str | None = None) -> list[Any]:
    """What has begun, oldest first."""
    with host.store.transaction() as tx:
        rows = tx.instances(Page(kind="process", limit=1000, definition=definition))
    return [one for one in reversed(rows) if one.key == "nightly"]


def due(host: Host, starter: int) -> list[str]:
    return [datetime.fromtimestamp(one.due / SECOND, UTC).isoformat()[:16] for one in waits(host, starter, "timer")]


def types(host: Host, engagement: str = "a") -> list[str]:
    with host.store.transaction() as tx:
        return [entry.type for entry in tx.ledger(engagement)]


def test_a_cycle_begins_an_instance_each_time_and_no_more(host: Host, clock: Clock) -> None:
    starter = opened(host, process(s=every("R3/PT1H")))
    assert not begun(host)
    for hours in (1, 2, 3, 4, 5):
        clock.now += HOUR
        host.work()
        assert len(begun(host)) == min(hours, 3)
    one = begun(host)[0]
    assert (one.engagement, one.service, one.reference, one.parent) == ("a", "books", "", None)
    assert row(host, starter).status == "active", "it stands ready for what is reported, and for the next version"


def test_after_a_day_of_downtime_what_was_missed_begins_in_order(host: Host, clock: Clock) -> None:
    opened(host, process(s=every("R/PT1H")))
    clock.now += 24 * HOUR
    host.work(limit=5)
    assert len(begun(host)) == 24


def test_a_date_and_a_duration_begin_one_instance_each(host: Host, clock: Clock) -> None:
    clock.now = moment("2026-05-01T00:00:00+00:00")
    files = process(
        s=begins("<timerEventDefinition><timeDate>2026-05-01T06:00:00</timeDate></timerEventDefinition>"),
        t=begins("<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"),
    )
    starter = opened(host, files, zone="Europe/Berlin")
    assert sorted(due(host, starter)) == ["2026-05-01T02:00", "2026-05-01T04:00"]
    for _ in range(3):
        clock.now += 24 * HOUR
        host.work()
    assert len(begun(host)) == 2


def test_timers_count_by_the_business_calendar_of_the_engagement(host: Host, clock: Clock) -> None:
    clock.now = moment("2026-12-23T15:00:00+01:00")
    cycle = '<timerEventDefinition anyshore:calendar="office"><timeCycle>R/P1D</timeCycle></timerEventDefinition>'
    for name, terms in (("berlin", TERMS), ("bangalore", BANGALORE)):
        sign(host, name, terms)
    here = opened(host, process(s=begins(cycle)), "berlin", "Europe/Berlin")
    there = opened(host, process(s=begins(cycle)), "bangalore", "Asia/Kolkata")
    assert due(host, here) == ["2026-12-24T14:00"]
    assert due(host, there)[0] != due(host, here)[0]


def test_a_timer_without_its_calendar_is_an_incident_that_is_retried(host: Host, clock: Clock) -> None:
    cycle = '<timerEventDefinition anyshore:calendar="office"><timeCycle>R/P1D</timeCycle></timerEventDefinition>'
    starter = opened(host, process(s=begins(cycle), t=every("R/PT1H")))
    clock.now += HOUR
    host.work()
    assert len(begun(host)) == 1, "the other timer is not hurt"
    (incident,) = operations.incidents(host, Selection(instance=starter))
    assert incident.row.name == "bpmn.bad-timer"
    sign(host, "a", TERMS.replace("start: 2026-01-01", "start: 2020-01-01"))
    assert operations.retry(host, Selection(instance=starter)).done == 1
    assert len(due(host, starter)) == 2


def test_a_retry_after_a_newer_version_opens_no_second_timer(host: Host) -> None:
    cycle = '<timerEventDefinition anyshore:calendar="office"><timeCycle>R/P1D</timeCycle></timerEventDefinition>'
    starter = opened(host, process(s=begins(cycle)))
    host.deploy("nightly", process(s=begins(cycle), t=bpmn.start()))
    host.work()
    assert len(list(operations.incidents(host, Selection(instance=starter)))) == 2
    sign(host, "a", TERMS.replace("start: 2026-01-01", "start: 2020-01-01"))
    assert operations.retry(host, Selection(instance=starter)).done == 2
    assert len(due(host, starter)) == 1


def test_a_condition_begins_work_when_it_becomes_true(host: Host) -> None:
    opened(host, process(s=when("stock &lt; 10")))
    told = []
    for stock in (20, 5, 4, 30, 3):
        assert starters.report(host, "a", {"stock": Decimal(stock), "item": "paper"}) == 1
        host.work()
        told.append(len(begun(host)))
    assert told == [0, 1, 1, 1, 2]
    assert variables(host, begun(host)[0].id) == {"stock": Decimal(5), "item": "paper"}
    assert starters.report(host, "a", {"stock": Decimal(1)}, service="other") == 0
    assert starters.report(host, "b", {"stock": Decimal(1)}) == 0


def test_reports_that_follow_each_other_are_all_heard(host: Host) -> None:
    opened(host, process(s=when("stock &lt; 10")))
    for stock in (5, 50, 5):
        starters.report(host, "a", {"stock": Decimal(stock)})
    host.work()
    assert len(begun(host)) == 2


def test_what_is_open_is_not_opened_twice(host: Host) -> None:
    files = process(s=every("R/PT1H"))
    number = opened(host, files)
    place = {"engagement": "a", "service": "books"}
    assert starters.open_all(host, host.deploy("nightly", files), **place) == []
    assert starters.open_one(host, "process:nightly", **place) == number
    assert starters.open_one(host, "process:nightly", engagement="a", service="other") != number


def test_one_that_was_cancelled_is_opened_again_only_by_hand(host: Host, clock: Clock) -> None:
    files = process(s=every("R/PT1H"))
    number = opened(host, files)
    host.execute(number, Cancel(at=clock.now, reason="enough"))
    clock.now += HOUR
    host.work()
    place = {"engagement": "a", "service": "books"}
    assert starters.open_all(host, host.deploy("nightly", files), **place) == []
    assert starters.standing(host, "a") == []
    assert not begun(host)
    again = starters.open_one(host, "process:nightly", **place)
    assert again != number
    assert [one.row.id for one in starters.standing(host)] == [again]


def test_only_processes_that_begin_by_themselves_have_one(host: Host) -> None:
    assert starters.open_all(host, host.deploy("nightly", process(s=bpmn.start())), engagement="a", service="b") == []
    with pytest.raises(CommandRejected, match="no start event with a timer"):
        starters.open_one(host, "process:nightly", engagement="a", service="b")
    host.deploy("nightly", process(s=every("R/PT1H")))
    with pytest.raises(CommandRejected, match="no time zone 'Mars/Olympus'"):
        starters.open_one(host, "process:nightly", engagement="a", service="b", zone="Mars/Olympus")
    assert starters.standing(host) == []


def test_what_stands_ready_is_told(host: Host, clock: Clock) -> None:
    number = opened(host, process(s=every("R/PT2H"), t=every("R/PT1H"), c=when("stock &lt; 10")))
    (one,) = starters.standing(host, "a")
    assert one.row.id == number
    assert one.timers == (("t", clock.now + HOUR), ("s", clock.now + 2 * HOUR))
    assert one.conditions == (("c", "stock < 10"),)
    assert starters.standing(host, "b") == []


def test_one_that_is_broken_is_told_too(host: Host) -> None:
    number = opened(host, process(s=every("R/PT2H"), c=when("stock &lt; 10")))
    with host.store.transaction() as tx:
        broken = tx.load([number])[number]
        broken.state = b"nonsense"
        tx.save([broken])
    starters.report(host, "a", {"stock": Decimal(1)})
    host.work()
    (one,) = starters.standing(host)
    assert (one.row.status, one.timers, one.conditions) == ("broken", (), (("c", "stock < 10"),))


def test_a_new_version_takes_over_and_timers_written_as_before_count_on(host: Host, clock: Clock) -> None:
    starter = opened(host, process(s=every("R/PT3H"), t=every("R/PT2H")))
    clock.now += HOUR
    newer = host.deploy("nightly", process(s=every("R/PT3H"), t=every("R/PT5H"), u=every("R/PT7H"))).number
    host.work()
    left = sorted(wait.due - clock.now for wait in waits(host, starter, "timer"))
    assert left == [2 * HOUR, 5 * HOUR, 7 * HOUR]
    clock.now += 2 * HOUR
    host.work()
    assert [one.definition for one in begun(host)] == [f"process:nightly@{newer}"]
    host.deploy("nightly", process(s=bpmn.start()))
    host.work()
    assert waits(host, starter, "timer") == []
    host.deploy("nightly", process(s=every("R/PT1H")))
    host.work()
    assert len(waits(host, starter, "timer")) == 1


def test_only_a_newer_version_of_its_own_pack_takes_a_starter_over(host: Host) -> None:
    files = process(s=every("R/PT1H"))
    numbers = {}
    for pack in ("north/nightly", "south/nightly"):
        (numbers[pack],) = starters.open_all(host, host.deploy(pack, files), engagement=pack[:5], service="books")
    newer = host.deploy("south/nightly", process(s=every("R/PT2H"))).number
    host.deploy("nightly", process(s=every("R/PT3H")))
    host.work()
    assert row(host, numbers["south/nightly"]).definition == f"starter:nightly@{newer}"
    assert row(host, numbers["north/nightly"]).definition != f"starter:nightly@{newer}"
    assert row(host, numbers["north/nightly"]).turns == 1


def test_on_hold_nothing_begins_and_what_was_missed_of_a_cycle_is_left_out(host: Host, clock: Clock) -> None:
    starter = opened(host, process(s=every("R/PT1H"), c=when("stock &lt; 10")))
    operations.suspend(host, [starter])
    clock.now += 5 * HOUR + HOUR // 2
    starters.report(host, "a", {"stock": Decimal(5)})
    host.work()
    assert not begun(host)
    operations.resume(host, [starter])
    host.work()
    assert len(begun(host)) == 1, "what was reported meanwhile is seen"
    assert [wait.due - clock.now for wait in waits(host, starter, "timer")] == [HOUR // 2]


def test_very_many_missed_times_are_left_out_in_bounded_work(host: Host, clock: Clock) -> None:
    starter = opened(host, process(s=every("R/PT1S")))
    operations.suspend(host, [starter])
    clock.now += 365 * 24 * HOUR
    operations.resume(host, [starter])
    assert host.work() == 0
    assert [wait.due - clock.now for wait in waits(host, starter, "timer")] == [SECOND]


def test_the_ledger_proves_a_starter_but_counts_it_as_no_case(host: Host, clock: Clock) -> None:
    starter = opened(host, process(s=every("R1/PT1H")))
    clock.now += HOUR
    host.work()
    assert types(host) == ["starter.started", "instance.started", "work.opened"]
    (one,) = begun(host)
    (work,) = waits(host, one.id, "work")
    host.execute(one.id, Resolve(at=clock.now, wait=work.wait))
    host.execute(starter, Cancel(at=clock.now, reason="enough"))
    assert types(host)[3:] == ["work.completed", "instance.completed", "starter.cancelled"]
    assert row(host, starter).status == ENDED


def test_two_that_open_the_same_at_once_open_one(database_store: DatabaseStore) -> None:
    host = Host(database_store)
    deployment = host.deploy("nightly", process(s=every("R/PT1H")))

    def either(_worker: int) -> int:
        mine = Host(database_store)
        mine.catalogue.add(deployment)
        return len(starters.open_all(mine, deployment, engagement="a", service="books"))

    assert sum(in_threads(4, either)) == 1
    assert len(starters.standing(host)) == 1
