"""Writing the audit trail; called inside the transaction of the change."""

from __future__ import annotations

from typing import Any

from anyshore.web.core.models import AuditEntry, Engagement, Organisation, Person


def record(
    person: Person | None,
    action: str,
    thing: object,
    *,
    organisation: Organisation | None = None,
    engagement: Engagement | None = None,
    **data: Any,
) -> AuditEntry:
    """Notes that a person did something, with what it was before and after where that matters."""
    return AuditEntry.objects.create(
        person=person,
        action=action,
        object=str(thing)[:200],
        organisation=organisation,
        engagement=engagement,
        data=data,
    )
