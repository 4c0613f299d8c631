"""``anyshore work`` as it is started: one instance that takes too long costs its neighbours nothing."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.host.processes import chain, end, process, script, start
from tests.host.servers import environment

SLOW = process(
    "slow", {"a": start(), "b": script("count(for i in 1..990000 return i * i)", "y"), "c": end()}, chain("a", "b", "c")
)
QUICK = process("quick", {"a": start(), "b": script("x + 1", "y"), "c": end()}, chain("a", "b", "c"))
BEGIN = f"""
from decimal import Decimal
from anyshore.web.site import system
host = system.host()
host.deploy("t", {{"slow.bpmn": {SLOW!r}.encode(), "quick.bpmn": {QUICK!r}.encode()}})
host.start("process:slow")
host.start("process:quick", {{"x": Decimal(1)}})
"""


@pytest.fixture
def home(tmp_path: Path, installed: Callable[[Path], Path]) -> dict[str, str]:
    settings = environment(installed(tmp_path), None) | {"ANYSHORE_TURN_SECONDS": "0.2"}
    subprocess.run([sys.executable, "-c", BEGIN], env=settings, check=True, timeout=120)
    return settings


def found(home: Path) -> tuple[list[str], list[str]]:
    """What stands in the database: how each instance is, and the incidents."""
    with sqlite3.connect(home / "anyshore.sqlite3", timeout=20) as database:
        rows = database.execute("SELECT status FROM engine_instance ORDER BY id").fetchall()
        open_ones = database.execute("SELECT name FROM engine_wait WHERE kind = 'incident'").fetchall()
    return [row[0] for row in rows], [row[0] for row in open_ones]


@pytest.mark.long
def test_what_takes_too_long_is_put_aside_and_the_worker_stops_when_told(home: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from anyshore.cli.main import main; main()", "work"]
    with subprocess.Popen(command, env=home) as worker:
        until = time.monotonic() + 100
        while (now := found(tmp_path)) != (["broken", "ended"], ["value.too-large"]):
            assert time.monotonic() < until, now
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
