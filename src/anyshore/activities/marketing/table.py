"""The activities of marketing operations, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.marketing import coming_back, records, sending
from anyshore.mail.composing import OUTBOX, STOPPED

ON_RECORD = (records.CONTACT, records.CONSENT, records.EVENT, records.LIMIT, records.SUPPRESSED, STOPPED)

FAMILY = Family(
    activities=(
        Activity(
            "marketing.count",
            "Counts who a campaign would reach now, and why others are held back.",
            sending.count,
            sending.CountInput,
            sending.Counted,
            reads=(*ON_RECORD, records.SENDER, records.MESSAGE),
        ),
        Activity(
            "marketing.send",
            "Writes the messages of a wave, asking about each person at that moment.",
            sending.send,
            sending.WaveInput,
            sending.Wave,
            reads=(*ON_RECORD, records.SENDER, records.MESSAGE),
            writes=(records.MESSAGE, OUTBOX),
        ),
        Activity(
            "marketing.read",
            "Reads a mail that came back: a bounce, a complaint, or somebody who wants out.",
            coming_back.read,
            coming_back.ReadInput,
            coming_back.Returned,
            reads_documents=True,
            reads=(records.MESSAGE,),
        ),
        Activity(
            "marketing.note",
            "Keeps what somebody did, and takes back at once what has not left yet and may no longer.",
            coming_back.note,
            coming_back.NoteInput,
            coming_back.Noted,
            reads=(records.CONTACT, records.MESSAGE),
            writes=(records.EVENT, STOPPED, records.SUPPRESSED),
        ),
        Activity(
            "marketing.measure",
            "Counts what a campaign brought, and says what a test of two versions shows.",
            coming_back.measure,
            coming_back.MeasureInput,
            coming_back.Measured,
            reads=(records.MESSAGE, records.EVENT, STOPPED),
        ),
    ),
    records={
        records.CONTACT: "somebody who may be reached, key: id",
        records.CONSENT: "a consent, withdrawal or sale of a list, key: person, what, purpose, channel and day",
        records.LIMIT: "a cap or quiet hours that hold for all campaigns, key: name",
        records.SENDER: "who mails come from, key: id",
        records.EVENT: "what somebody did, key: idempotency key of the job that noted it",
        records.MESSAGE: "the one message of a campaign to a person, key: digest of both",
        records.SUPPRESSED: "that an address is never written to, key: its keyed hash",
        STOPPED: "that a mail does not leave, key: that of the mail",
    },
)
