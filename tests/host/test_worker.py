"""A worker outlives what goes wrong in one round."""

from __future__ import annotations

import gc
import logging
import threading
from decimal import Decimal
from typing import Any

import pytest

from anyshore.base.errors import HostError
from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.host.worker import Worker
from tests.host.fixtures import FILES, outcome
from tests.host.processes import end, gateway, process, script, start


class Quiet:
    """Ends the worker when there is nothing to do."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def wait(self, seconds: float) -> None:
        self.stop.set()

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("problem", "told"),
    [(HostError("store.full", "It is full.", hint="Make room."), "Make room."), (KeyError("x"), "ours")],
)
def test_a_failed_round_is_told_and_done_again(
    problem: Exception, told: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    host, bell = Host(MemoryStore()), Quiet()
    host.deploy("test", {"scripts.bpmn": FILES["scripts"].encode()})
    number = host.start("process:scripts", {"x": Decimal(1)})
    work, failures = host.work, [problem]

    def once(*arguments: Any, **named: Any) -> int:
        if failures:
            raise failures.pop()
        return work(*arguments, **named)

    monkeypatch.setattr(host, "work", once)
    with caplog.at_level(logging.WARNING):
        assert Worker(host, bell).run(bell.stop) > 0
    assert outcome(host, number) == "completed"
    assert told in caplog.text


BLOCKED = process(
    "blocked",
    {"a": start(), "x": gateway("exclusive"), "k": script("x", "y"), "j": gateway("parallel"), "d": end()},
    """a -> x
    x -> j : x = 1
    x -> k : default
    k -> j
    j -> d""",
)
"""A join that waits for both of two ways of which one is taken."""


def test_an_instance_that_can_never_go_on_is_told(caplog: pytest.LogCaptureFixture) -> None:
    host, bell = Host(MemoryStore()), Quiet()
    host.deploy("test", {"blocked.bpmn": BLOCKED.encode()})
    number = host.start("process:blocked", {"x": Decimal(1)})
    with caplog.at_level(logging.WARNING):
        Worker(host, bell).run(bell.stop)
    assert f"instance {number} of process:blocked" in caplog.text
    assert "One token waits before 'j' for others that cannot come. [bpmn.blocked]" in caplog.text


class Frozen(Quiet):
    """Notes how much is frozen while the worker runs."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def wait(self, seconds: float) -> None:
        self.seen = gc.get_freeze_count()
        super().wait(seconds)


def test_a_worker_leaves_nothing_frozen() -> None:
    """What stays frozen is not taken apart when Python ends, and libraries in C++ tell that as a leak."""
    bell = Frozen()
    Worker(Host(MemoryStore()), bell).run(bell.stop)
    assert bell.seen > 0
    assert gc.get_freeze_count() == 0
