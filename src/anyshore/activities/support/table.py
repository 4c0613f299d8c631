"""The activities of technical support, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.support import diagnosing, incidents, records

FAMILY = Family(
    activities=(
        Activity(
            "support.open",
            "Names an incident, and finds the known errors that fit it.",
            incidents.open_incident,
            incidents.OpenInput,
            incidents.OpenOutcome,
            reads=(records.KNOWN, records.INCIDENT),
            writes=(records.INCIDENT,),
        ),
        Activity(
            "support.diagnose",
            "Ranks causes by probability over cost, and says what to look at next.",
            diagnosing.diagnose,
            diagnosing.DiagnoseInput,
            diagnosing.DiagnoseOutcome,
            reads=(records.NETWORK, records.COST),
        ),
        Activity(
            "support.link",
            "Links an incident to its cause; where it comes again, a problem record is opened.",
            incidents.link,
            incidents.LinkInput,
            incidents.LinkOutcome,
            reads=(records.KNOWN, records.LINK, records.PROBLEM),
            writes=(records.LINK, records.PROBLEM),
        ),
    ),
    records={
        records.INCIDENT: "an incident, key: idempotency key of the job that opened it",
        records.NETWORK: "a network of faults in the Bayesian Interchange Format, key: its name",
        records.COST: "what mending a cause or looking at something costs, key: network and variable",
        records.KNOWN: "a known error with its workaround, key: its id",
        records.PROBLEM: "a problem, key: its cause",
        records.LINK: "the cause of an incident, key: idempotency key of the job",
    },
    readers={"support.network": records.network_rows},
)
