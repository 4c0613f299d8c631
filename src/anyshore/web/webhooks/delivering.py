"""Tells addresses what stands in the ledgers: in order, again with growing pauses, until it was taken.

The entries of an engagement are told in the order of its ledger, so those of an instance are in order, too: what was
not taken holds up what comes after it. Each message is told at least once; by its id a receiver knows it again. A
worker that is killed tells the last one again.
"""

from __future__ import annotations

import logging
import threading

from django.db.models import F, Q
from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError, HostError
from anyshore.host.outgoing.client import Client, Limits
from anyshore.host.ports import LedgerRow
from anyshore.web.accounts import secrecy
from anyshore.web.core import permissions
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import LedgerEntry, LedgerHead
from anyshore.web.engine.running import host
from anyshore.web.webhooks import signing
from anyshore.web.webhooks.models import Webhook

log = logging.getLogger(__name__)

LIMITS = Limits(seconds=15.0, body=64 * 1024, redirects=0)
"""Of one message: a receiver takes it and works later."""
AGAIN = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""Seconds until it is told again, as Standard Webhooks suggests; after the last the webhook pauses."""
CLAIM = 60_000_000
"""Microseconds for which a webhook belongs to who tells it; prolonged with every message."""
AT_ONCE = 100
"""Messages of one webhook before the others have their turn."""
IDLE = 2.0
"""Seconds between two looks for entries."""
GONE = 410


class Deliverer:
    """Tells what is due; see ``host.channels.poller.Poller``, beside which it runs."""

    def run(self, stop: threading.Event) -> None:
        """Tells whatever falls due until ``stop`` is set. A database that is away is waited for."""
        try:
            while not stop.is_set():
                try:
                    if self.work():
                        continue
                except HostError as problem:
                    log.warning("webhooks: %s %s", problem.message, problem.hint)
                except Exception as problem:
                    log.exception("a fault of ours", exc_info=problem)
                host().store.release()
                stop.wait(IDLE)
        finally:
            host().store.release()

    def work(self) -> int:
        """Tells every webhook that is due some of what it waits for; how many messages were taken."""
        told = 0
        for row in _due():
            until = host().clock() + CLAIM
            if Webhook.objects.filter(pk=row.pk, due=row.due, paused=False).update(due=until):
                row.due = until
                told += _tell(row)
        return told


def _due() -> list[Webhook]:
    """The webhooks that have something to tell and whose time has come."""
    found = Webhook.objects.filter(paused=False, due__lte=host().clock()).select_related("engagement", "person")
    heads = dict(LedgerHead.objects.values_list("engagement", "sequence"))
    return [one for one in found.order_by("due") if heads.get(one.engagement.key, 0) > one.cursor]


def _tell(row: Webhook) -> int:
    told = 0
    if not permissions.may(row.person, "webhook.manage", row.engagement):
        _pause(row, _("Who made it may not see the engagement any more."))
        return 0
    hidden, client, over = engine.blocked(row.person), Client(limits=LIMITS), 0
    for entry in _entries(row):
        if entry.instance in hidden or (row.types and entry.type not in row.types):
            over = entry.sequence
            continue
        problem, gone = _send(client, row, entry)
        if problem:
            _pause(row, problem) if gone else _failed(row, problem)
            return told
        told += 1
        row.told, over = host().clock(), 0
        _passed(row, entry.sequence)
    if over:
        _passed(row, over)
    Webhook.objects.filter(pk=row.pk, due=row.due).update(due=host().clock())
    return told


def _entries(row: Webhook) -> list[LedgerRow]:
    found = LedgerEntry.objects.filter(engagement=row.engagement.key, sequence__gt=row.cursor)
    return [
        LedgerRow(one.engagement, one.sequence, one.at, one.type, one.instance, bytes(one.line))
        for one in found.order_by("sequence")[:AT_ONCE]
    ]


def _send(client: Client, row: Webhook, entry: LedgerRow) -> tuple[str, bool]:
    """Why a message was not taken, empty where it was; and whether nobody ever will."""
    id, body = signing.message(entry)
    said = signing.headers(secrecy.opened(row.secret), id, body, host().clock() // 1_000_000)
    try:
        answer = client.post(row.url, body, said)
    except AnyshoreError as problem:
        return problem.message, False
    return ("", False) if 200 <= answer.status < 300 else (f"HTTP {answer.status}", answer.status == GONE)


def _passed(row: Webhook, sequence: int) -> None:
    """Moves on, unless somebody set the webhook back or ended it meanwhile."""
    before, row.cursor, row.failures, row.problem = row.cursor, sequence, 0, ""
    due = host().clock() + CLAIM
    changed = Webhook.objects.filter(pk=row.pk, cursor=before, due=row.due).update(
        cursor=sequence, failures=0, problem="", told=row.told, due=due
    )
    if not changed:
        raise HostError(
            "webhook.changed", _("The webhook was changed while it was told."), hint=_("It goes on by itself.")
        )
    row.due = due


def _failed(row: Webhook, problem: str) -> None:
    if row.failures >= len(AGAIN):
        _pause(row, problem)
        return
    due = host().clock() + AGAIN[row.failures] * 1_000_000
    held = Webhook.objects.filter(pk=row.pk, due=row.due)
    held.update(failures=F("failures") + 1, problem=problem[:1000], due=due)
    log.warning("webhook %d: %s", row.pk, problem)


def _pause(row: Webhook, problem: str) -> None:
    Webhook.objects.filter(Q(pk=row.pk) & Q(due=row.due)).update(paused=True, problem=problem[:1000])
    log.warning("webhook %d pauses: %s", row.pk, problem)
