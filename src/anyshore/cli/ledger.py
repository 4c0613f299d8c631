"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from anyshore.base import canonical, files
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet
from anyshore.cli import output, terms
from anyshore.cli.engagements import PeriodOption, Service
from anyshore.cli.shared import Engagement, Json, Lang
from anyshore.terms import dashboard_reading, dashboard_sheets, dashboards, ledger
from anyshore.terms.bulk import DECIDED
from anyshore.terms.exports import ExportReader, open_export
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="Where to write it; ENGAGEMENT.ledger.jsonl if left out.")]
Anew = Annotated[bool, typer.Option("--anew", help="Throw away what was counted before.")]
Totals = Annotated[
    bool,
    typer.Option(
        "--totals", help="Also count the ledger of its engagement anew in the database; compare the totals kept."
    ),
]


Rows = Annotated[
    list[Path] | None,
    typer.Option("--rows", help="Documents of batches, or a folder of them: they are computed anew from their rows."),
]
Row = Annotated[int, typer.Argument(help="Number of the row as a case: 57000000017 is row 17 of batch 57.")]
ProofFile = Annotated[Path, typer.Option("--out", help="Where to write it; NUMBER.proof.json if left out.")]
Batch = Annotated[int, typer.Argument(help="Number of the batch.")]
Folder = Annotated[Path, typer.Option("--out", help="The folder; the current one if left out.")]


@app.command()
def export(engagement: Engagement, file: Out = Path(), json: Json = False) -> None:
    """Export the whole ledger of an engagement, with everything needed to recompute its figures."""
    target = file if file != Path() else Path(f"{engagement}.ledger.jsonl")
    system.start(read_only=True)
    from anyshore.web.engine import books

    with output.progress("Exporting", books.head(engagement)[0]) as advance:
        entries, digest = books.export(engagement, target, advance)
    text = f"{entries:,} entries in {target}; the last one has the hash {digest}."
    output.answer(json, {"file": str(target), "entries": entries, "hash": digest}, text)


@app.command()
def verify(
    export: terms.Export, month: terms.Asked = None, anchor: terms.Anchor = None, totals: Totals = False,
    rows: Rows = None, lang: Lang = "en", json: Json = False,
) -> None:  # fmt: skip
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""

    def beside(engagement: str) -> list[Diagnostic]:
        return (_differing(engagement) if totals else []) + (_decided(export, rows) if rows else [])

    terms.recomputed(export, month, anchor, lang, json, beside)


def _decided(export: Path, rows: list[Path]) -> list[Diagnostic]:
    """Batches computed anew from their rows."""
    from anyshore.host.bulk import proving

    with open_export(export) as stream:
        entries = [entry for _line, entry in ExportReader(stream, str(export)) if entry.type == DECIDED]
    paths = [path for one in rows for path in (sorted(one.glob("*.parquet")) if one.is_dir() else [one])]
    return proving.recomputed(entries, paths)


def _differing(engagement: str) -> list[Diagnostic]:
    system.start()
    from anyshore.web.engine import tallies

    return tallies.check(engagement)


@app.command()
def prove(engagement: Engagement, instance: Row, file: ProofFile = Path(), json: Json = False) -> None:
    """Write what proves one row of a batch: the row, the ledger's entry, and the hashes between them."""
    system.start(read_only=True)
    from anyshore.host.bulk import proving
    from anyshore.web.engine.running import host

    found = proving.prove(host(), instance)
    if found.entry.engagement != engagement:
        raise DataError("bulk.unknown", f"{instance} is no row of a batch of {engagement}.")
    target = file if file != Path() else Path(f"{instance}.proof.json")
    files.write(target, canonical.encode(msgspec.to_builtins(found)))
    text = f"Row {found.row} of batch {found.entry.data['batch']} is proved by {target}."
    output.answer(json, {"file": str(target), "row": found.row, "entry": found.entry.sequence}, text)


@app.command("check-proof")
def check_proof(
    proof: Annotated[Path, typer.Argument(help="A proof of a row.")], anchor: terms.Anchor = None, json: Json = False
) -> None:
    """Check the proof of a row without the database: the row was decided as it says, if the entry is the ledger's."""
    from anyshore.host.bulk import proving

    found = proving.read(proof)
    wrong = proving.check(found, dict(map(ledger.anchor, anchor or ())))
    output.problems(() if json else wrong)
    data = {"sound": not wrong, "entry": found.entry.sequence, "hash": found.entry.hash, "row": found.values}
    rows = [(name, value) for name, value in found.values.items()]
    told = Sheet(f"Row {found.row} of batch {found.entry.data['batch']}", ("Column", "Value"), rows)
    sentence = f"It was decided so, if entry {found.entry.sequence} of the ledger has the hash {found.entry.hash}."
    output.answer(json, data, *(() if wrong else (told, sentence)))
    output.end(wrong)


@app.command()
def rows(engagement: Engagement, batch: Batch, folder: Folder = Path(), json: Json = False) -> None:
    """Write the documents of a batch, Parquet with every row and what became of it, into a folder."""
    system.start(read_only=True)
    from anyshore.host.bulk import downloads
    from anyshore.web.engine.running import host

    found = downloads.written(host(), engagement, batch, folder)
    output.answer(json, {"files": [str(one) for one in found]}, f"{len(found)} files in {folder}.")


@app.command()
def count(engagement: Engagement, anew: Anew = False, json: Json = False) -> None:
    """Count the monthly totals of an engagement now, instead of when somebody looks at them."""
    system.start()
    from anyshore.web.engine import tallies

    found = tallies.counted_now(engagement, anew=anew)
    text = f"{found.sequence:,} entries are counted."
    output.answer(json, {"engagement": engagement, "entries": found.sequence}, text)


@app.command("dashboard")
def dashboard(
    export: Annotated[Path, typer.Argument(help="A ledger export (JSON Lines).")],
    service: Service, by: PeriodOption = "week", lang: Lang = "en", json: Json = False,
) -> None:  # fmt: skip
    """Compute the dashboard of a service from an export alone, as of the time of the export."""
    found, problems = dashboard_reading.of_export(export, service, by)
    output.problems(problems)
    output.answer(json, dashboards.as_dict(found), *dashboard_sheets.sheets(found, lang))
    output.end(problems)
