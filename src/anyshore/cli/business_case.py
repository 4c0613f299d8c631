"""``anyshore business-case``: what sending work out brings, with its uncertainty, and whether it came true."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.cli.engagements import open_book

if TYPE_CHECKING:
    from anyshore.sourcing.business_case.case import Case
    from anyshore.sourcing.business_case.outcomes import Outcome, Portfolio
    from anyshore.sourcing.business_case.tracking import Tracked
    from anyshore.terms.arbitrage import Worked

app = typer.Typer(no_args_is_help=True)

_MONTHS = 6
"""Months side by side: the last ones; the document has all."""

File = Annotated[Path, typer.Argument(help="Quantities of the case: CSV or Excel, a row each with source and year.")]
Start = Annotated[str, typer.Option(help="First day of the case, as 2027-01-01.")]
Years = Annotated[int, typer.Option(min=1, max=30, help="Years looked at.")]
Discount = Annotated[float, typer.Option(help="Discount rate, as 0.08.")]
Currency = Annotated[str, typer.Option(help="Currency of all money in the file.")]
Version = Annotated[int, typer.Option(min=1, help="Version of the frozen baseline.")]
Draws = Annotated[int, typer.Option(min=1, max=1_000_000, help="Draws of the Monte Carlo.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the draws: the same seed gives the same figures.")]
Knowledge = Annotated[Path | None, typer.Option(help="Measures of knowledge work: measure, baseline, now, source.")]
Months = Annotated[Path, typer.Argument(help="Months: month, items, fees, credits, hours, exchange; CSV or Excel.")]


@app.command()
def evaluate(
    file: File, start: Start, years: Years = 5, discount: Discount = 0.08, currency: Currency = "EUR",
    version: Version = 1, draws: Draws = 10_000, seed: Seed = 0, knowledge: Knowledge = None, json: output.Json = False,
) -> None:  # fmt: skip
    """Draw a business case and show p10, p50 and p90, payback, return, break-even and what moves it most."""
    from anyshore.sourcing.business_case import knowledge as measures
    from anyshore.sourcing.business_case import outcomes

    with output.failing():
        case = _case(file, start, years, discount, currency, version)
        gains = measures.read(knowledge) if knowledge else ()
        found = outcomes.evaluate(case, draws=draws, seed=seed)
    if json:
        output.document(_plain(case, found, draws, seed) | {"knowledge": [one.as_dict() for one in gains]})
        return
    _show(case, found)
    if gains:
        rows = [(g.measure.name, g.measure.unit, g.baseline, g.now, g.gained) for g in gains]
        output.table(
            "Knowledge, in its own units", ("Measure", "Unit", "Baseline", "Now", "Gained"), rows, right=(2, 3, 4)
        )


@app.command()
def track(
    file: File, months: Months, start: Start,
    activity: Annotated[str, typer.Option(help="The activity, as in the case.")],
    site: Annotated[str, typer.Option(help="The site it went to, as in the case.")],
    baseline: Annotated[str | None, typer.Option(help="Digest of the frozen baseline, which must not differ.")] = None,
    years: Years = 5, discount: Discount = 0.08, currency: Currency = "EUR", version: Version = 1,
    json: output.Json = False,
) -> None:  # fmt: skip
    """Compare months with the case: the bridge of each, benefits so far, and whether the decision would flip.

    The exit status is 1 where it would.
    """
    from anyshore.sourcing.business_case import tracking
    from anyshore.sourcing.business_case.months import read

    with output.failing():
        case = _case(file, start, years, discount, currency, version)
        if baseline and baseline != case.baseline_digest:
            message = f"The baseline is not the one that was frozen: its digest is {case.baseline_digest}."
            raise DataError("business.thawed", message, hint="Compare with the file that was frozen, and its version.")
        found = tracking.track(case, activity, site, read(months))
    if json:
        output.document(found.as_dict())
    else:
        _show_tracked(found, currency)
    if found.flips:
        raise typer.Exit(1)


@app.command()
def months(
    engagement: Annotated[str, typer.Argument(help="Id of the engagement, as in its terms.")],
    first: Annotated[str, typer.Option("--from", help="First month, as 2027-01.")],
    last: Annotated[str | None, typer.Option("--to", help="Last month; the first one if left out.")] = None,
    service: Annotated[str | None, typer.Option(help="Key of the service, where there are several.")] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write them into this CSV file, for anyshore business-case track.")
    ] = None,
    json: output.Json = False,
) -> None:
    """List what the ledger shows of a service month by month: items, fees and credits."""
    with output.failing():
        found = _worked(engagement, first, last or first, service)
        lines = [[month, str(one.items), str(one.fees), str(one.credits)] for month, one in found]
        if write is not None:
            _write(write, lines)
    if json:
        output.document([dict(zip(_COLUMNS, line, strict=True)) for line in lines])
        return
    output.table(f"Months of {engagement}", [name.capitalize() for name in _COLUMNS], lines, right=(1, 2, 3))


_COLUMNS = ("month", "items", "fees", "credits")


def _worked(engagement: str, first: str, last: str, service: str | None) -> list[tuple[str, Worked]]:
    from anyshore.terms.arbitrage import worked
    from anyshore.terms.invoice import draft
    from anyshore.terms.months import parse

    book, month, end = open_book(engagement), parse(first), parse(last)
    found = []
    while month <= end:
        invoice = draft(book, month)
        keys = list(invoice.terms.services)
        if (service or keys[0]) not in keys or (service is None and len(keys) > 1):
            hint = f"Name one: --service {' or '.join(keys)}."
            raise DataError("business.service", f"{engagement} has {len(keys)} services.", hint=hint)
        found.append((str(month), worked(book, invoice, service or keys[0])))
        month = month.next
    return found


def _write(file: Path, lines: list[list[str]]) -> None:
    from anyshore.base.tables.writing import write_csv

    try:
        file.write_text(write_csv([_COLUMNS, *lines]), encoding="utf-8")
    except OSError as problem:
        message = f"Cannot write it: {problem.strerror}."
        raise DataError("file.unwritable", message, Location(str(file)), "Check path and rights.") from problem


def _case(file: Path, start: str, years: int, discount: float, currency: str, version: int) -> Case:
    from anyshore.sourcing.business_case.case import Frame, read

    try:
        first = date.fromisoformat(start)
    except ValueError as problem:
        raise DataError("business.start", f"{start!r} is no day.", hint="Write it as 2027-01-01.") from problem
    return read(file, Frame(first, years, discount, currency.upper(), version))


def _plain(case: Case, found: Portfolio, draws: int, seed: int) -> dict[str, Any]:
    frame = case.frame
    return {
        "start": frame.start.isoformat(), "years": frame.years, "discount": frame.discount, "currency": frame.currency,
        "baseline": {"version": frame.version, "digest": case.baseline_digest},
        "outcomes": [one.as_dict() for one in found.outcomes], "best": found.best, "npv": found.npv.as_list(),
        "gains": round(found.gains, 6), "draws": draws, "seed": seed,
    }  # fmt: skip


def _show(case: Case, found: Portfolio) -> None:
    rows = [
        (one.activity, one.site + "*" * (found.best[one.activity] == one.site), *map(_money, one.npv.as_list()),
         f"{one.gains:.0%}", _money(one.median_npv), _years(one.payback.p50), _share(one.xirr.rate),
         _share(one.break_even))
        for one in found.outcomes
    ]  # fmt: skip
    names = ("Activity", "Site", "NPV p10", "p50", "p90", "Gains", "Median", "Payback", "XIRR", "Even at")
    output.table(
        f"Business case, {case.frame.currency}, {case.frame.years} years", names, rows, right=tuple(range(2, 10))
    )
    for one in found.outcomes:
        if found.best[one.activity] == one.site:
            _show_tornado(one)
    spread = " · ".join(_money(one) for one in found.npv.as_list())
    lines = [
        f"All activities, each at its best site (*): NPV {spread}; above zero in {found.gains:.0%} of draws.",
        f"Baseline version {case.frame.version}, digest {case.baseline_digest}.",
        *(f"{one.activity} at {one.site} has several returns: {', '.join(map(_share, one.xirr.all))}."
          for one in found.outcomes if one.xirr.several),
    ]  # fmt: skip
    output.sentences(lines, most=None)


def _show_tornado(one: Outcome) -> None:
    rows = [
        (bar.quantity, _money(bar.at_p10), _money(bar.at_p90), _money(bar.width), bar.source) for bar in one.tornado
    ]
    names = ("Quantity", "NPV at its p10", "at its p90", "apart", "Source")
    output.table(f"What moves {one.activity} at {one.site} most", names, rows, right=(1, 2, 3))


def _show_tracked(found: Tracked, currency: str) -> None:
    from anyshore.sourcing.business_case.bridge import STEPS

    shown = found.months[-_MONTHS:]
    of = [("Planned", [one.bridge.planned for one in shown])]
    of += [(step.capitalize(), [one.bridge.steps[step] for one in shown]) for step in STEPS]
    of += [("Actual", [one.bridge.actual for one in shown])]
    of += [("Benefit planned", [one.planned_benefit for one in shown]), ("Benefit", [one.benefit for one in shown])]
    names = ("", *(f"{one.first:%Y-%m}" for one in shown))
    rows = [(name, *(f"{figure:,}" for figure in figures)) for name, figures in of]
    output.table(f"{found.activity} at {found.site}, {currency}", names, rows, right=tuple(range(1, len(names))))
    lines = [
        f"Benefit so far {found.benefit:,} of {found.planned_benefit:,} planned.",
        f"Net present value of the case {found.expected_npv:,.2f}, with what the months show {found.revised_npv:,.2f}.",
    ]
    if found.flips:
        lines.append(f"The decision would flip: today it would be {found.best_now}.")
    output.sentences(lines)


def _money(value: float | None) -> str:
    return "never" if value is None else f"{value:,.0f}"


def _years(value: float) -> str:
    return "never" if value == float("inf") else f"{value:.1f} y"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
