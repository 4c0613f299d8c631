"""What is on record of courses, sessions, people and roles, as typed things."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from anyshore.activities.activity import ActivityContext, Values
from anyshore.assessment import banks
from anyshore.assessment.questions import Bank, Question
from anyshore.base.errors import CommandRejected, DataError
from anyshore.base.locations import Location
from anyshore.base.temporal import Date

COURSE = "training-course"
SESSION = "training-session"
LEARNER = "training-learner"
NEEDED = "role-requirement"
BANK = "training-bank"
RUBRIC = "training-rubric"

RENEWAL = 60
"""Days before its end from which a certificate may be renewed, where a course says nothing."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course.

    Attributes:
        id: by which it is asked for.
        title: what people call it.
        months: how long its certificate is valid; 0: it does not expire. None: it gives none.
        questions: drawn for its test; 0: it has none.
        passing: least share of the marks, in per cent.
        attempts: how often the test may be taken.
        penalty: taken off for a wrong answer, as a share of a question's mark.
        minutes: for the test.
        renewal: days before its end from which the certificate may be renewed.
        material: where its material is.
    """

    id: str
    title: str
    months: int | None
    questions: int
    passing: Decimal
    attempts: int
    penalty: Decimal
    minutes: int
    renewal: int
    material: str

    def expires(self, day: date) -> date | None:
        """The last day of a certificate given on a day; None: it has no end."""
        if not self.months:
            return None
        end = Date(day.year, day.month, day.day).plus_months(self.months)
        return date(end.year, end.month, end.day)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody of the client's staff."""

    id: str
    name: str
    email: str
    role: str
    language: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Session:
    """A course held on a day."""

    id: str
    course: str
    day: date
    place: str
    seats: int


def course(context: ActivityContext, id: str) -> Course | None:
    """A course on record."""
    row = context.records(COURSE).get(id)
    if row is None:
        return None
    data = row.data
    months = whole(data.get("months"))
    return Course(
        id, str(data.get("title") or id), months, whole(data.get("questions")) or 0, _decimal(data.get("passing"), 80),
        whole(data.get("attempts")) or 1, _decimal(data.get("penalty"), 0), whole(data.get("minutes")) or 0,
        RENEWAL if (days := whole(data.get("renewal_days"))) is None else days, str(data.get("material") or ""),
    )  # fmt: skip


def learner(context: ActivityContext, id: str) -> Learner | None:
    """Somebody on record."""
    row = context.records(LEARNER).get(id)
    return None if row is None else _learner(id, row.data)


def learners(context: ActivityContext) -> Iterator[Learner]:
    """Everybody on record."""
    return (_learner(row.key, row.data) for row in context.records(LEARNER).find())


def _learner(id: str, data: Values) -> Learner:
    said = {name: str(data.get(name) or "") for name in ("name", "email", "role", "language")}
    return Learner(
        id, said["name"] or id, said["email"], said["role"], said["language"] or "en", day(data.get("since"))
    )


def sessions(context: ActivityContext, course: str) -> list[Session]:
    """The sessions of a course, the next first."""
    found = [
        Session(row.key, course, held, str(row.data.get("place") or ""), whole(row.data.get("seats")) or 0)
        for row in context.records(SESSION).find(course=course)
        if (held := day(row.data.get("day"))) is not None
    ]
    return sorted(found, key=lambda one: (one.day, one.id))


def needed(context: ActivityContext, role: str) -> dict[str, int]:
    """The courses a role has to take, and within how many days."""
    rows = context.records(NEEDED).find(role=role)
    return {str(row.data["course"]): whole(row.data.get("within_days")) or 0 for row in rows}


def due(who: Learner, within: int) -> date | None:
    """By when somebody has to take a course of their role; None: nobody knows since when they have it."""
    return None if who.since is None else who.since + timedelta(days=within)


def bank(context: ActivityContext, course: str) -> tuple[Bank, str]:
    """The questions of a course, and the digest of their file.

    Raises:
        CommandRejected: there are none.
    """
    row = context.records(BANK).get(course)
    if row is None:
        message = f"There are no questions for the course {course!r}."
        raise CommandRejected("training.no-questions", message, hint=f"Put them under $CATEGORY: {course}.")
    return _bank(str(row.data["content"]), str(row.data["file"]), course), str(row.data["digest"])


@lru_cache(maxsize=16)
def _bank(content: str, file: str, course: str) -> Bank:
    found = banks.read(content.encode(), file)
    return Bank(tuple(one for one in found.entries if isinstance(one, Question) and _of(one) == course))


def bank_rows(content: bytes, file: str) -> list[tuple[str, Values]]:
    """A row per course: the first part of the category its questions stand under.

    Raises:
        DataError: with every problem of the file, located.
    """
    found = banks.read(content, file)
    courses = dict.fromkeys(_of(one) for one in found.questions)
    if "" in courses:
        lost = next(one for one in found.questions if not _of(one))
        hint = "Write $CATEGORY: and the id of the course before it."
        raise DataError("training.bank", "A question stands under no course.", Location(file, line=lost.line), hint)
    text, digest = content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    return [(one, {"course": one, "file": file, "content": text, "digest": digest}) for one in courses]


def _of(one: Question) -> str:
    return one.category.removeprefix("$course$/").removeprefix("top/").partition("/")[0].strip()


def day(value: object) -> date | None:
    """A stored day."""
    return date(value.year, value.month, value.day) if isinstance(value, (Date, date)) else None


def whole(value: object) -> int | None:
    """A stored whole number."""
    return int(value) if isinstance(value, Decimal) else None


def _decimal(value: object, otherwise: int) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(otherwise)
