"""Seats of sessions: a seat is claimed once, given back once, and claimed again under the next key.

The key of a claim is session, seat and how often it was given back: of two who come at once one finds the row of the
other and goes on to the next seat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.training import certificates, plan
from anyshore.activities.training.plan import Course, Learner, Session

CLAIM = "training-seat"
BACK = "training-seat-back"

Standing = Literal["none", "valid", "renewal", "expired"]


@dataclass(frozen=True, slots=True)
class EnrolInput:
    """Who wants to learn what.

    Attributes:
        learner: id.
        course: id.
        day: as of.
        session: only this one; none: the next with a free seat.
    """

    learner: str
    course: str
    day: date
    session: str | None = None


@dataclass(frozen=True, slots=True)
class EnrolOutcome:
    """What came of it.

    Attributes:
        known: whether learner and course are on record.
        missing: what is not.
        needed: whether the role asks for the course.
        due: by when, where it does.
        standing: of the certificate that is held.
        until: its last day.
        seat: key of the claim; none: there is no free one.
        again: whether the seat was claimed before by the same person.
        session: of the seat.
        held_on: its day.
        place: of the session.
        planned: how many sessions are still to come.
        name: of the learner.
        email: of the learner.
        language: of the learner.
        title: of the course.
        material: of the course.
        tested: whether it ends with a test.
        certified: whether it gives a certificate.
        attempts: how often the test may be taken.
    """

    known: bool
    missing: tuple[str, ...] = ()
    needed: bool = False
    due: date | None = None
    standing: Standing = "none"
    until: date | None = None
    seat: str | None = None
    again: bool = False
    session: str | None = None
    held_on: date | None = None
    place: str = ""
    planned: int = 0
    name: str = ""
    email: str = ""
    language: str = "en"
    title: str = ""
    material: str = ""
    tested: bool = False
    certified: bool = False
    attempts: int = 0


def enrol(data: EnrolInput, context: ActivityContext) -> EnrolOutcome:
    """Looks up what somebody needs and holds, and claims a seat in the next session that has one."""
    who, what = plan.learner(context, data.learner), plan.course(context, data.course)
    if who is None or what is None:
        missing = [*(["learner"] if who is None else []), *(["course"] if what is None else [])]
        return EnrolOutcome(False, tuple(missing))
    asked = plan.needed(context, who.role)
    standing, until = _standing(context, who, what, data.day)
    to_come = [one for one in plan.sessions(context, what.id) if one.day >= data.day]
    chosen = [one for one in to_come if data.session in (None, "", one.id)]
    seat, session, again = (None, None, False) if standing == "valid" else _seat(context, who.id, what.id, chosen)
    return EnrolOutcome(
        True, (), what.id in asked, plan.due(who, asked[what.id]) if what.id in asked else None, standing, until, seat,
        again, None if session is None else session.id, None if session is None else session.day,
        "" if session is None else session.place, len(to_come), who.name, who.email, who.language, what.title,
        what.material, what.questions > 0, what.months is not None, what.attempts,
    )  # fmt: skip


def _standing(context: ActivityContext, who: Learner, what: Course, day: date) -> tuple[Standing, date | None]:
    held = certificates.newest(context, who.id, what.id)
    if held is None:
        return "none", None
    if held.until is not None and held.until < day:
        return "expired", held.until
    return ("renewal" if certificates.renewable(what, held, day) else "valid"), held.until


def _seat(
    context: ActivityContext, learner: str, course: str, to_come: list[Session]
) -> tuple[str | None, Session | None, bool]:
    """The seat somebody has, or else the first free one, and whether it was theirs before."""
    claims = context.records(CLAIM)
    by_id = {one.id: one for one in to_come}
    for row in claims.find(learner=learner, course=course):
        session = by_id.get(str(row.data["session"]))
        if session is not None and not given_back(context, row.key):
            return row.key, session, row.data["job"] != context.idempotency_key
    for session in to_come:
        for number in range(1, session.seats + 1):
            row = _claim(context, session.id, number, learner, course)
            if row.data["job"] == context.idempotency_key and row.data["learner"] == learner:
                return row.key, session, False
    return None, None, False


def _claim(context: ActivityContext, session: str, number: int, learner: str, course: str) -> Record:
    """The claim of a seat that holds, ours where nobody has it."""
    claims = context.records(CLAIM)
    again = 0
    while (held := claims.get(f"{session}/{number}/{again}")) is not None and given_back(context, held.key):
        again += 1
    data = {"session": session, "learner": learner, "course": course, "job": context.idempotency_key}
    return claims.put_once(f"{session}/{number}/{again}", data)


def given_back(context: ActivityContext, key: str) -> bool:
    """Whether a claim holds no more."""
    return context.records(BACK).get(key) is not None


@dataclass(frozen=True, slots=True)
class GiveBackInput:
    """A claim, and why it is given back."""

    seat: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GiveBackOutcome:
    """Whether it was given back now; false: it was before."""

    given_back: bool


def give_back(data: GiveBackInput, context: ActivityContext) -> GiveBackOutcome:
    """Gives a seat back to whoever waits."""
    records = context.records(BACK)
    before = records.get(data.seat)
    records.put_once(data.seat, {"seat": data.seat, "reason": data.reason})
    return GiveBackOutcome(before is None)
