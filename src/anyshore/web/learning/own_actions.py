"""What somebody who learns does themselves: asks for a seat, takes a test, says how a course was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected, DataError
from anyshore.host import hands
from anyshore.host.intake.parcels import Parcel, Receipt
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine.models import Wait
from anyshore.web.engine.running import host, now
from anyshore.web.intake import actions as intake
from anyshore.web.learning import own_queries as queries
from anyshore.web.learning.own_queries import MINUTE, Mine
from anyshore.web.work import actions as work
from anyshore.web.work.items import Item

GRACE = MINUTE
"""What an answer may take on its way."""
MOST = 4_000
"""Characters of one answer."""


def ask(by: Person, key: str, service: str, course: str, session: str = "") -> Receipt:
    """Asks for a seat in a course for oneself, in one session or the next that has one.

    Raises:
        NotFound: there is no such course or session.
        CommandRejected: a seat is held, asked for, or not needed yet.
        DataError: it was not taken in, with the reason.
    """
    where, found = queries.course(by, key, service, course)
    if session and session not in {one["id"] for one in found["sessions"]}:
        raise NotFound(_("There is no such session."))
    if not found["may_ask"]:
        message = _("Your certificate is valid, and the time to renew it has not come.")
        raise CommandRejected("learning.valid", message, hint=_("Come back when it is told to end."))
    if any(one.running and one.told.get("course") == course for one in where.work):
        raise CommandRejected("learning.asked", _("You have asked for this course."), hint=_("See “My courses”."))
    made = _enrol(by, where.engagement, service, where.learner, course, session)
    audit.record(by, "course.asked", course, engagement=where.engagement, case=made.instance)
    return made


def enrol(by: Person, key: str, service: str, learner: str, course: str, session: str = "") -> Receipt:
    """Asks for a seat for somebody on record; their own where ``by`` only learns.

    Raises:
        NotFound: nobody learns under the service.
        DataError: it was not taken in, with the reason.
    """
    engagement = permissions.engagement(by, key, "work.start")
    queries.under(engagement, service)
    return _enrol(by, engagement, service, learner, course, session)


def _enrol(by: Person, engagement: Engagement, service: str, learner: str, course: str, session: str) -> Receipt:
    _pack, learning = queries.under(engagement, service)
    asked = {"learner": learner, "course": course, "day": str(queries.today(engagement))}
    payload = {**asked, "session": session} if session else asked
    parcel = Parcel(f"{learner} {course}", None, "rest", payload=payload, kind=learning.ask)
    [made] = intake.receive_in(engagement, service, by, [parcel])
    if made.instance is None:
        raise DataError.of([made.reason] if made.reason is not None else [])
    return made


@transaction.atomic
def begin(by: Person, instance: int, wait: int) -> None:
    """Takes what is to be done in hand; the time of a test runs from here, and stands in the ledger.

    Raises:
        CommandRejected: somebody of the provider has it.
    """
    queries.item(by, instance, wait)
    runtime = host()
    with runtime.store.transaction() as tx:
        if not hands.take(tx, runtime.clock(), instance, wait, by.email):
            raise CommandRejected("work.taken", _("Somebody else has this item."), hint=_("They can give it back."))


def test(by: Person, instance: int, wait: int, given: Mapping[str, Sequence[str]]) -> None:
    """Hands a test in; what comes too late counts as not answered.

    Args:
        by: whose it is.
        instance: the piece of work.
        wait: the test.
        given: by the place of the question, from 1: what was answered, a choice by the place of its option.

    Raises:
        CommandRejected: it was not begun.
    """
    where, found, one = queries.item(by, instance, wait)
    if one.form is None or one.form.id != where.learning.test.form:
        raise NotFound(_("There is no such test."))
    started = queries.begun(instance, wait) if one.row.claimed_by == by.email else None
    if started is None:
        raise CommandRejected("work.not-taken", _("This test was not begun."), hint=_("Begin it first."))
    due = queries.due(where, one, started)
    late = due is not None and now() > due + GRACE
    lines = [] if late else list(_lines(where, one, given))
    answers = {where.learning.test.answers: "\n".join(lines) or "1:"}
    work.resolve(by, found.row, wait, lambda _held: work.answered(one.form, answers))


def _lines(where: Mine, one: Item, given: Mapping[str, Sequence[str]]) -> Any:
    for question in one.inputs.get(where.learning.test.questions) or ():
        place = str(question["number"])
        said = [text.strip()[:MOST] for text in given.get(place, ()) if text.strip()]
        if question["options"] and question["kind"] != "matching":
            said = [text for text in said if text in question["options"]]
        if question["kind"] == "matching":
            said = [text.strip() for text in given.get(place, ())][: len(question["parts"])]
        if any(said):
            yield f"{place}: {'; '.join(said)}"


def fill_in(by: Person, instance: int, wait: int, answers: Mapping[str, Any]) -> None:
    """Hands a form in.

    Raises:
        Invalid: an answer does not fit its question.
    """
    where, found, one = queries.item(by, instance, wait)
    if one.form is None or one.form.id not in where.learning.forms:
        raise NotFound(_("There is no such form."))
    variables = work.answered(one.form, answers)
    begin(by, instance, wait)
    work.resolve(by, found.row, wait, lambda _held: variables)


def attend(by: Person, key: str, service: str, instance: int, there: bool, note: str = "") -> None:
    """Records whether somebody was there.

    Raises:
        NotFound: there is no such enrolment, or nothing to record.
        Denied: the person does no such work.
    """
    engagement = permissions.engagement(by, key, "work.do")
    pack, learning = queries.under(engagement, service)
    if not queries.of_service(engagement, pack).filter(pk=instance).exists():
        raise NotFound(_("There is no such enrolment."))
    form = learning.attendance
    wait = Wait.objects.filter(instance=instance, kind="work", name=form.form).values_list("wait", flat=True).first()
    if wait is None:
        raise NotFound(_("No attendance is to be recorded."), hint=_("It was recorded, or there is no seat yet."))
    if len(note) > MOST:
        raise Invalid({"note": _("Write less.")})
    work.take(by, instance, wait)
    work.complete(by, instance, wait, {form.field: form.there if there else form.away, "note": note})
