"""``anyshore shore``: which site suits a piece of work, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError, Diagnostic
from anyshore.cli import output

app = typer.Typer(no_args_is_help=True)

Sites = Annotated[Path, typer.Argument(help="Sites: CSV or Excel with site, country and what else is known of each.")]
Client = Annotated[str, typer.Option(help="The client's country, as DE.")]
Zone = Annotated[str | None, typer.Option(help="The client's time zone; the country's principal one if left out.")]
Rates = Annotated[Path | None, typer.Option(help="The client's rate card: role, site, currency, rate, source.")]
Role = Annotated[str, typer.Option(help="The role whose rate counts, as in the rate card.")]
LanguageOf = Annotated[list[str] | None, typer.Option("--language", help="A language of the work, as de. Repeatable.")]
Personal = Annotated[bool, typer.Option(help="The work needs personal data: sites it may not go to are left out.")]
Allowed = Annotated[list[str] | None, typer.Option("--allow", help="An allowed shore; all if left out. Repeatable.")]
Order = Annotated[list[str] | None, typer.Option("--first", help="A criterion, the most important first. Repeatable.")]
Weight = Annotated[list[str] | None, typer.Option(help="A weight for the methods with one set, as cost=3. Repeatable.")]
On = Annotated[str | None, typer.Option("--on", help="Day on which rates and transfers count; today if left out.")]
Draws = Annotated[int, typer.Option(min=1, max=1_000_000, help="Draws of SMAA.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the draws: the same seed gives the same figures.")]


@app.command()
def rank(
    sites: Sites, client: Client, zone: Zone = None, rates: Rates = None, role: Role = "", language: LanguageOf = None,
    personal_data: Personal = False, allow: Allowed = None, first: Order = None, weight: Weight = None, on: On = None,
    draws: Draws = 10_000, seed: Seed = 0, json: output.Json = False,
) -> None:  # fmt: skip
    """Rank sites for a piece of work, seen from the client's place.

    First says how often a site is best over all weights (and over what is not known of it); beside it stand the ranks
    by five methods with one set of weights. Cost counts only by the client's own rate card.
    """
    from anyshore.sourcing.shores import places, ranking, sheets
    from anyshore.sourcing.shores.sites import read_rates, read_sites

    day = _day(on)
    found = read_sites(sites)
    card = read_rates(rates) if rates else None
    if card and not role:
        raise DataError("shore.role", "A rate card counts by a role.", hint="Name it: --role agent.")
    home = places.place(client, zone)
    needs = ranking.Needs(
        tuple(language or ()), role, personal_data, tuple(allow or ("onshore", "nearshore", "offshore")),
        tuple(first or ()), _weights(weight),
    )  # fmt: skip
    closed, doubts = closed_days({home.country, *(one.place.country for one in found.sites)}, day.year)
    result = ranking.rank_shores(
        home, found.sites, needs, day, card=card, own=found.own, closed=closed, draws=draws, seed=seed
    )
    output.answer(json, result.as_dict() | {"problems": output.plain(doubts)}, *sheets.of_ranking(result))
    output.problems(doubts)


def closed_days(countries: Iterable[str], year: int) -> tuple[dict[str, frozenset[date]], list[Diagnostic]]:
    """Public holidays by country, and a warning of each country whose holidays are not, or not all, known."""
    from anyshore.terms.calendars import holiday_table, known_regions

    found: dict[str, frozenset[date]] = {}
    doubts = []
    for country in sorted(countries):
        if country not in known_regions():
            message = f"The holidays of {country} are not known; none are counted."
            doubts.append(Diagnostic("shore.holidays", message, hint="Shared hours are too high.", severity="warning"))
            continue
        table = holiday_table(country, "", year)
        found[country] = frozenset(table.days)
        if table.incomplete:
            message = f"Holidays of {country} in {year} are not all known: {table.incomplete}."
            doubts.append(Diagnostic("shore.holidays", message, severity="warning"))
    return found, doubts


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise DataError("shore.day", f"{text!r} is no day.", hint="Write it as 2026-11-30.") from problem


def _weights(given: list[str] | None) -> dict[str, float] | None:
    found = {}
    for one in given or ():
        name, _sign, number = one.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError as problem:
            raise DataError("shore.weight", f"{one!r} is no weight.", hint="Write it as cost=3.") from problem
    return found or None
