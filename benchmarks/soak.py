"""At least 200 kills of workers, starter and database under load, on each database; then everything is counted."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.host import servers
from tests.host.soak import Soak

KILLS = 200


def _run(home: str, folder: str, seed: int) -> None:
    """In a process of its own, as it forks."""
    soak = Soak(Path(home), servers.running(folder) if folder else None)
    begun = time.monotonic()
    try:
        soak.run(KILLS, seed)
        soak.finish(300)
    finally:
        soak.stop()
    seconds = time.monotonic() - begun
    name = "PostgreSQL" if folder else "SQLite"
    print(
        f"{name:<11} {soak.kills} processes killed, {soak.crashes} server crashes in {seconds:.0f} s: "
        f"{soak.check():,} instances, none lost, none advanced twice, every effect once, ledger whole",
        flush=True,
    )


def _one(name: str, server: servers.Postgresql | None, seed: int) -> None:
    with tempfile.TemporaryDirectory(dir=servers.HOME) as home:
        if server is not None:
            os.chmod(home, 0o755)
        environment = servers.environment(Path(home), server.address if server else None)
        code = f"from benchmarks import soak; soak._run({home!r}, {str(server.folder) if server else ''!r}, {seed})"
        status = os.spawnve(os.P_WAIT, sys.executable, [sys.executable, "-c", code], environment)
        if status:
            raise SystemExit(f"{name}: the soak failed (seed {seed})")


def main() -> None:
    """Runs both databases."""
    seed = int(os.environ.get("ANYSHORE_SEED", time.time_ns() % 1_000_000))
    print(f"Soak: {KILLS} kills at random moments under load (seed {seed})")
    _one("SQLite", None, seed)
    try:
        server = servers.Postgresql()
    except LookupError as absent:
        print(f"PostgreSQL  skipped: {absent}")
        return
    try:
        _one("PostgreSQL", server, seed)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
