"""The activities of receivables and dunning, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.receivables import accounts, assessing, collecting, letters

_BOOKS = (
    accounts.INVOICE, accounts.PAYMENT, accounts.DEBTOR, accounts.PROMISE, accounts.INSTALMENT, accounts.RATE,
    accounts.LETTER, accounts.HAND_OVER,
)  # fmt: skip

FAMILY = Family(
    activities=(
        Activity(
            "receivables.assess",
            "Says what is open on a day, how overdue, how far dunned, and what holds dunning.",
            assessing.assess,
            assessing.AssessInput,
            assessing.AssessOutcome,
            reads=_BOOKS,
        ),
        Activity(
            "receivables.remind",
            "Sends a reminder of a level once; what is disputed or settled is not touched.",
            letters.remind,
            letters.RemindInput,
            letters.RemindOutcome,
            reads=(accounts.LETTER,),
            writes=(accounts.LETTER,),
        ),
        Activity(
            "receivables.hand-over",
            "Hands an invoice over to a lawyer or collector, once, with its claim as a file.",
            letters.hand_over,
            letters.HandOverInput,
            letters.HandOverOutcome,
            reads=(accounts.HAND_OVER,),
            writes=(accounts.HAND_OVER,),
        ),
        Activity(
            "receivables.statement",
            "Makes the statement of account of a customer.",
            letters.statement,
            letters.StatementInput,
            letters.StatementOutcome,
            reads=_BOOKS,
        ),
        Activity(
            "receivables.propose-collections",
            "Finds invoices that are due and whose debtors gave a mandate, and says when each can be debited.",
            collecting.propose,
            collecting.CollectInput,
            collecting.ProposeOutcome,
            reads=(*_BOOKS, collecting.MANDATE, collecting.CREDITOR, collecting.COLLECTION),
        ),
        Activity(
            "receivables.order-collections",
            "Makes the direct debits a person signed (pain.008.001.08), each invoice in one only.",
            collecting.order,
            collecting.OrderInput,
            collecting.OrderOutcome,
            reads=(collecting.CREDITOR, collecting.COLLECTION),
            writes=(collecting.COLLECTION,),
        ),
    ),
    records={
        accounts.INVOICE: "an invoice to a customer, key: its number",
        accounts.PAYMENT: "a payment of a customer, key: its number",
        accounts.DEBTOR: "a customer, key: its number",
        accounts.PROMISE: "a promise to pay, key: invoice and day",
        accounts.INSTALMENT: "an agreed instalment, key: invoice and day",
        accounts.RATE: "a base rate that was looked up, key: first day",
        accounts.LETTER: "a reminder that was sent, key: invoice and level",
        collecting.MANDATE: "a mandate for direct debits, key: its reference",
        collecting.CREDITOR: "who collects by direct debit, key: name",
        collecting.COLLECTION: "an invoice that is collected by direct debit, key: its number",
        accounts.HAND_OVER: "an invoice that was handed over, key: its number",
    },
)
