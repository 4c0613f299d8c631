"""Payslips on record: appended, never changed. The last of a month holds; what was released stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common import once
from anyshore.activities.payroll.people import as_date
from anyshore.base.errors import DataError
from anyshore.base.plain import to_value
from anyshore.payroll import schemes
from anyshore.payroll.schemes import Payslip, Scheme

KIND = "payslip"
RELEASE = "payroll-release"


@dataclass(frozen=True, slots=True)
class RecordInput:
    """A payslip to keep.

    Attributes:
        employee: personnel number.
        month: its last day.
        country: of the scheme.
        name: of the employee.
        values: inputs and figures.
        difference: by figure, what it changes of the payslip of this month that holds; none for the first.
        iban: where the pay goes.
        cost_centre: of the employee.
        health_fund: of the employee.
        about: what the certificate of pay says beside the figures; it stays as it was in the month.
    """

    employee: str
    month: date
    country: str
    name: str
    values: dict[str, object]
    difference: dict[str, object] | None = None
    iban: str | None = None
    cost_centre: str | None = None
    health_fund: str | None = None
    about: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """The row that was kept; ``recorded`` is false where an earlier attempt at the same job had."""

    id: str
    recorded: bool
    correction: bool


def record(data: RecordInput, context: ActivityContext) -> RecordOutcome:
    """Keeps a payslip.

    Raises:
        HostError: the idempotency key was used for another payslip.
    """
    values = to_value(data)
    assert isinstance(values, dict)
    row, added = once.put(context, KIND, values)
    return RecordOutcome(row.key, added, data.difference is not None)


def of_employee(context: ActivityContext, employee: str) -> list[Record]:
    """All payslips of an employee, in the order they were recorded."""
    return list(context.records(KIND).find(employee=employee))


def payslip(context: ActivityContext, id: str) -> tuple[Record, Payslip]:
    """A payslip on record, however long ago: its inputs are kept, its law is dated.

    Raises:
        DataError: there is no such payslip.
    """
    row = context.records(KIND).get(id)
    if row is None:
        hint = "Take the id from the record of the payslip; one that was corrected keeps its own."
        raise DataError("payroll.no-payslip", f"There is no payslip {id!r}.", hint=hint)
    scheme = schemes.country(str(row.data["country"]))
    day = as_date(row.data["month"]) or date.min
    values = row.data["values"]
    assert isinstance(values, Mapping)
    return row, Payslip(scheme, day, {**scheme.parameters.at(day), **values}, ())


def holding(slips: Sequence[Record]) -> dict[date, Record]:
    """The payslip that holds, by month."""
    found: dict[date, Record] = {}
    for slip in slips:
        month = as_date(slip.data["month"])
        if month is not None:
            found[month] = slip
    return found


def carried(scheme: Scheme, slips: Mapping[date, Record], month: date) -> dict[str, object]:
    """Inputs that are sums over the earlier payslips of the year, or over those of the year before."""
    found: dict[str, object] = {}
    for one in scheme.inputs.values():
        if one.over == "months before":
            fitting = [slip for day, slip in slips.items() if day.year == month.year and day < month]
        elif one.over == "year before":
            fitting = [slip for day, slip in slips.items() if day.year == month.year - 1]
        else:
            continue
        found[one.name] = sum((number(slip.data["values"], one.summed) for slip in fitting), Decimal(0))
    return found


def number(values: object, name: str) -> Decimal:
    """A stored figure, zero where it is none."""
    value = values.get(name) if isinstance(values, Mapping) else None
    return value if isinstance(value, Decimal) else Decimal(0)
