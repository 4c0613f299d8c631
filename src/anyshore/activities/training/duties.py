"""Who has to learn what by when, and who has not: by the role matrix and the certificates on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.training import certificates, letters, plan
from anyshore.activities.training.letters import Letter
from anyshore.activities.training.plan import Course, Learner

State = Literal["open", "overdue", "expiring", "expired"]


@dataclass(frozen=True, slots=True)
class DutiesInput:
    """As of when, and how many days ahead is looked."""

    day: date
    ahead: Decimal = Decimal(30)


@dataclass(frozen=True, slots=True)
class Duty:
    """A course somebody has to take.

    Attributes:
        learner: who.
        name: of the learner.
        course: which.
        title: of the course.
        due: by when; None: nobody knows since when they have their role.
        state: how it stands.
        letter: the reminder.
        sent: whether it went into the outbox.
    """

    learner: str
    name: str
    course: str
    title: str
    due: date | None
    state: State
    letter: Letter
    sent: bool


@dataclass(frozen=True, slots=True)
class DutiesOutcome:
    """All open duties, the most urgent first, and how many were met."""

    duties: tuple[Duty, ...]
    met: Decimal
    all: Decimal


def duties(data: DutiesInput, context: ActivityContext) -> DutiesOutcome:
    """Goes through everybody and what their role asks for, and reminds whoever is late."""
    found: list[Duty] = []
    count = 0
    for who in plan.learners(context):
        for id, within in plan.needed(context, who.role).items():
            course = plan.course(context, id)
            if course is None:
                continue
            count += 1
            due, state = _stands(context, who, course, within, data)
            if state is not None:
                letter = letters.reminder(who, course, due, state)
                done = letters.post(letter, who.language, context, f"{who.id} {id}")
                found.append(Duty(who.id, who.name, id, course.title, due, state, letter, done.sent))
    found.sort(key=lambda one: (one.due or date.min, one.learner, one.course))
    met = count - sum(one.state in ("open", "overdue", "expired") for one in found)
    return DutiesOutcome(tuple(found), Decimal(met), Decimal(count))


def _stands(
    context: ActivityContext, who: Learner, course: Course, within: int, data: DutiesInput
) -> tuple[date | None, State | None]:
    """By when a course has to be taken and how that stands; no state: the duty is met."""
    held = certificates.newest(context, who.id, course.id)
    if held is not None:
        if held.until is None:
            return None, None
        if held.until < data.day:
            return held.until, "expired"
        return held.until, "expiring" if held.until <= data.day + timedelta(days=int(data.ahead)) else None
    due = plan.due(who, within)
    return due, "overdue" if due is None or due < data.day else "open"
