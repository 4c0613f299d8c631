"""What somebody who learns sees of it: their courses, the sessions with seats left, their seat, their certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.training import certificates, material, plan, seats
from anyshore.activities.training.plan import Course, Learner

AHEAD = 30
"""Days before its end from which a certificate is told to expire."""


@dataclass(frozen=True, slots=True)
class OwnInput:
    """Who, by the address on record, and as of when."""

    email: str
    day: date


@dataclass(frozen=True, slots=True)
class Planned:
    """A session to come, and how many seats are left."""

    id: str
    day: date
    place: str
    free: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """Something to learn from: a page with its text, or a file."""

    name: str
    title: str
    page: str | None


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """A course, as it stands for one person.

    Attributes:
        id: of the course.
        title: of the course.
        link: where more material is; empty: nowhere else.
        items: pages and files, in order of their names.
        needed: whether the role asks for it.
        due: by when, where it does.
        state: ``none``, ``valid``, ``expiring``, ``expired``, or where the role asks for it ``open``, ``overdue``.
        number: of the certificate that is held; empty: none.
        until: its last day; None: none, or it has no end.
        may_ask: whether a seat can be asked for: nothing valid is held, or the window of renewal is open.
        seat: the session in which they have a seat; None: none to come.
        sessions: to come, the next first.
    """

    id: str
    title: str
    link: str
    items: tuple[Item, ...]
    needed: bool
    due: date | None
    state: str
    number: str
    until: date | None
    may_ask: bool
    seat: Planned | None
    sessions: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """Who they are on record, none where nobody has the address; their courses, what their role asks for first."""

    learner: str | None
    name: str = ""
    courses: tuple[OwnCourse, ...] = ()


def own(data: OwnInput, context: ActivityContext) -> OwnOutcome:
    """Tells what somebody has to learn, can learn and has learnt."""
    who = _person(context, data.email)
    if who is None:
        return OwnOutcome(None)
    needed = plan.needed(context, who.role)
    found = [
        _course(context, who, course, needed.get(course.id), data.day)
        for row in context.records(plan.COURSE).find()
        if (course := plan.course(context, row.key)) is not None
    ]
    return OwnOutcome(who.id, who.name, tuple(sorted(found, key=lambda one: (not one.needed, one.title, one.id))))


def _person(context: ActivityContext, email: str) -> Learner | None:
    """Who has an address on record; small and capital letters are one."""
    wanted = email.strip().casefold()
    if not wanted:
        return None
    exact = context.records(plan.LEARNER).find(email=email)
    if exact:
        return plan.learner(context, exact[0].key)
    return next((one for one in plan.learners(context) if one.email.strip().casefold() == wanted), None)


def _course(context: ActivityContext, who: Learner, course: Course, within: int | None, day: date) -> OwnCourse:
    held = certificates.newest(context, who.id, course.id)
    due = None if within is None else plan.due(who, within)
    sessions = [(one, _planned(context, one)) for one in plan.sessions(context, course.id) if one.day >= day]
    mine = _sessions_of(context, who.id, course.id)
    return OwnCourse(
        course.id, course.title, course.material, _items(context, course.id), within is not None, due,
        _state(held, within, due, day), "" if held is None else held.number, None if held is None else held.until,
        held is None or certificates.renewable(course, held, day),
        next((planned for one, planned in sessions if one.id in mine), None), tuple(two for _one, two in sessions),
    )  # fmt: skip


def _state(held: certificates.Certificate | None, within: int | None, due: date | None, day: date) -> str:
    if held is not None and (held.until is None or held.until >= day):
        return "expiring" if held.until is not None and held.until <= day + timedelta(days=AHEAD) else "valid"
    if held is not None:
        return "expired"
    if within is None:
        return "none"
    return "overdue" if due is None or due < day else "open"


def _planned(context: ActivityContext, one: plan.Session) -> Planned:
    taken = sum(not seats.given_back(context, row.key) for row in context.records(seats.CLAIM).find(session=one.id))
    return Planned(one.id, one.day, one.place, Decimal(max(0, one.seats - taken)))


def _sessions_of(context: ActivityContext, learner: str, course: str) -> set[str]:
    rows = context.records(seats.CLAIM).find(learner=learner, course=course)
    return {str(row.data["session"]) for row in rows if not seats.given_back(context, row.key)}


def _items(context: ActivityContext, course: str) -> tuple[Item, ...]:
    rows = sorted(context.records(material.KIND).find(course=course), key=lambda row: str(row.data["name"]))
    return tuple(
        Item(str(row.data["name"]), str(row.data.get("title") or row.data["name"]), _text(row.data.get("page")))
        for row in rows
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file of the material of a course."""

    course: str
    name: str


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """Its content in base64; None: there is none."""

    content: str | None


def file(data: FileInput, context: ActivityContext) -> FileOutcome:
    """Gives a file of the material of a course."""
    row = context.records(material.KIND).get(f"{data.course}/{data.name}")
    return FileOutcome(None if row is None else _text(row.data.get("content")))
