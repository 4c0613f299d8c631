"""A business case, and months compared with it, as plain data, tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from anyshore.base.telling import Part, Reasons, Sheet
from anyshore.sourcing.business_case.bridge import STEPS
from anyshore.sourcing.business_case.case import Case
from anyshore.sourcing.business_case.knowledge import Gain
from anyshore.sourcing.business_case.outcomes import Outcome, Portfolio
from anyshore.sourcing.business_case.tracking import Tracked

_MONTHS = 6
"""Months side by side: the last ones; the document has all."""


def plain(case: Case, found: Portfolio, draws: int, seed: int) -> dict[str, Any]:
    """A business case as plain data."""
    frame = case.frame
    return {
        "start": frame.start.isoformat(), "years": frame.years, "discount": frame.discount, "currency": frame.currency,
        "baseline": {"version": frame.version, "digest": case.baseline_digest},
        "outcomes": [one.as_dict() for one in found.outcomes], "best": found.best, "npv": found.npv.as_list(),
        "gains": round(found.gains, 6), "draws": draws, "seed": seed,
    }  # fmt: skip


def of_case(case: Case, found: Portfolio) -> Iterator[Part]:
    """What each activity brings at each site, what moves the best of them most, and all together."""
    rows = [
        (one.activity, one.site + "*" * (found.best[one.activity] == one.site), *map(_money, one.npv.as_list()),
         f"{one.gains:.0%}", _money(one.median_npv), _years(one.payback.p50), _share(one.xirr.rate),
         _share(one.break_even))
        for one in found.outcomes
    ]  # fmt: skip
    names = ("Activity", "Site", "NPV p10", "p50", "p90", "Gains", "Median", "Payback", "XIRR", "Even at")
    title = f"Business case, {case.frame.currency}, {case.frame.years} years"
    yield Sheet(title, names, rows, right=range(2, 10))
    for one in found.outcomes:
        if found.best[one.activity] == one.site:
            yield _tornado(one)
    spread = " · ".join(_money(one) for one in found.npv.as_list())
    lines = [
        f"All activities, each at its best site (*): NPV {spread}; above zero in {found.gains:.0%} of draws.",
        f"Baseline version {case.frame.version}, digest {case.baseline_digest}.",
        *(f"{one.activity} at {one.site} has several returns: {', '.join(map(_share, one.xirr.all))}."
          for one in found.outcomes if one.xirr.several),
    ]  # fmt: skip
    yield Reasons(lines, whole=True)


def _tornado(one: Outcome) -> Sheet:
    rows = [
        (bar.quantity, _money(bar.at_p10), _money(bar.at_p90), _money(bar.width), bar.source) for bar in one.tornado
    ]
    names = ("Quantity", "NPV at its p10", "at its p90", "apart", "Source")
    return Sheet(f"What moves {one.activity} at {one.site} most", names, rows, right=(1, 2, 3))


def of_knowledge(gains: Sequence[Gain]) -> Iterator[Part]:
    """What knowledge work gained, each measure in its own unit."""
    rows = [(g.measure.name, g.measure.unit, g.baseline, g.now, g.gained) for g in gains]
    if rows:
        names = ("Measure", "Unit", "Baseline", "Now", "Gained")
        yield Sheet("Knowledge, in its own units", names, rows, right=(2, 3, 4))


def of_months(found: Tracked, currency: str) -> Iterator[Part]:
    """The bridge of the last months, benefits so far, and whether the decision would flip."""
    shown = found.months[-_MONTHS:]
    of = [("Planned", [one.bridge.planned for one in shown])]
    of += [(step.capitalize(), [one.bridge.steps[step] for one in shown]) for step in STEPS]
    of += [("Actual", [one.bridge.actual for one in shown])]
    of += [("Benefit planned", [one.planned_benefit for one in shown]), ("Benefit", [one.benefit for one in shown])]
    names = ("", *(f"{one.first:%Y-%m}" for one in shown))
    rows = [(name, *(f"{figure:,}" for figure in figures)) for name, figures in of]
    yield Sheet(f"{found.activity} at {found.site}, {currency}", names, rows, right=range(1, len(names)))
    lines = [
        f"Benefit so far {found.benefit:,} of {found.planned_benefit:,} planned.",
        f"Net present value of the case {found.expected_npv:,.2f}, with what the months show {found.revised_npv:,.2f}.",
    ]
    if found.flips:
        lines.append(f"The decision would flip: today it would be {found.best_now}.")
    yield Reasons(lines)


def _money(value: float | None) -> str:
    return "never" if value is None else f"{value:,.0f}"


def _years(value: float) -> str:
    return "never" if value == float("inf") else f"{value:.1f} y"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
