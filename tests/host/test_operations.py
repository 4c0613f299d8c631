"""Incidents one by one and by the thousand; poisoned instances; migration plans; on every store."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest

from anyshore.base import canonical
from anyshore.base.errors import CommandRejected
from anyshore.host import migrations, operations
from anyshore.host.driver import Host, NewWork
from anyshore.host.operations import Selection
from anyshore.host.ports import ACTIVE, BROKEN, ENDED, LedgerRow, Page
from anyshore.kernel import codec
from anyshore.kernel.commands import Resolve, Suspend
from anyshore.terms import ledger
from tests.host import processes as bpmn
from tests.host.fixtures import FILES, line, outcome, row, variables, waits

STUCK = {"x": Decimal(7)}
"""Neither big nor small: no flow can be taken."""


def start_stuck(host: Host, count: int, engagement: str = "a") -> list[int]:
    started = host.start_all([NewWork("process:checks", STUCK, engagement=engagement) for _ in range(count)])
    host.work()
    return started


def test_incidents_are_listed_with_filters(host: Host) -> None:
    first, other = start_stuck(host, 3), start_stuck(host, 1, "b")
    found = list(operations.incidents(host, Selection(engagement="a")))
    assert [one.row.instance for one in found] == first
    assert (found[0].row.name, found[0].row.element) == ("bpmn.no-flow", "checks")
    assert "default flow" in found[0].message
    assert found[0].hint
    definition = row(host, other[0]).definition
    for selection, count in (
        (Selection(), 4), (Selection(engagement="b"), 1), (Selection(code="bpmn.no-flow", limit=2), 2),
        (Selection(code="other"), 0), (Selection(instance=other[0]), 1), (Selection(definition=definition), 4),
        (Selection(definition="process:absent@1"), 0), (Selection(element="checks"), 4),
        (Selection(engagement="a", without={first[0], other[0]}), 2), (Selection(without={first[1]}, limit=3), 3),
    ):  # fmt: skip
        assert len(list(operations.incidents(host, selection))) == count, selection


def test_a_retry_without_a_cure_fails_again(host: Host) -> None:
    (number,) = start_stuck(host, 1)
    assert operations.retry(host, Selection()).done == 1
    assert [wait.kind for wait in waits(host, number)] == ["incident"]


def test_what_fails_again_at_once_is_tried_once(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    start_stuck(host, 201)
    monkeypatch.setattr(operations, "PAGE", 100)
    clock, ticks = host.clock, itertools.count(1)
    monkeypatch.setattr(host, "clock", lambda: clock() + next(ticks))  # time goes on while it works
    seen: list[int] = []
    operations.retry(
        host, Selection(), progress=lambda done: seen.append(done) if done < 300 else pytest.fail("endless")
    )
    assert seen == [200, 201]


def test_incidents_are_repaired_by_the_thousand(host: Host) -> None:
    started = start_stuck(host, 450)
    seen: list[int] = []
    done = operations.retry(
        host, Selection(engagement="a"), variables={"x": Decimal(20)}, by="ann", progress=seen.append
    )
    assert (done.done, done.refused) == (450, 0)
    assert seen == [200, 400, 450]
    assert {outcome(host, number) for number in (started[0], started[-1])} == {"completed"}
    assert not list(operations.incidents(host, Selection()))
    assert variables(host, started[0])["size"] == "big"


def test_instances_with_incidents_are_cancelled(host: Host) -> None:
    started = start_stuck(host, 3)
    assert operations.cancel(host, Selection(instance=started[1]), reason="no longer needed", by="ann").done == 1
    assert [outcome(host, number) for number in started] == [None, "cancelled", None]
    with host.store.transaction() as tx:
        cancelled = [entry for entry in tx.ledger("a") if entry.type == "instance.cancelled"]
    assert [entry.instance for entry in cancelled] == [started[1]]
    assert b"no longer needed" in cancelled[0].line


def test_refusals_are_told(host: Host) -> None:
    done = operations.execute_all(host, [(99, Suspend(at=host.clock()))], batch=10)
    assert (done.done, done.refused) == (0, 1)
    number = host.start("process:scripts", {"x": Decimal(1)})
    host.work()
    done = operations.suspend(host, [number])
    assert (done.done, done.refused) == (0, 1)
    assert "ended" in done.reasons[0][1]


def test_many_stand_still_and_go_on(host: Host) -> None:
    started = host.start_all([NewWork("process:work") for _ in range(5)], at_once=True)
    assert operations.suspend(host, started, "ann").done == 5
    assert {row(host, number).status for number in started} == {"suspended"}
    assert operations.resume(host, started).done == 5
    assert {row(host, number).status for number in started} == {ACTIVE}


# Poison


def poison(host: Host, number: int, state: bytes = b"\x00 no state") -> None:
    with host.store.transaction() as tx:
        found = tx.load([number])[number]
        found.state, found.covered = state, found.turns
        tx.save([found])


def test_an_unreadable_instance_hurts_no_neighbour(host: Host) -> None:
    started = host.start_all([NewWork("process:heard", {"number": "1"}, engagement="a") for _ in range(3)])
    host.work()
    poison(host, started[1])
    for _ in started:
        host.send("a", "order", "1")
    host.work()
    assert [row(host, number).status for number in started] == [ENDED, BROKEN, ENDED]
    assert host.work() == 0, "what is broken is not tried again and again"
    (found,) = operations.incidents(host, Selection(code="store.bad-state"))
    assert found.row.instance == started[1]


def test_a_mended_instance_answers_what_waited_for_it(host: Host) -> None:
    number = host.start("process:heard", {"number": "1"}, engagement="a")
    host.work()
    good = row(host, number).state
    poison(host, number)
    host.send("a", "order", "1")
    host.work()
    poison(host, number, good)
    assert operations.retry(host, Selection(instance=number)).done == 1
    host.work()
    assert outcome(host, number) == "completed"
    with host.store.transaction() as tx:
        assert [turn.number for turn in tx.turns(number)] == [1, 2]


def test_a_broken_instance_is_cancelled_with_what_it_called(host: Host) -> None:
    parent = host.start("process:calls", engagement="a")
    host.work()
    with host.store.transaction() as tx:
        (child,) = (one.id for one in tx.instances(Page()) if one.parent == parent)
    poison(host, parent)
    done = Resolve(at=host.clock(), wait=waits(host, child)[0].wait, variables={"answer": "yes"})
    host.execute(child, done)  # comes back to a broken caller
    host.work()
    assert row(host, parent).status == BROKEN
    assert operations.cancel(host, Selection(code="store.bad-state"), reason="lost").done == 1
    assert (row(host, parent).status, outcome(host, parent)) == (ENDED, "cancelled")
    assert host.work() == 0
    assert waits(host, parent) == []


def test_what_cannot_be_stored_hurts_no_neighbour(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that only shows while the batch is written rolls all of it back; then each is advanced alone."""
    started = host.start_all([NewWork("process:heard", {"number": str(n)}, engagement="a") for n in range(3)])
    host.work()
    for n in range(3):
        host.send("a", "order", str(n))
    real = ledger.plain

    def plain(value: Any, path: str = "data") -> Any:
        if (
            isinstance(value, dict)
            and value.get("end")
            and value.get("turn") == 2
            and value["outcome"] == "completed"
            and poisoned[0] in live
        ):
            raise ValueError("this cannot be written")
        return real(value, path)

    poisoned, live = [started[1]], set()
    advanced = type(host)._advance

    def _advance(self: Host, limit: int, only: int | None = None, **named: Any) -> int:
        live.clear()
        live.update(started if only is None else [only])
        return advanced(self, limit, only, **named)

    monkeypatch.setattr(ledger, "plain", plain)
    monkeypatch.setattr(type(host), "_advance", _advance)
    host.work()
    monkeypatch.undo()
    assert [row(host, number).status for number in started] == [ENDED, BROKEN, ENDED]
    operations.retry(host, Selection(instance=started[1]))
    host.work()
    assert outcome(host, started[1]) == "completed"


def test_the_ledger_is_whole_and_its_entries_are_as_the_terms_define_them(host: Host) -> None:
    start_stuck(host, 3)
    operations.cancel(host, Selection(), reason='Stra\u00dfe "x"')
    with host.store.transaction() as tx:
        rows = list(tx.ledger("a"))
    entries = [_entry(found) for found in rows]
    assert ledger.verify_chain(entries) == []
    assert [canonical.encode(entry) for entry in entries] == [found.line for found in rows]
    assert [entry.type for entry in entries].count("instance.cancelled") == 3


def _entry(found: LedgerRow) -> ledger.Entry:
    import json

    return ledger.Entry(**json.loads(found.line))


# Migration


def newer(host: Host, **elements: bpmn.Element) -> str:
    deployment = host.deploy("newer", {"work.bpmn": line("work", **elements).encode()})
    return f"process:work@{deployment.number}"


def test_a_plan_says_what_maps_and_what_cannot(host: Host) -> None:
    source = host.catalogue.latest("process:work").reference
    newer(host, b=bpmn.script("1", "x"), extra=bpmn.user())
    plan = migrations.plan(host, source, elements={"nowhere": "b"})
    check = migrations.check(host, plan)
    assert check.differs == {"b": "UserTask becomes ScriptTask"}
    assert check.gone == ["c"]
    assert check.added == ["extra"]
    assert check.unknown == ["nowhere"]
    assert "start" in check.maps


def test_a_plan_needs_two_versions(host: Host) -> None:
    source = host.catalogue.latest("process:work").reference
    with pytest.raises(CommandRejected, match="newest version already"):
        migrations.plan(host, source)
    with pytest.raises(CommandRejected, match="case"):
        migrations.plan(host, source, "case:opinion")


def test_a_dry_run_changes_nothing_and_the_run_moves_who_can_go(host: Host) -> None:
    source = host.catalogue.latest("process:work").reference
    started = host.start_all([NewWork("process:work") for _ in range(5)], at_once=True)
    target = newer(host, renamed=bpmn.user(), c=bpmn.script("answer", "result"), more=bpmn.user())
    blind = migrations.run(host, migrations.plan(host, source), dry_run=True)
    assert (blind.instances, blind.migrated, sum(blind.refused.values())) == (5, 0, 5)
    assert "b" in next(iter(blind.refused))
    plan = migrations.plan(host, source, elements={"b": "renamed"})
    before = [row(host, number) for number in started]
    dry = migrations.run(host, plan, dry_run=True, batch=2)
    assert (dry.instances, dry.migrated) == (5, 5)
    assert [row(host, number) for number in started] == before
    assert migrations.run(host, plan, limit=2, batch=2).migrated == 2
    done = migrations.run(host, plan, batch=2, by="ann")
    assert (done.instances, done.migrated) == (3, 3)
    assert {row(host, number).definition for number in started} == {target}
    number = started[0]
    host.execute(number, Resolve(at=host.clock(), wait=waits(host, number)[0].wait, variables={"answer": "yes"}))
    assert [wait.element for wait in waits(host, number)] == ["more"]
    assert migrations.run(host, plan).instances == 0


def test_a_run_keeps_to_its_engagement_and_leaves_others_alone(host: Host) -> None:
    source = host.catalogue.latest("process:work").reference
    mine = host.start_all([NewWork("process:work", engagement="a") for _ in range(4)], at_once=True)
    (foreign,) = host.start_all([NewWork("process:work", engagement="b")], at_once=True)
    plan = migrations.plan(host, source, newer(host, b=bpmn.user()))
    for dry in (True, False):
        done = migrations.run(host, plan, dry_run=dry, engagement="a", without={mine[-1]}, batch=1, limit=2)
        assert (done.instances, done.migrated) == (2, 2)
    moved = [row(host, number).definition == plan.target for number in mine]
    assert (moved, row(host, foreign).definition) == ([False, True, True, False], source)


def test_only_those_who_stand_where_nothing_maps_are_refused(host: Host) -> None:
    host.deploy("two", {"two.bpmn": line("two", b=bpmn.user(), z=bpmn.user()).encode()})
    source = host.catalogue.latest("process:two").reference
    one, other = host.start_all([NewWork("process:two") for _ in range(2)], at_once=True)
    host.execute(other, Resolve(at=host.clock(), wait=waits(host, other)[0].wait))
    host.deploy("two", {"two.bpmn": line("two", z=bpmn.user()).encode()})
    plan = migrations.plan(host, source)
    for dry in (True, False):
        report = migrations.run(host, plan, dry_run=dry)
        assert (report.migrated, sum(report.refused.values())) == (1, 1)
        assert list(report.examples.values()) == [[one]]
    assert row(host, one).definition == source
    assert waits(host, one)[0].element == "b"


def test_a_migrated_instance_is_restored_from_its_log(host: Host) -> None:
    """Its records before and after the migration are replayed together."""
    source = host.catalogue.latest("process:work").reference
    number = host.start("process:work", {"filler": "x" * 40_000})
    host.work()
    newer(host, b=bpmn.user(), c=bpmn.script("answer", "result"))
    migrations.run(host, migrations.plan(host, source))
    stored = row(host, number)
    assert stored.covered < stored.turns
    again = Host(host.store, clock=host.clock)
    assert codec.encode_state(again.state(number)) == codec.encode_state(host.state(number))
    assert again.state(number).definition == stored.definition
    assert FILES
