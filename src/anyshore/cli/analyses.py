"""``anyshore analysis``: data contracts, and plans that give the same bytes to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.analysis import contracts, dataset, results
from anyshore.base import files
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.shared import Json

app = typer.Typer(no_args_is_help=True)

Data = Annotated[Path, typer.Argument(help="A table: .csv, names in the first line.")]
Contract = Annotated[Path, typer.Argument(help="A data contract: .yaml, ODCS 3.1.")]
PlanFile = Annotated[Path, typer.Argument(help="A plan: .yaml.")]
Out = Annotated[Path | None, typer.Option(help="Write the results into this file.")]


@app.command()
def check(contract: Contract, data: Data, json: Json = False) -> None:
    """Check a table against its data contract (ODCS 3.1): every row that breaks it, with column, value and rule."""
    table = dataset.read(files.read_text(data), str(data))
    found = contracts.broken(contracts.read(files.read_text(contract), str(contract)), table)
    output.answer(json, contracts.plain(found, table.rows), contracts.sheet(found, table.rows, data.name))
    output.end(found)


@app.command()
def run(plan: PlanFile, data: Data, out: Out = None, json: Json = False) -> None:
    """Compute a plan of statistics: a line per figure, the same bytes wherever it is run."""
    found = results.run(files.read(plan), files.read(data), plan_name=str(plan), data_name=str(data))
    shown = Sheet("Results", ("", "Value"), [(name, str(value)) for name, value in found.summary.items()])
    output.answer(json, found.summary | {"text": found.text}, shown)
    output.write(out, found.text, json)
