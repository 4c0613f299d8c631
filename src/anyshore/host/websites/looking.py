"""Looks whether a site is up, and looks again before it says that it is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from anyshore.host.outgoing.client import Limits
from anyshore.host.outgoing.gate import Gate, OutgoingError
from anyshore.host.outgoing.kept import Kept, Trust
from anyshore.website.checks.availability import Look
from anyshore.website.checks.expecting import Expected, unmet


@dataclass(frozen=True, slots=True)
class Looking:
    """How one looks.

    Attributes:
        expected: what has to be answered.
        pause: seconds until the second try.
        limits: of one try.
        probe: from where.
        gate: judges where connections go; that of the installation where None.
        trust: of certificates; the system's where None.
    """

    expected: Expected = Expected()
    pause: float = 5.0
    limits: Limits = Limits(seconds=10.0)
    probe: str = ""
    gate: Gate | None = None
    trust: Trust | None = None


def look(address: str, how: Looking, sleep: Callable[[float], object] = time.sleep) -> Look:
    """Looks at an address. What fails once is tried again after a pause, over a new connection.

    Args:
        address: to look at; a redirect is an answer.
        how: one looks.
        sleep: waits.
    """
    at = datetime.now(UTC)
    first = _try(address, how)
    if first[1] == "":
        return Look(at, True, how.probe, first[0])
    sleep(how.pause)
    seconds, reason = _try(address, how)
    return Look(at, reason == "", how.probe, seconds, reason)


def _try(address: str, how: Looking) -> tuple[float | None, str]:
    try:
        with Kept(how.gate, how.limits, how.trust) as line:
            reply = line.ask(address)
    except OutgoingError as problem:
        return None, problem.message
    return reply.seconds, unmet(how.expected, reply.status, reply.body, reply.seconds)
