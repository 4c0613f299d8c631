"""Exceptions of a file to work that somebody can pull: ``python -m benchmarks.exceptions [ROWS]``.

Every row of the file stops at a person. Measured are, wall clock, deciding the rows with classes, documents and the
ledger entry; putting them into their queue; then, with all of them waiting, reading the oldest of the queue and pulling
one. In SQLite and PostgreSQL, each in a process of its own.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.host import servers

ROWS = 300_000
GOAL = 50_000
PULLED = 50


def _measure(rows: int) -> None:
    """In a process of its own."""
    import polars as pl
    from tests.host.bulk_rows import files

    from anyshore.host.batched import living, placing
    from anyshore.host.bulk import deciding
    from anyshore.host.bulk.deciding import Handed

    host = servers.open_host()
    host.deploy("bench", files())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        amounts = pl.Series("amount", range(rows)).cast(pl.Decimal(14, 2)) + Decimal("201.00")
        names = pl.Series("reference", range(rows)).cast(pl.String)
        pl.DataFrame([names, pl.repeat("EU", rows, eager=True).alias("zone"), amounts]).write_parquet(path)
        handed = Handed(
            "acme", "payables", "process:payable", path.name, deciding.digest_of(path), reference="reference"
        )
        row, _ = deciding.begin(host, handed)
        begun = time.perf_counter()
        deciding.decide(host, row.id, path)
        decided = time.perf_counter() - begun
    begun = time.perf_counter()
    placing.place(host, row.id)
    placed = time.perf_counter() - begun
    looked, pulled = [], []
    from anyshore.web.engine import oldest
    from anyshore.web.engine.models import Wait

    for number in range(PULLED):
        begun = time.perf_counter()
        (kind,) = oldest.kinds(["acme"])
        found = list(Wait.objects.extra(where=["kind = 'work'"]).filter(**kind._asdict(), claimed_by=None).order_by(
            "opened", "instance", "wait")[:21])  # fmt: skip
        looked.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with host.store.transaction() as tx:
            assert living.pull(host, tx, found[number % 20].instance) or number >= 20
        pulled.append(time.perf_counter() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"decided": decided, "placed": placed, "looked": statistics.median(looked) * 1000}
    print(json.dumps(told | {"pulled": statistics.median(pulled[:20]) * 1000, "memory": memory}))


def _one(name: str, environment: dict[str, str], rows: int) -> None:
    code = f"from benchmarks import exceptions; exceptions._measure({rows})"
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    speed = rows / found["placed"]
    print(
        f"{name:<11} decided {rows / found['decided']:,.0f} rows/s with classes, documents and proof; to pullable work "
        f"{speed:,.0f} rows/s  goal {GOAL:,}: {'reached' if speed >= GOAL else 'missed'}; with all waiting the oldest "
        f"20 of the queue in {found['looked']:.1f} ms, one pulled in {found['pulled']:.1f} ms; "
        f"memory {found['memory']:.0f} MiB",
        flush=True,
    )


def main() -> None:
    """Measures both databases."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(f"{rows:,} rows, every one an exception")
    with tempfile.TemporaryDirectory(dir=servers.HOME) as home:
        _one("SQLite", servers.environment(Path(home), None), rows)
    try:
        server = servers.Postgresql()
    except LookupError as absent:
        print(f"PostgreSQL  skipped: {absent}")
        return
    try:
        with tempfile.TemporaryDirectory(dir=servers.HOME) as home:
            _one("PostgreSQL", servers.environment(Path(home), server.address), rows)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
