"""What happened about coming in: noted in the audit trail of the person's organisations, and in a log of its own."""

from __future__ import annotations

import json
import logging
from typing import Any

from anyshore.web.core import audit
from anyshore.web.core.models import AuditEntry, Organisation, Person

log = logging.getLogger("anyshore.security")

ABOUT = ("session.", "sign-in.", "password.", "token.", "factor.", "link.", "person.", "role.", "client.", "identity.")
"""How the names of these events begin."""


def note(action: str, person: Person, *, by: Person | None = None, **facts: Any) -> None:
    """Notes an event about a person's access, in the caller's transaction.

    Args:
        action: what happened: ``sign-in.failed``.
        person: whose access it is about.
        by: who did it; None: nobody who is known.
        facts: what else is to be known: an address, a token's name. Never a secret.
    """
    for organisation in Organisation.objects.filter(memberships__person=person).distinct() or [None]:
        audit.record(by, action, person.email, organisation=organisation, **facts)
    write(action, person.email, by=by.email if by else None, **facts)


def write(action: str, subject: str, **facts: Any) -> None:
    """Writes a line of the log alone, for what concerns nobody we know."""
    log.info("%s", json.dumps({"event": action, "subject": subject, **facts}, ensure_ascii=True, default=str))


def recent(person: Person, most: int = 20) -> list[AuditEntry]:
    """The newest events about a person's own access, each once."""
    found: dict[tuple[object, ...], AuditEntry] = {}
    for entry in AuditEntry.objects.filter(object=person.email).select_related("person")[: 4 * most]:
        if entry.action.startswith(ABOUT):
            found.setdefault((entry.action, entry.at.replace(microsecond=0), str(entry.data)), entry)
    return list(found.values())[:most]
