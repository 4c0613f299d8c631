"""How an amount stands to the open items it could be for: exact, short, too much, a part, or in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.bank import sums
from anyshore.activities.bank.items import Outcome
from anyshore.activities.common import money


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be done with a difference.

    Attributes:
        tolerance_percent: how much of what is owed may be missing and is written off; nothing is ever written off of a
            payment that is too large.
        tolerance_amount: the same as an amount, in the currency of the line; the smaller of both counts, none of them
            where this is left out.
        amount_must_fit: whether a payment of a part is left to a person; else it is taken from the oldest item on.
        most_items: most items of one sum.
        budget: steps of one search for a sum.
        automatic_excess_percent: how much more than owed may be booked without a person.
    """

    tolerance_percent: Decimal = Decimal(0)
    tolerance_amount: Decimal | None = None
    amount_must_fit: bool = True
    most_items: int = sums.MOST_PARTS
    budget: int = sums.BUDGET
    automatic_excess_percent: Decimal = Decimal(5)


@dataclass(frozen=True, slots=True)
class Claim:
    """An open item with what is open of it, in the currency of comparison and as a positive amount where it is owed."""

    item: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """Which claims a payment is for.

    Attributes:
        outcome: how the amounts stand.
        items: the claims paid, the oldest first.
        candidates: where it is for one of several sets that fit equally well: all of their items.
    """

    outcome: Outcome
    items: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


def judge(
    amount: Decimal, claims: Sequence[Claim], rules: Rules, *, named: bool, credits: Sequence[Claim] = ()
) -> Judged:
    """Which of some claims an amount is for.

    Args:
        amount: paid, positive.
        claims: the oldest first.
        rules: what may be done with a difference.
        named: whether the payer named these claims, so that all of them together come first; else one alone does.
        credits: claims in the other direction, with negative amounts, that may be set off in a sum.
    """
    total = money.add(*(claim.amount for claim in claims))
    if not claims:
        return Judged("none")
    if named and total == amount:
        return _all("exact", claims)
    single = [claim.item for claim in claims if claim.amount == amount]
    if single:
        return Judged("exact", tuple(single)) if len(single) == 1 else Judged("none", candidates=tuple(single))
    added = _sum(amount, [*claims, *credits], rules)
    if added is not None:
        return added
    if amount > total:
        return _all("excess", claims)
    short = _short(amount, claims, total, rules)
    if short is not None:
        return short
    return Judged("none") if rules.amount_must_fit else _part(amount, claims)


def _all(outcome: Outcome, claims: Sequence[Claim]) -> Judged:
    return Judged(outcome, tuple(claim.item for claim in claims))


def _sum(amount: Decimal, claims: Sequence[Claim], rules: Rules) -> Judged | None:
    """The only set of claims that adds up; in doubt where there are two, or where the search was cut short."""
    answer = sums.adding_up([claim.amount for claim in claims], amount, rules.most_items, rules.budget)
    if len(answer.found) > 1 or (answer.found and not answer.whole):
        places = dict.fromkeys(place for found in answer.found for place in found)
        return Judged("none", candidates=tuple(claims[place].item for place in places))
    if answer.found:
        return Judged("exact", tuple(claims[place].item for place in answer.found[0]))
    return None


def tolerated(owed: Decimal, paid: Decimal, rules: Rules) -> bool:
    """Whether a payment is short by no more than the tolerance."""
    missing = money.subtract(owed, paid)
    most = money.multiply(owed, rules.tolerance_percent)
    within = money.multiply(missing, Decimal(100)) <= most
    return missing > 0 and within and (rules.tolerance_amount is None or missing <= rules.tolerance_amount)


def _short(amount: Decimal, claims: Sequence[Claim], total: Decimal, rules: Rules) -> Judged | None:
    """The only claim, or all of them, of which no more than the tolerance is missing."""
    single = [claim.item for claim in claims if tolerated(claim.amount, amount, rules)]
    together = len(claims) > 1 and tolerated(total, amount, rules)
    if len(single) + together > 1:
        return Judged("none", candidates=tuple(claim.item for claim in claims) if together else tuple(single))
    if single:
        return Judged("write-off", tuple(single))
    return _all("write-off", claims) if together else None


def _part(amount: Decimal, claims: Sequence[Claim]) -> Judged:
    """The oldest claims, as many as are needed."""
    chosen = []
    left = amount
    for claim in claims:
        if left <= 0:
            break
        chosen.append(claim.item)
        left = money.subtract(left, claim.amount)
    return Judged("partial", tuple(chosen))
