"""The records of an outbox: which mails wait, who has claimed them, and what became of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from anyshore.activities.activity import Record, Values
from anyshore.host.jobs import StoredRecords
from anyshore.host.outgoing.journals import Noted
from anyshore.host.ports import Store
from anyshore.mail.composing import OUTBOX, SENT, STOPPED

CLAIMED = "outgoing-mail-claimed"
"""Kind of the rows that say who hands a mail over, under its key and the number of the try."""
KINDS = (OUTBOX, SENT, STOPPED, CLAIMED)
"""Kinds of the rows that tell of a mail; their keys begin with the mail's."""
CLAIM = 600_000_000
"""Microseconds after which a mail that was claimed and not noted as sent is in doubt."""
_MINUTE = 60_000_000
BACK_OFF = tuple(minutes * _MINUTE for minutes in (15, 30, 60, 120, 240))
"""Microseconds before the next try of a mail a server does not take for now; the last holds for all behind it."""
GIVEN_UP = 5 * 24 * 60 * _MINUTE
"""Microseconds after the first try, when there is no other (RFC 5321, 4.5.4.1: four to five days)."""

What = Literal["sent", "refused", "later", "back", "stopped"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail somebody has.

    Attributes:
        row: of the mail.
        name: of the claim.
    """

    row: Record
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail.

    Attributes:
        claim: of it.
        what: ``sent``; ``refused`` for good; ``later``: not taken for now; ``back``: not begun; ``stopped``.
        at: when, microseconds since 1970 UTC.
        said: what the server said.
    """

    claim: Claim
    what: What
    at: int
    said: Mapping[str, str] = field(default_factory=dict)


class Box:
    """The outbox of an engagement, for one who hands over.

    Args:
        store: where it is.
        engagement: whose.
        by: name of who hands over.
    """

    def __init__(self, store: Store, engagement: str, by: str) -> None:
        self.mails, self.sent, self.stopped, self.claims = (StoredRecords(store, engagement, kind) for kind in KINDS)
        self._by = by

    def waiting(self) -> list[str]:
        """The keys of the mails that wait, in the order in which they were written."""
        over = {*self.sent.all_keys(), *self.stopped.all_keys()}
        return [key for key in self.mails.all_keys() if key not in over]

    def rows(self, keys: Sequence[str]) -> list[Record]:
        """The mails of some keys, in their order, but for those that are over."""
        over = {row.key for records in (self.sent, self.stopped) for row in records.some(keys)}
        rows = {row.key: row for row in self.mails.some(keys)}
        return [rows[key] for key in keys if key in rows and key not in over]

    def claim(self, rows: Sequence[Record], now: int, *, doubtful: bool) -> list[Claim]:
        """Claims of some mails those nobody has, that were given back, or that are in doubt."""
        mine = {"by": self._by, "at": str(now)}
        fresh = set(self.claims.put_all(((row.key, mine) for row in rows), ()))
        found = [Claim(row, row.key if row.key in fresh else self._again(row.key, now, doubtful)) for row in rows]
        return [one for one in found if one.name]

    def _again(self, key: str, now: int, doubtful: bool) -> str:
        """The name of a further claim of a mail; empty where somebody has it."""
        name, number = key, 0
        row = self.claims.get(name)
        while row is not None:
            back = self.claims.get(f"{name} back")
            if back is None and not (doubtful and int(str(row.data["at"])) + CLAIM <= now):
                return ""
            if back is not None and int(str(back.data.get("until") or 0)) > now:
                return ""
            number += 1
            name = f"{key} {number}"
            row = self.claims.get(name)
        kept = self.claims.put_once(name, {"by": self._by, "at": str(now)})
        return name if kept.data["by"] == self._by else ""  # somebody else was faster

    def begun(self, key: str) -> bool:
        """Whether somebody has a mail, or had it when they were ended."""
        number, name, found = 0, key, False
        while self.claims.get(name) is not None:
            found = self.claims.get(f"{name} back") is None
            number += 1
            name = f"{key} {number}"
        return found

    def keep(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Keeps what became of mails; those that are given up after many tries, as refusals."""
        sent: list[tuple[str, Values]] = []
        stopped: list[tuple[str, Values]] = []
        back: list[tuple[str, Values]] = []
        given_up = []
        for one in outcomes:
            key = one.claim.row.key
            match one.what:
                case "sent":
                    sent.append((key, {"at": one.at, "message": one.claim.row.data["message"]}))
                case "refused":
                    stopped.append((key, {"why": "refused", **one.said}))
                case "later" if one.at - self._first(key) >= GIVEN_UP:
                    given_up.append(one)
                    stopped.append((key, {"why": "given up", **one.said}))
                case "later":
                    tries = int(one.claim.name.removeprefix(key) or 0)
                    until = one.at + BACK_OFF[min(tries, len(BACK_OFF) - 1)]
                    back.append((f"{one.claim.name} back", {"until": str(until), **one.said}))
                case _:
                    back.append((f"{one.claim.name} back", {}))
        for records, rows in ((self.sent, sent), (self.stopped, stopped), (self.claims, back)):
            if rows:
                records.put_all(rows, ())
        return given_up

    def _first(self, key: str) -> int:
        row = self.claims.get(key)
        return 0 if row is None else int(str(row.data["at"]))

    def settle(self, noted: Noted) -> None:
        """Keeps what somebody noted who was ended: what was taken is sent, what was not begun waits again."""
        claims = {row.key: row for row in self.claims.some(noted.claims.values())}
        done = self.mails.some(noted.done)
        self.sent.put_all(((row.key, {"at": noted.done[row.key], "message": row.data["message"]}) for row in done), ())
        back: deque[tuple[str, Values]] = deque()
        for key, name in noted.claims.items():
            mine = name in claims and claims[name].data["by"] == noted.by
            if mine and key not in noted.begun:
                back.append((f"{name} back", {}))
        self.claims.put_all(back, ())
