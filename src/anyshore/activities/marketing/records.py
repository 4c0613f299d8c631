"""What is kept of people who may be reached, and of the messages that left or stand before leaving."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from anyshore import feel
from anyshore.activities.activity import ActivityContext, Record
from anyshore.base.temporal import Date
from anyshore.mail.composing import SENT, STOPPED
from anyshore.marketing.caps import Cap, Sent
from anyshore.marketing.permission import Event, Limits, hashed
from anyshore.marketing.quiet import QuietHours

CONTACT = "marketing-contact"
CONSENT = "marketing-consent"
LIMIT = "marketing-limit"
SENDER = "marketing-sender"
EVENT = "marketing-event"
MESSAGE = "marketing-message"
FOUND_BY = ("campaign", "contact", "address", "name")
"""Fields by which messages are searched for."""
SUPPRESSED = "marketing-suppressed"
SECRET = "marketing"  # noqa: S105 - what the key is for, not the key
ALL = "all"
"""What a list says where a row is about every purpose or channel."""
DAY = 86_400_000_000
OUT = frozenset({"withdrawn", "objected", "complained", "hard bounce", "soft bounce", "erased"})
"""What takes messages back that have not left yet, or counts against an address."""
FOR_GOOD = frozenset({"objected", "complained", "erased", "hard bounce"})
"""What is about an address and puts it out of all lists, also of those that come."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be reached.

    Attributes:
        id: on record.
        address: of mail.
        name: of the person.
        language: of the person.
        zone: IANA time zone.
        data: everything on record, as a segment asks for it.
    """

    id: str
    address: str
    name: str
    language: str
    zone: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of people at a moment, by their ids.

    Attributes:
        events: what they did, and what came back.
        sent: when messages of other campaigns left to them, and by which channel, oldest first.
        limits: that hold for all campaigns.
        suppressed: tells of an address whether it is never to be written to, also after its person was erased.
    """

    events: dict[str, list[Event]]
    sent: dict[str, list[Sent]]
    limits: Limits
    suppressed: Callable[[str], bool]


def people(context: ActivityContext) -> Iterator[Person]:
    """Everybody on record."""
    return map(_person, context.records(CONTACT).find())


def some_people(ids: Sequence[str], context: ActivityContext) -> list[Person]:
    """Of some people those on record, in the given order."""
    found = {str(row.data.get("id")): row for row in context.records(CONTACT).among("id", ids)}
    return [_person(found[one]) for one in ids if one in found]


def _person(row: Record) -> Person:
    said = {name: str(row.data.get(name) or "") for name in ("id", "email", "name", "language", "zone")}
    return Person(said["id"], said["email"], said["name"], said["language"], said["zone"] or "UTC", dict(row.data))


def known(but: str, context: ActivityContext, of: Sequence[Person] | None = None) -> Known:
    """What is known of people now: what came with the list, what was noted since, what left to them.

    Args:
        but: the campaign whose messages are left out.
        context: of the job.
        of: of whom; None: of everybody.
    """
    ids = None if of is None else [one.id for one in of]
    tables = [context.records(kind) for kind in (CONSENT, EVENT, MESSAGE)]
    listed, noted, written = [one.find() if ids is None else one.among("contact", ids) for one in tables]
    found: dict[str, list[Event]] = {}
    for row in listed:
        found.setdefault(str(row.data["contact"]), []).append(_listed(row))
    for row in noted:
        found.setdefault(str(row.data["contact"]), []).append(_noted(row))
    addresses = None if of is None else [one.address for one in of]
    return Known(found, _sent(written, but, context), limits(context), suppressed(context, addresses))


def events_of(contact: str, context: ActivityContext) -> list[Event]:
    """The same of one person."""
    listed = [_listed(row) for row in context.records(CONSENT).find(contact=contact)]
    return listed + [_noted(row) for row in context.records(EVENT).find(contact=contact)]


def _listed(row: Record) -> Event:
    """An event of a list, which knows days only; on one day a withdrawal is later than a consent."""
    kind = str(row.data["what"])
    at = midnight(row.data["day"]) + (DAY - 1 if kind in OUT else 0)
    said = (
        "" if row.data.get(name) in (None, ALL) else str(row.data[name]) for name in ("purpose", "channel", "proof")
    )
    return Event(at, kind, *said)  # type: ignore[arg-type]


def _noted(row: Record) -> Event:
    said = (str(row.data.get(name) or "") for name in ("purpose", "channel", "proof"))
    return Event(int(str(row.data["at"])), str(row.data["what"]), *said)  # type: ignore[arg-type]


def midnight(day: object) -> int:
    """The beginning of a day, in microseconds since 1970 UTC."""
    plain = feel.to_python(day) if isinstance(day, Date) else day
    if not isinstance(plain, date):
        return 0
    return int((datetime.combine(plain, time(0), UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def moment(at: int | None) -> str | None:
    """A time in microseconds as ISO 8601 writes it, UTC."""
    if at is None:
        return None
    return datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sent(rows: Sequence[Record], but: str, context: ActivityContext) -> dict[str, list[Sent]]:
    """When messages left: only advertising that reached somebody counts.

    Who was held out got nothing (their message has no version), and what was taken back did not leave.
    """
    gone = stopped([row.key for row in rows], context)
    found: dict[str, list[Sent]] = {}
    for row in rows:
        data = row.data
        if data["campaign"] != but and data["advertising"] and data["version"] and row.key not in gone:
            found.setdefault(str(data["contact"]), []).append((int(str(data["at"])), str(data["channel"])))
    for one in found.values():
        one.sort()
    return found


def stopped(keys: Collection[str], context: ActivityContext) -> set[str]:
    """Of some messages, those that were taken back and had not been handed over by then."""
    found = {row.key for row in context.records(STOPPED).some(keys)}
    return found - {row.key for row in context.records(SENT).some(found)}


def limits(context: ActivityContext) -> Limits:
    """The limits that hold for all campaigns."""
    caps, quiet = [], []
    for row in context.records(LIMIT).find():
        channels = frozenset({str(row.data["channel"])}) if row.data.get("channel") else frozenset()
        most, days = row.data.get("most"), row.data.get("days")
        if isinstance(most, Decimal):
            caps.append(Cap(int(most), int(days * DAY) if isinstance(days, Decimal) else None, channels))
        begin, end = str(row.data.get("quiet_from") or ""), str(row.data.get("quiet_until") or "")
        if begin and end:
            quiet.append(QuietHours(time.fromisoformat(begin), time.fromisoformat(end), channels=channels))
    return Limits(tuple(caps), tuple(quiet))


def suppressed(context: ActivityContext, addresses: Sequence[str] | None = None) -> Callable[[str], bool]:
    """Tells of an address whether it is never to be written to, also after its person was erased.

    Args:
        context: of the job.
        addresses: that will be asked about; None: any.
    """
    kept, key = context.records(SUPPRESSED), context.secret(SECRET)
    rows = kept.find() if addresses is None else kept.some([hashed(one, key) for one in addresses])
    found = {row.key for row in rows}
    return lambda address: bool(found) and hashed(address, key) in found


def key_of(campaign: str, contact: str) -> str:
    """The key of the one message of a campaign to a person."""
    return hashlib.sha256(f"{campaign}\0{contact}".encode()).hexdigest()[:32]
