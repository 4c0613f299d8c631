"""Durable work: instances that are stored when they start and stored when they end, per second of wall clock.

Start, two scripts, end. SQLite syncs every commit (WAL, synchronous=FULL); PostgreSQL has its defaults (fsync). Every
instance is counted and its result checked in the database afterwards. Each measurement is a process of its own that
starts the work in one transaction and advances it in another; ``at once`` does both in one. Workers beside it drain
what was started before.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.host import servers as databases

COUNT = 6_000
DRAINED = 20_000
ROUNDS = 3
GOAL = 2_000


def _measure(mode: str, engagement: str, count: int) -> None:
    """In a process of its own: prints seconds and CPU-seconds."""
    from tests.host import processes

    from anyshore.host.driver import NewWork

    host = databases.open_host()
    host.deploy("bench", {"scripts.bpmn": processes.SCRIPTS.encode()})
    work = [NewWork("process:scripts", {"x": Decimal(n)}, engagement=engagement) for n in range(count)]
    host.start_all(work[:200], at_once=True)
    if mode == "start":
        host.start_all(work, batch=500)
        return
    if mode == "drain":
        _drain(host)
        return
    wall, cpu = time.perf_counter(), time.process_time()
    host.start_all(work, batch=500, at_once=mode == "at once")
    host.work(500)
    print(json.dumps([count, time.perf_counter() - wall, time.process_time() - cpu]), flush=True)


class _UntilIdle:
    """A bell that ends the worker once nothing is due for anybody."""

    def __init__(self, host: Any) -> None:
        self._host, self.stop = host, threading.Event()

    def wait(self, seconds: float) -> None:
        with self._host.store.transaction() as tx:
            if tx.next_due() is None:
                self.stop.set()
                return
        time.sleep(seconds)

    def close(self) -> None:
        """Nothing is held."""


def _drain(host: Any) -> None:
    """Works from the word go until nothing is due."""
    from anyshore.host.worker import Worker

    bell = _UntilIdle(host)
    worker = Worker(host, bell, batch=250)
    print("ready", flush=True)
    sys.stdin.readline()
    wall, cpu = time.perf_counter(), time.process_time()
    done = worker.run(bell.stop)
    print(json.dumps([done, time.perf_counter() - wall, time.process_time() - cpu]), flush=True)


def _spawn(environment: dict[str, str], mode: str, engagement: str, count: int) -> subprocess.Popen[str]:
    code = f"from benchmarks import durable; durable._measure({mode!r}, {engagement!r}, {count})"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def one(environment: dict[str, str], mode: str, engagement: str) -> tuple[float, float]:
    """Instances per second of wall clock, and per CPU-second of our process."""
    with _spawn(environment, mode, engagement, COUNT) as process:
        assert process.stdout is not None
        done, wall, cpu = json.loads(process.stdout.readline())
        assert process.wait() == 0
    return done / wall, done / cpu


def drain(environment: dict[str, str], workers: int) -> float:
    """Instances per second of wall clock that several workers advance together."""
    with _spawn(environment, "start", "", DRAINED) as process:
        assert process.wait() == 0
    spawned = [_spawn(environment, "drain", "", 200) for _ in range(workers)]
    for process in spawned:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for process in spawned:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = [json.loads(process.stdout.readline()) for process in spawned if process.stdout is not None]
    seconds = time.perf_counter() - begun
    for process in spawned:
        assert process.wait() == 0
    assert sum(row[0] for row in found) == DRAINED, found
    return DRAINED / seconds


def check(environment: dict[str, str]) -> int:
    """Every instance of the database has ended with the right result; how many there are."""
    code = (
        "from tests.host import servers as databases\n"
        "host = databases.open_host()\n"
        "from anyshore.host.ports import Page\n"
        "from anyshore.kernel import codec\n"
        "with host.store.transaction() as tx:\n"
        "    rows = tx.instances(Page(limit=10_000_000))\n"
        "    assert tx.next_due() is None\n"
        "for row in rows:\n"
        "    found = codec.decode_state(row.state).variables[1]\n"
        "    assert row.outcome == 'completed' and row.turns == 1, row\n"
        "    assert found['z'] == (found['x'] + 1) * 2, found\n"
        "print(len(rows))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def _table(name: str, environment: dict[str, str], several: bool) -> None:
    for mode in ("in two transactions", "at once"):
        for engagement in ("", "acme"):
            found = [one(environment, mode, engagement) for _ in range(ROUNDS)]
            wall, cpu = (statistics.median(row[n] for row in found) for n in (0, 1))
            best = max(row[0] for row in found)
            ledger = "with ledger" if engagement else "no ledger"
            print(
                f"{name:<11} {mode:<20} {ledger:<12} {wall:8,.0f}/s wall (best {best:,.0f})  {cpu:8,.0f}/CPU-s"
                f"  goal {GOAL:,}: {'reached' if wall >= GOAL else 'missed'}"
            )  # fmt: skip
    if several:
        rounds = [(drain(environment, 1), drain(environment, 2)) for _ in range(ROUNDS)]
        alone, both = (statistics.median(one[n] for one in rounds) for n in (0, 1))
        print(
            f"{name:<11} drained by one worker {alone:,.0f}/s, by two {both:,.0f}/s: {both / alone:.2f} times"
            f"  goal 1.6: {'reached' if both >= 1.6 * alone else 'missed'} (the server shares the same two cores)"
        )
    print(f"{name:<11} {check(environment):,} instances checked: each ended once, with the right result")


def main() -> None:
    """Measures both databases."""
    print("Durable: start, two scripts, end; stored at the start and at the end")
    with tempfile.TemporaryDirectory(dir=databases.HOME) as home:
        _table("SQLite", databases.environment(Path(home), None), several=False)
    try:
        server = databases.Postgresql()
    except LookupError as absent:
        print(f"PostgreSQL  skipped: {absent}")
        return
    try:
        with tempfile.TemporaryDirectory(dir=databases.HOME) as home:
            _table("PostgreSQL", databases.environment(Path(home), server.address), several=True)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
