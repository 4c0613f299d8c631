"""Event logs and business cases that somebody hands in, read and computed in a process apart (``host.apart``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.zones import find_zone
from anyshore.host.apart import Allowed, Apart
from anyshore.sourcing.business_case.case import Frame, read
from anyshore.sourcing.business_case.outcomes import DRAWS, evaluate
from anyshore.sourcing.business_case.sheets import plain
from anyshore.sourcing.event_log import reading
from anyshore.sourcing.event_log.figures import Figures, figures
from anyshore.sourcing.event_log.hours import Hours

SEED = 0
"""Of the draws of a case: the same file gives the same figures."""
APART = Apart(allowed=Allowed(seconds=60, memory=2048))


def log(
    name: str, content: bytes, zone: str, columns: Mapping[str, str] | None = None, time_format: str = ""
) -> tuple[Figures, list[Diagnostic]]:
    """The figures of an event log, and what could not be read of it.

    Args:
        name: of the file; its ending tells what it is.
        content: of the file.
        zone: IANA zone of the business hours.
        columns: ``case``, ``activity`` and ``time`` → the name of its column, where it is no usual one.
        time_format: of its times, as ``strptime`` writes it, where it is no usual one.

    Raises:
        AnyshoreError: it cannot be read, or takes too long.
    """
    found: tuple[Figures, list[Diagnostic]] = APART.call(
        f"{__name__}:_log", name, content, zone, dict(columns or {}), time_format
    )
    return found


def case(name: str, content: bytes, frame: Frame) -> dict[str, Any]:
    """What a business case comes to, as plain data.

    Raises:
        AnyshoreError: it cannot be read, or takes too long.
    """
    found: dict[str, Any] = APART.call(f"{__name__}:_case", name, content, frame)
    return found


def _log(
    name: str, content: bytes, zone: str, columns: dict[str, str], time_format: str
) -> tuple[Figures, list[Diagnostic]]:
    try:
        find_zone(zone)
    except ValueError as error:
        hint = "Give a zone such as Europe/Berlin."
        raise DataError("event-log.zone", f"{error}.", hint=hint) from error
    read = reading.read(content, name, columns, time_format)
    return figures(read, Hours(zone)), list(read.problems)


def _case(name: str, content: bytes, frame: Frame) -> dict[str, Any]:
    found = read(content, frame, name)
    return plain(found, evaluate(found, seed=SEED), DRAWS, SEED)
