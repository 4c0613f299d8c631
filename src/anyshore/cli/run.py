"""``anyshore run``: services on real files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import contract_review, engagements, output
from anyshore.cli import payables as payables_run
from anyshore.packs import reading

app = typer.Typer(no_args_is_help=True)


@app.command()
def payables(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of invoices (XML, PDF), or one; the pack's samples if left out."),
    ] = None,
    engagement: engagements.EngagementOption = None,
    simulate_orders: Annotated[
        bool,
        typer.Option(
            "--simulate-orders",
            help="Make purchase orders and approved sellers up from the invoices: to try the process, never to pay.",
        ),
    ] = False,
    json: output.Json = False,
) -> None:
    """Take electronic invoices from receipt to decision: read, validate, find duplicates, match, book.

    Reads UBL, CII and Factur-X below the folder; purchase-orders.csv and sellers.csv in it are the reference data.
    A file that holds several invoices gives as many. Every invoice is decided once: interrupted and started again,
    the run goes on where it was. A file that cannot be received is reported and the others are decided; the exit
    status is then 1, as it is when an incident is left.
    """
    with output.failing():
        host, key, zone = engagements.ready(payables_run.SERVICE, engagement)
        folder = payables_folder(data)
        report = payables_run.run(host, key, zone, folder, simulate=simulate_orders)
    if json:
        output.document(report.as_dict())
    else:
        payables_run.show(report, f"Accounts payable: {folder.name}")
    output.problems(report.problems)
    if report.problems or report.incidents or report.undecided:
        raise typer.Exit(1)


def payables_folder(data: Path | None) -> Path:
    """The folder of invoices: the samples, the ``einvoice`` folder of a data folder, or the folder itself."""
    if data is None:
        return reading.named(payables_run.SERVICE).folder / "samples"
    return data / "einvoice" if (data / "einvoice").is_dir() else data


app.command("contract-review")(contract_review.command)
