"""The activities of marked clauses, with which runs without people are played."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.clauses import marks

FAMILY = Family(
    activities=(
        Activity(
            "clauses.read-marks",
            "Says what lawyers marked in a contract, with every passage placed in its text.",
            marks.read_marks,
            marks.MarksInput,
            marks.MarksOutcome,
            reads_documents=True,
            reads=(marks.KIND,),
            tries=True,
        ),
    ),
    records={marks.KIND: "what lawyers marked in a contract, key: letters of its name"},
    readers={"clauses.marks": marks.read},
)
