"""``anyshore business-case``: what sending work out brings, with its uncertainty, and whether it came true."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base import files
from anyshore.cli import output
from anyshore.cli.engagements import open_book
from anyshore.cli.shared import Engagement, Json, Seed, day, taking

if TYPE_CHECKING:
    from anyshore.sourcing.business_case.case import Case

app = typer.Typer(no_args_is_help=True)

Draws = Annotated[int, typer.Option(min=1, max=1_000_000, help="Draws of the Monte Carlo.")]
Knowledge = Annotated[Path | None, typer.Option(help="Measures of knowledge work: measure, baseline, now, source.")]
Months = Annotated[Path, typer.Argument(help="Months: month, items, fees, credits, hours, exchange; CSV or Excel.")]
Activity = Annotated[str, typer.Option(help="The activity, as in the case.")]
Site = Annotated[str, typer.Option(help="The site it went to, as in the case.")]
Frozen = Annotated[str | None, typer.Option(help="Digest of the frozen baseline, which must not differ.")]
First = Annotated[str, typer.Option("--from", help="First month, as 2027-01.")]
Last = Annotated[str | None, typer.Option("--to", help="Last month; the first one if left out.")]
Service = Annotated[str | None, typer.Option(help="Key of the service, where there are several.")]
Out = Annotated[Path | None, typer.Option(help="Write them into this CSV file, for anyshore business-case track.")]


def _case(
    file: Annotated[
        Path, typer.Argument(help="Quantities of the case: CSV or Excel, a row each with source and year.")
    ],
    start: Annotated[str, typer.Option(help="First day of the case, as 2027-01-01.")],
    years: Annotated[int, typer.Option(min=1, max=30, help="Years looked at.")] = 5,
    discount: Annotated[float, typer.Option(help="Discount rate, as 0.08.")] = 0.08,
    currency: Annotated[str, typer.Option(help="Currency of all money in the file.")] = "EUR",
    version: Annotated[int, typer.Option(min=1, help="Version of the frozen baseline.")] = 1,
) -> Case:
    from anyshore.sourcing.business_case.case import Frame, read

    return read(file, Frame(day(start), years, discount, currency.upper(), version))


@app.command()
@taking(_case)
def evaluate(
    case: Case, draws: Draws = 10_000, seed: Seed = 0, knowledge: Knowledge = None, json: Json = False
) -> None:
    """Draw a business case and show p10, p50 and p90, payback, return, break-even and what moves it most."""
    from anyshore.sourcing.business_case import knowledge as measures
    from anyshore.sourcing.business_case import outcomes, sheets

    gains = measures.read(knowledge) if knowledge else ()
    found = outcomes.evaluate(case, draws=draws, seed=seed)
    data = sheets.plain(case, found, draws, seed) | {"knowledge": [one.as_dict() for one in gains]}
    output.answer(json, data, *sheets.of_case(case, found), *sheets.of_knowledge(gains))


@app.command()
@taking(_case)
def track(
    case: Case, months: Months, activity: Activity, site: Site, baseline: Frozen = None, json: Json = False
) -> None:
    """Compare months with the case: the bridge of each, benefits so far, and whether the decision would flip.

    The exit status is 1 where it would.
    """
    from anyshore.sourcing.business_case import sheets, tracking
    from anyshore.sourcing.business_case.months import read

    if baseline:
        case.check_frozen(baseline)
    found = tracking.track(case, activity, site, read(months))
    output.answer(json, found.as_dict(), *sheets.of_months(found, case.frame.currency))
    output.end(found.flips)


@app.command()
def months(
    engagement: Engagement, first: First, last: Last = None, service: Service = None, write: Out = None,
    json: Json = False,
) -> None:  # fmt: skip
    """List what the ledger shows of a service month by month: items, fees and credits."""
    from anyshore.base.tables.writing import write_csv
    from anyshore.terms import arbitrage
    from anyshore.terms.months import parse

    found = arbitrage.worked_months(open_book(engagement), parse(first), parse(last or first), service)
    shown = arbitrage.of_months(f"Months of {engagement}", found)
    names = [name.lower() for name in shown.columns]
    if write is not None:
        files.write(write, write_csv([names, *shown.rows]).encode())
    output.answer(json, [dict(zip(names, row, strict=True)) for row in shown.rows], shown)
