"""A million waiting instances: what a host pays to start, to hold them, and to bring a message to one of them.

The host starts some thousand itself: they wait for a message by key and for a timer in a month. SQL then multiplies
their rows, state, log and waits, to a million with keys of their own. A host begun afterwards is measured: until its
first look at what is due has found nothing; its memory; and how long a message needs from being sent to being stored
for the one instance that waits for it, and until that instance has ended.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.host import processes, servers

MILLION = 1_000_000
SEED = 2_000
PROBES = 200
PROCESS = processes.process(
    "waits",
    {
        "a": processes.start(), "g": processes.gateway("eventBased"), "m": processes.receive("order", "number"),
        "t": processes.timer("P30D"), "e": processes.end(), "f": processes.end(),
    },
    "a -> g\ng -> m\ng -> t\nm -> e\nt -> f",
    processes.message("order"),
)  # fmt: skip


def _fill() -> None:
    """In a process of its own: a million rows, checked."""
    from django.db import connection

    from anyshore.host.driver import NewWork

    host = servers.open_host()
    host.deploy("bench", {"waits.bpmn": PROCESS.encode()})
    host.start_all(
        (NewWork("process:waits", {"number": f"N{n:07}"}, engagement="acme") for n in range(SEED)), at_once=True
    )
    with connection.cursor() as cursor:
        _multiply(cursor, connection.vendor == "postgresql")
        for table, rows in (("instance", MILLION), ("turn", MILLION), ("wait", 2 * MILLION)):
            cursor.execute(f"SELECT count(*) FROM engine_{table}")
            assert cursor.fetchone()[0] == rows, table
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval('engine_instance_number', %s)", [MILLION])
        cursor.execute("UPDATE engine_counter SET value = %s WHERE name = 'instance'", [MILLION])


def _multiply(cursor: object, postgresql: bool) -> None:
    """Copies the rows ``MILLION / SEED - 1`` times, each copy with ids further on and keys of its own."""
    execute = cursor.execute  # type: ignore[attr-defined]
    times = MILLION // SEED - 1
    series = (
        f"(SELECT generate_series(1, {times}) AS k)"
        if postgresql
        else f"(WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < {times}) SELECT k FROM s)"
    )
    number_of = f"CAST(substr(w.key, 2) AS bigint) + s.k * {SEED}"
    key = f"'N' || to_char({number_of}, 'FM0000000')" if postgresql else f"printf('N%07d', {number_of})"
    from anyshore.host.ports import InstanceRow, TurnRow, WaitRow

    for table, kind, number in (
        ("instance", InstanceRow, "id"),
        ("turn", TurnRow, "instance"),
        ("wait", WaitRow, "instance"),
    ):
        names = kind.__struct_fields__
        values = [
            f"w.{number} + s.k * {SEED}" if name == number
            else f"CASE WHEN w.kind = 'message' THEN {key} ELSE w.key END" if (table, name) == ("wait", "key")
            else f'w."{name}"'
            for name in names
        ]  # fmt: skip
        quoted = ", ".join(f'"{name}"' for name in names)
        execute(f"INSERT INTO engine_{table} ({quoted}) SELECT {', '.join(values)} FROM engine_{table} w, {series} s")
    if postgresql:
        execute("ANALYZE")


def _probe() -> None:
    """In a process of its own: start-up, memory, messages."""
    begun = time.perf_counter()
    host = servers.open_host()
    assert host.recover() == 0
    assert host.work() == 0
    startup = time.perf_counter() - begun
    chance = random.Random(1)
    sent, ended = [], []
    for number in chance.sample(range(MILLION), PROBES):
        begun = time.perf_counter()
        assert host.send("acme", "order", f"N{number:07}", {"seen": str(number)}) == 1
        sent.append(time.perf_counter() - begun)
        assert host.work() == 1
        ended.append(time.perf_counter() - begun)
        with host.store.transaction() as tx:
            row = tx.load([number + 1])[number + 1]
        assert row.outcome == "completed"
    print(
        json.dumps(
            {
                "startup": startup,
                "memory": _memory(),
                "sent": [statistics.median(sent) * 1000, sorted(sent)[int(PROBES * 0.95)] * 1000],
                "ended": [statistics.median(ended) * 1000, sorted(ended)[int(PROBES * 0.95)] * 1000],
            }
        )
    )


def _idle() -> None:
    """In a process of its own, over a database without an instance: what the process itself takes."""
    host = servers.open_host()
    assert host.work() == 0
    print(json.dumps(_memory()))


def _memory() -> float:
    """MiB this process took at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _said(environment: dict[str, str], call: str) -> Any:
    """What a function of this module prints last, called in a process of its own."""
    code = f"from benchmarks import waiting; waiting.{call}()"
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _one(name: str, environment: dict[str, str]) -> None:
    _said(environment, "_idle")  # makes the tables
    idle = _said(environment, "_idle")
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "from benchmarks import waiting; waiting._fill()"], env=environment, check=True
    )
    filled = time.monotonic() - begun
    found = _said(environment, "_probe")
    reached = found["startup"] < 5 and found["memory"] < 1024 and found["sent"][0] <= 5
    print(
        f"{name:<11} filled in {filled:.0f} s; start-up {found['startup']:.2f} s, memory {found['memory']:.0f} MiB "
        f"(over an empty database {idle:.0f}), "
        f"a message is with its instance after {found['sent'][0]:.1f} ms (95 %: {found['sent'][1]:.1f}), which "
        f"has ended after {found['ended'][0]:.1f} ms (95 %: {found['ended'][1]:.1f})  goals 5 s, 1 GiB, 5 ms: "
        f"{'reached' if reached else 'missed'}",
        flush=True,
    )


def main() -> None:
    """Measures both databases."""
    print(f"{MILLION:,} waiting instances, each for a message and a timer")
    with tempfile.TemporaryDirectory(dir=servers.HOME) as home:
        _one("SQLite", servers.environment(Path(home), None))
    try:
        server = servers.Postgresql()
    except LookupError as absent:
        print(f"PostgreSQL  skipped: {absent}")
        return
    try:
        with tempfile.TemporaryDirectory(dir=servers.HOME) as home:
            _one("PostgreSQL", servers.environment(Path(home), server.address))
    finally:
        server.remove()


if __name__ == "__main__":
    main()
