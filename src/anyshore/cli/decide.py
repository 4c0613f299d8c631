"""``anyshore decide``: which activities go out, as which kind, and to which shore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import Diagnostic, DmnError
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.sourcing import portfolio
from anyshore.sourcing.decide import RULES, Decision, Rules, Text


def decide(
    file: Annotated[Path, typer.Argument(help="The portfolio: CSV or Excel, one row per activity.")],
    rules: Annotated[
        Path, typer.Option(help="Folder with kind.dmn and shore.dmn; the shipped rules if left out.")
    ] = RULES,
    reasons: Annotated[bool, typer.Option(help="Show every criterion with its reason.")] = False,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Decide BPO, KPO or keep, and the shore, for each activity of a portfolio.

    The columns are activity, client_country, data_class (public, internal, personal, special, secret),
    volume_per_month, handling_minutes, core (yes or no) and the ten criteria; all but the first three may be empty.
    A row that cannot be used is reported and the others are decided; the exit status is then 1.
    """
    with output.failing():
        found = portfolio.read(file)
        shipped = Rules(rules)
        decisions, problems = _decided(shipped, found, str(file))
    if json:
        output.document({"decisions": [d.as_dict() for d in decisions], "problems": [p.as_dict() for p in problems]})
    else:
        show(decisions, lang, reasons=reasons)
    output.problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def _decided(rules: Rules, found: portfolio.Portfolio, file: str) -> tuple[list[Decision], list[Diagnostic]]:
    """The decisions, and the problems of the file and of activities for which the rules leave a gap."""
    decisions: list[Decision] = []
    problems = list(found.problems)
    with output.progress("Deciding", len(found.activities)) as done:
        for number, activity in enumerate(found.activities, 1):
            try:
                decisions.append(rules.decide(activity))
            except DmnError as error:
                place = Location(file, error.location.element, activity.line)
                problems.append(Diagnostic(error.code, error.message, place, error.hint))
            done(number)
    return decisions, problems


def show(decisions: list[Decision], lang: str, *, reasons: bool) -> None:
    """Prints the decisions as a table, and with ``reasons`` one table per activity."""
    rows = [
        (d.activity.name, d.kind, f"{d.judgement_share:.2f}", ", ".join(d.shores_allowed) or "–", d.shore or "–")
        for d in decisions
    ]
    output.table("Sourcing", ("Activity", "Kind", "Judgement", "Shores allowed", "Shore"), rows, right=(2,))
    for d in decisions:
        why = " ".join(text(reason, lang) for reason in (d.kind_reason, *d.shore_reasons))
        output.out.print(f"  {d.activity.name}: {why}", markup=False, highlight=False)
    if reasons:
        for d in decisions:
            lines = [(r.criterion, r.value, r.leans or "–", r.weight, text(r.reason, lang)) for r in d.readings]
            output.table(d.activity.name, ("Criterion", "Value", "Leans to", "Weight", "Why"), lines, right=(3,))


def text(reason: Text, lang: str) -> str:
    """A reason in the language asked for."""
    return reason.de if lang == "de" else reason.en
