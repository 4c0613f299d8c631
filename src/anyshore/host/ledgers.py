"""Writing one engagement's ledger: many entries chained in one go."""

from __future__ import annotations

import hashlib
import logging
from decimal import Decimal
from typing import Any

from anyshore.base import canonical, sizes
from anyshore.bpmn.starter import STARTER
from anyshore.host import following
from anyshore.host.ports import InstanceRow, LedgerRow, Transaction
from anyshore.host.pseudonyms import without_names
from anyshore.runtime.effects import Fact
from anyshore.terms import ledger
from anyshore.terms.ledger import Head

log = logging.getLogger(__name__)

NOTABLE = 1_000_000
"""Microseconds by which a clock may be behind the last entry before anybody is told: it takes as long to write one."""


class LedgerWriter:
    """Appends to one engagement's chain; holds the chain's lock until the transaction ends.

    Args:
        tx: the open transaction.
        engagement: its id.
        late: whether entries keep their date though it lies before their predecessor's: another system's, handed over
            late.
    """

    def __init__(self, tx: Transaction, engagement: str, *, late: bool = False) -> None:
        self._tx = tx
        self._late = late
        self._engagement = engagement
        sequence, digest = tx.ledger_head(engagement)
        self._head = Head(sequence, digest) if sequence else ledger.EMPTY
        self._at = tx.ledger_time(engagement, sequence)
        self._rows: list[LedgerRow] = []
        self._people: dict[str, str] = {}

    @property
    def head(self) -> Head:
        """The end of the chain as it stands; ``ledger.EMPTY`` before its first entry."""
        return self._head

    def add(
        self, at: int, type: str, data: dict[str, Any], row: InstanceRow | None = None, *, service: str = "",
        reference: str = "",
    ) -> Head:  # fmt: skip
        """Chains one entry, dated no earlier than the one before it: clocks are put back, and two never agree.

        Args:
            at: microseconds since 1970 UTC.
            type: the entry's type.
            data: its facts; FEEL dates and durations become texts, addresses of who acted pseudonyms.
            row: the instance it is about.
            service: the service, of what is about no instance.
            reference: what people call that.

        Returns:
            Sequence and hash of the entry.
        """
        if at < self._at and not self._late:
            if self._at - at > NOTABLE:
                log.warning("%s: the clock is %.1f s behind the ledger", self._engagement, (self._at - at) / 1_000_000)
            at = self._at
        self._at = at
        self._head, line = chain(
            self._head, self._engagement, at, type, row.service if row else service, str(row.id) if row else "",
            row.reference if row else reference, readable(without_names(self._tx, data, self._people)),
        )  # fmt: skip
        self._rows.append(
            LedgerRow(self._engagement, self._head.sequence, at, type, row.id if row else None, line)
        )  # fmt: skip
        return self._head

    def write(self) -> None:
        """Stores what was added and moves the head."""
        self._tx.add_ledger(self._rows, {self._engagement: (self._head.sequence, self._head.hash)})
        following.tracer().wrote(self._rows)
        self._rows = []


def chain(
    head: Head, engagement: str, at: int, type: str, service: str, instance: str, reference: str, data: dict[str, Any]
) -> tuple[Head, bytes]:
    """The next entry of a chain as its canonical line, and the new head: ``ledger.append`` and ``canonical`` in one.

    The hash stands between "engagement" and "instance" in the sorted keys, so the line is the hashed text with the
    hash put in between.

    Raises:
        AnyshoreError: the data has no exact plain form.
    """
    sequence = head.sequence + 1
    before = canonical.encode({"at": at, "data": ledger.plain(data), "engagement": engagement})[:-1]
    behind = canonical.encode({
        "instance": instance, "previous": head.hash, "reference": reference, "sequence": sequence, "service": service,
        "type": type,
    })[1:]  # fmt: skip
    own = hashlib.sha256(b"%s%s,%s" % (head.hash.encode(), before, behind)).hexdigest()
    return Head(sequence, own), b'%s,"hash":"%s",%s' % (before, own.encode(), behind)


def readable(value: Any) -> Any:
    """The facts of an entry with FEEL's dates, times and durations as texts.

    Raises:
        TooLargeError: they are larger than one document of ours may be.
    """
    sizes.check(value, sizes.WRITTEN)
    return _readable(value)


def _readable(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool or kind is Decimal:
        return value
    if kind is dict:
        return {key: _readable(item) for key, item in value.items()}
    if kind is list:
        return [_readable(item) for item in value]
    return str(value)


def type_of(row: InstanceRow, fact: Fact) -> str:
    """The type of a ledger entry. A starter is no case of its service: nothing is measured or billed by it."""
    return f"{STARTER}.{fact.type.partition('.')[2]}" if row.kind == STARTER else fact.type
