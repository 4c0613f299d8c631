"""Decisions at the desk: kept while they are written, undone for some seconds, done after that, with what they took."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.forms import Form, validate
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine.models import Wait
from anyshore.web.engine.running import host
from anyshore.web.work import actions, acts, calling, items, queries
from anyshore.web.work.fields import timed
from anyshore.web.work.models import Draft

log = logging.getLogger(__name__)

LONGEST = 12 * 3600
"""Seconds nobody looks longer at one item."""
IDLE = 2
"""Seconds after which decisions of people who went away are looked for again."""
CALLED_EVERY = 30.0
"""Seconds after which it is looked for again whom something calls."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long an item took, in seconds: as measured, and as the person says."""

    measured: int = 0
    spent: int = 0

    @classmethod
    def read(cls, measured: str, spent: str) -> Took:
        """What a page sends: seconds, and minutes with their seconds (``2:35``), or minutes alone.

        Raises:
            Invalid: it is no such time.
        """
        seen = min(int(measured), LONGEST) if re.fullmatch(r"\d{1,6}", measured) else 0
        if not spent.strip():
            return cls(seen, seen)
        found = re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)|(\d{1,3})", spent.strip())
        if found is None:
            raise Invalid({"spent": _("Write minutes and seconds: 2:35.")})
        hours, minutes, seconds, alone = (int(one or 0) for one in found.groups())
        return cls(seen, min(hours * 3600 + (minutes + alone) * 60 + seconds, LONGEST))

    @classmethod
    def of(cls, form: Form | None, sent: Mapping[str, str]) -> Took:
        """The time of an item as its page sends it: in the form's own field for time worked, where it has one.

        Raises:
            Invalid: it is no such time.
        """
        seen, name = sent.get("measured", ""), timed(form)
        if form is None or not name:
            return cls.read(seen, sent.get("spent", ""))
        took = cls.read(seen, "")
        field = next(one for one in form.fields if one.id == name)
        values, problems = validate(replace(form, fields=(field,)), {name: sent.get(name, "")})
        worked = values.get(name)
        if problems or not isinstance(worked, Decimal):
            return took
        return cls(took.measured, min(int(worked * 60), LONGEST))


def written(by: Person, instance: int, wait: int) -> Draft | None:
    """What the person has written into an item."""
    return Draft.objects.filter(person=by, instance=instance, wait=wait).first()


def keep(by: Person, instance: int, wait: int, answers: Mapping[str, str], took: Took) -> None:
    """Keeps what is written into an item in the person's hands; a decision that waits stays as it was sent.

    Raises:
        NotFound: the item is gone.
        CommandRejected: it is not in their hands.
    """
    queries.item(by, instance, wait)
    actions.in_hand(by, instance, wait)
    given = {"answers": dict(answers), "measured": took.measured, "spent": took.spent}
    row, made = Draft.objects.get_or_create(person=by, instance=instance, wait=wait, defaults=given)
    if not made:
        Draft.objects.filter(pk=row.pk, due=None).update(**given)


def can_wait(one: items.Item) -> bool:
    """Whether a decision on an item can be undone: what is an act binds at once."""
    return settings.UNDO_SECONDS > 0 and acts.of(one.form) is None and one.desk is None


def decide(by: Person, instance: int, wait: int, answers: Mapping[str, str], shown: str, took: Took) -> None:
    """Finishes an item at once; how long it took is kept.

    Raises:
        Invalid: an answer does not fit its question.
        CommandRejected: see ``actions.complete``.
    """
    actions.complete(by, instance, wait, answers, shown, (took.measured, took.spent))


def hold(by: Person, instance: int, wait: int, answers: Mapping[str, str], took: Took) -> None:
    """Decides, so that it can be undone for ``UNDO_SECONDS``; what is wrong with it is told at once.

    Raises:
        Invalid: an answer does not fit its question.
        CommandRejected: the item is not in the person's hands.
    """
    one, _row, _engagement = queries.item(by, instance, wait)
    actions.in_hand(by, instance, wait)
    actions.answered(one.form, answers)
    given = {
        "answers": dict(answers), "measured": took.measured, "spent": took.spent, "problem": "",
        "due": host().clock() + settings.UNDO_SECONDS * 1_000_000,
    }  # fmt: skip
    Draft.objects.update_or_create(person=by, instance=instance, wait=wait, defaults=given)


def undo(by: Person, instance: int, wait: int) -> None:
    """Takes a decision back before it is done.

    Raises:
        CommandRejected: it is done already.
    """
    if not Draft.objects.filter(person=by, instance=instance, wait=wait, due__isnull=False).update(due=None):
        raise CommandRejected(
            "work.decided", _("This decision is done already."), hint=_("Its case tells what follows.")
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision that can still be undone.

    Attributes:
        draft: it.
        reference: what people call the piece of work.
        seconds: that are left.
    """

    draft: Draft
    reference: str
    seconds: int


def waiting(by: Person) -> list[Waiting]:
    """The person's decisions that can still be undone, the newest first."""
    rows = list(Draft.objects.filter(person=by, due__isnull=False).order_by("-due"))
    if not rows:
        return []
    names = Wait.objects.filter(instance__in={row.instance for row in rows}, kind="work")
    known = {(one.instance, one.wait): one.reference for one in names.defer("data")}
    now = host().clock()
    return [
        Waiting(
            row, known.get((row.instance, row.wait)) or str(row.instance), max(0, -(-((row.due or 0) - now) // 10**6))
        )
        for row in rows
    ]


def settle(by: Person | None = None) -> int:
    """Does the decisions whose time to be undone is over, of one person or of all; how many were done.

    One that cannot be done any more stays in the person's hands, with the reason.
    """
    found = Draft.objects.filter(due__lte=host().clock()).select_related("person").order_by("due")
    return sum(_done(row) for row in (found.filter(person=by) if by is not None else found))


def _done(row: Draft) -> bool:
    claimed = Draft.objects.filter(pk=row.pk, due=row.due)
    try:
        with transaction.atomic(), override(row.person.language):
            if not claimed.select_for_update().exists():
                return False  # undone, or done by another process meanwhile
            decide(row.person, row.instance, row.wait, row.answers, "", Took(row.measured, row.spent))
    except NotFound:
        claimed.delete()  # somebody else ended the case
        return False
    except AnyshoreError as error:
        text = " ".join(error.fields.values()) if isinstance(error, Invalid) else f"{error.message} {error.hint}"
        claimed.update(due=None, problem=text.strip())
        log.info("a decision on item %d of instance %d could not be done: %s", row.wait, row.instance, text)
        return False
    return True


class Keeper:
    """Does the decisions of people who have gone elsewhere meanwhile, and calls people; runs beside a worker."""

    def __init__(self) -> None:
        self._called = 0.0

    def run(self, stop: threading.Event) -> None:
        """Does what falls due until ``stop`` is set. A database that is away is waited for."""
        try:
            while not stop.is_set():
                try:
                    self.work()
                except Exception as problem:
                    log.exception("decisions could not be looked for", exc_info=problem)
                host().store.release()
                stop.wait(IDLE)
        finally:
            host().store.release()

    def work(self) -> int:
        """Does once what is due."""
        now = time.monotonic()
        if now - self._called >= CALLED_EVERY:
            self._called = now
            calling.call()
        return settle()
