"""Matching bank lines with open items.

In this order: a structured reference, a reference in the text, who pays with the amount. Equal candidates go to a
person. Only what a reference names beyond doubt may be booked without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anyshore.activities.bank.amounts import Claim, Judged, Rules, judge, tolerated
from anyshore.activities.bank.book import Book, Named
from anyshore.activities.bank.items import Allocation, Evidence, Line, Match, Outcome
from anyshore.activities.bank.learning import Learned
from anyshore.activities.common import money

_REFERENCES = frozenset({"structured reference", "reference", "part of reference"})
_PLACES = 2
"""Decimals of an amount that was converted; the currencies of the world with more are not paid by bank."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """In which currency a line and its items are compared.

    Attributes:
        currency: of the comparison.
        amount: of the line in it, positive.
        rate: by which an amount in the currency of the line is multiplied; none where nothing is converted.
        sign: of the line.
    """

    currency: str
    amount: Decimal
    rate: Decimal | None
    sign: int


def match_all(lines: Iterable[Line], book: Book, rules: Rules, learned: Learned | None = None) -> Iterator[Match]:
    """Matches lines one after the other; what one takes of an item is not open for the next.

    Args:
        lines: in the order they were booked.
        book: the open items; what is matched is taken from it.
        rules: what may be done with a difference.
        learned: from what people said of earlier matches.
    """
    for line in lines:
        found = match(line, book, rules, learned)
        for one in found.allocations:
            book.take(one.item, one.cleared)
        yield found


def match(line: Line, book: Book, rules: Rules, learned: Learned | None = None) -> Match:
    """What a line is for. Nothing is taken from the book."""
    known = learned or Learned()
    if not line.amount or line.returned:
        return Match(line.id, "none", rest=line.amount, reason="returned payment" if line.returned else "no amount")
    partner, evidence = book.payer(line, known)
    named = book.named(line, partner)
    found = decided(line, book, rules, named, partner, known) if named else None
    if found and (found.outcome != "none" or found.candidates or found.evidence != "part of reference"):
        return found
    ids = book.of_partner(partner, line) if partner else ()
    if not ids:
        reason = f"no open item of {partner}" if partner else "neither a reference nor the partner is known"
        return Match(line.id, "none", rest=line.amount, reason=reason, partner=partner)
    return decided(line, book, rules, Named(ids, evidence, False), partner, known)


def decided(line: Line, book: Book, rules: Rules, named: Named, partner: str, learned: Learned | None = None) -> Match:
    """What a line is for among the items that are named, by the payer or by somebody who knows.

    Args:
        line: the line.
        book: with the items.
        rules: what may be done with a difference.
        named: the items.
        partner: who pays, where that is known.
        learned: from what people said of earlier matches.
    """
    known = learned or Learned()
    by_reference = named.evidence in _REFERENCES
    measure = _measure(line, book, named.ids)
    claims = _claims(book, named.ids, line, measure)
    against = () if by_reference or not partner else book.against(partner, line)
    credits = _claims(book, against, line, measure)
    judged = judge(measure.amount, claims, rules, named=by_reference, credits=credits)
    judged = _exchanged(judged, claims, measure, book, rules)
    if judged.outcome == "none":
        reason = "several items fit equally well" if judged.candidates else "the amount fits no item"
        return Match(
            line.id, "none", rest=line.amount, evidence=named.evidence, reason=reason, partner=partner,
            candidates=judged.candidates,
        )  # fmt: skip
    allocations, rest = _allocated(line, book, judged, measure)
    undone = known.undone(line.id, judged.items)
    automatic = undone is None and _is_sure(line, named, judged, claims, measure, rules)
    reason = _reason(named.evidence, known.times(line)) if undone is None else f"was undone before: {undone}"
    return Match(
        line.id, judged.outcome, allocations, rest, automatic, named.evidence, reason,
        partner=partner or book.items[judged.items[0]].partner,
    )  # fmt: skip


def _reason(evidence: Evidence, times: int) -> str:
    return f"payer was confirmed {times} times" if evidence == "learned" else f"by {evidence}"


def _is_sure(
    line: Line, named: Named, judged: Judged, claims: Sequence[Claim], measure: _Measure, rules: Rules
) -> bool:
    """Whether a match may be booked without a person."""
    if not named.sure or set(judged.items) != set(named.ids) or judged.outcome in ("partial", "within tolerance"):
        return False
    if judged.outcome == "exact":
        return True
    known = bool(line.partner or line.iban or named.evidence == "structured reference")
    if judged.outcome == "write-off":
        return known
    owed = money.add(*(claim.amount for claim in claims))
    excess = money.multiply(money.subtract(measure.amount, owed), Decimal(100))
    return known and excess <= money.multiply(owed, rules.automatic_excess_percent)


def _measure(line: Line, book: Book, ids: Sequence[str]) -> _Measure:
    """The currency of the line; the one it was paid in, where items are in that."""
    sign = 1 if line.amount > 0 else -1
    currencies = {book.items[item].currency for item in ids}
    foreign = line.foreign_amount
    if not foreign or line.foreign_currency not in currencies or line.foreign_currency == line.currency:
        return _Measure(line.currency, abs(line.amount), None, sign)
    rate = money.divide(abs(foreign), abs(line.amount), 12)
    return _Measure(line.foreign_currency, abs(foreign), rate if line.currency in currencies else None, sign)


def _claims(book: Book, ids: Sequence[str], line: Line, measure: _Measure) -> list[Claim]:
    """Items as claims, credits before debts and the oldest first; without those in a currency that is not compared."""
    made = []
    for item in ids:
        amount = book.open[item] * measure.sign
        if book.items[item].currency == measure.currency:
            made.append(Claim(item, amount))
        elif measure.rate is not None and book.items[item].currency == line.currency:
            made.append(Claim(item, _rounded(money.multiply(amount, measure.rate))))
    return sorted(made, key=lambda claim: _age(book, claim))


def _age(book: Book, claim: Claim) -> tuple[bool, date, str, str]:
    one = book.items[claim.item]
    return claim.amount > 0, one.dated or date.max, one.number, one.id


def _rounded(amount: Decimal) -> Decimal:
    return money.divide(amount, Decimal(1), _PLACES) or Decimal(0)


def _exchanged(judged: Judged, claims: Sequence[Claim], measure: _Measure, book: Book, rules: Rules) -> Judged:
    """A difference of a converted amount is one of exchange rates: within the tolerance it is neither."""
    if measure.rate is None or judged.outcome not in ("excess", "write-off", "none") or judged.candidates:
        return judged
    chosen = [claim for claim in claims if not judged.items or claim.item in judged.items]
    if len({book.items[claim.item].currency for claim in chosen}) < 2:
        return judged
    total = money.add(*(claim.amount for claim in chosen))
    high, low = max(total, measure.amount), min(total, measure.amount)
    if not tolerated(high, low, rules):
        return judged
    return Judged("within tolerance", tuple(claim.item for claim in chosen))


def _allocated(line: Line, book: Book, judged: Judged, measure: _Measure) -> tuple[tuple[Allocation, ...], Decimal]:
    """What of the line goes to each item; the last one of a payment that is short bears what is missing.

    The amounts and the rest add up to the line, to the last unit: what rounding of converted amounts leaves goes to
    the last item, too.
    """
    items = sorted(judged.items, key=lambda item: _age(book, Claim(item, book.open[item] * measure.sign)))
    exact = judged.outcome == "exact"
    left, made = line.amount, []
    for item in items:
        owed, currency = book.open[item], book.items[item].currency
        share = _in_line(owed, currency, line)
        enough = exact or share * measure.sign <= left * measure.sign
        paid = left if not enough or (exact and item == items[-1]) else share
        made.append(_allocation(item, owed, paid, currency, line, judged.outcome, closes=enough))
        left = money.subtract(left, paid)
    return tuple(made), left


def _allocation(
    item: str, owed: Decimal, paid: Decimal, currency: str, line: Line, outcome: Outcome, *, closes: bool
) -> Allocation:
    if closes:
        return Allocation(item, paid, owed)
    settled = _in_item(paid, currency, line)
    if outcome == "partial":
        return Allocation(item, paid, settled)
    return Allocation(item, paid, owed, money.subtract(owed, settled))


def _in_line(amount: Decimal, currency: str, line: Line) -> Decimal:
    """An amount of an item in the currency of the line."""
    if currency == line.currency or not line.foreign_amount:
        return amount
    found = money.divide(money.multiply(amount, abs(line.amount)), abs(line.foreign_amount), _PLACES)
    return found if found is not None else amount


def _in_item(amount: Decimal, currency: str, line: Line) -> Decimal:
    """An amount of the line in the currency of an item."""
    if currency == line.currency or not line.foreign_amount:
        return amount
    found = money.divide(money.multiply(amount, abs(line.foreign_amount)), abs(line.amount), _PLACES)
    return found if found is not None else amount
