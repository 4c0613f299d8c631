"""A payslip as PDF/A-2b through Typst, in English or German: the same input gives the same bytes.

What it shows is asked for by § 108 (1) GewO (period and composition of the pay, kind and amount of supplements and
deductions) and by § 1 EBV (who, from when, tax features, contribution groups, days, bases), with
the sums of the year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from anyshore.payroll.schemes import Payslip


@dataclass(frozen=True, slots=True)
class Parties:
    """Who pays whom.

    Attributes:
        employer: name and address, line by line.
        employee: name and address, line by line.
        number: personnel number.
        facts: further facts by their title, as date of birth, insurance number, entry, health fund.
        iban: where the pay goes.
    """

    employer: tuple[str, ...]
    employee: tuple[str, ...]
    number: str
    facts: Mapping[str, str]
    iban: str = ""


_WORDS = {
    "en": {
        "year": "Sums of the year",
        "title": "Payslip", "pay": "Pay", "taxes": "Taxes", "social": "Social insurance", "employer": "Employer",
        "other": "Other", "base": "base", "number": "Personnel number", "day": "Law as of", "days": "Days of insurance",
        "class": "Tax class / factor", "children": "Child allowances", "church": "Church tax",
        "groups": "Contribution groups", "account": "to", "footer": "Certificate of pay by § 108 GewO.",
        "marginal": "Marginal employment: contributions are flat.", "none": "none",
    },
    "de": {
        "year": "Jahreswerte",
        "title": "Entgeltabrechnung", "pay": "Bezüge", "taxes": "Steuern", "social": "Sozialversicherung",
        "employer": "Arbeitgeber", "other": "Sonstiges", "base": "Grundlage", "number": "Personalnummer",
        "day": "Rechtsstand", "days": "SV-Tage", "class": "Steuerklasse / Faktor", "children": "Kinderfreibeträge",
        "church": "Kirchensteuer", "groups": "Beitragsgruppen", "account": "auf",
        "footer": "Bescheinigung über das Arbeitsentgelt nach § 108 GewO.",
        "marginal": "Geringfügige Beschäftigung: Die Beiträge sind pauschal.", "none": "keine",
    },
}  # fmt: skip
_PAY = ("salary_paid", "wage_paid", "supplements", "one_off")
_OTHER = ("net", "tax_free", "subsidies", "net_deductions")
_TAXES = {"wage_tax": "gross", "solidarity": "", "church_tax": ""}
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
        _section(payslip, language, "pay", dict.fromkeys(_PAY, ""), "gross"),
        _section(payslip, language, "taxes", _TAXES, "taxes"),
        _section(payslip, language, "social", _SOCIAL, "social_employee"),
        _section(payslip, language, "other", dict.fromkeys(_OTHER, ""), "payout"),
        _section(payslip, language, "employer", _EMPLOYER, "employer_cost"),
        *([_year(payslip, language, year)] if year else []),
    ]
    payout = f"{_amount(payslip.amount('payout'), language)} {payslip.scheme.currency}"
    return {
        "language": language, "title": words["title"], "period": f"{payslip.day:%m/%Y}",
        "employer": list(parties.employer), "employee": list(parties.employee),
        "facts": [[title, value] for title, value in _facts(payslip, parties, language).items()],
        "sections": sections, "currency": payslip.scheme.currency,
        "payout": [_title(payslip, "payout", language), payout],
        "account": f"{words['account']} {parties.iban}" if parties.iban else "", "footer": words["footer"],
        "notes": [words["marginal"]] if payslip.values.get("kind") == "marginal" else [],
    }  # fmt: skip


def _facts(payslip: Payslip, parties: Parties, language: str) -> dict[str, str]:
    words, values = _WORDS[language], payslip.values
    groups = (_plain(values.get(f"{one}_group"), language) for one in ("health", "pension", "unemployment", "care"))
    return {
        words["number"]: parties.number,
        **parties.facts,
        words["days"]: _plain(values.get("insured_days"), language),
        words["class"]: " / ".join(_plain(values.get(one), language) or "–" for one in ("tax_class", "tax_factor")),
        words["children"]: _plain(values.get("child_allowances"), language),
        words["church"]: str(values.get("church") or words["none"]),
        words["groups"]: "-".join(groups),
        words["day"]: _day(payslip, language),
    }


def _section(payslip: Payslip, language: str, title: str, bases: Mapping[str, str], total: str) -> dict[str, Any]:
    """Figures that are not zero, each with its base where one is named, and their sum."""
    words, values = _WORDS[language], payslip.values
    rows = [
        [_title(payslip, name, language), _amount(values.get(base), language), _amount(value, language)]
        for name, base in bases.items()
        if isinstance(value := values.get(name), Decimal) and value
    ]
    whose = "employee" if title == "social" else title
    if isinstance(earlier := values.get("earlier"), Mapping):  # one-off payments that belong to the year before
        amount = sum((one for name, one in earlier.items() if name.endswith(f"_{whose}")), Decimal(0))
        rows += [[_title(payslip, "earlier", language), "", _amount(amount, language)]] if amount else []
    summed = [_title(payslip, total, language), _amount(values.get(total), language)]
    return {"title": words[title], "base": words["base"] if any(bases.values()) else "", "rows": rows, "sum": summed}


def _year(payslip: Payslip, language: str, year: Mapping[str, Decimal]) -> dict[str, Any]:
    """The sums of the year; the payout of the year stands below the others."""
    lines = {name: [_title(payslip, name, language), _amount(value, language)] for name, value in year.items() if value}
    last = lines.pop("payout", [_title(payslip, "payout", language), _amount(Decimal(0), language)])
    rows = [[title, "", amount] for title, amount in lines.values()]
    return {"title": f"{_WORDS[language]['year']} {payslip.day:%Y}", "base": "", "rows": rows, "sum": last}


def _title(payslip: Payslip, name: str, language: str) -> str:
    scheme = payslip.scheme
    return (scheme.figures.get(name) or scheme.inputs[name]).title[language]


def _day(payslip: Payslip, language: str) -> str:
    return f"{payslip.day:%d.%m.%Y}" if language == "de" else payslip.day.isoformat()


def _amount(value: object, language: str) -> str:
    """An amount as the language writes it; nothing where it is none."""
    if not isinstance(value, Decimal):
        return ""
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def _plain(value: object, language: str) -> str:
    text = "" if value is None else str(value)
    return text.replace(".", ",") if language == "de" else text
