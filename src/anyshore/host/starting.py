"""New instances: each piece of work is started once, whatever is interrupted and called again.

And new versions: what begins by itself follows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyshore.bpmn.starter import STARTER
from anyshore.host.messages import inbox
from anyshore.host.ports import InstanceRow, Page, Transaction, WaitRow
from anyshore.kernel.commands import Migrate, Start
from anyshore.kernel.state import CONDITION
from anyshore.runtime.catalogue import Catalogue, Deployment, Linked, starter_of

Place = tuple[str, str, str]
"""Engagement, service, identity."""


PAGE = 500
"""Starters read at a time."""


@dataclass(frozen=True, slots=True)
class NewWork:
    """An instance to start.

    Attributes:
        target: ``process:KEY``, ``case:KEY`` or an exact reference.
        variables: of the root scope, as FEEL values.
        engagement: id of the engagement it is delivered under.
        service: id of the service.
        reference: what people call it.
        by: who asks.
        zone: IANA time zone of the work.
        documents: name and content by digest, kept with the start.
        element: where to begin, if not at the definition's own start.
        identity: what makes it the same work as another; the reference where left out. Where there is one, there is one
            instance per engagement, service and identity.
    """

    target: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    engagement: str = ""
    service: str = ""
    reference: str = ""
    by: str | None = None
    zone: str = "UTC"
    documents: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    element: str | None = None
    identity: str | None = None

    @property
    def same(self) -> str:
        """What makes it the same work as another; empty where nothing does."""
        return self.reference if self.identity is None else self.identity

    @property
    def place(self) -> Place:
        """The same, among all work."""
        return self.engagement, self.service, self.same


@dataclass(slots=True)
class Started:
    """What came of new work.

    Attributes:
        ids: an instance for each, in order.
        instances: those that are new: row, definition, first command.
    """

    ids: list[int]
    instances: list[tuple[InstanceRow, Linked, Start]]


def prepare(tx: Transaction, catalogue: Catalogue, work: Sequence[NewWork], now: int) -> Started:
    """Finds what is there already, and makes rows for the rest, numbered in order.

    Raises:
        CommandRejected: there is no such definition.
    """
    known = _known(tx, work)
    fresh: list[NewWork] = []
    places: list[int | Place] = []  # the id, or where it will be found, or the position among the fresh ones
    for new in work:
        if new.same:
            if new.place not in known:
                known[new.place] = -1 - len(fresh)
                fresh.append(new)
            places.append(new.place)
        else:
            places.append(-1 - len(fresh))
            fresh.append(new)
    numbers = tx.new_instances(len(fresh)) if fresh else []
    ids = []
    for place in places:
        number = place if isinstance(place, int) else known[place]
        ids.append(number if number > 0 else numbers[-1 - number])
    started = Started(ids, [])
    for number, new in zip(numbers, fresh, strict=True):
        for digest, (name, content) in new.documents.items():
            tx.put_document(new.engagement, digest, name, content)
        linked = catalogue.latest(new.target)
        row = InstanceRow(
            id=number, definition=linked.reference, kind=linked.kind, key=linked.key, engagement=new.engagement,
            service=new.service, reference=new.reference, identity=new.same, created=now, zone=new.zone,
        )  # fmt: skip
        command = Start(at=now, by=new.by, variables=dict(new.variables), zone=new.zone, element=new.element)
        started.instances.append((row, linked, command))
    return started


def _known(tx: Transaction, work: Sequence[NewWork]) -> dict[Place, int]:
    wanted: dict[tuple[str, str], dict[str, None]] = {}
    for new in work:
        if new.same:
            wanted.setdefault((new.engagement, new.service), {})[new.same] = None
    found: dict[Place, int] = {}
    for (engagement, service), identities in sorted(wanted.items()):
        for identity, number in tx.find_started(engagement, service, list(identities)).items():
            found[engagement, service, identity] = number
    return found


def queue(tx: Transaction, started: Started, now: int) -> None:
    """Stores what is new; its first turn comes with the next work of any worker."""
    if started.instances:
        tx.add_instances([row for row, _, _ in started.instances])
        tx.put_inbox([inbox(row.id, now, command) for row, _, command in started.instances])
        tx.wake()


def starters(tx: Transaction, engagement: str | None = None) -> Iterator[WaitRow]:
    """The waits by which the starters of an engagement, or of all, stand ready; oldest first."""
    if engagement is not None:
        yield from tx.subscribers(engagement, CONDITION, STARTER, None)
        return
    page = Page(kind=CONDITION, name=STARTER, limit=PAGE)
    while rows := tx.waits(page):
        yield from rows
        page.after = (rows[-1].opened, rows[-1].instance, rows[-1].wait)


def follow(tx: Transaction, deployment: Deployment, now: int) -> None:
    """Lets the starters of older versions of a pack go over to a new one, with the next work of any worker."""
    newer = {one.key: starter_of(one).reference for one in deployment.definitions.values() if one.kind == "process"}
    rows = tx.look([wait.instance for wait in starters(tx)]) if newer else {}
    packs: dict[int, str] = {}
    for row in rows.values():
        number = int(row.definition.rpartition("@")[2])
        if row.key in newer and number not in packs:
            packs[number] = tx.definitions(number)[0].pack
        if row.key in newer and packs[number] == deployment.pack:
            tx.put_inbox([inbox(row.id, now, Migrate(at=now, definition=newer[row.key]))])
