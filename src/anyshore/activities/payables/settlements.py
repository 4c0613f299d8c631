"""Which earlier invoices an invoice stands for or sets off: a correction (384) one, a final invoice its down payments.

Both hold the tax of the earlier invoice once more (§ 14 (5) UStG: a final invoice states the whole amount and takes off
what was asked before), so booked beside each other they would deduct input tax twice (§ 15 (1) no. 1 UStG). Where it
is beyond doubt which are meant, they are reversed with the booking; where it is not, a person says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import money
from anyshore.activities.common.parties import seller_key
from anyshore.activities.common.postings import KIND as POSTING
from anyshore.activities.einvoice.model import Invoice, PrecedingInvoice
from anyshore.activities.payables.attempts import attempts
from anyshore.activities.payables.identity import same_number
from anyshore.base.plain import from_values

Outcome = Literal["nothing", "clear", "unclear", "told"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A booked invoice that may be meant, and is settled by none yet."""

    number: str
    issue_date: date
    net: Decimal
    vat: Decimal
    gross: Decimal
    down_payment: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an invoice settles.

    Attributes:
        outcome: ``clear`` where it is beyond doubt, ``nothing`` where there is nothing to settle, ``told`` where a
            person said what it is.
        postings: keys of the postings that are reversed.
        numbers: of their invoices (BT-1).
        net: sum of their totals without VAT.
        vat: sum of their VAT.
        candidates: what may be meant, where it is unclear.
        named: the numbers a person named; none where nobody was asked, empty where it settles nothing.
        unknown: those of them of which there is no invoice to settle: none or several are booked, it was settled, or
            it was paid and cannot be corrected by an invoice over the whole amount.
    """

    outcome: Outcome = "nothing"
    postings: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    candidates: tuple[Candidate, ...] = ()
    named: tuple[str, ...] | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Booked:
    """What of a posting says whether it is the one meant."""

    key: str
    number: str
    issue_date: date
    order: str | None
    net: Decimal
    vat: Decimal
    gross: Decimal
    down_payment: bool = False


NOTHING, _UNCLEAR = Settlement(), Settlement("unclear")


def find(
    invoice: Invoice,
    order: str,
    context: ActivityContext,
    claimed: Iterable[str] = (),
    named: tuple[str, ...] | None = None,
) -> Settlement:
    """What an invoice on an order settles.

    Args:
        invoice: the invoice.
        order: number of its order: what it settles was booked on the same.
        context: where postings and payments are.
        claimed: postings that invoices which came before are about to settle.
        named: numbers of the invoices a person says it settles; none where nobody was asked.
    """
    if invoice.is_credit_note or invoice.kind == "down payment":
        return NOTHING
    rows = context.records(POSTING).find(seller=seller_key(invoice.seller), currency=invoice.currency)
    gone = reversed_keys(rows) | set(claimed)
    booked = [_booked(row) for row in rows if row.key not in gone and not row.data.get("reverses")]
    if named is not None:
        return _told(invoice, named, booked, context)
    on_order = [one for one in booked if one.order == order]
    found = _beyond_doubt(invoice, booked, on_order, context)
    if found.outcome != "unclear":
        return found
    referred = [one for one in booked if any(_meant(reference, one) for reference in invoice.preceding)]
    downs = [] if invoice.kind == "corrected invoice" else [one for one in on_order if one.down_payment]
    meant = {one.key: one for one in (*referred, *downs) if one.gross > 0}
    return replace(found, candidates=tuple(_candidate(one) for one in meant.values()))


def _beyond_doubt(
    invoice: Invoice, booked: list[_Booked], on_order: list[_Booked], context: ActivityContext
) -> Settlement:
    if invoice.kind == "corrected invoice":
        return _corrected(invoice, on_order, context)
    prepaid = invoice.totals.prepaid or Decimal(0)
    downs = [one for one in on_order if one.down_payment]
    if prepaid or downs:
        return _set_off(invoice, prepaid, downs)
    return _UNCLEAR if invoice.preceding else NOTHING


def _told(invoice: Invoice, named: tuple[str, ...], booked: list[_Booked], context: ActivityContext) -> Settlement:
    """What a person named, each of one booked invoice of the seller; unclear while one of the numbers is of none."""
    chosen: dict[str, _Booked] = {}
    unknown = []
    for number in named:
        found = [one for one in booked if one.gross > 0 and same_number(number, one.number)]
        paid = invoice.kind == "corrected invoice" and any(attempts(one.key, context)[1] is not None for one in found)
        if len(found) != 1 or paid:
            unknown.append(number)
        else:
            chosen[found[0].key] = found[0]
    if unknown:
        meant = tuple(_candidate(one) for one in chosen.values())
        return Settlement("unclear", candidates=meant, named=named, unknown=tuple(unknown))
    return replace(_clear(list(chosen.values())), outcome="told", named=named)


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of invoices in what a person wrote, separated by commas, semicolons or lines."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", text) if part.strip()))


def reversed_keys(rows: Iterable[Record], *, corrected: bool = False) -> set[str]:
    """Keys of the postings that others take back.

    Args:
        rows: postings.
        corrected: those only whose invoices were corrected, so that nothing is due on them any more.
    """
    found = (row.data for row in rows if row.data.get("reverses") and (not corrected or row.data.get("corrected")))
    return {str(data["reverses"]) for data in found}


def _corrected(invoice: Invoice, booked: list[_Booked], context: ActivityContext) -> Settlement:
    """The one invoice a correction stands for: named, booked, of the same order, and nothing is paid on it yet."""
    if len(invoice.preceding) != 1 or invoice.totals.gross <= 0 or invoice.totals.prepaid:
        return _UNCLEAR
    found = [one for one in booked if one.gross > 0 and _meant(invoice.preceding[0], one)]
    if len(found) != 1 or found[0].down_payment or attempts(found[0].key, context)[1] is not None:
        return _UNCLEAR
    return _clear(found)


def _set_off(invoice: Invoice, prepaid: Decimal, downs: list[_Booked]) -> Settlement:
    """The down payments of an order, all or those the invoice names, where they are what it takes off (BT-113)."""
    chosen = downs
    if invoice.preceding:
        named = [[one for one in downs if _meant(reference, one)] for reference in invoice.preceding]
        if any(len(found) != 1 for found in named):
            return _UNCLEAR
        chosen = list({found[0].key: found[0] for found in named}.values())
    if not chosen or money.add(*(one.gross for one in chosen)) != prepaid:
        return _UNCLEAR
    return _clear(chosen)


def _clear(chosen: list[_Booked]) -> Settlement:
    return Settlement(
        "clear", tuple(one.key for one in chosen), tuple(one.number for one in chosen),
        money.add(*(one.net for one in chosen)), money.add(*(one.vat for one in chosen)),
    )  # fmt: skip


def _candidate(one: _Booked) -> Candidate:
    return Candidate(one.number, one.issue_date, one.net, one.vat, one.gross, one.down_payment)


def _meant(reference: PrecedingInvoice, one: _Booked) -> bool:
    dated = reference.issue_date is None or reference.issue_date == one.issue_date
    return dated and same_number(reference.number, one.number)


def _booked(row: Record) -> _Booked:
    names = ("number", "issue_date", "order", "net", "vat", "gross", "down_payment")
    return from_values(
        _Booked, {"key": row.key} | {name: row.data[name] for name in names if name in row.data}, POSTING
    )
