"""What is kept of changes: work packages, frozen times, agreed slots, what is handed over, what was made."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.temporal import DateTime
from anyshore.projects import estimates
from anyshore.projects.changes import Slot
from anyshore.projects.estimates import ThreePoint

PACKAGE = "work-package"
TEAM = "change-team"
FREEZE = "freeze-window"
ITEM = "handover-item"
SLOT = "change-slot"
BACK = "change-slot-back"
MADE = "change-made"


@dataclass(frozen=True, slots=True)
class Work:
    """A work package of a plan.

    Attributes:
        package: its name within the plan.
        hours: the estimate.
        after: packages before it.
        team: who does it; empty: anybody.
        people: how many of the team.
    """

    package: str
    hours: ThreePoint
    after: tuple[str, ...]
    team: str
    people: int


def packages(context: ActivityContext, plan: str) -> list[Work]:
    """The work packages of a plan, as they stand in the file.

    Raises:
        DataError: the plan is unknown, or an estimate is none.
    """
    rows = context.records(PACKAGE).find(plan=plan)
    if not rows:
        known = sorted({str(row.data["plan"]) for row in context.records(PACKAGE).find()})
        hint = f"Known are: {', '.join(known) or 'none'}."
        raise DataError("changes.plan", f"There is no plan {plan!r}.", Location(element=plan), hint)
    return [_work(row) for row in rows]


def _work(row: Record) -> Work:
    good, likely, bad = (float(_number(row, name)) for name in ("optimistic", "likely", "pessimistic"))
    after = tuple(one.strip() for one in str(row.data.get("after") or "").split(";") if one.strip())
    return Work(
        str(row.data["package"]), estimates.checked(good, likely, bad, str(row.data["package"])), after,
        str(row.data.get("team") or ""), int(_number(row, "people", "1")),
    )  # fmt: skip


def _number(row: Record, name: str, otherwise: str = "0") -> Decimal:
    return Decimal(str(row.data.get(name) or otherwise))


def slot_of(row: Record, zone: str = "UTC") -> Slot:
    """A row with ``start``, ``end`` and ``services`` (parted by ``;``) as a slot."""
    return Slot(
        row.key, _at(row.data["start"], zone), _at(row.data["end"], zone), services_of(row.data.get("services"))
    )


def services_of(value: object) -> frozenset[str]:
    """Services of a text, parted by ``;``; none: all."""
    return frozenset(one.strip().casefold() for one in str(value or "").split(";") if one.strip())


def _at(value: object, zone: str) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return int(value)
    assert isinstance(value, DateTime)
    return value.to_micros(zone)
