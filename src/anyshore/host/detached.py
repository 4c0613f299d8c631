"""Work that is started and not waited for (``isBlocking="false"``): an activity, a process, a case.

No instance knows of it, so what becomes of it is no record of one. A host keeps it as a row under a negative number,
beside the waits of the instance that started it. What fails for good, or cannot be started, becomes an incident there,
also where that instance has ended; a person tries it again or gives it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from anyshore.host.ports import InstanceRow, WaitRow
from anyshore.kernel import codec
from anyshore.kernel.state import INCIDENT, JOB
from anyshore.runtime.effects import Fact

ACTIVITY = "activity:"
_HINT = "Put the cause right and try it again, or give it up."


def is_detached(wait: int) -> bool:
    """Whether nobody waits for what stands under this number."""
    return wait < 0


def number(turn: int, index: int) -> int:
    """The number of what a turn started as its ``index``-th."""
    return -(turn << 16) - index - 1


def job(row: InstanceRow, wait: int, element: str, activity: str, variables: Mapping[str, Any], now: int) -> WaitRow:
    """The row of an activity that an instance started."""
    return WaitRow(
        instance=row.id, wait=wait, kind=JOB, element=element, name=activity,
        data=codec.encode_value(dict(variables)), engagement=row.engagement, service=row.service,
        reference=row.reference, opened=now,
    )  # fmt: skip


def failed(started: WaitRow, target: str, variables: Mapping[str, Any], problem: Mapping[str, Any]) -> WaitRow:
    """The incident that stands for what failed.

    Args:
        started: the row of what was started.
        target: ``activity:NAME``, ``process:KEY`` or ``case:KEY``.
        variables: what it was given.
        problem: ``code``, ``message``, perhaps ``hint``, and ``begins_at``, the element the target should begin at.
    """
    data = {"hint": _HINT, **problem, "target": target, "variables": dict(variables)}
    return replace(
        started, kind=INCIDENT, name=data["code"], due=None, data=codec.encode_value(data), claimed_by=None,
        claimed_until=None, attempts=0,
    )  # fmt: skip


def raised(incident: WaitRow) -> Fact:
    """The ledger's fact of such an incident."""
    data = codec.decode_value(incident.data)
    told = {"element": incident.element, "wait": incident.wait, "code": data["code"], "message": data["message"]}
    return Fact("incident.raised", {**told, "target": data["target"]})
