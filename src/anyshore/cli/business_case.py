"""``anyshore business-case``: what sending work out brings, with its uncertainty, and whether it came true."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.engagements import open_book
from anyshore.cli.shared import day, taking

if TYPE_CHECKING:
    from anyshore.sourcing.business_case.case import Case

app = typer.Typer(no_args_is_help=True)

Draws = Annotated[int, typer.Option(min=1, max=1_000_000, help="Draws of the Monte Carlo.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the draws: the same seed gives the same figures.")]
Knowledge = Annotated[Path | None, typer.Option(help="Measures of knowledge work: measure, baseline, now, source.")]
Months = Annotated[Path, typer.Argument(help="Months: month, items, fees, credits, hours, exchange; CSV or Excel.")]


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
    case: Case, draws: Draws = 10_000, seed: Seed = 0, knowledge: Knowledge = None, json: output.Json = False
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
    case: Case,
    months: Months,
    activity: Annotated[str, typer.Option(help="The activity, as in the case.")],
    site: Annotated[str, typer.Option(help="The site it went to, as in the case.")],
    baseline: Annotated[str | None, typer.Option(help="Digest of the frozen baseline, which must not differ.")] = None,
    json: output.Json = False,
) -> None:
    """Compare months with the case: the bridge of each, benefits so far, and whether the decision would flip.

    The exit status is 1 where it would.
    """
    from anyshore.sourcing.business_case import sheets, tracking
    from anyshore.sourcing.business_case.months import read

    if baseline and baseline != case.baseline_digest:
        message = f"The baseline is not the one that was frozen: its digest is {case.baseline_digest}."
        raise DataError("business.thawed", message, hint="Compare with the file that was frozen, and its version.")
    found = tracking.track(case, activity, site, read(months))
    output.answer(json, found.as_dict(), *sheets.of_months(found, case.frame.currency))
    output.end(found.flips)


_COLUMNS = ("month", "items", "fees", "credits")


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
    from anyshore.base.tables.writing import write_csv
    from anyshore.terms.arbitrage import worked_months
    from anyshore.terms.months import parse

    found = worked_months(open_book(engagement), parse(first), parse(last or first), service)
    lines = [[str(month), str(one.items), str(one.fees), str(one.credits)] for month, one in found]
    if write is not None:
        files.write(write, write_csv([_COLUMNS, *lines]).encode())
    data = [dict(zip(_COLUMNS, line, strict=True)) for line in lines]
    names = [name.capitalize() for name in _COLUMNS]
    output.answer(json, data, Sheet(f"Months of {engagement}", names, lines, right=(1, 2, 3)))
