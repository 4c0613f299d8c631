"""What a host does, on every store: starting, resolving, timers, jobs, messages, signals, calls."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import AnyshoreError, CommandRejected, HostError
from anyshore.host import jobs
from anyshore.host.driver import Host, NewWork
from anyshore.host.ports import ACTIVE, ENDED, STORE_FAULTS, SUSPENDED, Page
from anyshore.kernel.commands import Cancel, Resolve, Resume, Suspend
from tests.host import processes as bpmn
from tests.host.fixtures import CYCLE, DAY, FILES, REFUSED, SECOND, Clock, Echo, line, outcome, row, variables, waits


def resolve(host: Host, instance: int, kind: str = "work", **values: Any) -> None:
    (wait,) = waits(host, instance, kind)
    host.execute(instance, Resolve(at=host.clock(), wait=wait.wait, variables=values))


def test_an_instance_runs_to_its_end(host: Host) -> None:
    number = host.start("process:scripts", {"x": Decimal(1)})
    assert host.work() == 1
    assert row(host, number).status == ENDED
    assert variables(host, number) == {"x": 1, "y": 2, "z": 4}
    with host.store.transaction() as tx:
        assert [turn.number for turn in tx.turns(number)] == [1]
        assert tx.next_due() is None


@pytest.mark.parametrize("at_once", [False, True])
def test_many_are_started_in_order_and_each_reference_once(host: Host, at_once: bool) -> None:
    def new(reference: str) -> NewWork:
        return NewWork("process:scripts", {"x": Decimal(1)}, engagement="a", service="s", reference=reference)

    first = host.start_all([new("R1"), new("R2"), new("R1"), new("")], batch=10, at_once=at_once)
    assert first == [first[0], first[0] + 1, first[0], first[0] + 2]
    again = host.start_all([new("R2"), new("R3"), new("")], batch=2, at_once=at_once)
    assert again == [first[0] + 1, first[0] + 3, first[0] + 4]
    host.work()
    assert {outcome(host, number) for number in (*first, *again)} == {"completed"}


def test_at_once_needs_no_worker(host: Host) -> None:
    ended, waiting = host.start_all(
        [NewWork("process:scripts", {"x": Decimal(1)}), NewWork("process:work")], at_once=True
    )
    assert outcome(host, ended) == "completed"
    assert [wait.kind for wait in waits(host, waiting)] == ["work"]
    assert host.work() == 0
    resolve(host, waiting, answer="yes")
    assert variables(host, waiting)["result"] == "yes"


def test_an_unknown_definition_starts_nothing(host: Host) -> None:
    with pytest.raises(CommandRejected):
        host.start_all([NewWork("process:scripts"), NewWork("process:absent")])
    assert host.work() == 0


def test_work_is_resolved_once(host: Host) -> None:
    number = host.start("process:work")
    host.work()
    (wait,) = waits(host, number)
    command = Resolve(at=host.clock(), by="ann", wait=wait.wait, variables={"answer": "yes"})
    host.execute(number, command)
    assert outcome(host, number) == "completed"
    with pytest.raises(CommandRejected):
        host.execute(number, command)


@pytest.mark.parametrize("values", [{"answer": 1.5}, {"answer": object()}])
def test_a_rejected_command_leaves_nothing(host: Host, values: dict[str, Any]) -> None:
    number = host.start("process:work")
    host.work()
    before, log = row(host, number), len(waits(host, number))
    for command in (
        Resolve(at=host.clock(), wait=99, variables={}),
        Resolve(at=host.clock(), wait=waits(host, number)[0].wait, variables=values),
        Resume(at=host.clock()),
    ):
        with pytest.raises(CommandRejected):
            host.execute(number, command)
    assert row(host, number) == before
    assert len(waits(host, number)) == log
    with host.store.transaction() as tx:
        assert len(tx.turns(number)) == 1


def test_unknown_instances_are_told(host: Host) -> None:
    with pytest.raises(HostError):
        host.execute(77, Suspend(at=0))


# Timers


def test_a_timer_fires_when_it_is_due_and_not_before(host: Host, clock: Clock) -> None:
    number = host.start("process:timed", {"wait": "PT10S"})
    host.work()
    clock.sleep(9.9)
    assert host.work() == 0
    with host.store.transaction() as tx:
        assert tx.next_due() == clock.now + SECOND // 10
    clock.sleep(0.1)
    assert host.work() == 1
    assert outcome(host, number) == "completed"


def test_dates_are_read_in_the_zone_of_the_instance_whoever_woke_it(host: Host, clock: Clock) -> None:
    nine = 'date and time("2027-07-01T09:00:00")'
    steps = {"b": bpmn.timer("P1D"), "c": bpmn.date(nine), "d": bpmn.service("test.echo"), "f": bpmn.date(nine)}
    host.deploy("zoned", {"zoned.bpmn": line("zoned", **steps).encode()})
    number = host.start("process:zoned", zone="Europe/Berlin")
    host.work()
    clock.sleep(2 * DAY / SECOND)
    host.work()
    (wait,) = waits(host, number)
    assert wait.due == 1_814_425_200 * SECOND, "09:00 in Berlin in summer is 07:00 UTC, also after a timer"
    clock.now = wait.due
    host.work()
    assert outcome(host, number) == "completed", "the same moment again, after a job"


def test_after_a_day_off_timers_fire_oldest_first_in_bounded_batches(host: Host, clock: Clock) -> None:
    started = host.start_all(
        [NewWork("process:timed", {"wait": f"PT{n}S"}) for n in (50, 40, 30, 20, 10)], at_once=True
    )
    clock.sleep(86_400)
    fired = []
    while host.step(2):
        fired.append({number for number in started if outcome(host, number)})
    assert fired == [set(started[3:]), set(started[1:]), set(started)]
    assert {row(host, number).ended for number in started} == {clock.now}


def test_a_cycle_that_was_missed_for_a_day_keeps_its_count(host: Host, clock: Clock) -> None:
    text = bpmn.process(
        "cycle",
        {"a": bpmn.start(), "b": bpmn.user(), "t": CYCLE, "n": bpmn.script("count + 1", "count"),
         "e": bpmn.end(), "d": bpmn.end()},
        "a -> b\nb -> d\nt -> n\nn -> e",
    )  # fmt: skip
    host.deploy("cycle", {"cycle.bpmn": text.encode()})
    number = host.start("process:cycle", {"count": Decimal(0)})
    host.work()
    clock.sleep(86_400)
    host.work()
    assert variables(host, number)["count"] == 3
    with host.store.transaction() as tx:
        assert tx.next_due() is None


# Jobs


def test_a_job_gives_its_result(host: Host, echo: Echo) -> None:
    number = host.start("process:job", {"x": Decimal(7)})
    host.work()
    assert variables(host, number)["echo"] == 7
    assert len(echo.keys) == 1


def test_a_failing_job_is_tried_again_later_under_the_same_key(host: Host, echo: Echo, clock: Clock) -> None:
    echo.failures = 2
    number = host.start("process:job", {"x": Decimal(7)})
    host.work()
    assert (len(echo.keys), waits(host, number)[0].kind) == (1, "job")
    for seconds in (1, 5):
        assert host.work() == 0
        clock.sleep(seconds)
        host.work()
    assert len(echo.keys) == 3
    assert len(set(echo.keys)) == 1
    assert variables(host, number)["echo"] == 7


def test_a_job_that_keeps_failing_becomes_an_incident(host: Host, echo: Echo, clock: Clock) -> None:
    echo.failures = 99
    number = host.start("process:job", {"x": Decimal(7)})
    for _ in range(10):
        host.work()
        clock.sleep(40)
    assert len(echo.keys) == jobs.MAX_ATTEMPTS
    (incident,) = waits(host, number)
    assert (incident.kind, incident.name) == ("incident", "activity.failed")


def test_a_refusal_is_not_tried_again(host: Host, echo: Echo) -> None:
    echo.failures, echo.problem = 1, REFUSED
    number = host.start("process:job", {"x": Decimal(7)})
    host.work()
    assert len(echo.keys) == 1
    assert waits(host, number)[0].name == "test.refused"


def test_a_job_of_a_killed_worker_runs_again_when_its_claim_is_over(host: Host, echo: Echo, clock: Clock) -> None:
    number = host.start("process:job", {"x": Decimal(7)})
    host.step()
    with host.store.transaction() as tx:
        assert tx.take_jobs("elsewhere:1:1", clock.now, clock.now + jobs.CLAIM, 10)
    host.work()
    assert not echo.keys
    clock.sleep(30)
    host.work()
    assert variables(host, number)["echo"] == 7


def test_the_second_result_of_a_job_finds_it_gone(host: Host, echo: Echo, clock: Clock) -> None:
    number = host.start("process:job", {"x": Decimal(7)})
    host.step()
    runner = host._jobs
    with host.store.transaction() as tx:
        taken = tx.take_jobs("a", clock.now, clock.now + 1, 10)
    result = [(taken[0], runner._outcome(taken[0], "UTC"))]
    runner._apply(result)
    runner._apply(result)
    host.work()
    with host.store.transaction() as tx:
        assert len(tx.turns(number)) == 2


@pytest.mark.parametrize("code", sorted(STORE_FAULTS))
def test_a_database_that_fails_is_no_fault_of_the_job(host: Host, echo: Echo, code: str) -> None:
    echo.failures, echo.problem = 1, HostError(code, "The database did not take it.")
    number = host.start("process:job", {"x": Decimal(7)})
    with pytest.raises(HostError):
        host.work()
    assert host.work() == 0, "the job is still claimed"
    assert host.give_back() == 1
    assert waits(host, number)[0].attempts == 0
    host.work()
    assert variables(host, number)["echo"] == 7


# Messages and signals


def test_a_message_reaches_the_one_who_waits_for_its_key(host: Host) -> None:
    first, second = host.start_all([NewWork("process:heard", {"number": n}, engagement="a") for n in ("1", "2")])
    host.work()
    assert host.send("a", "order", "2", {"amount": Decimal(5)}) == 1
    assert host.send("b", "order", "1") == 0, "another engagement"
    host.work()
    assert (outcome(host, first), outcome(host, second)) == (None, "completed")
    assert variables(host, second)["amount"] == 5


def test_an_early_message_is_kept_for_its_time_and_heard_once(host: Host, clock: Clock) -> None:
    assert host.send("a", "order", "1", lifetime=DAY) == 0
    clock.sleep(3600)
    first, second = host.start_all([NewWork("process:heard", {"number": "1"}, engagement="a") for _ in range(2)])
    host.work()
    assert [outcome(host, number) for number in (first, second)].count("completed") == 1


def test_a_message_is_forgotten_when_its_time_is_over(host: Host, clock: Clock) -> None:
    host.send("a", "order", "1", lifetime=3600 * SECOND)
    clock.sleep(3601)
    number = host.start("process:heard", {"number": "1"}, engagement="a")
    host.work()
    assert outcome(host, number) is None


def test_two_messages_reach_two_who_wait(host: Host) -> None:
    started = host.start_all([NewWork("process:anybody", engagement="a") for _ in range(3)])
    host.work()
    assert host.send("a", "order") + host.send("a", "order") == 2
    host.work()
    assert [outcome(host, number) for number in started] == ["completed", "completed", None]


def test_a_message_sent_by_an_instance_is_heard_by_another(host: Host) -> None:
    hears = host.start("process:heard", {"number": "9"}, engagement="a")
    sends = host.start("process:sends", {"number": "9"}, engagement="a")
    host.work()
    assert (outcome(host, hears), outcome(host, sends)) == ("completed", "completed")


def test_a_message_that_comes_too_late_is_given_to_somebody_else(host: Host, clock: Clock) -> None:
    number = host.start("process:either", {"wait": "PT10S"}, engagement="a")
    host.work()
    clock.sleep(20)  # the timer is due before the message, but has not fired yet
    assert host.send("a", "order", None, {"amount": Decimal(5)}) == 1
    host.work()
    assert outcome(host, number) == "completed"
    assert "amount" not in variables(host, number)
    other = host.start("process:anybody", engagement="a")
    host.work()
    assert variables(host, other)["amount"] == 5


def test_a_signal_reaches_all_who_wait_now(host: Host) -> None:
    started = host.start_all([NewWork("process:alarmed", engagement="a") for _ in range(3)])
    assert host.broadcast("a", "alarm") == 0, "nobody waits yet, and signals are not kept"
    host.work()
    host.start("process:alarms", engagement="a")
    host.work()
    assert [outcome(host, number) for number in started] == ["completed"] * 3


# Calls


def test_a_call_comes_back_with_its_results(host: Host) -> None:
    parent = host.start("process:calls", {"answer": "from the caller"}, reference="R")
    host.work()
    with host.store.transaction() as tx:
        (child,) = (one.id for one in tx.instances(Page(limit=10)) if one.parent == parent)
    resolve(host, child, answer="42")
    host.work()
    assert (outcome(host, child), outcome(host, parent)) == ("completed", "completed")
    assert variables(host, parent)["result"] == "42"


def test_a_case_calls_a_process_and_goes_on(host: Host) -> None:
    case = host.start("case:opinion")
    host.work()
    with host.store.transaction() as tx:
        (child,) = (one.id for one in tx.instances(Page(limit=10)) if one.parent == case)
    resolve(host, child, answer="yes")
    host.work()
    assert row(host, case).status == ENDED


@pytest.mark.parametrize("suspended", [False, True])
def test_a_cancelled_caller_takes_what_it_called_along(host: Host, suspended: bool) -> None:
    parent = host.start("process:calls")
    host.work()
    with host.store.transaction() as tx:
        (child,) = (one.id for one in tx.instances(Page(limit=10)) if one.parent == parent)
    if suspended:
        host.execute(child, Suspend(at=host.clock()))
    host.execute(parent, Cancel(at=host.clock(), reason="test"))
    host.work()
    assert (outcome(host, parent), outcome(host, child)) == ("cancelled", "cancelled")
    assert waits(host, child) == []


def test_a_call_of_something_unknown_is_an_incident(host: Host) -> None:
    number = host.start("process:nobody")
    host.work()
    assert [(wait.kind, wait.name) for wait in waits(host, number)] == [("incident", "definition.unknown")]


# Standing still


def test_what_falls_due_waits_while_suspended(host: Host, clock: Clock) -> None:
    number = host.start("process:timed", {"wait": "PT10S"})
    host.work()
    host.execute(number, Suspend(at=host.clock()))
    assert row(host, number).status == SUSPENDED
    clock.sleep(60)
    assert host.work() == 0
    with host.store.transaction() as tx:
        assert tx.next_due() is None
    host.execute(number, Resume(at=host.clock()))
    host.work()
    assert outcome(host, number) == "completed"


def test_a_message_for_a_suspended_instance_waits_for_it(host: Host) -> None:
    number = host.start("process:heard", {"number": "1"}, engagement="a")
    host.work()
    assert host.send("a", "order", "1") == 1
    host.execute(number, Suspend(at=host.clock()))
    host.work()
    assert row(host, number).status == SUSPENDED
    host.execute(number, Resume(at=host.clock()))
    host.work()
    assert outcome(host, number) == "completed"


def test_a_command_for_a_busy_instance_waits_for_it(host: Host) -> None:
    """A long loop ends its turn at the budget; what comes meanwhile is answered afterwards."""
    number = host.start("process:loop", {"x": Decimal(0), "limit": Decimal(20_000)})
    assert host.step() == 1
    assert row(host, number).status == ACTIVE
    with pytest.raises(CommandRejected, match="left from its last turn"):
        host.execute(number, Resolve(at=host.clock(), wait=1))
    host.work()
    assert variables(host, number)["x"] == 20_000


def test_deploying_again_changes_nothing_and_a_new_version_is_taken_by_new_instances(host: Host) -> None:

    files = {"v.bpmn": FILES["work"].encode()}
    assert host.deploy("v", files).number == host.deploy("v", files).number
    old = host.start("process:work")
    newer = host.deploy("v", {"v.bpmn": line("work", z=bpmn.user()).encode()})
    new = host.start("process:work")
    host.work()
    assert [wait.element for number in (old, new) for wait in waits(host, number)] == ["b", "z"]
    assert row(host, new).definition == f"process:work@{newer.number}"


def test_a_host_that_begins_anew_finds_everything(host: Host, store: Any, clock: Clock) -> None:
    number = host.start("process:work")
    host.work()
    again = Host(store, clock=clock)
    resolve(again, number, answer="yes")
    assert outcome(again, number) == "completed"


def test_all_problems_of_a_deployment_come_at_once_and_nothing_is_kept(host: Host) -> None:
    with pytest.raises(AnyshoreError):
        host.deploy("bad", {"a.bpmn": b"<no", "b.bpmn": b"<no"})
    with host.store.transaction() as tx:
        assert tx.latest_deployment("bad") is None
