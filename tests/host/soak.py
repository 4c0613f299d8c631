"""Work under fire: workers, the starter and the database are killed at random moments, then everything is counted.

Every process is forked from this one, which holds no connection while it forks. What must hold afterwards: whatever was
acknowledged is there; every instance ended once, with exactly the turns it needs; a replay of its log gives its state
and its digest; every activity's effect is there once; the ledger is one whole chain with one start and one end each.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.host import processes
from tests.host.servers import Postgresql, open_host

TURNS = 4
"""Start, first job, timer, second job."""

PROCESS = processes.process(
    "soak",
    {
        "a": processes.start(), "b": processes.script("x * 2", "x"), "j": processes.service("soak.post"),
        "t": processes.timer("PT0.2S"), "k": processes.service("soak.post"), "e": processes.end(),
    },
    processes.chain("a", "b", "j", "t", "k", "e"),
)  # fmt: skip


TICKS = 15
"""Times a timer start event begins an instance."""

TICK = processes.process(
    "tick",
    {
        "a": ("startEvent", {}, f"<timerEventDefinition><timeCycle>R{TICKS}/PT0.2S</timeCycle></timerEventDefinition>"),
        "b": processes.script("1", "x"), "e": processes.end(),
    },
    processes.chain("a", "b", "e"),
)  # fmt: skip


class Post:
    """An activity whose effect is a row under the key of the job."""

    def run(self, values: Mapping[str, Any], context: Any) -> dict[str, Any]:
        context.records("posting").put_once(context.idempotency_key, {"x": values["x"]})
        return {"posted": values["x"]}


@dataclass(slots=True)
class Soak:
    """One run.

    Attributes:
        folder: for notes between the processes.
        server: the PostgreSQL server; None: SQLite.
        disk: the folder of a small disk on which the database is; now and then it is filled.
        workers: how many at a time.
        kills: processes that were killed.
        crashes: times the server was stopped at once.
        fillings: times the disk was full for a while.
        gone: workers that ended by themselves, and were started again as whoever watches them would.
    """

    folder: Path
    server: Postgresql | None = None
    disk: Path | None = None
    workers: int = 2
    kills: int = 0
    crashes: int = 0
    fillings: int = 0
    gone: int = 0
    _pids: dict[int, str] = field(default_factory=dict)

    def run(self, kills: int, seed: int, pause: tuple[float, float] = (0.02, 0.3)) -> None:
        """Kills so many times, a server crash counting as one; then lets the work be finished."""
        from anyshore.host import starters

        chance = random.Random(seed)
        host = open_host()
        host.deploy("soak", {"soak.bpmn": PROCESS.encode(), "tick.bpmn": TICK.encode()})
        starters.open_one(host, "process:tick", engagement="acme", service="tick")
        host.store.release()
        self._spawn("start")
        for _ in range(self.workers):
            self._spawn("work")
        while self.kills + self.crashes < kills:
            time.sleep(chance.uniform(*pause))
            if self.disk is not None and chance.random() < 0.1:
                self._fill(self.disk, chance.uniform(0.3, 1.5))
                continue
            if self.server is not None and chance.random() < 0.15:
                self.server.crash()
                self.crashes += 1
                time.sleep(chance.uniform(0, 0.2))
                self.server.start()
                continue
            victim = chance.choice(sorted(self._pids))
            role = self._pids[victim]
            self._kill(victim)
            self._spawn(role)
            self.kills += 1

    def _fill(self, disk: Path, seconds: float) -> None:
        """Leaves no byte of the disk for a while. A server that stopped because of it is started again."""
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(size))
        time.sleep(seconds)
        ballast.unlink()
        self.fillings += 1
        if self.server is not None and not self.server.runs():
            self.server.start()
        for pid, role in list(self._pids.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self._pids[pid]
                self._spawn(role)
                self.gone += 1

    def refused(self) -> int:
        """Starts that were refused because the disk was full."""
        noted = self.folder / "refused"
        return noted.stat().st_size if noted.exists() else 0

    def finish(self, seconds: float) -> None:
        """Starts nothing more and waits until nothing is due."""
        (self.folder / "enough").touch()
        until = time.monotonic() + seconds
        host = open_host()
        while time.monotonic() < until:
            time.sleep(0.2)
            with host.store.transaction() as tx:
                quiet = tx.next_due() is None
            starter = next((pid for pid, role in self._pids.items() if role == "start"), None)
            if starter is not None and os.waitpid(starter, os.WNOHANG)[0]:
                del self._pids[starter]
                starter = None
            if quiet and starter is None:
                break
        else:
            raise AssertionError(f"not finished after {seconds} seconds")
        host.store.release()

    def stop(self) -> None:
        """Ends every process that is left."""
        for pid in list(self._pids):
            self._kill(pid)

    def _spawn(self, role: str) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                (self._start if role == "start" else self._work)()
            finally:
                os._exit(0)
        self._pids[pid] = role

    def _kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        del self._pids[pid]

    def _work(self) -> None:
        from anyshore.host.driver import Host
        from anyshore.host.worker import Worker
        from anyshore.web.engine.bells import bell
        from anyshore.web.engine.store import DatabaseStore

        worker = Worker(Host(DatabaseStore(), {"soak.post": Post()}), bell(), batch=50)  # type: ignore[dict-item]
        worker.run(threading.Event())

    def _start(self) -> None:
        """Starts references in order, and notes how far it got after each commit."""
        from anyshore.base.errors import AnyshoreError
        from anyshore.host.driver import Host, NewWork
        from anyshore.web.engine.store import DatabaseStore

        host, number = Host(DatabaseStore()), self.acknowledged()
        while not (self.folder / "enough").exists():
            try:
                target = host.catalogue.deployment(1).definitions["process:soak"].reference
                host.start_all(
                    NewWork(target, {"x": Decimal(n)}, engagement="acme", service="soak", reference=f"S-{n}")
                    for n in range(max(0, number - 20), number + 20)
                )
            except AnyshoreError as problem:
                if problem.code == "store.full":
                    with (self.folder / "refused").open("ab") as noted:
                        noted.write(b".")
                host.store.release()
                time.sleep(0.05)
                continue
            number += 20
            (self.folder / "aside").write_text(str(number))
            (self.folder / "aside").rename(self.folder / "acknowledged")
            time.sleep(0.05)

    def acknowledged(self) -> int:
        """References whose start was committed."""
        noted = self.folder / "acknowledged"
        return int(noted.read_text()) if noted.exists() else 0

    def check(self) -> int:
        """Counts everything; how many instances there are."""
        from anyshore.bpmn.starter import STARTER
        from anyshore.host.ports import Page
        from anyshore.host.states import digest
        from anyshore.kernel import codec
        from anyshore.kernel.records import replay
        from anyshore.terms import ledger

        host = open_host()
        with host.store.transaction() as tx:
            rows = tx.instances(Page(limit=10_000_000))
            logs: dict[int, list[Any]] = {}
            for turn in tx.logs([row.id for row in rows]):
                logs.setdefault(turn.instance, []).append(turn)
            postings = tx.find_references("acme", "posting")
            entries = [ledger.Entry(**json.loads(row.line)) for row in tx.ledger("acme")]
            assert tx.next_due() is None
            left = [one for one in tx.waits(Page(limit=10)) if one.name != STARTER]
            assert not left, [(one, codec.decode_value(one.data)) for one in left[:3]]
        ticks = [(row.status, row.outcome, row.turns) for row in rows if row.kind == "process" and row.key == "tick"]
        assert ticks == [("ended", "completed", 1)] * TICKS, "a timer start was lost, or began twice"
        rows = [row for row in rows if row.key == "soak"]
        assert sorted(int(row.reference[2:]) for row in rows) == list(range(len(rows))), "lost or started twice"
        assert len(rows) >= self.acknowledged(), "an acknowledged start is gone"
        assert {(row.status, row.outcome, row.turns) for row in rows} == {("ended", "completed", TURNS)}
        for row in rows:
            linked = host.catalogue.get(row.definition)
            running, records = "", []
            for turn in logs[row.id]:
                running = digest(running, turn.records)
                records += codec.decode_records(turn.records, linked.engine)
            assert [turn.number for turn in logs[row.id]] == list(range(1, TURNS + 1)), "advanced twice"
            assert running == row.digest
            assert codec.encode_state(replay(records, linked.engine, row.definition)) == row.state
        done = Counter(row.key.partition(":")[0] for row in postings)
        assert done == Counter({str(row.id): 2 for row in rows}), "an effect is missing or there twice"
        assert ledger.verify_chain(entries) == []
        for kind in ("instance.started", "instance.completed"):
            told = Counter(entry.instance for entry in entries if entry.type == kind and entry.service == "soak")
            assert told == Counter(str(row.id) for row in rows), kind
        host.store.release()
        return len(rows)
