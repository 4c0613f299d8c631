"""Wake-ups over an existing queue: a job whose queue worker was killed is run by another, on each database."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.host import processes as bpmn
from tests.host.fixtures import line
from tests.host.servers import Postgresql, environment

pytestmark = pytest.mark.long

PROCESS = line("job", b=bpmn.service("test.mark"), c=bpmn.timer("PT2S"), d=bpmn.service("test.mark"))
SETUP = """
import sys
from anyshore.web.site import system
host = system.host()
host.deploy("test", {"job.bpmn": sys.stdin.read().encode()})
for _ in range(2):
    host.start("process:job")
"""
WORKER = """
import pathlib, sys, time
from anyshore.activities import families
folder, hangs = pathlib.Path(sys.argv[1]), sys.argv[2] == "hangs"

class Mark:
    def run(self, values, context):
        (folder / f"{sys.argv[2]}-{context.idempotency_key}").write_text(str(time.time()))
        time.sleep(600 if hangs else 0)
        return {}

families.ACTIVITIES = {**families.ACTIVITIES, "test.mark": Mark()}
from django.core.management import execute_from_command_line
execute_from_command_line(["django", *sys.argv[3:]])
"""
ENDED = """
import django
django.setup()
from anyshore.web.engine.models import Instance
print(Instance.objects.filter(status="ended").count())
"""
LONGEST = """
import django
django.setup()
from anyshore.host import jobs
from anyshore.web.engine import tasks
print(jobs.CLAIM / 1_000_000 + tasks.HEARTBEAT.total_seconds())
"""
SOON = 30
"""Seconds after which a killed worker's job is run again, on a machine that has nothing else to do."""
PATIENCE = 600
"""Seconds for everything, on a machine that is busy."""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, installed: Callable[[Path], Path]
) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Environment, and the command of a queue worker."""
    if request.param == "sqlite":
        yield (
            environment(installed(tmp_path), None),
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


def test_the_job_of_a_killed_queue_worker_is_run_by_another(
    place: tuple[dict[str, str], list[str]], tmp_path: Path
) -> None:
    variables, command = place[0] | {"ANYSHORE_QUEUE": "1"}, place[1]
    workers: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        subprocess.run([sys.executable, "-c", SETUP], env=variables, input=PROCESS, text=True, check=True)

    def work(name: str) -> None:
        arguments = [sys.executable, "-c", WORKER, str(tmp_path), name, *command]
        workers.append(subprocess.Popen(arguments, env=variables, stderr=subprocess.DEVNULL))

    start()
    try:
        work("hangs")
        (job,) = files(tmp_path, "hangs-*", 1)
        work("works")
        start()
        files(tmp_path, "works-*", 2)  # now both are there, and the first still has its jobs
        again = tmp_path / job.name.replace("hangs", "works")
        assert not again.exists()
        workers[0].kill()
        workers[0].wait()
        files(tmp_path, "works-*", 8)  # two jobs of four instances, on both sides of a timer
        assert again.exists()
        until = time.monotonic() + PATIENCE
        while ended(variables) < 4:
            assert time.monotonic() < until
    finally:
        for process in workers:
            process.kill()
            process.wait()


def test_a_killed_workers_jobs_are_taken_soon(tmp_path: Path) -> None:
    """The claim of a dead worker runs out, and at the next heartbeat of a living one its jobs are given back."""
    variables = environment(tmp_path, None) | {"ANYSHORE_QUEUE": "1"}
    done = subprocess.run([sys.executable, "-c", LONGEST], env=variables, capture_output=True, text=True, check=True)
    assert float(done.stdout) < SOON


def files(folder: Path, pattern: str, count: int) -> list[Path]:
    """Waits until there are so many, written to their end."""
    until = time.monotonic() + PATIENCE
    while True:
        found = [path for path in folder.glob(pattern) if path.stat().st_size]
        if len(found) >= count:
            return found
        assert time.monotonic() < until, found
        time.sleep(0.1)


def ended(variables: dict[str, str]) -> int:
    """Instances that have ended."""
    done = subprocess.run([sys.executable, "-c", ENDED], env=variables, capture_output=True, text=True, check=True)
    return int(done.stdout)
