"""Watching a worker from outside: what it may use, that it ends when told to, and what it was at when it died.

A worker that computes cannot watch itself: one call into a library may take minutes in which no other line of it runs.
So it is a process of its own. Whatever takes too long there is ended with it and put aside by its successor, and what
two workers in a row died of is put aside too; its neighbours go on.
"""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anyshore.host.hand import HANDLE, NO_WAIT, SIZE, Held, SharedHand

log = logging.getLogger(__name__)

SUSPECT = "ANYSHORE_WORKER_SUSPECT"
"""Environment variable that tells a worker what its predecessors were ended for: ``INSTANCE:WAIT:REASON``."""

LEASH = "ANYSHORE_WORKER_LEASH"
"""Environment variable with the number of an open pipe: at its end the watcher is gone, and its worker goes too."""

TOO_LONG, ENDS_WORKERS = "too-long", "ends-workers"

LOOK = 0.25
"""Seconds between two looks at a worker."""

GRACE = 10.0
"""Seconds a worker has for what it is at once it was told to stop; it ends itself after ``worker.GRACE``."""

DEATHS = 2
"""Workers that may die of one thing before it is put aside."""

LONGEST_PAUSE = 10.0
"""Seconds between two starts of a worker that dies at once, at most."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a worker may use for one thing.

    Attributes:
        turn_seconds: CPU-seconds for advancing an instance by one command.
        job_seconds: CPU-seconds for one automatic task.
    """

    turn_seconds: float = 60.0
    job_seconds: float = 600.0


@dataclass(slots=True)
class Watcher:
    """Keeps one worker running.

    Args:
        command: starts it.
        allowed: what it may use.
        environment: of it.
        look: sleeps between two looks; returns early where it is to stop.
    """

    command: Sequence[str]
    allowed: Allowed = Allowed()
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    _suspect: str = ""
    _died_of: Held | None = None
    _deaths: int = 0

    def run(self, stop: threading.Event) -> int:
        """Runs workers one after the other until ``stop`` is set; the exit status of the last.

        One that ends by itself with status 0 has done what it was asked to, and is the last.
        """
        pause = LOOK
        while True:
            began = time.monotonic()
            status = self._one(stop)
            if stop.is_set() or status == 0:
                return status
            pause = LOOK if time.monotonic() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            log.warning("the worker ended (status %d); another one begins in %.1f s", status, pause)
            stop.wait(pause)
            if stop.is_set():
                return status

    def _one(self, stop: threading.Event) -> int:
        leash, held = os.pipe()
        try:
            with tempfile.TemporaryFile() as shared:
                shared.truncate(SIZE)
                hand = SharedHand(shared.fileno())
                passed = {HANDLE: str(shared.fileno()), LEASH: str(leash), SUSPECT: self._suspect}
                worker = subprocess.Popen(  # noqa: S603 - a fixed command of our own
                    list(self.command), env=self.environment | passed, pass_fds=(shared.fileno(), leash)
                )
                try:
                    return self._watch(worker, hand, stop)
                finally:
                    if worker.poll() is None:
                        worker.kill()
                        worker.wait()
        finally:
            os.close(leash)
            os.close(held)

    def _watch(self, worker: subprocess.Popen[bytes], hand: SharedHand, stop: threading.Event) -> int:
        self._suspect = ""
        while (status := worker.poll()) is None:
            stop.wait(LOOK)
            if stop.is_set():
                return _stopped(worker)
            found = hand.held()
            if found is not None and self._is_over(worker.pid, *found) and hand.held() == found:
                held = found[0]
                log.error("instance %d takes longer than is allowed: its worker is ended", held.instance)
                worker.kill()
                worker.wait()
                self._suspect = f"{held.instance}:{held.wait}:{TOO_LONG}"
                return worker.returncode
        self._note_death(hand.held())
        return status

    def _is_over(self, process: int, held: Held, since: float) -> bool:
        used = cpu_seconds(process)
        most = self.allowed.turn_seconds if held.wait == NO_WAIT else self.allowed.job_seconds
        return used is not None and used - since > most

    def _note_death(self, found: tuple[Held, float] | None) -> None:
        held = None if found is None else found[0]
        self._deaths = self._deaths + 1 if held is not None and held == self._died_of else 1
        self._died_of = held
        if held is not None and self._deaths >= DEATHS:
            self._suspect = f"{held.instance}:{held.wait}:{ENDS_WORKERS}"
            self._died_of = None


def _stopped(worker: subprocess.Popen[bytes]) -> int:
    """Lets a worker end, and ends it where it does not."""
    worker.terminate()
    try:
        return worker.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        log.warning("the worker did not end within %.0f s: what it has in hand is left to the next one", GRACE)
        worker.kill()
        worker.wait()
        return os.EX_TEMPFAIL


def cpu_seconds(process: int) -> float | None:
    """CPU-seconds a process has used so far; None where the system does not tell."""
    try:
        # The 14th and 15th field (proc(5)); the name of the program before them may hold spaces.
        parts = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def suspect() -> tuple[Held, str] | None:
    """What the predecessors of this worker were ended for, and why; None for nothing."""
    instance, _, rest = os.environ.get(SUSPECT, "").partition(":")
    wait, _, reason = rest.partition(":")
    return (Held(int(instance), int(wait)), reason) if reason else None


def on_leash(end: Callable[[], object]) -> None:
    """Calls ``end`` when whoever watches this process is gone."""
    leash = os.environ.get(LEASH, "")
    if not leash:
        return

    def wait() -> None:
        os.read(int(leash), 1)
        end()

    threading.Thread(target=wait, name="leash", daemon=True).start()
