"""A recorded payslip to be looked at: its figures with the sums of the year, each opened, and its PDF."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common.sheet import Row, Section, Sheet
from anyshore.activities.payroll import people, slips
from anyshore.activities.payroll.explaining import operands
from anyshore.payroll.schemes import Payslip

_COLUMNS = ({"en": "Month", "de": "Monat"}, {"en": "Year", "de": "Jahr"})
_SECTIONS: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    ({"en": "Pay", "de": "Bezüge"}, ("salary_paid", "wage_paid", "supplements", "one_off", "gross")),
    ({"en": "Taxes", "de": "Steuern"}, ("wage_tax", "solidarity", "church_tax", "taxes")),
    ({"en": "Social insurance", "de": "Sozialversicherung"}, (
        "pension_base", "health_base", "pension_employee", "unemployment_employee", "health_employee",
        "extra_employee", "care_employee", "social_employee",
    )),
    ({"en": "Payout", "de": "Auszahlung"}, ("net", "tax_free", "subsidies", "net_deductions", "payout")),
    ({"en": "Employer", "de": "Arbeitgeber"}, (
        "pension_employer", "unemployment_employer", "health_employer", "extra_employer", "care_employer", "u1", "u2",
        "insolvency", "marginal_flat_tax", "employer_cost",
    )),
)  # fmt: skip
YEAR = (
    "gross", "wage_tax", "solidarity", "church_tax", "pension_base", "health_base", "social_employee", "net", "payout",
)  # fmt: skip
"""Figures whose sums of the year stand on the paper."""


@dataclass(frozen=True, slots=True)
class SheetInput:
    """A payslip on record."""

    id: str


@dataclass(frozen=True, slots=True)
class PaperInput:
    """A payslip on record, and the language of its paper."""

    id: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """The PDF in base64, and its name."""

    content: str
    name: str


def sheet(data: SheetInput, context: ActivityContext) -> Sheet:
    """The figures of a payslip that are not zero in month or year, each opened.

    Raises:
        DataError: there is no such payslip.
    """
    row, payslip = slips.payslip(context, data.id)
    year = sums(context, row, payslip)
    sections = (Section(title, tuple(_rows(payslip, year, names))) for title, names in _SECTIONS)
    return Sheet(_COLUMNS, tuple(one for one in sections if one.rows))


def sums(context: ActivityContext, row: Record, payslip: Payslip) -> dict[str, Decimal]:
    """The sums of the year up to the month of a payslip, that payslip among them, whichever holds by now."""
    held = {
        day: one
        for day, one in slips.holding(slips.of_employee(context, str(row.data["employee"]))).items()
        if day.year == payslip.day.year and day < payslip.day
    }
    rows = [*held.values(), row]
    return {name: sum((slips.number(one.data["values"], name) for one in rows), Decimal(0)) for name in _names(payslip)}


def _names(payslip: Payslip) -> list[str]:
    every = dict.fromkeys(name for _title, names in _SECTIONS for name in names)
    return [name for name in every if name in payslip.scheme.figures or name in payslip.scheme.inputs]


def _rows(payslip: Payslip, year: Mapping[str, Decimal], names: tuple[str, ...]) -> list[Row]:
    found = []
    for name in names:
        month = slips.number(payslip.values, name)
        if name not in year or not (month or year[name]):
            continue
        if name in payslip.scheme.figures:
            one = payslip.explain(name)
            found.append(Row(one.title, (month, year[name]), one.formula, one.law, operands(one)))
        else:
            found.append(Row(payslip.scheme.inputs[name].title, (month, year[name])))
    return found


def paper(data: PaperInput, context: ActivityContext) -> PaperOutcome:
    """The payslip as PDF, by § 108 GewO and the EBV, with the sums of the year.

    Raises:
        DataError: there is no such payslip.
    """
    from anyshore.payroll import payslip_pdf  # typst takes long to load, and few pieces of work print

    row, payslip = slips.payslip(context, data.id)
    language = "de" if data.language.startswith("de") else "en"
    about = row.data.get("about")
    known = about if isinstance(about, Mapping) else {}
    kinds = known.get("kinds")
    parties = payslip_pdf.Parties(
        _employer(context), (str(row.data["name"]), *_address(known)), str(row.data["employee"]),
        {"health_fund": row.data.get("health_fund"), **known}, str(row.data.get("iban") or ""),
        {name: str(text) for name, text in kinds.items()} if isinstance(kinds, Mapping) else {},
    )  # fmt: skip
    year = sums(context, row, payslip)
    content = payslip_pdf.render(payslip, parties, language, {name: year[name] for name in YEAR if name in year})
    name = f"{row.data['employee']}-{payslip.day:%Y-%m}.pdf"
    return PaperOutcome(base64.b64encode(content).decode("ascii"), name)


def _employer(context: ActivityContext) -> tuple[str, ...]:
    """Name and address of who pays."""
    row = next(iter(context.records(people.EMPLOYER).find()), None)
    return (context.client or "",) if row is None else (str(row.data["name"]), *_address(row.data))


def _address(known: Mapping[str, object]) -> tuple[str, ...]:
    place = " ".join(str(known[name]) for name in ("post_code", "city") if known.get(name))
    return tuple(line for line in (str(known.get("street") or ""), place) if line)
