"""What confirmed and undone matches teach: who pays from which account, and which pair was wrong before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from anyshore.activities.bank.items import Line
from anyshore.activities.common.parties import name_key
from anyshore.base.iban import iban_key


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a match.

    Attributes:
        payer: key of who paid, see ``payer_key``.
        partner: whose item it was.
        items: the items.
        line: id of the line.
        confirmed: or undone.
        reason: what the person wrote, needed where it is undone.
    """

    payer: str
    partner: str
    items: tuple[str, ...]
    line: str
    confirmed: bool
    reason: str = ""


def payer_key(line: Line) -> str:
    """Who pays, by account where the bank gives one, else by name; empty where it gives neither."""
    if line.iban:
        return f"iban:{iban_key(line.iban)}"
    return f"name:{name_key(line.name)}" if line.name else ""


@dataclass(slots=True)
class Learned:
    """What verdicts come to.

    A payer stands for a partner while every verdict of the payer that is not undone names that one; one that was undone
    counts against the partner until it is confirmed more often. A pair of line and item that was undone is never
    booked without a person again.
    """

    _counts: dict[str, dict[str, int]] = field(default_factory=dict)
    _wrong: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Learned:
        """What verdicts teach, in the order in which they were given."""
        learned = cls()
        for verdict in verdicts:
            learned.add(verdict)
        return learned

    def add(self, verdict: Verdict) -> None:
        """Takes one more verdict into account."""
        if verdict.payer:
            counts = self._counts.setdefault(verdict.payer, {})
            counts[verdict.partner] = counts.get(verdict.partner, 0) + (1 if verdict.confirmed else -2)
        for item in verdict.items:
            if verdict.confirmed:
                self._wrong.pop((verdict.line, item), None)
            else:
                self._wrong[verdict.line, item] = verdict.reason

    def partner(self, line: Line) -> str:
        """The partner a payer stands for, or nobody."""
        counts = self._counts.get(payer_key(line), {})
        found = [partner for partner, count in counts.items() if count > 0]
        return found[0] if len(found) == 1 else ""

    def times(self, line: Line) -> int:
        """How often the payer was confirmed to be that partner, less what was undone."""
        return max(self._counts.get(payer_key(line), {}).values(), default=0)

    def undone(self, line: str, items: Iterable[str]) -> str | None:
        """Why a match of this line with one of these items was undone; none where it never was."""
        return next((self._wrong[line, item] for item in items if (line, item) in self._wrong), None)
