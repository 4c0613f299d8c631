"""The activity ``payroll.compute``: the figures of one payslip from what is on record and what the month brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.payroll import charts, people, slips
from anyshore.activities.payroll.explaining import operands
from anyshore.payroll import schemes
from anyshore.payroll.schemes import Payslip, Scheme, SchemeError
from anyshore.payroll.wagetax import WageTaxError


@dataclass(frozen=True, slots=True)
class ComputeInput:
    """Whose payslip, and what the month brought.

    Attributes:
        employee: personnel number.
        month: any day of the month.
        items: inputs of the scheme for this month by name, as hours or a one-off payment; null where there is none.
        unpaid_days: calendar days without pay.
        sick_days: calendar days after six weeks of sickness, for which the fund pays.
        country: whose scheme.
        kinds: what sums of the month were paid or taken for, by input, as people call it.
    """

    employee: str
    month: date
    items: dict[str, object] = field(default_factory=dict)
    unpaid_days: Decimal | None = None
    sick_days: Decimal | None = None
    country: str = "DE"
    kinds: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the payslip, opened.

    Attributes:
        figure: its name in the scheme.
        title_en: what people call it; ``title_de`` likewise.
        amount: its value.
        formula: how it was computed, in FEEL.
        law: where its rule stands.
        rests_on: the operands: name, value, and of a parameter its day and source.
    """

    figure: str
    title_en: str
    title_de: str
    amount: Decimal
    formula: str
    law: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComputeOutcome:
    """A payslip.

    Attributes:
        month: last day of the month.
        name: of the employee.
        iban: where the pay goes.
        cost_centre: of the employee.
        health_fund: of the employee.
        currency: of the amounts.
        values: inputs and figures by name; empty where something is missing.
        lines: the amounts that are not zero, each opened.
        checks: names of the scheme's checks that fire.
        missing: what is not on record.
        gross: of the month.
        net: of the month.
        payout: of the month.
        jump: change of the net pay against the month before, percent; null where there is none.
        again: whether the month has a payslip already, so that this is a correction.
        difference: by figure, the change of the payslip that holds; null for the first.
        about: what the certificate of pay says beside the figures (``people.certified``).
    """

    month: date
    name: str
    iban: str | None
    cost_centre: str | None
    health_fund: str | None
    currency: str
    values: dict[str, object]
    lines: tuple[Line, ...]
    checks: tuple[str, ...]
    missing: tuple[str, ...]
    gross: Decimal | None
    net: Decimal | None
    payout: Decimal | None
    jump: Decimal | None
    again: bool
    difference: dict[str, object] | None
    about: dict[str, object]


def compute(data: ComputeInput, context: ActivityContext) -> ComputeOutcome:
    """Computes a payslip. What is missing is told in the outcome, for a person to mend.

    Raises:
        SchemeError: there is no such country, or an item is none of its inputs.
    """
    scheme = schemes.country(data.country)
    person = people.person(context, data.employee, data.month)
    last = people.bounds(data.month)[1]
    before = slips.holding(slips.of_employee(context, data.employee))
    missing = [*person.missing, *_gap(before, last)]
    payslip: Payslip | None = None
    if not missing:
        try:
            payslip = schemes.compute(scheme, last, _inputs(scheme, data, person, before), charts.known(context))
        except (SchemeError, WageTaxError) as problem:
            if problem.code not in ("payroll.no-value", "wagetax.no-chart-of-year"):
                raise
            missing.append(problem.message)
    return _outcome(scheme, data, person, payslip, tuple(missing), before, last)


def _gap(before: Mapping[date, Record], last: date) -> list[str]:
    """The month before, where the year has payslips but not that one: sums of the year would be wrong."""
    year = [day for day in before if day.year == last.year and day < last]
    previous = last.replace(day=1) - timedelta(days=1)
    return [f"payslip of {previous:%Y-%m}"] if year and max(year) != previous else []


def _inputs(
    scheme: Scheme, data: ComputeInput, person: people.Person, before: Mapping[date, Record]
) -> dict[str, object]:
    last = people.bounds(data.month)[1]
    derived = people.days(person, data.unpaid_days or Decimal(0), data.sick_days or Decimal(0))
    if person.age is not None:
        derived["age"] = Decimal(person.age)
    given = {**slips.carried(scheme, before, last), **person.data, **derived}
    found = {name: value for name, value in given.items() if name in scheme.inputs and value is not None}
    return found | {name: value for name, value in data.items.items() if value is not None}


def _outcome(
    scheme: Scheme,
    data: ComputeInput,
    person: people.Person,
    payslip: Payslip | None,
    missing: tuple[str, ...],
    before: Mapping[date, Record],
    last: date,
) -> ComputeOutcome:
    def text(name: str) -> str | None:
        value = person.data.get(name)
        return value if isinstance(value, str) else None

    values = {} if payslip is None else _kept(payslip)
    earlier = before.get(last)
    difference = None if earlier is None or payslip is None else _difference(payslip, earlier.data["values"])
    amount = (lambda _name: None) if payslip is None else payslip.amount
    return ComputeOutcome(
        month=last, name=text("name") or data.employee, iban=text("iban"), cost_centre=text("cost_centre"),
        health_fund=text("health_fund"), currency=scheme.currency, values=values,
        lines=() if payslip is None else _lines(payslip),
        checks=tuple(one for one in scheme.checks if values.get(one) is True), missing=missing,
        gross=amount("gross"), net=amount("net"), payout=amount("payout"), jump=_jump(payslip, before, last),
        again=earlier is not None, difference=difference, about=people.certified(person, data.kinds),
    )  # fmt: skip


def _kept(payslip: Payslip) -> dict[str, object]:
    """Inputs and figures, without the parameters, which anybody finds by the day."""
    scheme = payslip.scheme
    names = [*scheme.inputs, *scheme.figures]
    return {name: payslip.values[name] for name in names if payslip.values.get(name) is not None}


def _difference(payslip: Payslip, earlier: object) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in payslip.figures().items():
        if isinstance(value, Decimal) and payslip.scheme.figures[name].unit == payslip.scheme.currency:
            change = value - slips.number(earlier, name)
            if change:
                found[name] = change
    return found


def _jump(payslip: Payslip | None, before: Mapping[date, Record], last: date) -> Decimal | None:
    earlier = [day for day in before if day < last]
    if payslip is None or not earlier:
        return None
    net = slips.number(before[max(earlier)].data["values"], "net")
    if not net:
        return None
    return ((payslip.amount("net") - net) / net * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _lines(payslip: Payslip) -> tuple[Line, ...]:
    found: list[Line] = []
    for name, value in payslip.figures().items():
        if isinstance(value, Decimal) and value and payslip.scheme.figures[name].unit == payslip.scheme.currency:
            one = payslip.explain(name)
            found.append(Line(name, one.title["en"], one.title["de"], value, one.formula, one.law, operands(one)))
    return tuple(found)
