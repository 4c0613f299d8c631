"""A service that runs in memory, under its sample terms and sample records, with a clock that is turned by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from anyshore.activities.families import ACTIVITIES
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.intake.parcels import Parcel, Place
from anyshore.host.intake.receiving import receive
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.memory import MemoryStore
from anyshore.host.outgoing import outbox
from anyshore.host.ports import Page, WaitRow
from anyshore.kernel.commands import Resolve
from anyshore.kernel.state import ROOT
from anyshore.packs.reading import Pack
from anyshore.terms.book import Book
from anyshore.terms.ledger import Entry
from anyshore.terms.months import parse
from anyshore.terms.scorecard import ObjectiveScore, score

ENGAGEMENT = "running"
HOUR = 3_600_000_000


def moment(text: str) -> int:
    """Microseconds of an ISO 8601 time."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


@dataclass
class Running:
    """A service in memory."""

    pack: Pack
    now: int
    host: Host = field(init=False)
    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host = Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: self.now, worker="test")
        self.host.deploy(self.pack.id, self.pack.definitions)
        assert self.pack.terms is not None
        with self.host.store.transaction() as tx:
            chain = LedgerWriter(tx, ENGAGEMENT)
            chain.add(self.now, "engagement.signed", {"terms": self.pack.terms.read_text("utf-8")})
            chain.write()
        for kind, one in self.pack.references.items():
            content = (self.pack.samples / one.file).read_bytes()
            reference_data.load(self.host, ENGAGEMENT, kind, one.read(content, one.file), one.file)

    def mail(self, content: bytes) -> dict[str, Any]:
        """Receives a mail and works; the variables of what it became."""
        return self.of(self._receive(Parcel("a.eml", content, "mails")))

    def asked(self, **payload: Any) -> int:
        """Receives what a program says and works; the instance it became."""
        return self._receive(Parcel("payload", None, "rest", payload=payload))

    def _receive(self, parcel: Parcel) -> int:
        (receipt,) = receive(self.host, self.pack, Place(ENGAGEMENT, self.pack.id, "Europe/Berlin"), [parcel])
        self.work()
        assert receipt.instance is not None, receipt.reason
        return receipt.instance

    def work(self, after: int = 0) -> None:
        """Works, so much later; what went out stands in ``sent``."""
        self.now += after
        self.host.work()
        outbox.hand_over(self.host.store, ENGAGEMENT, lambda one: self.sent.append(one.content), lambda: self.now)

    def of(self, instance: int) -> dict[str, Any]:
        """The variables of an instance."""
        return dict(self.host.state(instance).variables.get(ROOT, {}))

    def ended(self, instance: int) -> bool:
        with self.host.store.transaction() as tx:
            return tx.load([instance])[instance].status == "ended"

    def _waits(self, kind: str) -> list[WaitRow]:
        with self.host.store.transaction() as tx:
            return tx.waits(Page(kind=kind, engagement=ENGAGEMENT, limit=100))

    def open(self) -> list[tuple[int, str]]:
        """Work items by instance and task."""
        return sorted((one.instance, one.element) for one in self._waits("work"))

    def incidents(self) -> list[WaitRow]:
        return self._waits("incident")

    def answer(self, instance: int, element: str = "answer", **answers: Any) -> None:
        """Somebody finishes a task."""
        row = next(one for one in self._waits("work") if (one.instance, one.element) == (instance, element))
        self.host.execute(instance, Resolve(at=self.now, wait=row.wait, variables=answers, by="ada"))
        self.work()

    def entries(self) -> list[Entry]:
        """The ledger."""
        with self.host.store.transaction() as tx:
            return [msgspec.json.decode(row.line, type=Entry) for row in tx.ledger(ENGAGEMENT)]

    def milestones(self, instance: int) -> list[str]:
        """Names of the milestones an instance reached."""
        return [
            str(e.data["name"]) for e in self.entries() if e.type == "milestone.reached" and e.instance == str(instance)
        ]

    def scores(self, month: str) -> dict[str, ObjectiveScore]:
        """The objectives of a month, by key."""
        book = Book.of(self.entries())
        return {one.objective.key: one for one in score(book, book.versions[-1].terms, parse(month))}
