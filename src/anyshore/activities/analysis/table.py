"""The activities of analyses."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.analysis import checking, computing, proposing

FAMILY = Family(
    activities=(
        Activity(
            "analysis.seal",
            "Fixes a question and the decision that hangs on it by their digest.",
            computing.seal,
            computing.SealInput,
            computing.SealOutcome,
        ),
        Activity(
            "analysis.check-data",
            "Checks a table against its data contract (ODCS 3.1), and tells every row that breaks it.",
            checking.check_data,
            checking.CheckInput,
            checking.CheckOutcome,
            reads_documents=True,
        ),
        Activity(
            "analysis.compute",
            "Computes a plan of statistics, and tells where the results delivered differ.",
            computing.compute,
            computing.ComputeInput,
            computing.ComputeOutcome,
            reads_documents=True,
        ),
        Activity(
            "analysis.rerun",
            "Compares another person's run of a plan with its results, byte for byte.",
            computing.rerun,
            computing.RerunInput,
            computing.RerunOutcome,
            reads_documents=True,
        ),
        Activity(
            "analysis.record",
            "Tells where findings come from, in PROV-JSON, and whether the question is the one that was fixed.",
            computing.record,
            computing.RecordInput,
            computing.RecordOutcome,
            reads_documents=True,
        ),
        Activity(
            "analysis.read-findings",
            "Says which tests of results are significant, each with its line; and runs the plan anew.",
            proposing.read_findings,
            proposing.FindingsInput,
            proposing.FindingsOutcome,
            reads_documents=True,
            tries=True,
        ),
    ),
)
