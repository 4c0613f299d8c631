"""The activities of payroll, the records they keep, and the files their reference data comes in."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.common.sheet import Sheet
from anyshore.activities.payroll import charts, computing, explaining, months, people, sheets, slips

ON_RECORD = (people.EMPLOYEE, people.TAX, people.FUND, charts.KIND, slips.KIND)

FAMILY = Family(
    activities=(
        Activity(
            "payroll.compute",
            "Computes a payslip from what is on record and what the month brought; every figure is opened.",
            computing.compute,
            computing.ComputeInput,
            computing.ComputeOutcome,
            reads=ON_RECORD,
        ),
        Activity(
            "payroll.record",
            "Keeps a payslip, or the difference by which a released one is corrected.",
            slips.record,
            slips.RecordInput,
            slips.RecordOutcome,
            reads=(slips.KIND,),
            writes=(slips.KIND,),
        ),
        Activity(
            "payroll.gather",
            "Gathers the payslips of a month that no release holds yet, with their sums.",
            months.gather,
            months.GatherInput,
            months.GatherOutcome,
            reads=(slips.KIND, slips.RELEASE, people.EMPLOYER),
        ),
        Activity(
            "payroll.release",
            "Freezes payslips in one release and gives payments, journal and lists.",
            months.release,
            months.ReleaseInput,
            months.ReleaseOutcome,
            reads=(slips.KIND, slips.RELEASE, people.EMPLOYER),
            writes=(slips.RELEASE,),
        ),
        Activity(
            "payroll.explain",
            "Opens a figure of a recorded payslip: its formula, its law, its operands and their sources.",
            explaining.explain,
            explaining.ExplainInput,
            explaining.ExplainOutcome,
            reads=(slips.KIND,),
        ),
        Activity(
            "payroll.sheet",
            "Shows a recorded payslip with the sums of the year, every figure opened.",
            sheets.sheet,
            sheets.SheetInput,
            Sheet,
            reads=(slips.KIND,),
        ),
        Activity(
            "payroll.paper",
            "Gives a recorded payslip as PDF, by § 108 GewO and the EBV, in German or English.",
            sheets.paper,
            sheets.PaperInput,
            sheets.PaperOutcome,
            reads=(slips.KIND, people.EMPLOYER),
        ),
    ),
    records={
        people.EMPLOYEE: "an employee from a day on, key: number and day",
        people.TAX: "tax features of an employee from a day on, key: number and day",
        people.FUND: "rates of a health fund from a day on, key: fund and day",
        people.EMPLOYER: "who pays, key: name",
        charts.KIND: "a published flow chart of the wage tax, key: its name",
        slips.KIND: "a payslip or a correction, key: idempotency key of the job that recorded it",
        slips.RELEASE: "a payslip that was released, key: key of the payslip",
    },
    readers={"payroll.charts": charts.rows},
)
