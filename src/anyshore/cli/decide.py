"""``anyshore decide``: which activities go out, as which kind, and to which shore."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import AnyshoreError, DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.sourcing import portfolio, sheets
from anyshore.sourcing.decide import RULES, Decision, Rules
from anyshore.sourcing.evidence import Log
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.siting import Siting, countries


def decide(
    file: Annotated[Path, typer.Argument(help="The portfolio: CSV or Excel, one row per activity.")],
    rules: Annotated[
        Path, typer.Option(help="Folder with kind.dmn, gates.dmn and shore.dmn; the shipped rules if left out.")
    ] = RULES,
    logs: Annotated[
        Path | None, typer.Option(help="Folder with the event logs the portfolio names; its own folder if left out.")
    ] = None,
    zone: Annotated[str, typer.Option(help="IANA zone of the business hours in event logs.")] = "UTC",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the decision; today if left out.")
    ] = None,
    sites: Annotated[
        Path | None, typer.Option(help="Your sites: CSV or Excel; what goes out is then ranked over them.")
    ] = None,
    rates: Annotated[
        Path | None, typer.Option(help="Your rate card: role, site, currency, rate, source; with --sites.")
    ] = None,
    reasons: Annotated[bool, typer.Option(help="Show evidence, gates, tasks, questions and criteria of each.")] = False,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Decide what becomes of each activity: BPO, KPO, keep, automate first, bring back, split, pilot or ask.

    The columns are activity, client_country, data_class (public, internal, personal, special, secret); and, all of
    which may be empty or missing, description, occupations, volume_per_month, handling_minutes, core, duty,
    asset_specificity, place_bound, done_by, event_log, languages, role and the ten criteria.
    A row that cannot be used is reported and the others are decided; the exit status is then 1.
    """
    found = portfolio.read(file)
    at = on.date() if on else date.today()  # noqa: DTZ011 - the day where the command is given
    siting, doubts = _siting(sites, rates, found.activities, at)
    ready = Rules(at, rules, siting=siting)
    read, problems = _logs(found.activities, logs or file.parent, zone, str(file))
    decisions, gaps = _decided(ready, found, read, str(file))
    problems = [*found.problems, *problems, *doubts, *gaps]
    if json:
        output.document({"decisions": [d.as_dict() for d in decisions], "problems": output.plain(problems)})
    else:
        output.told(sheets.of_decisions(decisions, lang))
        output.told(sheets.of_evidence(decisions, lang) if reasons else ())
    output.problems(problems)
    output.end(output.errors(problems))


def _siting(
    sites: Path | None, rates: Path | None, activities: Sequence[Activity], at: date
) -> tuple[Siting | None, list[Diagnostic]]:
    """The sites to rank, and a warning of each country whose holidays are not known."""
    if sites is None:
        if rates is not None:
            raise DataError("shore.empty", "A rate card alone ranks nothing.", hint="Name the sites too: --sites FILE.")
        return None, []
    from anyshore.sourcing.shores.sites import read_rates, read_sites
    from anyshore.terms.calendars import closed_days

    known, card = read_sites(sites), read_rates(rates) if rates else None
    closed, doubts = closed_days(countries(known, activities), at.year)
    return Siting(known, card, closed), doubts


def _logs(
    activities: Sequence[Activity], folder: Path, zone: str, file: str
) -> tuple[dict[str, Log], list[Diagnostic]]:
    """The figures of the event logs the portfolio names, and what is wrong with them."""
    named = [one for one in activities if one.event_log]
    found: dict[str, Log] = {}
    problems: list[Diagnostic] = []
    if not named:
        return found, problems
    from anyshore.sourcing.event_log.figures import figures
    from anyshore.sourcing.event_log.hours import Hours
    from anyshore.sourcing.event_log.reading import read

    with output.progress("Reading event logs", len(named)) as done:
        for number, one in enumerate(named, 1):
            try:
                log = read(_inside(folder, one.event_log, Location(file, "event_log", one.line)))
                problems += log.problems
                found[one.name] = figures(log, Hours(zone))
            except AnyshoreError as error:
                problems += error.diagnostics
            except ValueError as error:  # no such zone
                place = Location(file, "event_log", one.line)
                problems.append(Diagnostic("event-log.zone", f"{error}.", place, "Give a zone such as Europe/Berlin."))
            done(number)
    return found, problems


def _inside(folder: Path, name: str, place: Location) -> Path:
    """A file of the folder; a portfolio, which may come from anybody, names no other."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError("event-log.outside", f"{name!r} is not in the folder of logs.", place, "Put it there.")
    return path


def _decided(
    rules: Rules, found: portfolio.Portfolio, logs: dict[str, Log], file: str
) -> tuple[list[Decision], list[Diagnostic]]:
    """The decisions, and the problems of activities for which the rules leave a gap."""
    decisions: list[Decision] = []
    problems: list[Diagnostic] = []
    with output.progress("Deciding", len(found.activities)) as done:
        answers = rules.decide_all(found.activities, logs, done)
    for activity, answer in zip(found.activities, answers, strict=True):
        if isinstance(answer, AnyshoreError):
            place = Location(file, answer.location.element, activity.line)
            problems.append(Diagnostic(answer.code, answer.message, place, answer.hint))
        else:
            decisions.append(answer)
    return decisions, problems
