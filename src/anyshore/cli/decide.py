"""``anyshore decide``: which activities go out, as which kind, and to which shore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Lang
from anyshore.base.errors import DataError, grave, plain
from anyshore.cli import output
from anyshore.cli.declaring import today
from anyshore.sourcing import portfolio, sheets
from anyshore.sourcing.decide import RULES, Rules


def decide(
    file: Annotated[Path, "The portfolio: CSV or Excel, one row per activity."],
    *,
    rules: Annotated[Path, "Folder with kind.dmn, gates.dmn and shore.dmn; the shipped rules if left out."] = RULES,
    logs: Annotated[Path | None, "Folder with the event logs the portfolio names; its own folder if left out."] = None,
    zone: Annotated[str, "IANA zone of the business hours in event logs."] = "UTC",
    on: Annotated[datetime | None, "Day of the decision; today if left out."] = None,
    sites: Annotated[Path | None, "Your sites: CSV or Excel; what goes out is then ranked over them."] = None,
    rates: Annotated[Path | None, "Your rate card: role, site, currency, rate, source; with --sites."] = None,
    reasons: Annotated[bool, "Show evidence, gates, tasks, questions and criteria of each."] = False,
    lang: Lang = "en",
) -> Answer:
    """Decide what becomes of each activity: BPO, KPO, keep, automate first, bring back, split, pilot or ask.

    The columns are activity, client_country, data_class (public, internal, personal, special, secret); and, all of
    which may be empty or missing, description, occupations, volume_per_month, handling_minutes, core, duty,
    asset_specificity, place_bound, done_by, event_log, languages, role and the ten criteria.
    A row that cannot be used is reported and the others are decided; the exit status is then 1.
    """
    from anyshore.runtime import portfolios

    found, at = portfolio.read(file), on.date() if on else today()
    siting, doubts = portfolios.siting(sites, rates, found.activities, at) if sites else (None, [])
    if rates is not None and sites is None:
        raise DataError("shore.empty", "A rate card alone ranks nothing.", hint="Name the sites too: --sites FILE.")
    named = sum(bool(one.event_log) for one in found.activities)
    with output.progress("Reading event logs", named) as done:
        read, problems = portfolios.logs(found.activities, logs or file.parent, zone, str(file), done)
    with output.progress("Deciding", len(found.activities)) as done:
        ready = Rules(at, rules, siting=siting)
        decisions, gaps = portfolios.decided(ready, found.activities, read, str(file), done)
    problems = [*found.problems, *problems, *doubts, *gaps]
    data = {"decisions": [one.as_dict() for one in decisions], "problems": plain(problems)}
    evidence = sheets.of_evidence(decisions, lang) if reasons else ()
    return Answer(data, sheets.of_decisions(decisions, lang), evidence, beside=problems, bad=grave(problems))
