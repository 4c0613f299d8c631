"""``anyshore decide``: which activities go out, as which kind, and to which shore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output
from anyshore.sourcing import portfolio, sheets
from anyshore.sourcing.decide import RULES, Rules


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
    found, known = portfolio.read(file), Rules(rules)
    with output.progress("Deciding", len(found.activities)) as done:
        decisions, problems = known.decide_all(found, str(file), done)
    if json:
        output.document({"decisions": [d.as_dict() for d in decisions], "problems": output.plain(problems)})
    else:
        output.told(sheets.of_decisions(decisions, lang))
        output.told(sheets.of_criteria(decisions, lang) if reasons else ())
    output.problems(problems)
    output.end(output.errors(problems))
