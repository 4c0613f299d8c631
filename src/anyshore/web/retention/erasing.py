"""Erasing what ended cases held: the ledger keeps the digest of their records and proves what was delivered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anyshore.host.ledgers import LedgerWriter
from anyshore.host.outgoing import box
from anyshore.host.ports import ArchivedRow, InstanceRow
from anyshore.kernel.state import INCIDENT, JOB
from anyshore.web.engine import books, holding
from anyshore.web.engine.models import Document, Instance, Reference, ReferenceIndex, Turn, Wait
from anyshore.web.engine.running import host
from anyshore.web.retention import fates

DOCUMENTS_ERASED = "documents.erased"
CHUNK = 200
"""Cases of one transaction."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_IDENTITY = re.compile(r"(?:[^:]*:)?[0-9a-f]{64}")


@dataclass(slots=True)
class Erased:
    """What an erasure came to.

    Attributes:
        cases: numbers of those that went.
        documents: how many documents went.
        bound: cases that stay, because a document of theirs has to be kept: number → until when and by what.
    """

    cases: list[int] = field(default_factory=list)
    documents: int = 0
    bound: dict[int, str] = field(default_factory=dict)


def ended(engagement: str, before: int, most: int | None = None) -> list[int]:
    """The cases that ended before a time and beside which nothing goes on, those that ended longest ago first."""
    open_work = Wait.objects.filter(kind__in=(JOB, INCIDENT), engagement=engagement).values("instance")
    found = Instance.objects.filter(engagement=engagement, ended__lt=before).exclude(id__in=open_work)
    return list(found.order_by("ended", "id").values_list("id", flat=True)[:most])


def erase(
    engagement: str, cases: Collection[int], day: date, facts: Mapping[str, Any], *, asked: bool = False
) -> Erased:
    """Erases ended cases with those they called: state, log, letters, and documents that nothing else names.

    Args:
        engagement: whose they are.
        cases: their numbers; those that are open or that have to be kept stay.
        day: on which; what has to be kept is kept for longer than it.
        facts: why, for the ledger.
        asked: whether who it is about wants it gone: then what only their consent keeps goes, too.
    """
    here = Instance.objects.filter(pk__in=_with_called(cases), engagement=engagement, ended__isnull=False)
    named = dict(here.order_by("pk").values_list("pk", "reference"))
    known = {number: _digests(number) for number in named}
    held = holding.bound_cases(engagement, day, asked=asked)
    done = Erased()
    for number, reference in named.items():
        if one := held.of(reference, known[number]):
            done.bound[number] = f"{one.until or 'until further notice'}: {one.source}"
    going = [number for number in named if number not in done.bound]
    loose = {digest for number in going for digest in known[number]}
    if loose:  # first: where this process ends in between, the case is there to be found again
        done.documents = len(holding.drop_unnamed(engagement, loose, day, without=going, asked=asked))
    for start in range(0, len(going), CHUNK):
        done.cases += _chunk(engagement, going[start : start + CHUNK], facts)
    return done


def kept(engagement: str, numbers: Collection[int], day: date) -> dict[int, str]:
    """Those of some cases that would stay: number → until when and by what; empty text: it is still worked on."""
    held, found = holding.bound_cases(engagement, day), {}
    for number, reference, ended_at in Instance.objects.filter(pk__in=numbers).values_list("pk", "reference", "ended"):
        one = held.of(reference, _digests(number))
        if one is not None:
            found[number] = f"{one.until or 'until further notice'}: {one.source}"
        elif ended_at is None:
            found[number] = ""
    return found


def _with_called(cases: Collection[int]) -> set[int]:
    found, edge = set(cases), set(cases)
    while edge:
        edge = set(Instance.objects.filter(parent__in=edge).values_list("pk", flat=True)) - found
        found |= edge
    return found


def _chunk(engagement: str, numbers: list[int], facts: Mapping[str, Any]) -> list[int]:
    runtime = host()
    with runtime.store.transaction() as tx:
        chain = LedgerWriter(tx, engagement)
        rows = [row for row in tx.load(numbers).values() if row.ended is not None and row.engagement == engagement]
        for row in rows:
            chain.add(runtime.clock(), books.ERASED, {**facts, "digest": row.digest, "turn": row.turns}, row)
        chain.write()
        tx.archive([_left(row) for row in rows if row.parent is None and _IDENTITY.fullmatch(row.identity)],
                   [row.id for row in rows])  # fmt: skip
        fates.delete([row.id for row in rows])
        for row in rows:
            _letters(engagement, row.id)
    return [row.id for row in rows]


def _letters(engagement: str, number: int) -> None:
    """Deletes the mails a case wrote, handed over or not, with what is noted of their way."""
    mails = {"engagement": engagement, "kind__in": box.KINDS, "key__startswith": f"{number}:"}
    ReferenceIndex.objects.filter(**mails).delete()
    Reference.objects.filter(**mails).delete()


def _left(row: InstanceRow) -> ArchivedRow:
    """Enough to start the same work only once: the digest of what it was, and no word of it."""
    return ArchivedRow(
        id=row.id, engagement=row.engagement, service=row.service, reference="", file="", identity=row.identity
    )


def documents(engagement: str, before: int, day: date, facts: Mapping[str, Any]) -> int:
    """Deletes the documents that only cases which ended before a time still name; how many."""
    old = ended(engagement, before)
    loose = {digest for number in old for digest in _digests(number)}
    there = set(Document.objects.filter(engagement=engagement, digest__in=loose).values_list("digest", flat=True))
    if not there:
        return 0
    runtime = host()
    with runtime.store.transaction() as tx:
        chain = LedgerWriter(tx, engagement)
        gone = holding.drop_unnamed(engagement, there, day, without=old)
        if gone:
            chain.add(runtime.clock(), DOCUMENTS_ERASED, {**facts, "digests": gone})
            chain.write()
    return len(gone)


def _digests(number: int) -> set[str]:
    """Whatever may be the digest of a document in a case."""
    row = Instance.objects.filter(pk=number).values_list("state", "covered", "turns").first()
    if row is None:
        return set()
    contents = [bytes(row[0])]
    if row[1] != row[2]:
        later = Turn.objects.filter(instance=number, number__gt=row[1])
        contents += map(bytes, later.values_list("records", flat=True))
    return {found for one in contents for found in _DIGEST.findall(one.decode("latin-1"))}
