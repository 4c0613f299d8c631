"""Social insurance contributions as public calculators and announcements gave them, case by case."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from anyshore.payroll import schemes
from anyshore.payroll.schemes import Payslip
from conformance.folders import files, of_suite, told
from conformance.scores import Score

Row = Mapping[str, str]


def run(data: Path) -> Score:
    """Computes every case of every table; a case passes where all its expected rows are within their tolerance."""
    folder = of_suite(data, "payroll")
    score = Score("social-insurance", 0, 0)
    rows = 0
    for path in files(folder, ".csv"):
        for name, case in told(
            lambda path=path: _cases(path), lambda why, path=path: {f"{path.name}: {why}": []}
        ).items():
            wrong = told(lambda case=case: _wrong(case), lambda why: [why])
            rows += sum(one["kind"] == "expected" for one in case)
            score.total += 1
            score.passed += not wrong
            score.failed += [f"{name}: {'; '.join(wrong)}"] if wrong else []
    score.extra = {"rows": rows}
    return score


def _cases(path: Path) -> dict[str, list[Row]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"case", "valid_on", "kind", "name", "value", "tolerance"} <= set(rows.fieldnames or ()):
            return {}
        found: dict[str, list[Row]] = {}
        for row in rows:
            found.setdefault(row["case"], []).append(row)
        return found


def _wrong(case: Iterable[Row]) -> list[str]:
    """What differs by more than its tolerance; also that nothing is expected."""
    rows = list(case)
    expected = [row for row in rows if row["kind"] == "expected"]
    if not expected:
        return ["no expected row"]
    given = {row["name"].removeprefix("sozialversicherung."): row["value"] for row in rows if row["kind"] == "input"}
    payslip = schemes.compute(
        schemes.country("DE"), date.fromisoformat(rows[0]["valid_on"]), _inputs(given), wanted=WANTED
    )
    found: list[str] = []
    for row in expected:
        value = EXPECTED[row["name"].removeprefix("sozialversicherung.")](payslip)
        if abs(value - Decimal(row["value"])) > Decimal(row["tolerance"]):
            found.append(f"{row['name']} is {value}, expected {row['value']}")
    return found


WANTED = ("factor_f", "transition_base", "transition_base_employee", "social_employee", "social_employer", "care_less")
"""What is computed, with all it rests on; taxes are not."""
LEFT_OUT = (
    "einkommensteuer.einkünfte.aus_selbstständiger_arbeit.betrag_m", "einnahmen.renten.betriebliche_altersvorsorge_m",
    "einnahmen.renten.geförderte_private_vorsorge_m", "einnahmen.renten.sonstige_private_vorsorge_m",
    "rente.altersrente.betrag_m", "rente.erwerbsminderung.betrag_m",
)  # fmt: skip
"""Income beside the pay that no employer withholds from."""


def _inputs(given: Mapping[str, str]) -> dict[str, object]:
    """Inputs of the scheme from those of a case: an employee on the payroll."""
    for name in LEFT_OUT:
        if Decimal(given.get(name, "0")):
            raise ValueError(f"{name} is no pay")
    private = given.get("kranken.beitrag.privat_versichert") == "True"
    extra = given.get("kranken.beitrag.zusatzbeitragssatz")
    return {
        "salary": Decimal(given.get("einnahmen.bruttolohn_m", "0")),
        "age": Decimal(given.get("alter", "40")),
        "parent": given.get("pflege.beitrag.hat_kinder") == "True",
        "children": Decimal(given.get("pflege.beitrag.anzahl_kinder_bis_24", "0")),
        "east": given.get("wohnort_ost_hh") == "True",
        "health_group": 0 if private else 1,
        "care_group": 0 if private else 1,
        "health_extra": None if extra is None else Decimal(extra) * 100,
    }


def _sum(*names: str) -> Callable[[Payslip], Decimal]:
    return lambda payslip: sum((payslip.amount(name) for name in names), Decimal(0))


def _care_at_the_member_s_rate(payslip: Payslip) -> Decimal:
    """The whole base times the rate with surcharge and discount, as the calculators print it."""
    less = payslip.amount("discounts") * payslip.amount("care_discount")
    rate = payslip.amount("care_rate") - less
    return payslip.amount("health_base") * rate / 100 + payslip.amount("care_surcharge")


EXPECTED: dict[str, Callable[[Payslip], Decimal]] = {
    "midijob_faktor_f": _sum("factor_f"),
    "midijob_bemessungsentgelt_m": _sum("transition_base"),
    "beitragspflichtige_einnahmen_aus_midijob_arbeitnehmer_m": _sum("transition_base_employee"),
    "beiträge_versicherter_m": _sum("social_employee"),
    "beiträge_arbeitgeber_m": _sum("social_employer"),
    "beiträge_gesamt_m": _sum("social_employee", "social_employer"),
    "rente.beitrag.betrag_versicherter_m": _sum("pension_employee"),
    "rente.beitrag.betrag_arbeitgeber_m": _sum("pension_employer"),
    "rente.beitrag.betrag_gesamt_m": _sum("pension_employee", "pension_employer"),
    "arbeitslosen.beitrag.betrag_versicherter_m": _sum("unemployment_employee"),
    "arbeitslosen.beitrag.betrag_arbeitgeber_m": _sum("unemployment_employer"),
    "arbeitslosen.beitrag.betrag_gesamt_m": _sum("unemployment_employee", "unemployment_employer"),
    "kranken.beitrag.betrag_versicherter_m": _sum("health_employee", "extra_employee"),
    "kranken.beitrag.betrag_arbeitgeber_m": _sum("health_employer", "extra_employer"),
    "pflege.beitrag.betrag_versicherter_m": _sum("care_employee"),
    "pflege.beitrag.betrag_arbeitgeber_m": _sum("care_employer"),
    "pflege.beitrag.betrag_gesamt_in_gleitzone_m": _care_at_the_member_s_rate,
}
EXPECTED |= {
    f"{branch}.beitrag.betrag_{who}_in_gleitzone_m": EXPECTED[f"{branch}.beitrag.betrag_{who}_m"]
    for branch in ("rente", "arbeitslosen", "kranken", "pflege")
    for who in ("versicherter", "arbeitgeber")
}
EXPECTED |= {
    "kranken.beitrag.betrag_gesamt_in_gleitzone_m": _sum(
        "health_employee", "extra_employee", "health_employer", "extra_employer"
    )
}
