"""The state of an instance from its row: the snapshot, and the turns after it replayed.

Writing the whole snapshot with every turn would make a large instance quadratic, so a large one lags behind: it is
written again when the records since outweigh it. What has to be replayed is therefore never more than the snapshot
itself.
"""

from __future__ import annotations

import hashlib

from anyshore.host.ports import InstanceRow, Transaction
from anyshore.kernel import codec
from anyshore.kernel.records import follow
from anyshore.kernel.state import State
from anyshore.kernel.turn import Engine

SMALL = 16_384
"""Bytes up to which a snapshot is written with every turn: cheaper than reading the log again."""

CACHED = 256
"""Large states a host keeps between batches."""


def restore(tx: Transaction, row: InstanceRow, engine: Engine) -> State:
    """The state after all turns of the row, read from the store.

    Raises:
        HostError: it cannot be read.
    """
    state = codec.decode_state(row.state) if row.state else State(definition=row.definition)
    if row.covered < row.turns:
        for turn in tx.turns(row.id, row.covered):
            follow(state, codec.decode_records(turn.records, engine), engine)
    return state


def snapshot(row: InstanceRow, state: State) -> None:
    """Puts the snapshot into the row, if it is due."""
    if row.since >= len(row.state) or len(row.state) <= SMALL or state.outcome is not None:
        row.state = codec.encode_state(state)
        row.covered, row.since = row.turns, 0


class States:
    """Large states kept between batches, each under the digest of all its records: the same digest, the same state."""

    def __init__(self, size: int = CACHED) -> None:
        self._kept: dict[int, tuple[str, State]] = {}
        self._size = size

    def take(self, row: InstanceRow) -> State | None:
        """The state of exactly this row, if it is here. It is handed out once: whoever has it may change it."""
        found = self._kept.pop(row.id, None)
        return found[1] if found is not None and found[0] == row.digest else None

    def keep(self, row: InstanceRow, state: State) -> None:
        """Keeps a state after its transaction was committed."""
        if len(row.state) > SMALL and state.outcome is None:
            self._kept[row.id] = row.digest, state
            if len(self._kept) > self._size:
                del self._kept[next(iter(self._kept))]


def digest(before: str, logged: bytes) -> str:
    """The running digest over the stored records of an instance's turns: SHA-256 in hexadecimal."""
    return hashlib.sha256(before.encode() + logged).hexdigest()
