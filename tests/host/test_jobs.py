"""Jobs of a worker that is busy with a long one, on each database."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from anyshore.host import jobs
from anyshore.host.driver import Host
from anyshore.web.engine.store import DatabaseStore
from tests.host.fixtures import FILES, waits


class Long:
    """An activity that goes on until the others of its batch have been given back."""

    def __init__(self, host: Host) -> None:
        self.host, self.keys = host, list[str]()
        self.seen: list[tuple[str | None, int]] = []

    def run(self, values: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self.keys.append(context.idempotency_key)
        until = time.monotonic() + 600
        while len(self.keys) == 1 and len(self.seen) < 3:
            found = [wait for number in (1, 2, 3, 4) for wait in waits(self.host, number, "job")]
            self.seen = [(wait.claimed_by, wait.attempts) for wait in found if wait.claimed_by is None]
            assert time.monotonic() < until
            time.sleep(0.02)
        return {}


def test_what_a_busy_worker_has_not_begun_is_given_back(
    database_store: DatabaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CLAIM", 600_000)
    long = Long(Host(database_store))
    host = Host(database_store, {"test.echo": long})
    host.deploy("test", {"job.bpmn": FILES["job"].encode()})
    for _ in range(4):
        host.start("process:job")
    host.step()
    assert host._jobs.run(10) == 1
    assert long.seen == [(None, 0)] * 3, "nobody has them, and they were not tried"
    host.work()
    assert sorted(key.partition(":")[0] for key in long.keys) == ["1", "2", "3", "4"], "each ran once"
