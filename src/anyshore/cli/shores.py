"""``anyshore shore``: which site suits a piece of work, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Bounds, Group, Seed, day, pair
from anyshore.base.errors import DataError, plain
from anyshore.cli.declaring import today


def rank(
    sites: Annotated[Path, "Sites: CSV or Excel with site, country and what else is known of each."],
    *,
    client: Annotated[str, "The client's country, as DE."],
    zone: Annotated[str | None, "The client's time zone; the country's principal one if left out."] = None,
    rates: Annotated[Path | None, "The client's rate card: role, site, currency, rate, source."] = None,
    role: Annotated[str, "The role whose rate counts, as in the rate card."] = "",
    language: Annotated[Sequence[str], "A language of the work, as de. Repeatable."] = (),
    personal_data: Annotated[bool, "The work needs personal data: sites it may not go to are left out."] = False,
    allow: Annotated[Sequence[str], "An allowed shore; all if left out. Repeatable."] = (),
    first: Annotated[Sequence[str], "A criterion, the most important first. Repeatable."] = (),
    weight: Annotated[
        Sequence[tuple[str, str]], pair, "A weight for the methods with one set, as cost=3. Repeatable."
    ] = (),
    on: Annotated[date | None, day, "Day on which rates and transfers count; today if left out."] = None,
    draws: Annotated[int, Bounds(1, 1_000_000), "Draws of SMAA."] = 10_000,
    seed: Seed = 0,
) -> Answer:
    """Rank sites for a piece of work, seen from the client's place.

    First says how often a site is best over all weights (and over what is not known of it); beside it stand the ranks
    by five methods with one set of weights. Cost counts only by the client's own rate card.
    """
    from anyshore.sourcing.shores import places, ranking, sheets
    from anyshore.sourcing.shores.sites import read_rates, read_sites
    from anyshore.terms import calendars

    at, found, card = on or today(), read_sites(sites), read_rates(rates) if rates else None
    if card and not role:
        raise DataError("shore.role", "A rate card counts by a role.", hint="Name it: --role agent.")
    home, allowed = places.place(client, zone), tuple(allow or ranking.SHORES)
    needs = ranking.Needs(tuple(language), role, personal_data, allowed, tuple(first), ranking.weights(weight))
    closed, doubts = calendars.closed_days({home.country, *(one.place.country for one in found.sites)}, at.year)
    result = ranking.rank_shores(
        home, found.sites, needs, at, card=card, own=found.own, closed=closed, draws=draws, seed=seed
    )
    return Answer(result.as_dict() | {"problems": plain(doubts)}, sheets.of_ranking(result), beside=doubts)


GROUP = Group("Rank sites for a piece of work: onshore, nearshore, offshore.", {"rank": rank})
