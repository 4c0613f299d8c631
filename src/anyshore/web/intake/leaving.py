"""Taking somebody out of a list by the token of a message, in the request that asks for it."""

from __future__ import annotations

from anyshore.activities.activity import Record
from anyshore.activities.marketing import coming_back
from anyshore.host.jobs import StoredContext
from anyshore.host.ledgers import LedgerWriter
from anyshore.web.core.models import Engagement
from anyshore.web.engine import outside
from anyshore.web.engine.running import host

LONGEST = 100
"""Letters of a token; what is longer is none."""


def behind(engagement: str, token: str) -> Record | None:
    """The message whose token somebody brings; None where there is none."""
    known = len(token) <= LONGEST and Engagement.objects.filter(key=engagement).exists()
    return coming_back.behind(token, _context(engagement)) if known else None


def leave(engagement: str, message: Record) -> None:
    """Takes the person of a message out of what it was about, and notes it in the ledger."""
    runtime = host()
    with runtime.store.transaction() as tx:
        noted = coming_back.leave(message, _context(engagement, message.key))
        if noted.new:
            chain = LedgerWriter(tx, engagement)
            facts = {"message": message.key, "campaign": message.data["campaign"], "purpose": message.data["purpose"]}
            chain.add(runtime.clock(), "marketing.unsubscribed", {**facts, "stopped": noted.stopped})
            chain.write()


def _context(engagement: str, key: str = "") -> StoredContext:
    """What an activity may reach here: no job of an instance, but a click on a message."""
    context = outside.context(engagement)
    context.idempotency_key = f"one click {key} {context.now}"
    return context
