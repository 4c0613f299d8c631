"""``anyshore decide``: which activities go out, as which kind, and to which shore."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError, grave, plain
from anyshore.cli import output
from anyshore.cli.shared import Json, Lang
from anyshore.sourcing import portfolio, sheets
from anyshore.sourcing.decide import RULES, Rules

File = Annotated[Path, typer.Argument(help="The portfolio: CSV or Excel, one row per activity.")]
RulesFolder = Annotated[
    Path, typer.Option(help="Folder with kind.dmn, gates.dmn and shore.dmn; the shipped rules if left out.")
]
Logs = Annotated[
    Path | None, typer.Option(help="Folder with the event logs the portfolio names; its own folder if left out.")
]
Zone = Annotated[str, typer.Option(help="IANA zone of the business hours in event logs.")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the decision; today if left out.")]
Sites = Annotated[Path | None, typer.Option(help="Your sites: CSV or Excel; what goes out is then ranked over them.")]
Rates = Annotated[Path | None, typer.Option(help="Your rate card: role, site, currency, rate, source; with --sites.")]
Reasons = Annotated[bool, typer.Option(help="Show evidence, gates, tasks, questions and criteria of each.")]


def decide(
    file: File, rules: RulesFolder = RULES, logs: Logs = None, zone: Zone = "UTC", on: On = None, sites: Sites = None,
    rates: Rates = None, reasons: Reasons = False, lang: Lang = "en", json: Json = False,
) -> None:  # fmt: skip
    """Decide what becomes of each activity: BPO, KPO, keep, automate first, bring back, split, pilot or ask.

    The columns are activity, client_country, data_class (public, internal, personal, special, secret); and, all of
    which may be empty or missing, description, occupations, volume_per_month, handling_minutes, core, duty,
    asset_specificity, place_bound, done_by, event_log, languages, role and the ten criteria.
    A row that cannot be used is reported and the others are decided; the exit status is then 1.
    """
    from anyshore.runtime import portfolios

    found = portfolio.read(file)
    at = on.date() if on else date.today()  # noqa: DTZ011 - the day where the command is given
    siting, doubts = portfolios.siting(sites, rates, found.activities, at) if sites else (None, [])
    if rates is not None and sites is None:
        raise DataError("shore.empty", "A rate card alone ranks nothing.", hint="Name the sites too: --sites FILE.")
    ready = Rules(at, rules, siting=siting)
    named = sum(bool(one.event_log) for one in found.activities)
    with output.progress("Reading event logs", named) as done:
        read, problems = portfolios.logs(found.activities, logs or file.parent, zone, str(file), done)
    with output.progress("Deciding", len(found.activities)) as done:
        decisions, gaps = portfolios.decided(ready, found.activities, read, str(file), done)
    problems = [*found.problems, *problems, *doubts, *gaps]
    parts = [*sheets.of_decisions(decisions, lang), *(sheets.of_evidence(decisions, lang) if reasons else ())]
    output.answer(json, {"decisions": [one.as_dict() for one in decisions], "problems": plain(problems)}, *parts)
    output.problems(problems)
    output.end(grave(problems))
