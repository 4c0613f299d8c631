"""The activities on financial reports."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.filings import reading, valuing

FAMILY = Family(
    activities=(
        Activity(
            "filings.read",
            "Reads a filing in XBRL: lines of a standard chart with their facts, and the filer's own sums checked.",
            reading.read,
            reading.ReadInput,
            reading.ReadOutcome,
            reads_documents=True,
        ),
        Activity(
            "filings.value",
            "Values a company by its free cash flows: cost of capital, scenarios, sensitivity, terminal value's share.",
            valuing.value,
            valuing.ValueInput,
            valuing.ValueOutcome,
            reads_documents=True,
        ),
    ),
)
