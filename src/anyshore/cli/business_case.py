"""``anyshore business-case``: what sending work out brings, with its uncertainty, and whether it came true."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Bounds, Group, Seed, Taken, day
from anyshore.cli.declaring import Engagement
from anyshore.cli.engagements import open_book
from anyshore.sourcing.business_case.case import Case, Frame, read


def _case(
    file: Annotated[Path, "Quantities of the case: CSV or Excel, a row each with source and year."],
    *,
    start: Annotated[date, day, "First day of the case, as 2027-01-01."],
    years: Annotated[int, Bounds(1, 30), "Years looked at."] = 5,
    discount: Annotated[float, "Discount rate, as 0.08."] = 0.08,
    currency: Annotated[str, "Currency of all money in the file."] = "EUR",
    version: Annotated[int, Bounds(1), "Version of the frozen baseline."] = 1,
) -> Case:
    return read(file, Frame(start, years, discount, currency.upper(), version))


Given = Annotated[Case, Taken(_case)]


def evaluate(
    case: Given,
    *,
    draws: Annotated[int, Bounds(1, 1_000_000), "Draws of the Monte Carlo."] = 10_000,
    seed: Seed = 0,
    knowledge: Annotated[Path | None, "Measures of knowledge work: measure, baseline, now, source."] = None,
) -> Answer:
    """Draw a business case and show p10, p50 and p90, payback, return, break-even and what moves it most."""
    from anyshore.sourcing.business_case import knowledge as measures
    from anyshore.sourcing.business_case import outcomes, sheets

    gains = measures.read(knowledge) if knowledge else ()
    found = outcomes.evaluate(case, draws=draws, seed=seed)
    data = sheets.plain(case, found, draws, seed) | {"knowledge": [one.as_dict() for one in gains]}
    return Answer(data, sheets.of_case(case, found), sheets.of_knowledge(gains))


def track(
    case: Given,
    months: Annotated[Path, "Months: month, items, fees, credits, hours, exchange; CSV or Excel."],
    *,
    activity: Annotated[str, "The activity, as in the case."],
    site: Annotated[str, "The site it went to, as in the case."],
    baseline: Annotated[str | None, "Digest of the frozen baseline, which must not differ."] = None,
) -> Answer:
    """Compare months with the case: the bridge of each, benefits so far, and whether the decision would flip.

    The exit status is 1 where it would.
    """
    from anyshore.sourcing.business_case import months as worked
    from anyshore.sourcing.business_case import sheets, tracking

    if baseline:
        case.check_frozen(baseline)
    found = tracking.track(case, activity, site, worked.read(months))
    return Answer(found.as_dict(), sheets.of_months(found, case.frame.currency), bad=found.flips)


def months(
    engagement: Engagement,
    *,
    first: Annotated[str, "--from", "First month, as 2027-01."],
    last: Annotated[str | None, "--to", "Last month; the first one if left out."] = None,
    service: Annotated[str | None, "Key of the service, where there are several."] = None,
    write: Annotated[Path | None, "Write them into this CSV file, for anyshore business-case track."] = None,
) -> Answer:
    """List what the ledger shows of a service month by month: items, fees and credits."""
    from anyshore.base import files
    from anyshore.base.tables.writing import write_csv
    from anyshore.terms import arbitrage
    from anyshore.terms.months import parse

    found = arbitrage.worked_months(open_book(engagement), parse(first), parse(last or first), service)
    shown = arbitrage.of_months(f"Months of {engagement}", found)
    names = [name.lower() for name in shown.columns]
    if write is not None:
        files.write(write, write_csv([names, *shown.rows]).encode())
    return Answer([dict(zip(names, row, strict=True)) for row in shown.rows], shown)


GROUP = Group(
    "What sending work out brings, with its uncertainty, and whether it came true.",
    {"evaluate": evaluate, "track": track, "months": months},
)
