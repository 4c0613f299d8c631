"""A value too large to be stored stops its own instance, which a person can repair, and nobody else's; every store."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.host import operations
from anyshore.host.driver import Host, NewWork
from anyshore.host.operations import Selection
from anyshore.kernel.commands import Resolve, Write
from tests.host import processes
from tests.host.fixtures import FILES, Clock, Echo, outcome, row, variables, waits

GROWS = 'for i in 1..60 return if i > most then 1 else if i = 1 then ["x"] else [partial[-1], partial[-1]]'
FILE = processes.process(
    "grows",
    {"a": processes.start(), "b": processes.script(GROWS, "found"), "e": processes.end()},
    processes.chain("a", "b", "e"),
)


@pytest.fixture
def made(store: Any, clock: Clock, echo: Echo) -> Host:
    host = Host(store, {"test.echo": echo}, clock=clock)
    names = ("scripts", "work", "job")
    host.deploy("large", {"g.bpmn": FILE.encode(), **{f"{one}.bpmn": FILES[one].encode() for one in names}})
    return host


def test_its_instance_gets_an_incident_and_its_neighbours_go_on(made: Host) -> None:
    large = made.start("process:grows", {"most": Decimal(60)})
    others = made.start_all([NewWork("process:scripts", {"x": Decimal(1)}) for _ in range(5)])
    made.work()
    assert [outcome(made, other) for other in others] == ["completed"] * 5
    assert row(made, large).status == "active"
    (found,) = operations.incidents(made, Selection(instance=large))
    assert found.row.name == "value.too-large"
    assert found.hint


def test_it_goes_on_once_its_variables_are_repaired(made: Host) -> None:
    large = made.start("process:grows", {"most": Decimal(60)})
    made.work()
    assert operations.retry(made, Selection(instance=large), variables={"most": Decimal(3)}).done == 1
    made.work()
    assert outcome(made, large) == "completed"
    assert len(variables(made, large)["found"]) == 60


def test_what_is_asked_with_too_large_a_value_is_rejected_and_changes_nothing(made: Host, clock: Clock) -> None:
    number = made.start("process:work", {"x": Decimal(1)})
    made.work()
    (task,) = waits(made, number, "work")
    for command in (
        Write(at=clock(), variables={"x": "y" * 3_000_000}),
        Resolve(at=clock(), wait=task.wait, variables={"answer": "y" * 3_000_000}),
    ):
        with pytest.raises(CommandRejected) as caught:
            made.execute(number, command)
        assert caught.value.code == "value.too-large"
    assert row(made, number).status == "active"
    made.execute(number, Resolve(at=clock(), wait=task.wait, variables={"answer": Decimal(2)}))
    made.work()
    assert outcome(made, number) == "completed"


def test_work_with_too_large_a_value_is_not_started(made: Host) -> None:
    with pytest.raises(CommandRejected, match="longer than 2,000,000 bytes"):
        made.start("process:work", {"x": "y" * 3_000_000})
    with pytest.raises(CommandRejected, match="longer than 2,000,000 bytes"):
        made.send("", "order", data={"x": "y" * 3_000_000})


def test_an_activity_that_gives_too_much_fails_its_own_task(made: Host, echo: Echo) -> None:
    number = made.start("process:job", {"x": "y" * 1_000})
    large = made.start("process:job", {"x": "y" * 1_000})
    answers = iter(["y" * 3_000_000, "small"])
    echo.run = lambda values, context: {"echo": next(answers)}  # type: ignore[method-assign]
    made.work()
    found = [one.row for one in operations.incidents(made, Selection())]
    assert [one.name for one in found] == ["value.too-large"]
    assert {row(made, one).status for one in (number, large)} == {"active"}
