"""The process of a worker: ``anyshore work`` and ``anyshore serve`` start it, watch it and start the next one."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence

from anyshore.base.errors import HostError
from anyshore.host import supervising
from anyshore.host.channels import working
from anyshore.host.driver import Host
from anyshore.host.supervising import TOO_LONG, Allowed, Watcher
from anyshore.host.worker import MEMORY, Worker, leave_after, limit_memory
from anyshore.web.site import system

_HINT = "Correct its variables and try again, or cancel it."
_REASONS = {
    TOO_LONG: ("value.too-large", "Its worker was ended because this took longer than is allowed."),
    supervising.ENDS_WORKERS: ("instance.ends-workers", "Two workers in a row ended while they were at this."),
}


def watcher() -> Watcher:
    """What keeps a worker running, with the limits of this installation's settings."""
    allowed = Allowed(
        turn_seconds=float(os.environ.get("ANYSHORE_TURN_SECONDS", Allowed().turn_seconds)),
        job_seconds=float(os.environ.get("ANYSHORE_JOB_SECONDS", Allowed().job_seconds)),
    )
    return Watcher((sys.executable, "-m", "anyshore.web.site.worker"), allowed)


def poller() -> working.Together:
    """What is looked after beside the work: channels, webhooks, decisions that wait, daily mails. The system runs."""
    from anyshore.web.home.digests import Digests  # tables, which are there once the system is started
    from anyshore.web.intake import channels
    from anyshore.web.retention.sweeping import Sweeper
    from anyshore.web.webhooks.delivering import Deliverer
    from anyshore.web.work.decisions import Keeper

    return working.Together(channels.poller(), Deliverer(), Keeper(), Sweeper(), Digests())


def until_idle() -> int:
    """Works in this process until nothing is due; how many things were done. The system is started."""
    host = system.host()
    host.recover()
    return poller().work() + host.work()


def give_up_suspect(host: Host) -> None:
    """Puts aside what the workers before this one were ended for."""
    found = supervising.suspect()
    if found is not None:
        held, reason = found
        code, message = _REASONS[reason]
        host.give_up(held, HostError(code, message, hint=_HINT))


def main(_arguments: Sequence[str] = ()) -> int:
    """Works until it is told to stop, or nobody watches it any more."""
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        leave_after()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; who watches passes it on
    supervising.on_leash(end)
    memory = int(os.environ.get("ANYSHORE_WORKER_MEMORY", MEMORY))
    if memory:
        limit_memory(memory)
    system.start(read_only=True)
    from anyshore.web.engine.bells import bell  # see above
    from anyshore.web.site import metrics, tracing

    host = system.host(read_only=True)
    host.observe = metrics.batch
    tracing.start("anyshore-worker")
    give_up_suspect(host)
    working.work(Worker(host, bell()), poller(), stop)
    tracing.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
