"""The activities ``calls.history`` and ``calls.keep``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from anyshore.activities.activity import ActivityContext
from anyshore.base.plain import from_values, to_values

CONTACT = "call-contact"
_MOST = 20
"""Earlier calls an agent is shown."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is kept of a call.

    Attributes:
        call: its number at the exchange.
        customer: who called.
        day: on which it came in.
        offered: when, as the exchange tells it (ISO 8601).
        outcome: how it ended.
        wrap_up: the code the agent gave it.
        resolved: whether the concern was settled in it.
        recording: where the recording lies; never the recording itself, and nothing without consent (§ 201 StGB).
    """

    call: str
    customer: str
    day: date
    offered: str
    outcome: str
    wrap_up: str | None = None
    resolved: bool | None = None
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryInput:
    """Whose earlier calls are asked for; ``None`` is a caller nobody knows."""

    customer: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryOutcome:
    """The earlier calls of a customer.

    Attributes:
        count: how many there are.
        calls: the newest, newest first.
        unresolved: how many of all did not settle the concern.
    """

    count: int
    calls: tuple[Contact, ...] = ()
    unresolved: int = 0


def history(data: HistoryInput, context: ActivityContext) -> HistoryOutcome:
    """The earlier calls of a customer, for who takes the next one."""
    if not data.customer:
        return HistoryOutcome(0)
    rows = context.records(CONTACT).find(customer=data.customer)
    found = sorted(
        (from_values(Contact, row.data, CONTACT) for row in rows), key=lambda one: (one.day, one.offered, one.call)
    )
    unresolved = sum(one.resolved is False for one in found)
    return HistoryOutcome(len(found), tuple(found[: -_MOST - 1 : -1]), unresolved)


@dataclass(frozen=True, slots=True)
class KeepInput:
    """A call that is over.

    Attributes:
        contact: what is to be kept of it.
        consent: whether everybody in the call agreed to its recording.
        repeat_days: days back in which an earlier call of the customer under the same code was not settled then.
    """

    contact: Contact
    consent: bool = False
    repeat_days: int = 7


@dataclass(frozen=True, slots=True)
class KeepOutcome:
    """What was kept.

    Attributes:
        contact: it; without the place of a recording nobody agreed to.
        repeated: whether the customer called about the same before, so that the earlier call settled nothing.
        share: a number from 0 to below 100 that is spread evenly over calls and cannot be foreseen by who takes
            them: a call is listened to where it is below the share of calls that are.
    """

    contact: Contact
    repeated: bool
    share: Decimal


def keep(data: KeepInput, context: ActivityContext) -> KeepOutcome:
    """Keeps a call once."""
    one = data.contact
    if not data.consent and one.recording is not None:
        one = replace(one, recording=None)
    row = context.records(CONTACT).put_once(one.call, to_values(one))
    kept = from_values(Contact, row.data, CONTACT)
    earlier = (from_values(Contact, row.data, CONTACT) for row in context.records(CONTACT).find(customer=kept.customer))
    repeated = kept.wrap_up is not None and any(
        other.call != kept.call and other.wrap_up == kept.wrap_up and _before(other, kept, data.repeat_days)
        for other in earlier
    )
    drawn = int.from_bytes(sha256(f"{context.idempotency_key} {kept.call}".encode()).digest()[:4], "big")
    return KeepOutcome(kept, repeated, Decimal(drawn * 10000 // 2**32) / 100)


def _before(earlier: Contact, later: Contact, days: int) -> bool:
    passed = (later.day - earlier.day).days
    return (earlier.day, earlier.offered) < (later.day, later.offered) and passed <= days
