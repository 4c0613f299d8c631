"""Twenty kills of workers, starter and database under load, on each database; two hundred: ``benchmarks.soak``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.host.servers import Postgresql, environment

pytestmark = pytest.mark.long

RUN = """
import sys
from pathlib import Path
from tests.host import servers
from tests.host.soak import Soak

server = servers.running(sys.argv[2]) if len(sys.argv) > 2 else None
soak = Soak(Path(sys.argv[1]), server)
try:
    soak.run(20, seed=7, pause=(0.02, 0.25))
    soak.finish(600)
finally:
    soak.stop()
print(soak.check())
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nothing_is_done_twice(
    database: str, tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    server = None
    if database == "sqlite":
        installed(tmp_path)
    if database == "postgresql":
        try:
            server = Postgresql()
        except LookupError as absent:
            pytest.skip(str(absent))
    try:
        arguments = [str(tmp_path), *([str(server.folder)] if server else [])]
        done = subprocess.run(
            [sys.executable, "-c", RUN, *arguments], env=environment(tmp_path, server.address if server else None),
            cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=1200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        assert int(done.stdout.split()[-1]) > 40
    finally:
        if server is not None:
            server.remove()
