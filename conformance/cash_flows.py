"""Dated cash flows with their IRR, XIRR, NPV and XNPV: ``cash-flows/expected.json`` and files of the same shape.

A case passes when all four are within 1e-8 (relative above 1), null where null is expected. The present values are
computed twice: as the business case does, and as a company is valued by its flows (``finance.dcf``).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore.finance import dcf, returns
from conformance import folders
from conformance.scores import Score

TOLERANCE = 1e-8
RATE, PERIODIC_RATE = 0.10, 0.08


def run(data: Path) -> Score:
    """Runs every case of every JSON file below ``cash-flows``, or below the folder given."""
    score = Score("cash-flows", 0, 0)
    root = folders.of_suite(data, "cash-flows")
    for file, number, case in folders.cases(score, folders.files(root, ".json"), folders.json_list):
        name = case.get("case", number) if isinstance(case, dict) else number
        folders.count(score, f"{file.stem} {name}", folders.told(lambda case=case: check(case), str))
    return score


def check(case: dict[str, Any]) -> str | None:
    """What is wrong with a case; None where it passes."""
    flows = [(date.fromisoformat(day), float(amount)) for day, amount in case["flows"]]
    amounts = [amount for _day, amount in flows]
    found = {
        "xirr": returns.xirr(flows).rate, "irr_periodic": returns.irr(amounts).rate,
        "xnpv_10": returns.xnpv(RATE, flows), "npv_8": returns.npv(PERIODIC_RATE, amounts),
    }  # fmt: skip
    exact = [(date.fromisoformat(day), Decimal(str(amount))) for day, amount in case["flows"]]
    periods = [(Decimal(at), amount) for at, (_day, amount) in enumerate(exact)]
    valued = {
        "xnpv_10": sum(dcf.discounted(Decimal(str(RATE)), dcf.dated(exact))),
        "npv_8": sum(dcf.discounted(Decimal(str(PERIODIC_RATE)), periods)),
    }
    wrong = [f"{name} {one} valued where {case[name]} is expected" for name, one in valued.items()
             if differs(float(one), case[name])]  # fmt: skip
    wrong += [
        f"{name} {found[name]} where {case[name]} is expected" for name in found if differs(found[name], case[name])
    ]
    return "; ".join(wrong) or None


def differs(found: float | None, expected: float | None) -> bool:
    """Whether one is null and the other not, or they are further apart than 1e-8."""
    if found is None or expected is None:
        return found is not expected
    return abs(found - expected) > TOLERANCE * max(1.0, abs(expected))
