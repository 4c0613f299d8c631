"""The activities of accounts payable, the records they keep, and the files their reference data comes in."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.common import postings
from anyshore.activities.payables import booking, duplicates, matching, orders, sellers, simulated_orders

FAMILY = Family(
    activities=(
        Activity(
            "payables.check-seller",
            "Says whether the seller is approved and the accounts to pay to are on record.",
            sellers.check_seller,
            sellers.SellerInput,
            sellers.SellerOutcome,
            reads=(sellers.KIND,),
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
            "Measures how an invoice differs from its purchase order and from what was invoiced on it before.",
            matching.match_order,
            matching.MatchInput,
            matching.MatchOutcome,
            reads=(orders.KIND, postings.KIND),
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
            "Makes up orders and approved sellers from invoices: to try a process, never to pay.",
            simulated_orders.make_up,
            simulated_orders.MakeUpInput,
            simulated_orders.MakeUpOutcome,
            reads_documents=True,
            writes=(orders.KIND, sellers.KIND),
            tries=True,
        ),
    ),
    records={
        orders.KIND: "a purchase order of the client, key: its number",
        sellers.KIND: "an approved seller, key: seller key",
        duplicates.KIND: "an invoice that was received, key: idempotency key of the job that registered it",
        postings.KIND: "a posting in the general ledger, key: idempotency key of the job that booked it",
    },
    readers={
        "payables.orders": lambda content, file: orders.rows(orders.read_orders(content, file)),
        "payables.sellers": lambda content, file: sellers.rows(sellers.read_sellers(content, file)),
    },
)
