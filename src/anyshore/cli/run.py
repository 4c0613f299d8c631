"""``anyshore run``: services on real files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import contract_review, engagements, output, system
from anyshore.cli import payables as payables_run
from anyshore.host.driver import Host
from anyshore.packs import reading
from anyshore.terms import reading as terms

app = typer.Typer(no_args_is_help=True)
EngagementOption = Annotated[
    str | None, typer.Option("--engagement", help="Id of the engagement; the pack's own sample terms if left out.")
]


def ready(service: str, engagement: str | None) -> tuple[Host, str, str]:
    """The host, the engagement's id and its time zone; signs the pack's sample terms where none are named."""
    host = system.host()
    from anyshore.web.core.models import Engagement

    if engagement is None:
        pack = reading.named(service)
        assert pack.terms is not None
        text = pack.terms.read_text(encoding="utf-8")
        engagement, _, _ = engagements.sign(text)
        return host, engagement, terms.loads(text).time_zone
    found = Engagement.objects.filter(key=engagement).first()
    if found is None:
        hint = "Sign it first: anyshore engage TERMS."
        output.err.print(f"There is no engagement {engagement!r}. {hint}", highlight=False)
        raise typer.Exit(1)
    return host, engagement, found.zone


@app.command()
def payables(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of invoices (XML, PDF); the samples of the pack if left out.")
    ] = None,
    engagement: EngagementOption = None,
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
    Every file is decided once: interrupted and started again, the run goes on where it was.
    """
    with output.failing():
        host, key, zone = ready(payables_run.SERVICE, engagement)
        folder = payables_folder(data)
        report = payables_run.run(host, key, zone, folder, simulate=simulate_orders)
    if json:
        output.document(report.as_dict())
    else:
        payables_run.show(report, f"Accounts payable: {folder.name}")


def payables_folder(data: Path | None) -> Path:
    """The folder of invoices: the samples, the ``einvoice`` folder of a data folder, or the folder itself."""
    if data is None:
        return reading.named(payables_run.SERVICE).folder / "samples"
    return data / "einvoice" if (data / "einvoice").is_dir() else data


app.command("contract-review")(contract_review.command)
