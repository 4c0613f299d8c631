"""What a certificate of pay says beside its figures: § 108 (3) GewO, § 1 EBV (of 2012, as in force since 2023).

Who is employed by whom since when, how tax and contributions were found, which part of the pay each of them rests on,
and which parts of the pay count for what. What is not known is shown as not known, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal

from anyshore.payroll.schemes import Payslip

UNKNOWN = "–"
_ZERO, _CENT = Decimal(0), Decimal("0.01")

Row = tuple[str, str, str]
"""Title, and two texts: amounts, or what a part counts for."""

_WORDS = {
    "en": {
        "birth_date": "Date of birth", "insurance_number": "Insurance number", "tax_id": "Tax identification number",
        "entered": "Employed since", "left": "Employed until", "health_fund": "Collecting office",
        "days": "Days of tax / insurance", "class": "Tax class / factor", "children": "Child allowances",
        "church": "Church tax", "none": "none", "allowance": "Tax allowance, month / year",
        "addition": "Amount to be added, month / year", "groups": "Contribution groups", "care": "Care insurance: key",
        "childless": "0 (surcharge without children)", "parent": "parenthood proven", "taxable": "Taxable pay",
        "flat": "Taxed by a flat rate", "pension": "Pension insurance", "unemployment": "Unemployment insurance",
        "health": "Health insurance", "nursing": "Care insurance", "on_current": "on current pay",
        "on_once": "on other pay", "yes": "Y", "no": "N",
        "transition": "Employment in the transition zone (§ 20 (2) SGB IV).",
        "several": "Several insured employments at a time (§ 22 (2) SGB IV).",
        "marginal": "Marginal employment: contributions are flat.",
        "legend": "Tax, insurance, total gross: L current, S other pay, E paid once, P flat rate, F free; Y/N.",
    },
    "de": {
        "birth_date": "Geburtsdatum", "insurance_number": "Versicherungsnummer", "tax_id": "Steuer-Identifikationsnr.",
        "entered": "Beschäftigt seit", "left": "Beschäftigt bis", "health_fund": "Einzugsstelle",
        "days": "Steuertage / SV-Tage", "class": "Steuerklasse / Faktor", "children": "Kinderfreibeträge",
        "church": "Kirchensteuer", "none": "keine", "allowance": "Freibetrag Monat / Jahr",
        "addition": "Hinzurechnung Monat / Jahr", "groups": "Beitragsgruppen", "care": "Kennziffer Pflegeversicherung",
        "childless": "0 (Zuschlag für Kinderlose)", "parent": "Elterneigenschaft nachgewiesen",
        "taxable": "Steuerbrutto", "flat": "Pauschal besteuert", "pension": "RV-Brutto", "unemployment": "AV-Brutto",
        "health": "KV-Brutto", "nursing": "PV-Brutto", "on_current": "laufend", "on_once": "sonstige Bezüge",
        "yes": "J", "no": "N",
        "transition": "Beschäftigung im Übergangsbereich (§ 20 Abs. 2 SGB IV).",
        "several": "Mehrfachbeschäftigung (§ 22 Abs. 2 SGB IV).",
        "marginal": "Geringfügige Beschäftigung: Die Beiträge sind pauschal.",
        "legend": "Steuer, SV, Gesamtbrutto: L laufend, S sonstiger Bezug, E einmalig, P pauschal, F frei; J/N.",
    },
}  # fmt: skip
_BRANCHES = (
    ("pension", "pension_group", "pension"), ("unemployment", "unemployment_group", "pension"),
    ("health", "health_group", "health"), ("nursing", "care_group", "health"),
)  # fmt: skip
_ONCE, _FREE = ("one_off",), ("tax_free",)


def facts(payslip: Payslip, known: Mapping[str, object], language: str) -> dict[str, str]:
    """What § 1 (1) EBV asks for, by its title.

    Args:
        payslip: its figures.
        known: of the person: ``birth_date``, ``insurance_number``, ``tax_id``, ``entered``, ``left``, ``health_fund``.
        language: ``en`` or ``de``.
    """
    words, values = _WORDS[language], payslip.values
    names = ["birth_date", "insurance_number", "tax_id", "entered"]
    if (left := _date(known.get("left"))) is not None and left <= payslip.day:
        names.append("left")
    found = {words[name]: _said(known.get(name), language) for name in (*names, "health_fund")}
    found[words["days"]] = _pair(values.get("tax_days") or Decimal(30), values.get("insured_days"), language)
    found[words["class"]] = _pair(values.get("tax_class"), values.get("tax_factor"), language)
    found[words["children"]] = _said(values.get("child_allowances"), language)
    found[words["church"]] = str(values.get("church") or words["none"])
    for word, name in (("allowance", "tax_allowance"), ("addition", "tax_addition")):
        month, year = _number(payslip, name), _number(payslip, f"{name}_year")
        if month or year:
            found[words[word]] = f"{amount(month, language)} / {amount(year, language)}"
    branches = ("health_group", "pension_group", "unemployment_group", "care_group")
    found[words["groups"]] = "-".join(_said(values.get(one), language) for one in branches)
    if key := _care_key(payslip, words):
        found[words["care"]] = key
    return found


def _care_key(payslip: Payslip, words: Mapping[str, str]) -> str:
    """§ 1 (1) no. 9 EBV: 0 for who pays the surcharge, else the number of children that count, up to 5."""
    if payslip.values.get("care_due") is not True:
        return ""
    if _number(payslip, "care_surcharge"):
        return words["childless"]
    if payslip.values.get("parent") is not True:
        return UNKNOWN  # not 23 years old yet
    children = int(_number(payslip, "children"))
    return str(min(children, 5)) if children else words["parent"]


def notes(payslip: Payslip, language: str) -> list[str]:
    """What is said of the kind of employment, § 1 (1) no. 10 and 11 EBV, and what the letters mean."""
    words = _WORDS[language]
    found = [words["marginal"]] if payslip.values.get("kind") == "marginal" else []
    found += [words["transition"]] if payslip.values.get("in_transition") is True else []
    found += [words["several"]] if _number(payslip, "other_pay") else []
    return [*found, words["legend"]]


def counts_for(payslip: Payslip, name: str, language: str) -> str:
    """What a part of the pay counts for, § 1 (2) no. 1 EBV: tax, insurance, total gross pay."""
    words = _WORDS[language]
    if name in _FREE:
        return f"F F {words['no']}"
    flat = payslip.values.get("flat_taxed") is True
    tax, social = ("S", "E") if name in _ONCE else ("L", "L")
    return f"{'P' if flat else tax} {social} {words['yes']}"


def bases(payslip: Payslip, language: str) -> Iterator[Row]:
    """The pay that tax and each branch of insurance rest on, current and paid once, § 1 (2) no. 2 EBV."""
    words, values = _WORDS[language], payslip.values
    flat = values.get("flat_taxed") is True
    yield _row(words["flat" if flat else "taxable"], _number(payslip, "gross_regular"), _number(payslip, "one_off"),
               language)  # fmt: skip
    earlier = values.get("earlier")
    for word, group, base in _BRANCHES:
        if not _number(payslip, group):
            continue
        again = earlier.get(f"{base}_base") if isinstance(earlier, Mapping) else None
        once = _number(payslip, f"once_{base}")
        later = again if isinstance(again, Decimal) else _ZERO
        yield _row(words[word], _number(payslip, f"{base}_base") - once, once + later, language)


def taxes(payslip: Payslip, language: str) -> Iterator[tuple[str, str, Decimal]]:
    """The taxes on current and on other pay, each: figure, on which, amount; § 1 (2) no. 2 a EBV."""
    words = _WORDS[language]
    for name, part in _on_other_pay(payslip).items():
        whole = _number(payslip, name)
        if part:
            yield name, words["on_current"], whole - part
            yield name, words["on_once"], part
        elif whole:
            yield name, "", whole


def _on_other_pay(payslip: Payslip) -> dict[str, Decimal]:
    result = payslip.values.get("tax_result")
    said = result if isinstance(result, Mapping) else {}
    cents = {name: Decimal(str(said.get(name) or 0)) for name in ("STS", "SOLZS", "BKS")}
    church = (cents["BKS"] * _number(payslip, "church_rate") / 100).to_integral_value(ROUND_DOWN)
    return {"wage_tax": cents["STS"] * _CENT, "solidarity": cents["SOLZS"] * _CENT, "church_tax": church * _CENT}


def _row(title: str, current: Decimal, once: Decimal, language: str) -> Row:
    return title, amount(current, language), amount(once, language)


def amount(value: object, language: str) -> str:
    """An amount as the language writes it; nothing where it is none."""
    if not isinstance(value, Decimal):
        return ""
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def day(value: date, language: str) -> str:
    """A day as the language writes it."""
    return f"{value:%d.%m.%Y}" if language == "de" else value.isoformat()


def _pair(first: object, second: object, language: str) -> str:
    return f"{_said(first, language)} / {_said(second, language)}"


def _said(value: object, language: str) -> str:
    if value is None or value == "":
        return UNKNOWN
    if (at := _date(value)) is not None:
        return day(at, language)
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",") if language == "de" and isinstance(value, Decimal) else text


def _date(value: object) -> date | None:
    """A stored day: a date, what FEEL keeps as one, or its ISO text."""
    if isinstance(value, date):
        return value
    parts = [part for name in ("year", "month", "day") if isinstance(part := getattr(value, name, None), int)]
    if len(parts) == 3:
        return date(*parts)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(payslip: Payslip, name: str) -> Decimal:
    value = payslip.values.get(name)
    return Decimal(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else _ZERO
