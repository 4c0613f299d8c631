"""What a case starts without waiting for it, and what becomes of it when it fails; on every store."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from anyshore.host import archive, operations
from anyshore.host.driver import Host
from anyshore.host.operations import Selection
from anyshore.host.ports import Page
from anyshore.terms import ledger
from tests.host.fixtures import DAY, FILES, REFUSED, Clock, Echo, outcome, row, waits

TELLS = """
case: tells
items:
  note: {type: task, activity: test.echo, wait: false, inputs: {x: number}}
"""
AND_WAITS = TELLS + "  stay: {type: human}\n"
CALLS = """
case: calls
items:
  go: {type: process, calls: later, wait: false, inputs: {x: number}}
  stay: {type: human}
"""
NUMBER = {"number": Decimal(5)}


def deploy(host: Host, template: str, **files: str) -> None:
    names = {f"{name}.bpmn": text.encode() for name, text in files.items()}
    host.deploy("detached", {"case.yaml": template.encode(), **names})


def start(host: Host, template: str, **given: Any) -> int:
    deploy(host, template)
    key = "calls" if template is CALLS else "tells"
    number = host.start(f"case:{key}", NUMBER, engagement="a", service="s", **given)
    host.work()
    return number


def entries(host: Host, type: str) -> list[ledger.Entry]:
    with host.store.transaction() as tx:
        found = [msgspec.json.decode(row.line, type=ledger.Entry) for row in tx.ledger("a")]
    assert not ledger.verify_chain(found)
    return [one for one in found if one.type == type]


@pytest.fixture
def refusing(echo: Echo) -> Echo:
    echo.problem, echo.failures = REFUSED, 1
    return echo


@pytest.mark.parametrize("template", [TELLS, AND_WAITS], ids=["ended", "waiting"])
def test_an_activity_that_fails_for_good_is_an_incident_beside_its_case(
    host: Host, refusing: Echo, template: str
) -> None:
    number = start(host, template)
    assert outcome(host, number) == ("completed" if template is TELLS else None)
    (found,) = operations.incidents(host, Selection(engagement="a", code="test.refused"))
    assert (found.row.instance, found.row.element, found.row.service) == (number, "note", "s")
    assert (found.message, bool(found.hint)) == (str(REFUSED), True)
    (told,) = entries(host, "incident.raised")
    assert (told.instance, told.data["element"], told.data["code"]) == (str(number), "note", "test.refused")
    assert told.data["digest"] == row(host, number).digest


@pytest.mark.parametrize("template", [TELLS, AND_WAITS], ids=["ended", "waiting"])
def test_it_is_tried_again_under_its_old_key(host: Host, refusing: Echo, template: str) -> None:
    number = start(host, template)
    assert operations.retry(host, Selection(instance=number), by="ann").done == 1
    assert [wait.kind for wait in waits(host, number) if wait.wait < 0] == ["job"]
    host.work()
    assert refusing.keys[0] == refusing.keys[1]
    assert not [wait for wait in waits(host, number) if wait.wait < 0]
    (told,) = entries(host, "incident.resolved")
    assert told.data["by"] == "ann"


def test_it_is_tried_again_with_other_inputs(host: Host, refusing: Echo) -> None:
    given: list[Any] = []
    refusing.run, run = lambda values, context: given.append(values["x"]) or run(values, context), refusing.run  # type: ignore[method-assign, func-returns-value]
    number = start(host, TELLS)
    operations.retry(host, Selection(instance=number), variables={"x": Decimal(7)})
    host.work()
    assert given == [Decimal(5), Decimal(7)]


@pytest.mark.parametrize("template", [TELLS, AND_WAITS], ids=["ended", "waiting"])
def test_it_is_given_up_and_the_case_goes_on(host: Host, refusing: Echo, template: str) -> None:
    number = start(host, template)
    before = outcome(host, number), len(entries(host, "instance.cancelled"))
    assert operations.cancel(host, Selection(instance=number), reason="told by telephone", by="ann").done == 1
    assert not [wait for wait in waits(host, number) if wait.wait < 0]
    assert (outcome(host, number), len(entries(host, "instance.cancelled"))) == before
    (told,) = entries(host, "incident.resolved")
    assert told.data["given_up"] == "told by telephone"
    assert operations.retry(host, Selection(instance=number)).done == 0


def test_what_somebody_else_resolved_is_refused(host: Host, refusing: Echo) -> None:
    number = start(host, TELLS)
    (found,) = operations.incidents(host, Selection())
    operations.cancel(host, Selection(), reason="r")
    again = operations.execute_all(
        host, [(number, lambda batch, owner: operations.retry_detached(batch, owner, found.row.wait, {}, None))]
    )
    assert (again.done, again.refused) == (0, 1)


def test_it_is_tried_a_few_times_before(host: Host, echo: Echo, clock: Clock) -> None:
    echo.failures = 9
    number = start(host, AND_WAITS)
    for seconds in (1, 5, 30):
        assert [wait.kind for wait in waits(host, number) if wait.wait < 0] == ["job"]
        clock.sleep(seconds)
        host.work()
    (found,) = operations.incidents(host, Selection())
    assert (found.row.name, found.row.attempts, len(echo.keys)) == ("activity.failed", 0, 4)


def test_success_leaves_no_turn_behind(host: Host, echo: Echo) -> None:
    number = start(host, TELLS)
    assert (len(echo.keys), waits(host, number)) == (1, [])
    with host.store.transaction() as tx:
        assert len(tx.turns(number)) == 1
        assert tx.next_due() is None


def test_a_call_of_what_is_not_deployed_is_an_incident_and_breaks_nothing(host: Host) -> None:
    number = start(host, CALLS)
    assert row(host, number).status == "active"
    (found,) = operations.incidents(host, Selection(engagement="a"))
    assert (found.row.element, found.row.name) == ("go", "definition.unknown")
    assert "process:later" in found.message
    assert [one.data["target"] for one in entries(host, "incident.raised")] == ["process:later"]
    refused = operations.retry(host, Selection(instance=number))
    assert (refused.done, refused.refused) == (0, 1)
    assert len(list(operations.incidents(host, Selection()))) == 1
    host.deploy("later", {"later.bpmn": FILES["work"].replace('"work"', '"later"').encode()})
    assert operations.retry(host, Selection(instance=number), variables={"x": Decimal(8)}).done == 1
    host.work()
    with host.store.transaction() as tx:
        (called,) = [one for one in tx.instances(Page()) if one.id != number]
    assert (called.key, called.parent, called.engagement, called.status) == ("later", None, "a", "active")
    assert host.state(called.id).variables[1]["x"] == Decimal(8)
    assert not list(operations.incidents(host, Selection()))


def test_an_ended_case_is_archived_once_nothing_of_it_is_open(
    host: Host, refusing: Echo, clock: Clock, tmp_path: Path
) -> None:
    number = start(host, TELLS, reference="R")
    clock.sleep(10 * DAY / 1_000_000)
    assert archive.run(host, tmp_path, before=clock.now).instances == 0
    operations.cancel(host, Selection(instance=number), reason="r")
    assert archive.run(host, tmp_path, before=clock.now).instances == 1
    ledgers = entries(host, "incident.raised")
    assert not archive.verify(list(tmp_path.glob("*.parquet")), ledgers).findings
