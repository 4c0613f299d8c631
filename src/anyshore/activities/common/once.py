"""Writing a row once per idempotency key, and noticing when a key is used for two different things."""

from __future__ import annotations

from anyshore.activities.activity import ActivityContext, Record, Values
from anyshore.base.errors import HostError


def put(context: ActivityContext, kind: str, data: Values) -> tuple[Record, bool]:
    """Adds a row under the idempotency key of the job.

    Returns:
        The stored row, and whether this call added it; a repeated job finds the row of its first attempt.

    Raises:
        HostError: the key holds a row of something else, so a booking would be lost silently.
    """
    records = context.records(kind)
    before = records.get(context.idempotency_key)
    row = records.put_once(context.idempotency_key, data)
    if dict(row.data) != dict(data):
        message = f"The idempotency key {context.idempotency_key!r} already holds another {kind}."
        raise HostError("activity.key-reused", message, hint="Give every job a key of its own.")
    return row, before is None
