"""A mail a day to who wishes one: what waits for them, at the hour they chose, by their clock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anyshore.web.accounts import mail
from anyshore.web.core import once
from anyshore.web.core.models import Person
from anyshore.web.engine.running import host, now
from anyshore.web.home import queries

log = logging.getLogger("anyshore.digests")

EVERY = 60.0
"""Seconds between two looks for whom a mail is due."""


class Digests:
    """Mails people what waits for them; runs beside a worker."""

    def __init__(self) -> None:
        self._looked = -EVERY

    def run(self, stop: threading.Event) -> None:
        """Looks every minute until ``stop`` is set."""
        try:
            while not stop.is_set():
                try:
                    self.work()
                except Exception as problem:
                    log.exception("no digest could be sent", exc_info=problem)
                host().store.release()
                stop.wait(EVERY / 10)
        finally:
            host().store.release()

    def work(self) -> int:
        """Sends once what is due; how many mails."""
        if not mail.can_send() or time.monotonic() - self._looked < EVERY:
            return 0
        self._looked = time.monotonic()
        return send_due(datetime.fromtimestamp(now() / 1_000_000, UTC))


def send_due(at: datetime) -> int:
    """Mails everybody whose hour has come and who had none today; how many. Each is taken once, by one process."""
    sent = 0
    for person in Person.objects.filter(is_active=True).exclude(digest=None):
        there = at.astimezone(ZoneInfo(person.zone) if person.zone else timezone.get_default_timezone())
        if person.digest is None or there.hour < person.digest:
            continue
        before, today = person.digested, there.date()
        due = Q(digested=None) | Q(digested__lt=today)
        if not Person.objects.filter(due, pk=person.pk).update(digested=today):
            continue
        try:
            sent += _send(person)
        except OSError as problem:  # the server is away: tried again at the next look
            Person.objects.filter(pk=person.pk).update(digested=before)
            log.warning("the digest of person %d was not taken: %s", person.pk, problem)
    return sent


def _send(person: Person) -> int:
    """One mail in the person's language; none where nothing waits."""
    with translation.override(person.language), once.remembered():
        lines = list(waiting(person))
        if not lines:
            return 0
        told = [f"- {text}: {address()}{reverse(page)}" for text, page in lines]
        foot = _("You chose this mail under “Account”; there it can be ended, too.")
        text = "\n".join([_("This waits for you:"), "", *told, "", f"{foot} {address()}{reverse('account')}", ""])
        return EmailMessage(_("Anyshore: what waits for you"), text, None, [person.email]).send()


def waiting(person: Person) -> Iterator[tuple[str, str]]:
    """What waits for somebody, in words, and the page where it does. No name of a client stands in a mail."""
    found = queries.next_of(person)
    counts = (
        (_("in your hands"), found.held, "work"), (_("could be given to you"), found.waiting, "work"),
        (_("terms to sign"), queries.to_sign(person), "engagements"),
        (_("questions to answer"), queries.questions_open(person), "questions"),
        (_("incidents"), queries.stuck(person), "incidents"),
        (_("notifications not read"), queries.unread(person), "notifications"),
    )  # fmt: skip
    for text, count, page in counts:
        if count:
            yield f"{count} {text}", page


def address() -> str:
    """Where the pages are, as people open them."""
    name = next(
        (one for one in settings.ALLOWED_HOSTS if one not in ("*", "") and not one.startswith(".")), "localhost"
    )
    return f"{'https' if settings.HTTPS else 'http'}://{name}"
