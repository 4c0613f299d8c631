"""Activities that run outside of any piece of work: for a page, a play, a message somebody answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.activities.families import ACTIVITIES
from anyshore.host.driver import Host
from anyshore.host.jobs import StoredContext
from anyshore.host.ports import WaitRow
from anyshore.kernel.state import JOB
from anyshore.web.engine.running import host


def context(engagement: str, runtime: Host | None = None) -> StoredContext:
    """What such an activity may reach: the documents and records of an engagement, and no job of an instance.

    Args:
        engagement: its key.
        runtime: whose store it reads; None: this process's.
    """
    found = runtime or host()
    job = WaitRow(instance=0, wait=0, kind=JOB, element="", engagement=engagement)
    return StoredContext(found.store, job, found.clock())


def run(engagement: str, activity: str, values: Mapping[str, object], runtime: Host | None = None) -> dict[str, Any]:
    """Runs an activity; what it answers.

    Raises:
        DataError: the input does not fit.
    """
    return ACTIVITIES[activity].run(dict(values), context(engagement, runtime))
