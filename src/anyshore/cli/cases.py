"""``anyshore case``: check case templates and CMMN files, and turn one form into the other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore import cmmn
from anyshore.base import files
from anyshore.base.errors import grave, plain
from anyshore.cli import output
from anyshore.cli.shared import Json
from anyshore.cmmn.showing import of_plan

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

File = Annotated[Path, typer.Argument(help="A case template (YAML) or a CMMN 1.1 file (XML).")]
Out = Annotated[Path, typer.Option("--out", help="Where to write it: .cmmn for XML, .yaml for a template.")]
Which = Annotated[str | None, typer.Option("--case", help="Id of the case, where the file has several.")]


@app.command()
def check(file: File, json: Json = False) -> None:
    """Check a case file: every problem at once, each with line and column; then show its plan."""
    model = cmmn.open_file(file)
    found = cmmn.check(model)
    plans = [] if json else [of_plan(case.id, cmmn.link(model, case.id)) for case in model.cases]
    output.answer(json, {"file": str(file), "problems": plain(found)}, *plans, wrong=found)
    output.end(grave(found))


@app.command()
def convert(file: File, out: Out, case: Which = None) -> None:
    """Turn a case template into CMMN XML, or CMMN XML into a case template."""
    files.write(out, cmmn.converted(cmmn.open_file(file), out, case))
    output.told([f"Written to {out}."])
