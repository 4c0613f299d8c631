"""The activities of surveys."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.surveys import checking, proposing

FAMILY = Family(
    activities=(
        Activity(
            "surveys.check-tables",
            "Makes tables anew from their field file, and tells every line that differs; effective cases, speeders.",
            checking.check_tables,
            checking.CheckInput,
            checking.CheckOutcome,
            reads_documents=True,
        ),
        Activity(
            "surveys.read-findings",
            "Says which columns of tables stand out, each with the line of its cell.",
            proposing.read_findings,
            proposing.FindingsInput,
            proposing.FindingsOutcome,
            reads_documents=True,
            tries=True,
        ),
    ),
)
