"""``anyshore decide``: which activities go out, as which kind, and to which shore."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import AnyshoreError, DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.sourcing import portfolio
from anyshore.sourcing.decide import RULES, Decision, Log, Rules
from anyshore.sourcing.portfolio import Activity
from anyshore.sourcing.text import Text


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
    reasons: Annotated[bool, typer.Option(help="Show evidence, gates, tasks, questions and criteria of each.")] = False,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Decide what becomes of each activity: BPO, KPO, keep, automate first, bring back, split, pilot or ask.

    The columns are activity, client_country, data_class (public, internal, personal, special, secret); and, all of
    which may be empty or missing, description, occupations, volume_per_month, handling_minutes, core, duty,
    asset_specificity, place_bound, done_by, event_log and the ten criteria.
    A row that cannot be used is reported and the others are decided; the exit status is then 1.
    """
    with output.failing():
        found = portfolio.read(file)
        ready = Rules(on.date() if on else date.today(), rules)  # noqa: DTZ011 - the day where the command is given
        read, problems = _logs(found.activities, logs or file.parent, zone, str(file))
        decisions, gaps = _decided(ready, found, read, str(file))
        problems = [*found.problems, *problems, *gaps]
    if json:
        output.document({"decisions": [d.as_dict() for d in decisions], "problems": [p.as_dict() for p in problems]})
    else:
        show(decisions, lang, reasons=reasons)
    output.problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def _logs(activities: list[Activity], folder: Path, zone: str, file: str) -> tuple[dict[str, Log], list[Diagnostic]]:
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


def show(decisions: list[Decision], lang: str, *, reasons: bool) -> None:
    """Prints the decisions as a table, and with ``reasons`` what each rests on."""
    rows = [
        (d.activity.name, d.kind, f"{d.judgement.probability:.2f}", f"{d.judgement.low:.2f}–{d.judgement.high:.2f}",
         ", ".join(d.shores_allowed) or "–", d.shore or "–")
        for d in decisions
    ]  # fmt: skip
    head = ("Activity", "Kind", "Judgement", "Interval", "Shores allowed", "Shore")
    output.table("Sourcing", head, rows, right=(2, 3))
    for d in decisions:
        why = " ".join(text(reason, lang) for reason in (d.kind_reason, *d.shore_reasons))
        output.out.print(f"  {d.activity.name}: {why}", markup=False, highlight=False)
    if reasons:
        for d in decisions:
            _show_evidence(d, lang)


def _show_evidence(d: Decision, lang: str) -> None:
    name = d.activity.name
    pieces = [(s.source, f"{s.odds:+.2f}", f"{s.reliability.weight:g}", s.detail) for s in d.sources]
    output.table(f"{name}: evidence", ("Source", "Log-odds", "Weight", "Rests on"), pieces, right=(1, 2))
    tasks = [(m.code, m.occupation, m.task, f"{m.similarity:.2f}", f"{m.judgement:.2f}") for m in d.name.matches]
    output.table(f"{name}: tasks like it", ("Code", "Occupation", "Task", "Similar", "Judgement"), tasks, right=(3, 4))
    gates = [(g.gate, g.result, text(g.reason, lang), g.act or "–", g.since or "–") for g in d.gates]
    output.table(f"{name}: gates", ("Gate", "Result", "Why", "Act", "Since"), gates)
    lines = [
        (
            r.criterion,
            r.value or "–",
            r.leans or "–",
            r.weight,
            r.source or "–",
            text(r.reason, lang) if r.reason else "",
        )
        for r in d.criteria
    ]
    output.table(f"{name}: criteria", ("Criterion", "Value", "Leans to", "Weight", "Source", "Why"), lines, right=(3,))
    asked = [(q.column, text(q.text, lang), ", ".join(q.answers), f"{q.value:.2f}") for q in d.questions]
    output.table(f"{name}: worth asking", ("Column", "Question", "Answers", "Value"), asked, right=(3,))
    output.table(f"{name}: what would flip it", ("If", "Then"), [(text(f.change, lang), f.kind) for f in d.flips])


def text(reason: Text, lang: str) -> str:
    """A reason in the language asked for."""
    return reason.de if lang == "de" else reason.en
