"""The activities ``payables.claim-order`` and ``payables.release-order``: an order is used up once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common import once
from anyshore.activities.einvoice.model import Invoice
from anyshore.activities.payables import settlements, usage
from anyshore.activities.payables.identity import invoice_key
from anyshore.activities.payables.matching import MatchOutcome, find_order, measure, net_of
from anyshore.activities.payables.tolerances import Tolerances
from anyshore.activities.payables.usage import Claim
from anyshore.base.errors import DataError
from anyshore.base.plain import to_values


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """What to claim.

    Attributes:
        invoice: the invoice about to be booked.
        match: what was measured beside its order.
        tolerances: those it was measured with.
        settles: the earlier invoices a person says it sets off or stands for, their numbers separated by commas, empty
            for none; null where no person said anything.
    """

    invoice: Invoice
    match: MatchOutcome
    tolerances: Tolerances = Tolerances()
    settles: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """What was claimed.

    Attributes:
        claim: key of the claim; none where the invoice has no order.
        match: measured again, with the claims that came before.
    """

    claim: str | None
    match: MatchOutcome


@dataclass(frozen=True, slots=True)
class ReleaseInput:
    """Key of the claim; none where there is nothing to release."""

    claim: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """Whether a claim was released by this call or an earlier attempt at it."""

    released: bool


def claim_order(data: ClaimInput, context: ActivityContext) -> ClaimOutcome:
    """Claims what an invoice takes of its order, then measures it beside what was booked and claimed before.

    Raises:
        DataError: the order is not there any more.
        HostError: the idempotency key was used for another claim.
    """
    invoice, match = data.invoice, data.match
    named = None if data.settles is None else settlements.numbers(data.settles)
    if match.order is None:
        settled = match.settlement if named is None else settlements.find(invoice, "", context, named=named)
        return ClaimOutcome(None, replace(match, settlement=settled))
    order = find_order(match.order, context)
    if order is None:
        message = f"The purchase order {match.order} is not on record any more."
        raise DataError("payables.order-gone", message, hint="Load the purchase orders with it, then try again.")
    settlement = match.settlement
    if named is not None:
        taken = usage.settled_before(order, invoice, context)
        settlement = settlements.find(invoice, order.number, context, taken, named)
    down_payment = invoice.kind == "down payment"
    claim = Claim(
        order.number, invoice.currency, invoice_key(invoice), net_of(invoice), down_payment, match.allocations,
        settlement.postings,
    )  # fmt: skip
    row, _ = once.put(context, usage.CLAIM, to_values(claim))
    again = measure(invoice, order, match.reference, data.tolerances, context, row.sequence, named)
    return ClaimOutcome(row.key, again)


def release_order(data: ReleaseInput, context: ActivityContext) -> ReleaseOutcome:
    """Gives back what an invoice had claimed that is not booked after all; a second time changes nothing."""
    if data.claim is None:
        return ReleaseOutcome(False)
    context.records(usage.RELEASE).put_once(data.claim, {"claim": data.claim})
    return ReleaseOutcome(True)
