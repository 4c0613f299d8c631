"""A portfolio decided from its files: activities, the event logs they name, the sites they may go to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from anyshore.base.errors import AnyshoreError, DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.sourcing.decide import Decision, Rules
from anyshore.sourcing.evidence import Log
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.siting import Siting, countries


def siting(
    sites: Path, rates: Path | None, activities: Sequence[Activity], on: date
) -> tuple[Siting, list[Diagnostic]]:
    """The sites to rank, and a warning of each country whose holidays are not known.

    Raises:
        DataError: a file cannot be used.
    """
    from anyshore.sourcing.shores.sites import read_rates, read_sites  # NumPy and the holidays come with an extra
    from anyshore.terms.calendars import closed_days

    known, card = read_sites(sites), read_rates(rates) if rates else None
    closed, doubts = closed_days(countries(known, activities), on.year)
    return Siting(known, card, closed), doubts


def logs(
    activities: Sequence[Activity], folder: Path, zone: str, file: str, done: Callable[[int], None]
) -> tuple[dict[str, Log], list[Diagnostic]]:
    """The figures of the event logs the activities name, and what is wrong with them.

    Args:
        activities: those without a log are passed over.
        folder: of the logs; a portfolio, which may come from anybody, names no file elsewhere.
        zone: IANA zone of the business hours.
        file: name of the portfolio, for messages.
        done: takes how many logs are read.
    """
    named = [one for one in activities if one.event_log]
    found: dict[str, Log] = {}
    problems: list[Diagnostic] = []
    if not named:
        return found, problems
    from anyshore.sourcing.event_log.figures import figures  # NumPy comes with an extra
    from anyshore.sourcing.event_log.hours import Hours
    from anyshore.sourcing.event_log.reading import read

    for number, one in enumerate(named, 1):
        place = Location(file, "event_log", one.line)
        try:
            log = read(_inside(folder, one.event_log, place))
            problems += log.problems
            found[one.name] = figures(log, Hours(zone))
        except AnyshoreError as error:
            problems += error.diagnostics
        except ValueError as error:  # no such zone
            problems.append(Diagnostic("event-log.zone", f"{error}.", place, "Give a zone such as Europe/Berlin."))
        done(number)
    return found, problems


def _inside(folder: Path, name: str, place: Location) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError("event-log.outside", f"{name!r} is not in the folder of logs.", place, "Put it there.")
    return path


def decided(
    rules: Rules, activities: Sequence[Activity], logs: Mapping[str, Log], file: str, done: Callable[[int], None]
) -> tuple[list[Decision], list[Diagnostic]]:
    """The decisions, and the problems of activities for which the rules leave a gap.

    Args:
        rules: that decide.
        activities: of the portfolio.
        logs: figures of event logs, by activity.
        file: name of the portfolio, for messages.
        done: takes how many are decided.
    """
    decisions: list[Decision] = []
    problems: list[Diagnostic] = []
    for activity, answer in zip(activities, rules.decide_all(activities, logs, done), strict=True):
        if isinstance(answer, AnyshoreError):
            place = Location(file, answer.location.element, activity.line)
            problems.append(Diagnostic(answer.code, answer.message, place, answer.hint))
        else:
            decisions.append(answer)
    return decisions, problems
