"""The activities of business research."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.research import checking, proposing

FAMILY = Family(
    activities=(
        Activity(
            "research.check-dossier",
            "Checks a dossier: sentences cited word for word, contradictions side by side, old sources, who is meant.",
            checking.check,
            checking.CheckInput,
            checking.CheckOutcome,
            reads_documents=True,
        ),
        Activity(
            "research.read-findings",
            "Says what a dossier states, each sentence with the words it rests on.",
            proposing.read_findings,
            proposing.FindingsInput,
            proposing.FindingsOutcome,
            reads_documents=True,
            tries=True,
        ),
    ),
)
