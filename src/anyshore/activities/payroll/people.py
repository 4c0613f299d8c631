"""What is on record about an employee on a day: rows with the day they hold from, the latest that has begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Values
from anyshore.base.temporal import Date

EMPLOYEE = "employee"
TAX = "tax-features"
FUND = "health-fund"
EMPLOYER = "employer"
CERTIFIED = (
    "street", "post_code", "city", "birth_date", "insurance_number", "tax_id", "entered", "left", "health_fund",
)  # fmt: skip
"""What the certificate of pay says of a person (§ 1 (1) EBV), kept with the payslip as it was then."""


@dataclass(frozen=True, slots=True)
class Person:
    """An employee in a month.

    Attributes:
        employee: personnel number.
        data: what is on record, of employee, tax features and health fund together.
        missing: what is not on record.
        month_days: calendar days of the month.
        employed_days: those of them with employment.
        age: years completed before the month, as § 55 (3) SGB XI asks; None without a date of birth.
    """

    employee: str
    data: Values
    missing: tuple[str, ...]
    month_days: int
    employed_days: int
    age: int | None = field(default=None)


def as_date(value: object) -> date | None:
    """A stored day."""
    return date(value.year, value.month, value.day) if isinstance(value, (Date, date)) else None


def in_force(context: ActivityContext, kind: str, day: date, **key: object) -> Mapping[str, object] | None:
    """The row of a key that holds on a day: the latest that has begun."""
    found: tuple[date, Mapping[str, object]] | None = None
    for row in context.records(kind).find(**key):
        since = as_date(row.data.get("valid_from")) or date.min
        if since <= day and (found is None or since >= found[0]):
            found = since, row.data
    return None if found is None else found[1]


def person(context: ActivityContext, employee: str, month: date) -> Person:
    """An employee as of the end of a month, with history by date."""
    first, last = bounds(month)
    missing: list[str] = []
    about = in_force(context, EMPLOYEE, last, employee=employee)
    tax = in_force(context, TAX, last, employee=employee)
    if about is None:
        missing.append("employee")
    if tax is None:
        missing.append("tax features")
    fund_name = (about or {}).get("health_fund")
    fund = in_force(context, FUND, last, fund=fund_name) if fund_name else None
    if fund_name and fund is None:
        missing.append(f"health fund {fund_name}")
    data = {**(fund or {}), **(about or {}), **(tax or {})}
    entered, left = as_date(data.get("entered")) or first, as_date(data.get("left")) or last
    employed = max(0, (min(last, left) - max(first, entered)).days + 1)
    if about is not None and employed == 0:
        missing.append("employment in the month")
    born = as_date(data.get("birth_date"))
    return Person(
        employee,
        data,
        tuple(missing),
        last.day,
        employed,
        None if born is None else age(born, first - timedelta(days=1)),
    )


def bounds(month: date) -> tuple[date, date]:
    """First and last day of a month."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def age(born: date, day: date) -> int:
    """Completed years; a year is completed at the end of the day before the birthday (§ 187 (2), § 188 (2) BGB)."""
    following = day + timedelta(days=1)
    return following.year - born.year - ((following.month, following.day) < (born.month, born.day))


def days(whole: Person, unpaid: Decimal, sick: Decimal) -> dict[str, object]:
    """Days of pay, insurance and tax.

    A whole month has 30 days of insurance, part of one its calendar days (§ 1 (1) BVV). Unpaid leave up to a month
    keeps the insurance (§ 7 (3) SGB IV); days for which a fund pays sick benefit do not count.
    """
    employed = Decimal(whole.employed_days)
    part = whole.employed_days < whole.month_days
    insured = (employed if part or sick else Decimal(30)) - sick
    return {
        "month_days": Decimal(whole.month_days),
        "paid_days": None if not part and not unpaid and not sick else max(Decimal(0), employed - unpaid - sick),
        "insured_days": max(Decimal(0), min(insured, Decimal(30))),
        "tax_days": employed if part else None,
    }


def certified(whole: Person, kinds: Mapping[str, object]) -> dict[str, object]:
    """What a certificate of pay says beside its figures, and what sums of the month were paid or taken for."""
    said = {name: whole.data.get(name) for name in CERTIFIED}
    named = {name: text for name, text in kinds.items() if text}
    return {name: value for name, value in said.items() if value is not None} | ({"kinds": named} if named else {})
