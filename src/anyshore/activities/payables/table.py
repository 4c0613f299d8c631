"""The activities of accounts payable, the records they keep, and the files their reference data comes in."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.common import postings
from anyshore.activities.payables import (
    accounts,
    booking,
    buyers,
    claims,
    duplicates,
    matching,
    orders,
    receipts,
    sellers,
    simulated_orders,
    tolerances,
    usage,
)

_MATCHED = (orders.KIND, tolerances.KIND, receipts.KIND, postings.KIND, usage.CLAIM, usage.RELEASE)
"""What an invoice is measured beside."""

FAMILY = Family(
    activities=(
        Activity(
            "payables.check-seller",
            "Says whether the seller is approved and the accounts to pay to are on record.",
            sellers.check_seller,
            sellers.SellerInput,
            sellers.SellerOutcome,
            reads=(sellers.KIND, accounts.KIND),
        ),
        Activity(
            "payables.confirm-accounts",
            "Keeps accounts of an invoice that a call to the seller confirmed, with who called whom.",
            accounts.confirm_accounts,
            accounts.ConfirmInput,
            accounts.ConfirmOutcome,
            writes=(accounts.KIND,),
        ),
        Activity(
            "payables.check-buyer",
            "Says whether an invoice is for the client: by name or number, with the terms and the buyers on record.",
            buyers.check_buyer,
            buyers.BuyerInput,
            buyers.BuyerOutcome,
            reads=(buyers.KIND,),
        ),
        Activity(
            "payables.find-duplicates",
            "Registers an invoice and finds earlier ones it could be a duplicate of.",
            duplicates.find_duplicates,
            duplicates.DuplicatesInput,
            duplicates.DuplicatesOutcome,
            reads=(duplicates.KIND,),
            writes=(duplicates.KIND,),
        ),
        Activity(
            "payables.match-order",
            "Measures how an invoice differs from its order, the goods receipts and what was invoiced on them before.",
            matching.match_order,
            matching.MatchInput,
            matching.MatchOutcome,
            reads=_MATCHED,
        ),
        Activity(
            "payables.claim-order",
            "Claims what an invoice takes of its order, then measures again beside the claims that came before.",
            claims.claim_order,
            claims.ClaimInput,
            claims.ClaimOutcome,
            reads=_MATCHED,
            writes=(usage.CLAIM,),
        ),
        Activity(
            "payables.release-order",
            "Gives back what an invoice had claimed of its order that is not booked after all.",
            claims.release_order,
            claims.ReleaseInput,
            claims.ReleaseOutcome,
            writes=(usage.RELEASE,),
        ),
        Activity(
            "payables.book",
            "Appends the posting of an invoice or credit note, once.",
            booking.book,
            booking.BookInput,
            booking.BookOutcome,
            reads=(postings.KIND,),
            writes=(postings.KIND,),
        ),
        Activity(
            "payables.make-up-references",
            "Makes up orders, approved sellers and buyers from invoices: to try a process, never to pay.",
            simulated_orders.make_up,
            simulated_orders.MakeUpInput,
            simulated_orders.MakeUpOutcome,
            reads_documents=True,
            writes=(orders.KIND, sellers.KIND, buyers.KIND),
            tries=True,
        ),
    ),
    records={
        orders.KIND: "a purchase order of the client, key: its number",
        receipts.KIND: "what the client received of a purchase order, key: number, order and line",
        tolerances.KIND: "what is let pass when invoices are matched, key: order, seller and item it is for",
        sellers.KIND: "an approved seller, key: seller key",
        buyers.KIND: "a name under which the client is invoiced, key: name and numbers",
        accounts.KIND: "accounts of a seller confirmed by a call, key: idempotency key of the job that kept them",
        usage.CLAIM: "what an invoice takes of a purchase order, key: idempotency key of the job that claimed it",
        usage.RELEASE: "a claim that was given back, key: key of the claim",
        duplicates.KIND: "an invoice that was received, key: idempotency key of the job that registered it",
        postings.KIND: "a posting in the general ledger, key: idempotency key of the job that booked it",
    },
    readers={
        "payables.orders": lambda content, file: orders.rows(orders.read_orders(content, file)),
        "payables.receipts": lambda content, file: receipts.rows(receipts.read_receipts(content, file)),
        "payables.rules": lambda content, file: tolerances.rows(tolerances.read_rules(content, file)),
        "payables.buyers": lambda content, file: buyers.rows(buyers.read_buyers(content, file)),
        "payables.sellers": lambda content, file: sellers.rows(sellers.read_sellers(content, file)),
    },
)
