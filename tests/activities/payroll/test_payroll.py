"""The activities of payroll on the samples of the service."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.activities.common.postings import sums
from anyshore.activities.memory import MemoryContext
from anyshore.activities.payroll import charts, computing, explaining, months, people, slips
from anyshore.activities.payroll.computing import ComputeInput, ComputeOutcome
from anyshore.activities.payroll.months import Booking, GatherInput, ReleaseInput
from anyshore.base.errors import AnyshoreError, DataError
from anyshore.packs import reading
from anyshore.payroll.wagetax import WageTaxError

SAMPLES = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/payroll/samples"
MARCH = date(2026, 3, 31)
BOOKINGS = tuple(
    Booking(account, side, figure)
    for account, side, figure in (
        ("4120", "debit", "gross"), ("4130", "debit", "social_employer"), ("4130", "debit", "u1"),
        ("4130", "debit", "u2"),
        ("4130", "debit", "insolvency"), ("4130", "debit", "subsidies"), ("4194", "debit", "marginal_flat_tax"),
        ("1740", "credit", "payout"), ("1741", "credit", "taxes"), ("1741", "credit", "marginal_flat_tax"),
        ("1742", "credit", "social_employee"), ("1742", "credit", "social_employer"), ("1742", "credit", "u1"),
        ("1742", "credit", "u2"), ("1742", "credit", "insolvency"),
    )
)  # fmt: skip


@pytest.fixture
def context() -> MemoryContext:
    """The reference data of the samples, as the pack reads it."""
    pack = reading.read(SAMPLES.parent)
    made = MemoryContext()
    for kind, one in pack.references.items():
        content = (SAMPLES / one.file).read_bytes()
        made.load(kind, list(one.read(content, one.file)))
    return made


def compute(context: MemoryContext, employee: str, month: date = MARCH, **given: object) -> ComputeOutcome:
    return computing.compute(ComputeInput(employee, month, **given), context)  # type: ignore[arg-type]


def record(context: MemoryContext, job: str, employee: str, month: date = MARCH, **given: object) -> ComputeOutcome:
    one = compute(context, employee, month, **given)
    assert one.missing == ()
    kept = slips.RecordInput(
        employee, one.month, "DE", one.name, one.values, one.difference, one.iban, one.cost_centre, one.health_fund
    )
    slips.record(kept, context.with_key(job))
    return one


def test_history_by_date(context: MemoryContext) -> None:
    february, march = compute(context, "1001", date(2026, 2, 1)), compute(context, "1001")
    assert (february.gross, march.gross) == (Decimal("4200.00"), Decimal("4400.00"))
    assert (february.values["tax_factor"], march.values["tax_factor"]) == (Decimal("0.952"), Decimal("0.961"))
    assert february.values["health_extra"] == Decimal("2.45")


def test_every_amount_is_opened(context: MemoryContext) -> None:
    lines = {line.figure: line for line in compute(context, "1001").lines}
    pension = lines["pension_half"]
    assert pension.law.startswith("§ 168")
    assert any(one.startswith("pension_rate = 18.6 (§ 158 SGB VI") for one in pension.rests_on)
    assert lines["gross"].title_de == "Gesamtbrutto"


def test_part_of_a_month(context: MemoryContext) -> None:
    one = compute(context, "1005")
    assert one.values["insured_days"] == one.values["tax_days"] == one.values["paid_days"] == 16
    assert one.gross == Decimal("1858.06")  # 3,600 × 16/31
    sick = compute(context, "1001", sick_days=Decimal(10), unpaid_days=Decimal(1))
    assert (sick.values["insured_days"], sick.values["paid_days"]) == (Decimal(21), Decimal(20))


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [("2003-03-01", "2026-02-28", 23), ("2003-03-02", "2026-03-01", 23), ("2003-03-03", "2026-03-01", 22)],
)  # fmt: skip
def test_a_year_of_age_is_completed_the_day_before_the_birthday(born: str, day: str, years: int) -> None:
    assert people.age(date.fromisoformat(born), date.fromisoformat(day)) == years


def test_what_is_missing_is_named(context: MemoryContext) -> None:
    assert compute(context, "9").missing == ("employee", "tax features")
    assert compute(context, "1005", date(2026, 2, 1)).missing == ("employment in the month",)
    assert "no flow chart" in compute(context, "1001", date(2027, 1, 1)).missing[0]
    assert compute(context, "9").values == {}
    with pytest.raises(AnyshoreError, match="unknown"):
        compute(context, "1001", items={"nothing": Decimal(1)})


def test_checks_and_the_jump(context: MemoryContext) -> None:
    assert compute(context, "1003", items={"hours_worked": Decimal(48)}).checks == ("below_minimum",)
    record(context, "a", "1001", date(2026, 2, 28))
    one = compute(context, "1001", items={"one_off": Decimal(5000)})
    assert one.jump is not None
    assert one.jump > 50
    assert one.values["paid_before"] == Decimal("4200.00")
    assert compute(context, "1001", date(2026, 4, 30)).missing == ("payslip of 2026-03",)


def test_a_month_is_released_once_and_corrected_by_the_difference(context: MemoryContext) -> None:
    hours = {"hours": Decimal(161), "hours_worked": Decimal(161)}
    first = record(context, "a", "1002", items=hours)
    record(context, "b", "1001")
    seen = months.gather(GatherInput(date(2026, 3, 5)), context)
    assert (seen.count, seen.corrections, seen.problems) == (2, 0, ())
    keys = tuple(one.key for one in seen.slips)
    done = months.release(ReleaseInput(MARCH, keys, bookings=BOOKINGS), context.with_key("r1"))
    assert (done.released, done.paid) == (2, seen.payout)
    assert done.payments.count("<CdtTrfTxInf>") == 2
    debits, credits = sums(done.entries)
    assert debits == credits == seen.employer_cost
    assert done.export.splitlines()[0].startswith("Umsatz;Soll/Haben")
    assert {one.key for one in done.lists} == {"Muster BKK", "Beispiel Kasse", ""}
    branches = {one.figure: one.amount for one in done.lists if one.key == "Muster BKK"}
    assert set(branches) == {"care 1", "extra 1", "health 1", "insolvency", "pension 1", "unemployment 1", "u1", "u2"}
    assert branches["pension 1"] == Decimal("818.40")  # 18.6 % of 4,400
    assert months.release(ReleaseInput(MARCH, keys, bookings=BOOKINGS), context.with_key("r1")) == done, (
        "the same job again"
    )
    other = months.release(ReleaseInput(MARCH, keys, bookings=BOOKINGS), context.with_key("r2"))
    assert (other.released, other.payments, other.entries) == (0, "", ())

    again = record(context, "c", "1002", items=hours | {"hours": Decimal(150)})
    assert again.again
    assert again.difference is not None
    assert again.difference["gross"] == Decimal("-203.50")  # 11 × 18.50
    later = months.gather(GatherInput(date(2026, 5, 31)), context)
    assert (later.count, later.corrections, later.gross) == (0, 1, Decimal("-203.50"))
    corrected = months.release(
        ReleaseInput(MARCH, tuple(one.key for one in later.slips), bookings=BOOKINGS), context.with_key("r3")
    )
    assert corrected.payments == ""
    assert first.payout is not None
    assert again.payout is not None
    assert corrected.claims == (f"Bernd Muster: {first.payout - again.payout}",)
    debits, credits = sums(corrected.entries)
    assert debits == credits


def test_what_stands_against_paying_is_told(context: MemoryContext) -> None:
    record(context, "a", "1006")
    seen = months.gather(GatherInput(MARCH), context)
    assert seen.problems == ("Frank Ohnekonto: no valid IBAN",)
    with pytest.raises(DataError, match="cannot be paid"):
        months.release(ReleaseInput(MARCH, (seen.slips[0].key,)), context.with_key("r"))
    nobody = replace(context, tables={kind: one for kind, one in context.tables.items() if kind != people.EMPLOYER})
    assert "employer: no valid account on record" in months.gather(GatherInput(MARCH), nobody).problems


def test_a_recorded_figure_opens_later(context: MemoryContext) -> None:
    record(context, "a", "1001")
    key = context.records(slips.KIND).find()[0].key
    one = explaining.explain(explaining.ExplainInput(key, "care_less"), context)
    assert one.amount == Decimal("11.00")
    assert "care_discount = 0.25 (§ 55 (3) sentence 4 SGB XI; PUEG, BGBl. 2023 I Nr. 155, 2023-07-01)" in one.operands
    with pytest.raises(DataError):
        explaining.explain(explaining.ExplainInput("none", "care_less"), context)


def test_charts_come_alone_or_in_an_archive() -> None:
    content = (SAMPLES / "wage-tax.xml").read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2026/a.xml", content)
        archive.writestr("2027.xml", content.replace(b"Lohnsteuer2026", b"Lohnsteuer2027"))
        archive.writestr("notes.txt", "no chart")
    assert [key for key, _row in charts.rows(content, "a.xml")] == ["Lohnsteuer2026Muster"]
    assert len(charts.rows(packed.getvalue(), "a.zip")) == 2
    with pytest.raises(DataError):
        charts.rows(b"PK broken", "a.zip")
    with pytest.raises(WageTaxError):
        charts.rows(b"<html/>", "a.xml")


def test_a_statement_of_contributions_is_by_group_and_holds_the_flat_tax_of_marginal_employment(
    context: MemoryContext,
) -> None:
    record(context, "a", "1003")
    record(context, "b", "1004")
    done = months.release(ReleaseInput(MARCH, ("a", "b"), bookings=BOOKINGS), context.with_key("r1"))
    told = {(one.list, one.key, one.figure): one.amount for one in done.lists}
    assert told["contributions", "Minijob-Zentrale", "health 6"] == Decimal("72.80")  # 13 % of 560
    assert told["contributions", "Minijob-Zentrale", "pension 5"] == Decimal("84.00")  # 15 %
    assert told["contributions", "Minijob-Zentrale", "marginal_flat_tax"] == Decimal("11.20")  # 2 %
    assert ("wage tax return", "", "marginal_flat_tax") not in told
    assert {name for _list, key, name in told if key == "-"} == {"insolvency", "pension 1", "unemployment 1"}
