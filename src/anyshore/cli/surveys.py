"""``anyshore survey``: files of surveys, weights and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.tables.writing import write_csv, write_workbook
from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.runtime.answers import pair
from anyshore.surveys import asking, sheets, weighting
from anyshore.surveys.tabulation import cells

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A survey: .sav, .zsav, .por, Triple-S (.sss, its data beside it) or .csv.")]
By = Annotated[list[str] | None, typer.Option("--by", help="Variable of the banner; sex/age nests. Repeatable.")]
Of = Annotated[list[str] | None, typer.Option("--of", help="Variable to tabulate; all where left out. Repeatable.")]
Weight = Annotated[str | None, typer.Option(help="Variable that holds the weights.")]
Means = Annotated[bool, typer.Option("--means", help="Add the mean of codes, or of their scores.")]
Least = Annotated[int, typer.Option(min=0, help="Cases below which a column is left blank.")]
Out = Annotated[Path | None, typer.Option(help="Write the tables: .xlsx, or .txt with a line per cell.")]
Target = Annotated[list[str], typer.Option("--target", help="Shares wanted, as sex=1:49,2:51. Repeatable.")]
Cap = Annotated[str, typer.Option(help="Lowest and highest weight, as 0.3:3.")]
Weights = Annotated[Path | None, typer.Option("--out", help="Write the weights into this CSV file.")]


@app.command()
def read(file: File, json: Json = False) -> None:
    """Show the variables of a survey: kind, labels, answers, kinds of missing answers, what could not be read."""
    survey = asking.opened(file)
    output.answer(json, sheets.survey_data(survey), sheets.of_survey(survey, file.name), wrong=survey.problems)


@app.command()
def weight(file: File, target: Target, cap: Cap = "0:100", out: Weights = None, json: Json = False) -> None:
    """Weigh a survey so that several questions have the shares of the population (RIM), within caps."""
    survey = asking.opened(file)
    margins = [(asking.words(asking.named(survey, name)), sheets.shares(given)) for name, given in map(pair, target)]
    lowest, highest = sheets.caps(cap)
    found = weighting.rim(margins, lowest=lowest, highest=highest)
    data = sheets.weights_data(found)
    output.answer(json, data, sheets.of_weights(data))
    output.write(out, write_csv([("weight",), *((f"{one:.12g}",) for one in found.weights)]), json)


@app.command()
def tables(
    file: File, by: By = None, of: Of = None, weight: Weight = None, means: Means = False, least: Least = 30,
    out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Tabulate questions by a banner, with letters of the columns a column is significantly above."""
    plan = asking.Plan(tuple(by or ()), tuple(of or ()), weight or "", means, least)
    made = asking.made(asking.opened(file), plan)
    output.answer(json, cells.plain(made), *map(sheets.of_table, made))
    if out is not None and out.suffix.lower() == ".xlsx":
        write_workbook(cells.sheets(made), out)
        output.written(out, json)
    else:
        output.write(out, cells.lines(made, plan.line), json)
