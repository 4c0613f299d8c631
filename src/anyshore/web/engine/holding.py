"""Documents leave the store here alone: none that a law still asks for, none that something else still names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F

from anyshore.activities import families
from anyshore.activities.common import retention
from anyshore.kernel import codec
from anyshore.web.core.models import Engagement
from anyshore.web.engine.models import Document, Inbox, Instance, Message, Reference, Turn
from anyshore.web.engine.running import now

_DIGEST = re.compile(rb"[0-9a-f]{64}")


def today(engagement: str) -> date:
    """The day by the host's clock where the client is."""
    zone = Engagement.objects.filter(key=engagement).values_list("zone", flat=True).first() or "UTC"
    return datetime.fromtimestamp(now() / 1_000_000, ZoneInfo(zone)).date()


def _holds(engagement: str) -> list[retention.Hold]:
    """What is noted of documents that have to be kept, of several for one purpose the last."""
    latest: dict[tuple[str, str], retention.Hold] = {}
    rows = Reference.objects.filter(engagement=engagement, kind=retention.KIND).order_by("sequence")
    for data in rows.values_list("data", flat=True):
        held = retention.read(codec.decode_value(bytes(data)))
        latest[held.document, held.owner] = held
    return list(latest.values())


def bound(engagement: str, day: date, *, asked: bool = False) -> dict[str, retention.Hold]:
    """The documents that have to be kept on a day: digest → by what, the longest.

    Args:
        engagement: its key.
        day: on which.
        asked: whether who it is about wants it gone: then nothing is kept by their consent any more.
    """
    return _longest((held.document, held) for held in _on(engagement, day, asked) if held.document)


@dataclass(frozen=True, slots=True)
class BoundCases:
    """What keeps cases on a day.

    Attributes:
        by_reference: reference of a case → by what.
        by_document: digest of a document, which keeps every case that names it → by what.
    """

    by_reference: Mapping[str, retention.Hold]
    by_document: Mapping[str, retention.Hold]

    def of(self, reference: str, digests: Collection[str]) -> retention.Hold | None:
        """What keeps a case of that reference which names these documents; None: nothing does."""
        first = next((self.by_document[one] for one in sorted(digests) if one in self.by_document), None)
        return self.by_reference.get(reference) or first


def bound_cases(engagement: str, day: date, *, asked: bool = False) -> BoundCases:
    """The cases that have to be kept on a day; a document that is kept for one case keeps no other one.

    Args:
        engagement: its key.
        day: on which.
        asked: as for ``bound``.
    """
    found = list(_on(engagement, day, asked))
    return BoundCases(
        _longest((held.reference, held) for held in found if held.reference),
        _longest((held.document, held) for held in found if not held.reference),
    )


def _on(engagement: str, day: date, asked: bool) -> Iterator[retention.Hold]:
    standing = (held for held in _holds(engagement) if held.until is None or held.until >= day)
    return (held for held in standing if not (asked and held.consent))


def _longest(holds: Iterable[tuple[str, retention.Hold]]) -> dict[str, retention.Hold]:
    found: dict[str, retention.Hold] = {}
    for name, held in holds:
        before = found.get(name)
        if before is None or (before.until is not None and (held.until is None or held.until > before.until)):
            found[name] = held
    return found


def named(engagement: str, without: Collection[int] = ()) -> set[str]:
    """Whatever may be the digest of a document in what an engagement still holds.

    A record that work wrote, as a posting, names a document without keeping it: that is noted for itself (``bound``).

    Args:
        engagement: its key.
        without: numbers of instances that are about to go, or that do not count.
    """
    return _found(_work(engagement, set(without))) | _found(_loaded(engagement))


def _found(contents: Iterable[bytes]) -> set[str]:
    return {one.decode() for content in contents for one in _DIGEST.findall(content)}


def _work(engagement: str, gone: set[int]) -> Iterator[bytes]:
    rows = Instance.objects.filter(engagement=engagement)
    for number, state in rows.values_list("id", "state").iterator(chunk_size=500):
        if number not in gone:
            yield bytes(state)
    for number, covered in rows.exclude(covered=F("turns")).values_list("id", "covered"):
        if number not in gone:
            later = Turn.objects.filter(instance=number, number__gt=covered)
            yield from map(bytes, later.values_list("records", flat=True))
    queued = Inbox.objects.filter(instance__in=rows.values("id")).values_list("instance", "command")
    yield from (bytes(command) for number, command in queued if number not in gone)
    yield from map(bytes, Message.objects.filter(engagement=engagement).values_list("data", flat=True))


def _loaded(engagement: str) -> Iterator[bytes]:
    kept = Reference.objects.filter(engagement=engagement).exclude(kind__in=families.written_kinds())
    yield from map(bytes, kept.values_list("data", flat=True).iterator(chunk_size=500))


def drop(engagement: str, digests: Collection[str], day: date, *, asked: bool = False) -> list[str]:
    """Deletes documents, but for those that have to be kept on that day (``bound``); which those were that went."""
    kept = bound(engagement, day, asked=asked)
    rows = Document.objects.filter(engagement=engagement, digest__in=[one for one in digests if one not in kept])
    found = sorted(rows.values_list("digest", flat=True))
    rows.delete()
    return found


@transaction.atomic
def drop_unnamed(
    engagement: str, digests: Collection[str], day: date, without: Collection[int] = (), *, asked: bool = False
) -> list[str]:
    """Deletes those of the documents that nothing names and nothing asks for; see ``named`` and ``drop``.

    Nobody adds a document meanwhile: the same one may be handed in again at this moment. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE engine_document IN SHARE ROW EXCLUSIVE MODE")
    return drop(engagement, set(digests) - named(engagement, without), day, asked=asked)
