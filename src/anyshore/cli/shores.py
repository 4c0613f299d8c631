"""``anyshore shore``: which site suits a piece of work, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError, plain
from anyshore.cli import output
from anyshore.cli.shared import Json, Seed, day_or_today
from anyshore.runtime.answers import pair

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


@app.command()
def rank(
    sites: Sites, client: Client, zone: Zone = None, rates: Rates = None, role: Role = "", language: LanguageOf = None,
    personal_data: Personal = False, allow: Allowed = None, first: Order = None, weight: Weight = None, on: On = None,
    draws: Draws = 10_000, seed: Seed = 0, json: Json = False,
) -> None:  # fmt: skip
    """Rank sites for a piece of work, seen from the client's place.

    First says how often a site is best over all weights (and over what is not known of it); beside it stand the ranks
    by five methods with one set of weights. Cost counts only by the client's own rate card.
    """
    from anyshore.sourcing.shores import places, ranking, sheets
    from anyshore.sourcing.shores.sites import read_rates, read_sites
    from anyshore.terms import calendars

    at, found, card = day_or_today(on), read_sites(sites), read_rates(rates) if rates else None
    if card and not role:
        raise DataError("shore.role", "A rate card counts by a role.", hint="Name it: --role agent.")
    home = places.place(client, zone)
    needs = ranking.Needs(
        tuple(language or ()), role, personal_data, tuple(allow or ranking.SHORES), tuple(first or ()),
        ranking.weights(map(pair, weight or ())),
    )  # fmt: skip
    closed, doubts = calendars.closed_days({home.country, *(one.place.country for one in found.sites)}, at.year)
    result = ranking.rank_shores(
        home, found.sites, needs, at, card=card, own=found.own, closed=closed, draws=draws, seed=seed
    )
    output.answer(json, result.as_dict() | {"problems": plain(doubts)}, *sheets.of_ranking(result))
    output.problems(doubts)
