"""``anyshore analysis``: data contracts, and plans that give the same bytes to everybody."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from anyshore.analysis import contracts, dataset, results
from anyshore.base import files
from anyshore.base.telling import Sheet
from anyshore.cli import output

app = typer.Typer(no_args_is_help=True)

Data = Annotated[Path, typer.Argument(help="A table: .csv, names in the first line.")]
Contract = Annotated[Path, typer.Argument(help="A data contract: .yaml, ODCS 3.1.")]
PlanFile = Annotated[Path, typer.Argument(help="A plan: .yaml.")]
Out = Annotated[Path | None, typer.Option(help="Write the results into this file.")]


@app.command()
def check(contract: Contract, data: Data, json: output.Json = False) -> None:
    """Check a table against its data contract (ODCS 3.1): every row that breaks it, with column, value and rule."""
    table = dataset.read(files.read_text(data), str(data))
    found = contracts.broken(contracts.read(files.read_text(contract), str(contract)), table)
    rows = [(one.row or "", one.column, one.value, one.rule) for one in found]
    told = {"rows": table.rows, "holds": not found, "broken": [asdict(one) for one in found]}
    title = f"{data.name}: {table.rows:,} rows, {len(found):,} places break the contract"
    output.answer(json, told, Sheet(title, ("Row", "Column", "Value", "Rule"), rows, right=(0,)))
    if found:
        raise typer.Exit(1)


@app.command()
def run(plan: PlanFile, data: Data, out: Out = None, json: output.Json = False) -> None:
    """Compute a plan of statistics: a line per figure, the same bytes wherever it is run."""
    found = results.run(files.read(plan), files.read(data), plan_name=str(plan), data_name=str(data))
    told = {
        "digest": found.digest, "rows": found.rows, "tests": found.tests, "significant": found.significant,
        "doubtful": found.doubtful,
    }  # fmt: skip
    rows = [(name, str(value)) for name, value in told.items()]
    output.answer(json, told | {"text": found.text}, Sheet("Results", ("", "Value"), rows, right=()))
    if out is not None:
        files.write(out, found.text.encode())
        typer.echo(f"Written: {out}", err=json)
