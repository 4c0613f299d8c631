"""A worker is watched from outside: what takes too long ends with it, and its successor puts that aside."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anyshore.base.errors import HostError
from anyshore.host import operations, supervising
from anyshore.host.driver import Host
from anyshore.host.hand import Held
from anyshore.host.operations import Selection
from anyshore.host.supervising import Allowed, Watcher
from tests.host.fixtures import Echo, outcome, row, waits

BEGIN = """
import os, signal, sys, time
from pathlib import Path
from anyshore.host import hand, supervising
log, at = Path(sys.argv[1]), hand.of_this_process()
found = supervising.suspect()
with log.open("a") as out:
    print(found and (*found[0], found[1]), file=out)
"""
BURNS = "at.begin(7, {wait})\nwhile True: pass"
WAITS = "time.sleep(60)"


def watched(log: Path, program: str, **allowed: float) -> Watcher:
    return Watcher((sys.executable, "-c", BEGIN + program, str(log)), Allowed(**allowed))


def told(log: Path) -> list[str]:
    return log.read_text().splitlines()


@pytest.mark.parametrize(("wait", "limit"), [(-1, "turn_seconds"), (3, "job_seconds")])
def test_what_takes_too_long_is_told_to_the_next_worker(tmp_path: Path, wait: int, limit: str) -> None:
    program = f"if found: sys.exit(0)\n{BURNS.format(wait=wait)}"
    watcher = watched(tmp_path / "log", program, **{limit: 0.05})
    assert watcher.run(threading.Event()) == 0
    assert told(tmp_path / "log") == ["None", f"(7, {wait}, 'too-long')"]


def test_what_two_workers_die_of_is_told_to_the_third(tmp_path: Path) -> None:
    watcher = watched(tmp_path / "log", "if found: sys.exit(0)\nat.begin(7)\nos._exit(9)")
    assert watcher.run(threading.Event()) == 0
    assert told(tmp_path / "log") == ["None", "None", "(7, -1, 'ends-workers')"]


def test_a_worker_that_dies_with_nothing_in_hand_accuses_nobody(tmp_path: Path) -> None:
    program = "at.begin(7); at.empty()\nsys.exit(0 if len(log.read_text().splitlines()) > 2 else 9)"
    assert watched(tmp_path / "log", program).run(threading.Event()) == 0
    assert told(tmp_path / "log") == ["None"] * 3


def test_waiting_is_not_computing(tmp_path: Path) -> None:
    """Only CPU time counts: a task that waits for somebody's server is left alone."""
    watcher = watched(tmp_path / "log", "at.begin(7, 3)\ntime.sleep(1)", job_seconds=0.5)
    assert watcher.run(threading.Event()) == 0


def test_a_worker_that_does_not_listen_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "GRACE", 0.1)
    program = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nPath(sys.argv[1] + '.on').touch()\nwhile True: pass"
    stop, status = threading.Event(), list[int]()
    watching = threading.Thread(target=lambda: status.append(watched(tmp_path / "log", program).run(stop)))
    watching.start()
    while not (tmp_path / "log.on").exists():
        time.sleep(0.01)
    stop.set()
    watching.join()
    assert status == [os.EX_TEMPFAIL]


def test_a_worker_goes_with_the_one_who_watches_it(tmp_path: Path) -> None:
    program = (
        BEGIN + "supervising.on_leash(lambda: os._exit(0))\nPath(sys.argv[1] + '.on').write_text(str(os.getpid()))\n"
    )
    program += WAITS
    outer = (
        "import sys, threading; from anyshore.host.supervising import Watcher\n"
        "Watcher((sys.executable, '-c', sys.argv[1], sys.argv[2])).run(threading.Event())"
    )
    with subprocess.Popen([sys.executable, "-c", outer, program, str(tmp_path / "log")]) as watching:
        while not (tmp_path / "log.on").exists() or not (tmp_path / "log.on").read_text():
            time.sleep(0.01)
        watching.kill()
    worker = int((tmp_path / "log.on").read_text())
    while _lives(worker):
        time.sleep(0.01)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


PROBLEM = HostError("value.too-large", "It was ended.", hint="Correct it.")


def test_an_instance_is_put_aside_and_its_neighbour_is_not(host: Host) -> None:
    first, second = host.start("process:scripts", {"x": Decimal(1)}), host.start("process:scripts", {"x": Decimal(1)})
    host.give_up(Held(first), PROBLEM)
    host.work()
    assert [row(host, number).status for number in (first, second)] == ["broken", "ended"]
    assert [one.row.name for one in operations.incidents(host, Selection())] == ["value.too-large"]
    assert operations.retry(host, Selection(instance=first)).done == 1
    host.work()
    assert outcome(host, first) == "completed"


def test_a_job_is_given_up_and_not_its_instance(host: Host) -> None:
    number = host.start("process:job", {"x": Decimal(1)})
    host.step()
    (job,) = waits(host, number, "job")
    host.give_up(Held(number, job.wait), PROBLEM)
    host.work()
    assert row(host, number).status == "active"
    assert [one.row.name for one in operations.incidents(host, Selection())] == ["value.too-large"]


def test_what_is_over_by_now_is_left_alone(host: Host) -> None:
    number = host.start("process:scripts", {"x": Decimal(1)})
    host.work()
    host.give_up(Held(number), PROBLEM)
    host.give_up(Held(number, 9), PROBLEM)
    assert outcome(host, number) == "completed"
    assert not list(operations.incidents(host, Selection()))


def test_a_job_loop_that_is_to_stop_gives_back_what_it_has_not_begun(host: Host, echo: Echo) -> None:
    numbers = [host.start("process:job", {"x": Decimal(1)}) for _ in range(4)]
    host.step()
    host.work(until_idle=False, stop=lambda: bool(echo.keys))
    assert len(echo.keys) == 1
    left = [job for number in numbers for job in waits(host, number, "job")]
    assert [(job.attempts, job.claimed_by) for job in left] == [(0, None)] * 3
    host.work()
    assert len(echo.keys) == 4


MEMORY = """
import sys
from anyshore.host import operations
from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.host.worker import limit_memory
from tests.host.fixtures import FILES, row

class Large:
    def run(self, values, context):
        return {"echo": "x" * (4 << 30)} if values["x"] else {"echo": "small"}

host = Host(MemoryStore(rollback=False), {"test.echo": Large()})
host.deploy("test", {"job.bpmn": FILES["job"].encode()})
large, small = host.start("process:job", {"x": True}), host.start("process:job", {"x": False})
limit_memory(1024)
host.work()
print([one.row.name for one in operations.incidents(host, operations.Selection())])
print([row(host, number).status for number in (large, small)], len(host.state(small).waits))
"""


def test_what_needs_more_memory_than_a_worker_may_have_is_an_incident() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, timeout=120,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
    )  # fmt: skip
    assert done.stdout.splitlines() == ["['value.too-large']", "['active', 'active'] 1"], done.stderr


def test_an_instance_whose_turn_runs_out_of_memory_says_so(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    from anyshore.host import batch

    def advance(*_: Any, **__: Any) -> Any:
        raise MemoryError

    number = host.start("process:scripts", {"x": Decimal(1)})
    with monkeypatch.context() as patch:
        patch.setattr(batch, "advance", advance)
        host.work()
    assert row(host, number).status == "broken"
    (found,) = operations.incidents(host, Selection())
    assert found.row.name == "value.too-large"
    operations.retry(host, Selection())
    host.work()
    assert outcome(host, number) == "completed"


def test_a_process_that_is_to_leave_and_does_not_is_ended(tmp_path: Path) -> None:
    program = "from anyshore.host.worker import leave_after\nleave_after(0.05)\nwhile True: pass"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60).returncode == os.EX_TEMPFAIL
