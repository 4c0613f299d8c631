"""``anyshore survey``: files of surveys, weights and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.base.tables.writing import write_csv, write_workbook
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.runtime.answers import pair
from anyshore.surveys import asking, weighting
from anyshore.surveys.files.model import Variable
from anyshore.surveys.tabulation import banner, cells

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
def read(file: File, json: output.Json = False) -> None:
    """Show the variables of a survey: kind, labels, answers, kinds of missing answers, what could not be read."""
    survey = asking.opened(file)
    data = {
        "title": survey.title, "cases": survey.cases, "version": survey.version,
        "variables": [_told(one) for one in survey.variables], "problems": output.plain(survey.problems),
    }  # fmt: skip
    rows = [
        (one.name, one.kind, one.label, len(one.answers), *_counts(one).values())
        for one in survey.variables
    ]  # fmt: skip
    columns = ("Variable", "Kind", "Label", "Answers", "Answered", "Missing", "Absent")
    output.problems(() if json else survey.problems)
    title = f"{survey.title or file.name}: {survey.cases:,} cases"
    output.answer(json, data, Sheet(title, columns, rows, right=(3, 4, 5, 6)))


@app.command()
def weight(file: File, target: Target, cap: Cap = "0:100", out: Weights = None, json: output.Json = False) -> None:
    """Weigh a survey so that several questions have the shares of the population (RIM), within caps."""
    survey = asking.opened(file)
    margins = [(asking.words(asking.named(survey, name)), _shares(given)) for name, given in map(pair, target)]
    lowest, highest = _range(cap)
    found = weighting.rim(margins, lowest=lowest, highest=highest)
    data = {
        "cases": len(found.weights), "effective": found.effective, "efficiency": found.efficiency,
        "lowest": found.lowest, "highest": found.highest, "capped": found.capped, "off": found.off,
        "rounds": found.rounds,
    }  # fmt: skip
    rows = [(name, f"{value:,.4g}") for name, value in data.items()]
    output.answer(json, data, Sheet("Weights", ("", "Value"), rows, right=(1,)))
    if out is not None:
        files.write(out, write_csv([("weight",), *((f"{one:.12g}",) for one in found.weights)]).encode())
        typer.echo(f"Written: {out}", err=json)


@app.command()
def tables(
    file: File, by: By = None, of: Of = None, weight: Weight = None, means: Means = False, least: Least = 30,
    out: Out = None, json: output.Json = False,
) -> None:  # fmt: skip
    """Tabulate questions by a banner, with letters of the columns a column is significantly above."""
    survey = asking.opened(file)
    plan = asking.Plan(tuple(by or ()), tuple(of or ()), weight or "", means, least)
    made = asking.made(survey, plan)
    output.answer(json, cells.plain(made), *(_sheet(one) for one in made))
    if out is not None:
        if out.suffix.lower() == ".xlsx":
            write_workbook(cells.sheets(made), out)
        else:
            files.write(out, cells.lines(made, plan.line).encode())
        typer.echo(f"Written: {out}", err=json)


def _sheet(table: banner.Table) -> Sheet:
    columns = ("", *(f"{name} {mark}".strip() for name, mark in zip(table.columns, table.marks, strict=True)))
    rows = [("Cases", *(f"{one:.0f}" for one in table.cases))]
    rows += [
        (row.label, *(f"{cells.shown(row, place)} {row.letters[place]}".strip() for place in range(len(table.columns))))
        for row in table.rows
    ]
    return Sheet(f"{table.name}: {table.label}", columns, rows, right=tuple(range(1, len(columns))))


def _told(one: Variable) -> dict[str, object]:
    return {
        "name": one.name, "kind": one.kind, "label": one.label,
        "answers": {str(answer.code): answer.label for answer in one.answers},
        "missing": [[str(span.low), str(span.high)] for span in one.missing], **_counts(one),
    }  # fmt: skip


def _counts(one: Variable) -> dict[str, int]:
    found = {"answered": 0, "missing": 0, "absent": 0}
    for value in one.values:
        found[one.absence(value)] += 1
    return found


def _shares(text: str) -> dict[str, float]:
    try:
        return {code: float(share) for code, _, share in (part.rpartition(":") for part in text.split(","))}
    except ValueError as odd:
        raise DataError("survey.targets", f"{text!r} are no shares.", hint="Write them as sex=1:49,2:51.") from odd


def _range(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    try:
        return float(low), float(high)
    except ValueError as odd:
        raise DataError("survey.caps", f"{text!r} are no caps.", hint="Write them as 0.3:3.") from odd
