"""At least 200 kills of workers, starter and database under load, on each database; then everything is counted.

The database is on a small disk of its own, which is full now and then; where this user may mount none, it is not.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.host import servers
from tests.host.soak import Soak

KILLS = int(os.environ.get("ANYSHORE_KILLS", "200"))
DISK = 600
"""Megabytes."""


def _run(notes: str, disk: str, folder: str, seed: int) -> None:
    """In a process of its own, as it forks."""
    server = servers.running(folder, servers.SMALL) if folder else None
    soak = Soak(Path(notes), server, Path(disk) if disk else None)
    begun = time.monotonic()
    try:
        soak.run(KILLS, seed)
        soak.finish(300)
    finally:
        soak.stop()
    seconds = time.monotonic() - begun
    name = "PostgreSQL" if folder else "SQLite"
    print(
        f"{name:<11} {soak.kills} processes killed, {soak.crashes} server crashes, disk full {soak.fillings} times "
        f"({soak.refused()} starts refused, {soak.gone} processes ended by it) in {seconds:.0f} s: "
        f"{soak.check():,} instances, none lost, none advanced twice, every effect once, ledger whole",
        flush=True,
    )


def _one(name: str, disk: Path | None, server: servers.Postgresql | None, seed: int) -> None:
    with tempfile.TemporaryDirectory(dir=servers.HOME) as notes:
        home = Path(notes) if server is not None or disk is None else disk
        if server is not None:
            os.chmod(notes, 0o755)
        environment = servers.environment(home, server.address if server else None)
        said = (notes, str(disk or ""), str(server.folder) if server else "", seed)
        code = f"from benchmarks import soak; soak._run(*{said!r})"
        status = os.spawnve(os.P_WAIT, sys.executable, [sys.executable, "-c", code], environment)
        if status:
            raise SystemExit(f"{name}: the soak failed (seed {seed})")


def main() -> None:
    """Runs both databases."""
    seed = int(os.environ.get("ANYSHORE_SEED", time.time_ns() % 1_000_000))
    print(f"Soak: {KILLS} kills at random moments under load (seed {seed})", flush=True)
    with servers.small_disk(DISK) as disk:
        if disk is None:
            print("No disk is filled: this user may mount none.")
        _one("SQLite", disk, None, seed)
    with servers.small_disk(DISK) as disk:
        try:
            server = servers.Postgresql(within=disk or servers.HOME, settings=servers.SMALL)
        except LookupError as absent:
            print(f"PostgreSQL  skipped: {absent}")
            return
        try:
            _one("PostgreSQL", disk, server, seed)
        finally:
            server.remove()


if __name__ == "__main__":
    main()
