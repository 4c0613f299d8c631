"""The activities of calls, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.calls import contacts

FAMILY = Family(
    activities=(
        Activity(
            "calls.history",
            "Gives the earlier calls of a customer, newest first.",
            contacts.history,
            contacts.HistoryInput,
            contacts.HistoryOutcome,
            reads=(contacts.CONTACT,),
        ),
        Activity(
            "calls.keep",
            "Keeps a call once, a recording only by its place and with consent, and draws whether it is listened to.",
            contacts.keep,
            contacts.KeepInput,
            contacts.KeepOutcome,
            reads=(contacts.CONTACT,),
            writes=(contacts.CONTACT,),
        ),
    ),
    records={contacts.CONTACT: "a call of a customer, key: its number at the exchange"},
)
