"""What a close has to explain: balances against what supports them, and figures that moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.common import money


@dataclass(frozen=True, slots=True)
class Reconciled:
    """An account against what supports it: a statement of a bank, a list of open items, a register.

    Attributes:
        account: of the ledger.
        balance: of the ledger.
        support: of the other side.
        difference: balance less support.
        document: what supports it.
    """

    account: str
    balance: Decimal
    support: Decimal
    difference: Decimal
    document: str

    @property
    def done(self) -> bool:
        """Whether both sides agree and something supports them."""
        return not self.difference and bool(self.document)


def reconciled(account: str, balance: Decimal, support: Decimal, document: str) -> Reconciled:
    """Holds a balance against what supports it."""
    return Reconciled(account, balance, support, money.subtract(balance, support), document)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that moved.

    Attributes:
        account: of it.
        before: in the period it is held against.
        now: in this one.
        change: now less before.
        percent: of before; none where that was zero.
        needs_word: whether it moved by so much that somebody has to say why.
        word: what was said.
    """

    account: str
    before: Decimal
    now: Decimal
    change: Decimal
    percent: Decimal | None
    needs_word: bool
    word: str = ""

    @property
    def open(self) -> bool:
        """Whether a word is missing."""
        return self.needs_word and not self.word.strip()


def flux(
    before: Mapping[str, Decimal], now: Mapping[str, Decimal], amount: Decimal, percent: Decimal,
    words: Mapping[str, str] | None = None,
) -> list[Change]:  # fmt: skip
    """How the figures of two periods differ; a word is needed where a change passes both thresholds.

    Args:
        before: by account.
        now: by account.
        amount: least change that matters.
        percent: least change in percent; a figure that was zero passes it always.
        words: what was said, by account.
    """
    found = []
    for account in sorted({*before, *now}):
        old, new = before.get(account, Decimal(0)), now.get(account, Decimal(0))
        change = money.subtract(new, old)
        share = money.percent(change, old)
        needs = abs(change) >= amount and change != 0 and (share is None or abs(share) >= percent)
        found.append(Change(account, old, new, change, share, needs, (words or {}).get(account, "")))
    return found
