"""Looks into the channels that are due, and hands over what has arrived."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from anyshore.base.errors import AnyshoreError, DataError, HostError
from anyshore.host import workers
from anyshore.host.channels.sources import Arrival, Source
from anyshore.host.driver import Host
from anyshore.host.intake.parcels import Parcel, Place, Service
from anyshore.host.intake.receiving import receive
from anyshore.host.intake_ports import ChannelRow, SeenRow
from anyshore.kernel import codec

log = logging.getLogger(__name__)

CLAIM = 120_000_000
"""Microseconds for which a channel belongs to who looks into it; prolonged with every thing that is handed over."""

LONGEST = 5.0
"""Seconds between two looks for channels that are due: one that was added meanwhile is found by then."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel that can be looked into: where it leads, and where it is."""

    pack: Service
    place: Place
    source: Source


class Poller:
    """Looks into channels.

    Args:
        host: the host.
        open: from the row of a channel to what it needs; raises where it cannot be used.
    """

    def __init__(self, host: Callable[[], Host], open: Callable[[ChannelRow], Opened]) -> None:
        self._host, self._open = host, open

    def run(self, stop: threading.Event) -> None:
        """Looks into whatever falls due until ``stop`` is set. A database that is away is waited for."""
        try:
            while not stop.is_set():
                try:
                    self.work()
                    pause = self._pause()
                except Exception as problem:
                    if isinstance(problem, HostError):
                        log.warning("channels: %s %s", problem.message, problem.hint)
                    else:
                        log.exception("a fault of ours", exc_info=problem)
                    self._host().store.release()
                    pause = LONGEST
                stop.wait(pause)
        finally:
            self._host().store.release()

    def work(self) -> int:
        """Looks once into every channel that is due; how many things arrived."""
        arrived = 0
        looked: set[int] = set()
        while True:
            host = self._host()
            now = host.clock()
            with host.store.transaction() as tx:
                rows = tx.take_channels(workers.name(), now, now + CLAIM, 1)
            if not rows or rows[0].id in looked:
                return arrived
            looked.add(rows[0].id)
            arrived += self._look(host, rows[0])

    def _look(self, host: Host, row: ChannelRow) -> int:
        """Looks into a channel, and says on its row how that went; a fault of the place is nobody else's."""
        arrived, problem = 0, None
        try:
            opened = self._open(row)
            for arrival in opened.source.arrivals(lambda keys: self._seen(host, row, keys)):
                if arrival.parcel is not None:
                    self._receive(host, row, opened, arrival.key, arrival.parcel)
                    arrived += 1
                problem = self._settle(host, row, arrival) or problem
        except HostError:
            raise
        except AnyshoreError as error:
            problem = error
        if problem is not None:
            log.warning("channel %d: %s", row.id, problem)
        row.claimed_by = row.claimed_until = None
        row.looked, row.problem = host.clock(), _stored(problem)
        row.due = row.looked + row.every * 1_000_000
        self._save(host, row)
        return arrived

    def _settle(self, host: Host, row: ChannelRow, arrival: Arrival) -> AnyshoreError | None:
        """Tidies one thing up, now that it is stored. Where that fails it stays where it is, and is remembered."""
        row.claimed_until = host.clock() + CLAIM
        self._save(host, row)
        try:
            arrival.settle(self._seen(host, row, [arrival.key])[arrival.key].refused)
        except DataError as problem:
            return problem
        return None

    def _save(self, host: Host, row: ChannelRow) -> None:
        with host.store.transaction() as tx:
            tx.save_channel(row)

    def _receive(self, host: Host, row: ChannelRow, opened: Opened, key: str, parcel: Parcel) -> None:
        known = Parcel(
            parcel.name, parcel.content, parcel.channel, sender=parcel.sender, problem=parcel.problem,
            seen=(row.id, key),
        )  # fmt: skip
        for answer in receive(host, opened.pack, opened.place, [known]):
            log.info("channel %d: %s: %s", row.id, answer.name, answer.status)

    def _seen(self, host: Host, row: ChannelRow, keys: Iterable[str]) -> Mapping[str, SeenRow]:
        with host.store.transaction() as tx:
            return tx.seen(row.id, keys)

    def _pause(self) -> float:
        host = self._host()
        with host.store.transaction() as tx:
            due = tx.next_look()
        return LONGEST if due is None else min(max((due - host.clock()) / 1_000_000, 0.05), LONGEST)


def _stored(problem: AnyshoreError | None) -> bytes:
    if problem is None:
        return b""
    return codec.encode_value({"code": problem.code, "message": problem.message, "hint": problem.hint})
