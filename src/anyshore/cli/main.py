"""The command ``anyshore``: every step of the main job is a command of its own."""

from __future__ import annotations

import typer

from anyshore import __version__
from anyshore.base.errors import AnyshoreError
from anyshore.cli import (
    bpmn,
    cases,
    decide,
    demo,
    dmn,
    engagements,
    ledger,
    operations,
    output,
    packs,
    review,
    run,
    serve,
    terms,
)

app = typer.Typer(
    name="anyshore",
    help="The open system for outsourced work: decide it, run it, prove and bill it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(decide.decide)
app.command()(engagements.engage)
app.command()(engagements.scorecard)
app.command()(engagements.invoice)
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(serve.work)
app.add_typer(run.app, name="run", help="Run a service on real files.")
app.add_typer(ledger.app, name="ledger", help="Export the ledger and verify an export offline.")
app.add_typer(review.app, name="review", help="Judgement work: clause suggestions, experts to cases, walls.")
app.add_typer(packs.app, name="pack", help="List, check and test service packs.")
app.add_typer(dmn.app, name="dmn", help="Check, test and run decision tables.")
app.add_typer(bpmn.app, name="bpmn", help="Check, run and simulate processes from any modeller.")
app.add_typer(cases.app, name="case", help="Check case templates and models.")
app.add_typer(operations.app, name="ops", help="Instances, incidents, migrations, archive.")
app.add_typer(terms.app, name="terms", help="Check terms files; recompute figures offline.")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Options of all commands."""


def main() -> None:
    """The entry point: an error raised on purpose ends as text and status 1, never as a traceback."""
    try:
        app()
    except AnyshoreError as error:
        output.problems(error.diagnostics)
        raise SystemExit(1) from error
