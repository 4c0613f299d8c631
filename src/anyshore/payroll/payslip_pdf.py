"""A payslip as PDF/A-2b through Typst, in English or German: the same input gives the same bytes.

What it shows is asked for by § 108 (1) GewO (period and composition of the pay, kind and amount of supplements and
deductions) and by § 1 EBV (:mod:`anyshore.payroll.certified`), with the sums of the year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from anyshore.payroll import certified
from anyshore.payroll.certified import amount
from anyshore.payroll.schemes import Payslip


@dataclass(frozen=True, slots=True)
class Parties:
    """Who pays whom.

    Attributes:
        employer: name and address, line by line.
        employee: name and address, line by line.
        number: personnel number.
        known: of the employee by name, as :func:`anyshore.payroll.certified.facts` reads it.
        iban: where the pay goes.
        kinds: what a sum of the month was paid or taken for, by figure.
    """

    employer: tuple[str, ...]
    employee: tuple[str, ...]
    number: str
    known: Mapping[str, object]
    iban: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)


_WORDS = {
    "en": {
        "year": "Sums of the year", "title": "Payslip", "pay": "Pay", "taxes": "Taxes", "social": "Social insurance",
        "employer": "Employer", "other": "Other", "base": "base", "counts": "counts for", "number": "Personnel number",
        "bases": "Bases", "current": "current", "once": "paid once", "day": "Law as of", "account": "to",
        "footer": "Certificate of pay by § 108 (3) sentence 1 GewO.",
    },
    "de": {
        "year": "Jahreswerte", "title": "Entgeltabrechnung", "pay": "Bezüge", "taxes": "Steuern",
        "social": "Sozialversicherung", "employer": "Arbeitgeber", "other": "Sonstiges", "base": "Grundlage",
        "counts": "Wirkung", "number": "Personalnummer", "bases": "Bemessungsgrundlagen", "current": "laufend",
        "once": "einmalig", "day": "Rechtsstand", "account": "auf",
        "footer": "Entgeltbescheinigung nach § 108 Abs. 3 Satz 1 GewO.",
    },
}  # fmt: skip
_PAY = ("salary_paid", "wage_paid", "supplements", "one_off")
_OTHER = ("net", "tax_free", "subsidies", "net_deductions")
_SOCIAL = {
    "pension_employee": "pension_base", "unemployment_employee": "pension_base", "health_employee": "health_base",
    "extra_employee": "health_base", "care_employee": "health_base",
}  # fmt: skip
_EMPLOYER = {
    "gross": "", "tax_free": "", "subsidies": "", "pension_employer": "", "unemployment_employer": "",
    "health_employer": "", "extra_employer": "", "care_employer": "",
    "u1": "levy_base", "u2": "levy_base", "insolvency": "pension_base", "marginal_flat_tax": "",
}  # fmt: skip


def render(
    payslip: Payslip, parties: Parties, language: str = "en", year: Mapping[str, Decimal] | None = None
) -> bytes:
    """The PDF's bytes.

    Args:
        payslip: its figures.
        parties: who pays whom.
        language: ``en`` or ``de``.
        year: sums of the year up to this month, by figure; none: they are not shown.
    """
    data = json.dumps(_data(payslip, parties, language, year or {}), ensure_ascii=False)
    pdf = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        timestamp=_noon(payslip),
    )
    return bytes(pdf)


@cache
def _template() -> bytes:
    return files(__package__).joinpath("payslip.typ").read_bytes()


def _noon(payslip: Payslip) -> int:
    """The document's date: the day of the payslip, noon UTC, in seconds."""
    return int(datetime.combine(payslip.day, time(12), UTC).timestamp())


def _data(payslip: Payslip, parties: Parties, language: str, year: Mapping[str, Decimal]) -> dict[str, Any]:
    words = _WORDS[language]
    sections = [
        _section(payslip, parties, language, "pay", dict.fromkeys(_PAY, ""), "gross"),
        _bases(payslip, language),
        _taxes(payslip, language),
        _section(payslip, parties, language, "social", _SOCIAL, "social_employee"),
        _section(payslip, parties, language, "other", dict.fromkeys(_OTHER, ""), "payout"),
        _section(payslip, parties, language, "employer", _EMPLOYER, "employer_cost"),
        *([_year(payslip, language, year)] if year else []),
    ]
    payout = f"{amount(payslip.amount('payout'), language)} {payslip.scheme.currency}"
    return {
        "language": language, "title": words["title"], "period": f"{payslip.day:%m/%Y}",
        "employer": list(parties.employer), "employee": list(parties.employee),
        "facts": [[title, value] for title, value in _facts(payslip, parties, language).items()],
        "sections": sections, "currency": payslip.scheme.currency,
        "payout": [_title(payslip, "payout", language), payout],
        "account": f"{words['account']} {parties.iban}" if parties.iban else "", "footer": words["footer"],
        "notes": certified.notes(payslip, language),
    }  # fmt: skip


def _facts(payslip: Payslip, parties: Parties, language: str) -> dict[str, str]:
    words = _WORDS[language]
    return {
        words["number"]: parties.number,
        **certified.facts(payslip, parties.known, language),
        words["day"]: certified.day(payslip.day, language),
    }


def _section(
    payslip: Payslip, parties: Parties, language: str, title: str, bases: Mapping[str, str], total: str
) -> dict[str, Any]:
    """Figures that are not zero, each with its base or what it counts for where that is named, and their sum."""
    words, values = _WORDS[language], payslip.values
    rows = []
    for name, base in bases.items():
        if not (isinstance(value := values.get(name), Decimal) and value):
            continue
        kind = f": {parties.kinds[name]}" if name in parties.kinds else ""
        beside = certified.counts_for(payslip, name, language) if _is_pay(title, name) else ""
        rows.append([_title(payslip, name, language) + kind, beside or amount(values.get(base), language),
                     amount(value, language)])  # fmt: skip
    whose = "employee" if title == "social" else title
    if isinstance(earlier := values.get("earlier"), Mapping):  # one-off payments that belong to the year before
        sums = sum((one for name, one in earlier.items() if name.endswith(f"_{whose}")), Decimal(0))
        rows += [[_title(payslip, "earlier", language), "", amount(sums, language)]] if sums else []
    head = words["counts"] if title == "pay" else words["base"] if any(bases.values()) else ""
    return {"title": words[title], "base": head, "rows": rows, "sum": _sum(payslip, total, language)}


def _is_pay(title: str, name: str) -> bool:
    return title == "pay" or (title, name) == ("other", "tax_free")


def _bases(payslip: Payslip, language: str) -> dict[str, Any]:
    words = _WORDS[language]
    rows = [list(row) for row in certified.bases(payslip, language)]
    total = _sum(payslip, "gross", language)
    return {"title": words["bases"], "base": words["current"], "amount": words["once"], "rows": rows, "sum": total}


def _taxes(payslip: Payslip, language: str) -> dict[str, Any]:
    rows = [[_title(payslip, name, language), on, amount(value, language)]
            for name, on, value in certified.taxes(payslip, language)]  # fmt: skip
    return {"title": _WORDS[language]["taxes"], "base": "", "rows": rows, "sum": _sum(payslip, "taxes", language)}


def _sum(payslip: Payslip, name: str, language: str) -> list[str]:
    return [_title(payslip, name, language), amount(payslip.values.get(name), language)]


def _year(payslip: Payslip, language: str, year: Mapping[str, Decimal]) -> dict[str, Any]:
    """The sums of the year; the payout of the year stands below the others."""
    lines = {name: [_title(payslip, name, language), amount(value, language)] for name, value in year.items() if value}
    last = lines.pop("payout", [_title(payslip, "payout", language), amount(Decimal(0), language)])
    rows = [[title, "", value] for title, value in lines.values()]
    return {"title": f"{_WORDS[language]['year']} {payslip.day:%Y}", "base": "", "rows": rows, "sum": last}


def _title(payslip: Payslip, name: str, language: str) -> str:
    scheme = payslip.scheme
    return (scheme.figures.get(name) or scheme.inputs[name]).title[language]
