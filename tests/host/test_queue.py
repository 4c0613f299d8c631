"""Wake-ups over an existing queue: a killed queue worker's work is done by the next, on each database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.fixtures import FILES
from tests.host.servers import Postgresql, environment

SETUP = """
import sys
from anyshore.cli import system
host = system.host()
host.deploy("test", {"timed.bpmn": sys.stdin.read().encode()})
for _ in range(3):
    host.start("process:timed", {"wait": "PT4S"})
"""
SEEN = """
import sys, time
import django; django.setup()
from anyshore.web.engine.models import Instance
until = time.monotonic() + float(sys.argv[3])
while Instance.objects.filter(**{sys.argv[1]: sys.argv[2]}).count() < 3:
    if time.monotonic() > until:
        sys.exit(f"not within {sys.argv[3]} seconds")
    time.sleep(0.2)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Environment, and the command of a queue worker."""
    if request.param == "sqlite":
        yield (
            environment(tmp_path, None),
            ["db_worker", "--queue-name", "anyshore", "--interval", "0.2", "--skip-checks"],
        )
        return
    try:
        server = Postgresql()
    except LookupError as absent:
        pytest.skip(str(absent))
    try:
        yield environment(tmp_path, server.address), ["procrastinate", "worker", "-q", "anyshore"]
    finally:
        server.remove()


def test_the_work_of_a_killed_queue_worker_is_done_by_the_next(place: tuple[dict[str, str], list[str]]) -> None:
    variables, command = place[0] | {"ANYSHORE_QUEUE": "1"}, place[1]
    subprocess.run([sys.executable, "-c", SETUP], env=variables, input=FILES["timed"], text=True, check=True)
    worker = [sys.executable, "-m", "django", *command]
    first = subprocess.Popen(worker, env=variables, stderr=subprocess.DEVNULL)
    seen(variables, "turns", 1, 40)
    first.kill()
    first.wait()
    second = subprocess.Popen(worker, env=variables, stderr=subprocess.DEVNULL)
    try:
        seen(variables, "status", "ended", 40)  # 30 for the queue, 10 for a process to begin
    finally:
        second.kill()
        second.wait()


def seen(variables: dict[str, str], name: str, value: object, seconds: float) -> None:
    """Waits until three instances are like that."""
    command = [sys.executable, "-c", SEEN, name, str(value), str(seconds)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
