"""Estimating a change, finding its time, planning its packages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.changes import records
from anyshore.activities.changes.records import BACK, FREEZE, SLOT, TEAM
from anyshore.base.temporal import DateTime
from anyshore.projects import estimates, scheduling, sheets
from anyshore.projects.changes import Slot, met_by, next_free
from anyshore.projects.packages import Package, project

HOUR = 3_600_000_000
SURE = 0.8
"""With what confidence the estimate that is agreed on is kept."""


@dataclass(frozen=True, slots=True)
class EstimateInput:
    """Which plan."""

    plan: str


@dataclass(frozen=True, slots=True)
class EstimateOutcome:
    """Hours of work of a plan.

    Attributes:
        packages: how many.
        mean: expected hours.
        deviation: standard deviation.
        sure: hours that are not exceeded with 80 % confidence.
    """

    packages: int
    mean: Decimal
    deviation: Decimal
    sure: Decimal


def estimate(data: EstimateInput, context: ActivityContext) -> EstimateOutcome:
    """Adds the three-point estimates of a plan's packages."""
    work = records.packages(context, data.plan)
    found = estimates.together(one.hours for one in work)
    return EstimateOutcome(
        len(work), _tenths(found.mean), _tenths(found.deviation), _tenths(found.with_confidence(SURE))
    )


@dataclass(frozen=True, slots=True)
class CalendarInput:
    """When a change is to be made.

    Attributes:
        change: its name.
        start: wanted.
        hours: how long services are touched.
        services: which, parted by ``;``.
        emergency: whether frozen times do not hold it up.
        claim: whether the slot is taken, where nothing stands in the way.
    """

    change: str
    start: DateTime
    hours: Decimal
    services: str = ""
    emergency: bool = False
    claim: bool = False


@dataclass(frozen=True, slots=True)
class CalendarOutcome:
    """What stands in the way.

    Attributes:
        free: whether nothing does.
        frozen: frozen times it meets.
        collides: changes it meets on a service.
        next: the next time at which it would meet nothing.
        claimed: whether the slot is its own now.
    """

    free: bool
    frozen: tuple[str, ...]
    collides: tuple[str, ...]
    next: DateTime
    claimed: bool = False


def calendar(data: CalendarInput, context: ActivityContext) -> CalendarOutcome:
    """Looks for frozen times and other changes; claims the slot where that is asked for and nothing stands in the way.

    Of two changes that claim at once the later row steps back: it sees the other one.
    """
    zone = "UTC"
    start = data.start.to_micros(zone)
    slot = Slot(data.change, start, start + int(data.hours * HOUR), records.services_of(data.services))
    frozen = [] if data.emergency else [records.slot_of(row, zone) for row in context.records(FREEZE).find()]
    claims = context.records(SLOT)
    if data.claim:
        row = {
            "change": data.change, "start": slot.start, "end": slot.end, "services": data.services,
        }  # fmt: skip
        own = claims.put_once(context.idempotency_key, row)
    given_back = {str(row.data["slot"]) for row in context.records(BACK).find()}
    others = [
        Slot(str(row.data["change"]), one.start, one.end, one.services)
        for row in claims.find()
        if row.key not in given_back and (not data.claim or row.sequence < own.sequence)
        for one in (records.slot_of(row, zone),)
    ]
    shut, met = met_by(slot, frozen), met_by(slot, others)
    claimed = data.claim and not shut and not met
    if data.claim and not claimed:
        context.records(BACK).put_once(context.idempotency_key, {"slot": context.idempotency_key})
    later = DateTime.from_micros(next_free(slot, [*frozen, *others]), zone)
    return CalendarOutcome(
        not shut and not met,
        tuple(one.key for one in shut),
        tuple(dict.fromkeys(one.key for one in met)),
        later,
        claimed,
    )


@dataclass(frozen=True, slots=True)
class PlanInput:
    """Which plan; an hour is a unit."""

    plan: str


@dataclass(frozen=True, slots=True)
class Step:
    """A work package in its place: hours from the beginning of the plan, budget in hours."""

    package: str
    team: str
    start: int
    end: int
    budget: Decimal


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """The plan under the teams there are.

    Attributes:
        steps: by start.
        hours: until the last one ends.
        proven: whether no plan is shorter.
        picture: a Gantt chart, SVG.
    """

    steps: tuple[Step, ...]
    hours: int
    proven: bool
    picture: str


def plan(data: PlanInput, context: ActivityContext) -> PlanOutcome:
    """Plans the packages of a change, each as long as its expected hours for its people, under scarce teams.

    Raises:
        DataError: the plan is unknown or none, with every problem.
    """
    work = records.packages(context, data.plan)
    teams = {str(row.data["team"]): int(Decimal(str(row.data["people"]))) for row in context.records(TEAM).find()}
    found = project(
        [
            Package(
                one.package,
                math.ceil(one.hours.mean / one.people),
                one.after,
                {one.team: one.people} if one.team else {},
            )
            for one in work
        ],
        teams,
        data.plan,
    )
    made = scheduling.schedule(found)
    known = {one.package: one for one in work}
    steps = tuple(
        Step(key, known[key].team, start, start + found.packages[key].duration, _tenths(known[key].hours.mean))
        for key, start in sorted(made.starts.items(), key=lambda pair: (pair[1], pair[0]))
    )
    return PlanOutcome(steps, made.makespan, made.proven, str(sheets.picture(found, made)))


def _tenths(value: float) -> Decimal:
    return Decimal(str(round(value, 1)))
