"""``anyshore survey``: files of surveys, weights and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base.commands import Answer, Bounds, Group, pair
from anyshore.base.tables.writing import write_csv, write_workbook
from anyshore.surveys import asking, sheets, weighting
from anyshore.surveys.tabulation import cells

File = Annotated[Path, "A survey: .sav, .zsav, .por, Triple-S (.sss, its data beside it) or .csv."]


def read(file: File) -> Answer:
    """Show the variables of a survey: kind, labels, answers, kinds of missing answers, what could not be read."""
    survey = asking.opened(file)
    return Answer(sheets.survey_data(survey), survey.problems, sheets.of_survey(survey, file.name))


def weight(
    file: File,
    *,
    target: Annotated[Sequence[tuple[str, str]], pair, "Shares wanted, as sex=1:49,2:51. Repeatable."],
    cap: Annotated[str, "Lowest and highest weight, as 0.3:3."] = "0:100",
    out: Annotated[Path | None, "Write the weights into this CSV file."] = None,
) -> Answer:
    """Weigh a survey so that several questions have the shares of the population (RIM), within caps."""
    survey = asking.opened(file)
    margins = [(asking.words(asking.named(survey, name)), sheets.shares(given)) for name, given in target]
    lowest, highest = sheets.caps(cap)
    found = weighting.rim(margins, lowest=lowest, highest=highest)
    data = sheets.weights_data(found)
    written = write_csv([("weight",), *((f"{one:.12g}",) for one in found.weights)])
    return Answer(data, sheets.of_weights(data)).writing(out, written)


def tables(
    file: File,
    *,
    by: Annotated[Sequence[str], "Variable of the banner; sex/age nests. Repeatable."] = (),
    of: Annotated[Sequence[str], "Variable to tabulate; all where left out. Repeatable."] = (),
    weight: Annotated[str | None, "Variable that holds the weights."] = None,
    means: Annotated[bool, "--means", "Add the mean of codes, or of their scores."] = False,
    least: Annotated[int, Bounds(0), "Cases below which a column is left blank."] = 30,
    out: Annotated[Path | None, "Write the tables: .xlsx, or .txt with a line per cell."] = None,
) -> Answer:
    """Tabulate questions by a banner, with letters of the columns a column is significantly above."""
    plan = asking.Plan(tuple(by), tuple(of), weight or "", means, least)
    made = asking.made(asking.opened(file), plan)
    book = out is not None and out.suffix.lower() == ".xlsx"
    if out is not None and book:
        write_workbook(cells.sheets(made), out)
    shown = map(sheets.of_table, made)
    return Answer(cells.plain(made), shown).writing(out, None if book else cells.lines(made, plan.line))


GROUP = Group(
    "Survey files: variables, weights, tables by a banner.", {"read": read, "weight": weight, "tables": tables}
)
