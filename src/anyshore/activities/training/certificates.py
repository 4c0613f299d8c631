"""Certificates of a client's staff: appended, never changed; a revocation is a row of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.training import plan
from anyshore.activities.training.plan import Course
from anyshore.base.errors import CommandRejected
from anyshore.base.plain import to_value

KIND = "training-certificate"


@dataclass(frozen=True, slots=True)
class Certificate:
    """That somebody passed a course.

    Attributes:
        number: unique.
        learner: who.
        course: which.
        issued: first day.
        until: last day; None: it has no end.
    """

    number: str
    learner: str
    course: str
    issued: date
    until: date | None


def newest(context: ActivityContext, learner: str, course: str) -> Certificate | None:
    """The certificate that holds longest, valid or not."""
    found = [
        Certificate(str(row.data["number"]), learner, course, issued, plan.day(row.data.get("until")))
        for row in context.records(KIND).find(learner=learner, course=course)
        if (issued := plan.day(row.data.get("issued"))) is not None
    ]
    return max(found, key=lambda one: one.until or date.max, default=None)


def renewable(course: Course, held: Certificate, day: date) -> bool:
    """Whether a certificate may be renewed on a day: its window is open, or it has expired."""
    return held.until is not None and (held.until - day).days <= course.renewal


@dataclass(frozen=True, slots=True)
class CertifyInput:
    """Who passed what, and when; with which share of the marks, where there was a test."""

    learner: str
    course: str
    day: date
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CertifyOutcome:
    """The certificate.

    Attributes:
        number: of the certificate.
        until: its last day; None: it has no end.
        recorded: false where an earlier attempt at the same job had given it.
    """

    number: str
    until: date | None
    recorded: bool


def certify(data: CertifyInput, context: ActivityContext) -> CertifyOutcome:
    """Gives a certificate. One that is renewed within its window goes on from its end, so that nobody loses days.

    Raises:
        CommandRejected: there is no such course, or it gives none.
    """
    course = plan.course(context, data.course)
    if course is None or course.months is None:
        message = f"The course {data.course!r} gives no certificate."
        raise CommandRejected("training.no-certificate", message, hint="Say in courses.csv for how many months.")
    records = context.records(KIND)
    before = records.get(context.idempotency_key)
    if before is None:
        held = newest(context, data.learner, data.course)
        goes_on = held is not None and held.until is not None and held.until >= data.day
        start = held.until if goes_on and held is not None and held.until is not None else data.day
        digest = hashlib.sha256(f"{context.client}\n{context.idempotency_key}".encode()).hexdigest()
        made = Certificate(f"T-{digest[:10].upper()}", data.learner, data.course, data.day, course.expires(start))
        values = to_value(made)
        assert isinstance(values, dict)
        records.put_once(context.idempotency_key, {**values, "percent": data.percent})
    row = records.get(context.idempotency_key)
    assert row is not None
    return CertifyOutcome(str(row.data["number"]), plan.day(row.data.get("until")), before is None)
