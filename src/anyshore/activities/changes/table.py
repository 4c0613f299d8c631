"""The activities of changes, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.changes import delivering, planning, records

FAMILY = Family(
    activities=(
        Activity(
            "changes.estimate",
            "Adds the three-point estimates of a plan, and says how sure they are.",
            planning.estimate,
            planning.EstimateInput,
            planning.EstimateOutcome,
            reads=(records.PACKAGE,),
        ),
        Activity(
            "changes.calendar",
            "Finds frozen times and other changes in the way, and claims a slot.",
            planning.calendar,
            planning.CalendarInput,
            planning.CalendarOutcome,
            reads=(records.FREEZE, records.SLOT, records.BACK),
            writes=(records.SLOT, records.BACK),
        ),
        Activity(
            "changes.plan",
            "Plans work packages under scarce teams, with a Gantt chart.",
            planning.plan,
            planning.PlanInput,
            planning.PlanOutcome,
            reads=(records.PACKAGE, records.TEAM),
        ),
        Activity(
            "changes.value",
            "Compares planned, earned and actual hours: SPI, CPI.",
            delivering.earned,
            delivering.ValueInput,
            delivering.ValueOutcome,
        ),
        Activity(
            "changes.checklist",
            "Says which items of the handover are open.",
            delivering.checklist,
            delivering.ChecklistInput,
            delivering.ChecklistOutcome,
            reads=(records.ITEM,),
        ),
        Activity(
            "changes.note",
            "Keeps what became of a change.",
            delivering.note,
            delivering.MadeInput,
            delivering.MadeOutcome,
            writes=(records.MADE,),
        ),
        Activity(
            "changes.figures",
            "Tells how often, how fast and how well changes were made (DORA).",
            delivering.figures,
            delivering.FiguresInput,
            delivering.FiguresOutcome,
            reads=(records.MADE,),
        ),
    ),
    records={
        records.PACKAGE: "a work package of a plan, key: plan and package",
        records.TEAM: "a team and its people, key: its name",
        records.FREEZE: "a time in which nothing is changed, key: its name",
        records.ITEM: "an item of the handover, key: its id",
        records.SLOT: "a slot a change asked for, key: idempotency key of the job",
        records.BACK: "a slot that was given back, key: idempotency key of the job",
        records.MADE: "what became of a change, key: idempotency key of the job",
    },
)
