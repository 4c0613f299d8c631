"""The activities of a helpdesk, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.helpdesk import answering, keeping, reading, records, sorting
from anyshore.mail.composing import OUTBOX

KEPT = (records.TICKET, records.MAIL, records.PARTY)

FAMILY = Family(
    activities=(
        Activity(
            "helpdesk.read",
            "Reads a mail or what a form says: who it is from, what is new, to which ticket it belongs.",
            reading.read,
            reading.ReadInput,
            reading.Read,
            reads_documents=True,
            reads=(records.DESK, records.ADDRESS, records.STATE, *KEPT),
            writes=KEPT,
        ),
        Activity(
            "helpdesk.sort",
            "Says what a request is about, by what was sorted before, or that it does not know.",
            sorting.sort,
            sorting.SortInput,
            sorting.Sorted,
            reads=(records.TAUGHT, records.CORRECTED),
        ),
        Activity(
            "helpdesk.correct",
            "Keeps what a person says a request is about, to be learnt from.",
            sorting.correct,
            sorting.CorrectInput,
            sorting.Corrected,
            writes=(records.CORRECTED,),
        ),
        Activity(
            "helpdesk.propose",
            "Proposes replies from the templates of what a request is about.",
            answering.propose,
            answering.ProposeInput,
            answering.Proposed,
            reads=(records.TEMPLATE,),
        ),
        Activity(
            "helpdesk.reply",
            "Writes a mail to a customer, which comes back to its ticket when it is answered.",
            answering.write,
            answering.ReplyInput,
            answering.Reply,
            reads=(records.DESK, records.ADDRESS, records.TEMPLATE, OUTBOX),
            writes=(OUTBOX, records.NUMBER, records.TOLD, records.MAIL, records.PARTY),
        ),
        Activity(
            "helpdesk.keep",
            "Keeps that a ticket is closed, open again or merged into another.",
            keeping.keep,
            keeping.KeepInput,
            keeping.Kept,
            reads=(records.TICKET, records.STATE, records.ADDRESS),
            writes=(records.STATE, records.PARTY),
        ),
    ),
    records={
        records.DESK: "an address that takes mail, key: its name",
        records.ADDRESS: "an address of a customer, key: the address",
        records.TEMPLATE: "a text replies are made of, key: its name and language",
        records.TAUGHT: "a request that was sorted, key: its text",
        records.CORRECTED: "what a person said a request is about, key: idempotency key of the job",
        records.TICKET: "a ticket, key: idempotency key of the job that opened it",
        records.STATE: "what a ticket became, key: idempotency key of the job",
        records.MAIL: "to which ticket a mail belongs, key: digest of its Message-ID",
        records.PARTY: "an address with a part in a ticket, key: both",
        records.TOLD: "that an address was written to automatically, key: the address and the day",
        records.NUMBER: "the number of a mail that goes out, key: idempotency key of the job",
        OUTBOX: "a mail that goes out, key: idempotency key of the job",
    },
)
