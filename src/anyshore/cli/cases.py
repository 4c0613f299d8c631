"""``anyshore case``: check case templates and CMMN files, and turn one form into the other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore import cmmn
from anyshore.base import files
from anyshore.base.errors import CmmnError
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.cmmn.showing import of_plan

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
File = Annotated[Path, typer.Argument(help="A case template (YAML) or a CMMN 1.1 file (XML).")]


def _read(file: Path) -> cmmn.Model:
    if file.suffix in (".yaml", ".yml"):
        return cmmn.native.read(file)
    return cmmn.read(file)


@app.command()
def check(file: File, json: output.Json = False) -> None:
    """Check a case file: every problem at once, each with line and column; then show its plan."""
    model = _read(file)
    found = cmmn.check(model)
    output.problems(() if json else found)
    plans = [] if json else [of_plan(case.id, cmmn.link(model, case.id)) for case in model.cases]
    output.answer(json, {"file": str(file), "problems": output.plain(found)}, *plans)
    output.end(output.errors(found))


@app.command()
def convert(
    file: File,
    out: Annotated[Path, typer.Option("--out", help="Where to write it: .cmmn for XML, .yaml for a template.")],
    case: Annotated[str | None, typer.Option("--case", help="Id of the case, where the file has several.")] = None,
) -> None:
    """Turn a case template into CMMN XML, or CMMN XML into a case template."""
    model = _read(file)
    if out.suffix in (".yaml", ".yml"):
        content = cmmn.native.dumps(model, case).encode()
    elif out.suffix in (".cmmn", ".xml"):
        content = cmmn.write(model)
    else:
        raise CmmnError(
            "case.format", f"{out.suffix!r} is no form of a case.", Location(str(out)), "Use .yaml or .cmmn."
        )
    files.write(out, content)
    output.told([f"Written to {out}."])
