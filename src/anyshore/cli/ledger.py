"""``anyshore ledger``: export an engagement's ledger, and verify an export without the database."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError, HostError
from anyshore.base.locations import Location
from anyshore.cli import dashboards, output, system, terms
from anyshore.terms import exports

app = typer.Typer(no_args_is_help=True)


@app.command()
def export(
    engagement: Annotated[str, typer.Argument(help="Id of the engagement.")],
    file: Annotated[
        Path, typer.Option("--out", help="Where to write it; ENGAGEMENT.ledger.jsonl if left out.")
    ] = Path(),
    json: output.Json = False,
) -> None:
    """Export the whole ledger of an engagement, with everything needed to recompute its figures."""
    target = file if file != Path() else Path(f"{engagement}.ledger.jsonl")
    with output.failing():
        entries, digest = write(engagement, target)
    if json:
        output.document({"file": str(target), "entries": entries, "hash": digest})
    else:
        output.out.print(f"{entries:,} entries in {target}; the last one has the hash {digest}.", highlight=False)


def write(engagement: str, target: Path) -> tuple[int, str]:
    """Writes an export, whole or not at all; number of entries and the head's hash."""
    system.start()
    from anyshore.web.engine.books import entries, head

    total = head(engagement)[0]
    if not total:
        raise DataError(
            "engagement.unknown", f"Engagement {engagement!r} has no ledger.", hint="Sign it: anyshore engage."
        )
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as problem:
        message = f"Nothing can be written in {target.parent}: {problem.strerror}."
        raise HostError("ledger.unwritable", message, Location(str(target)), "Choose another --out.") from problem
    try:
        with os.fdopen(descriptor, "wb") as stream, output.progress("Exporting", total) as advance:
            counted = _counted(entries(engagement), advance)
            found = exports.write_export(counted, stream, engagement=engagement, at=time.time_ns() // 1000)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return found.sequence, found.hash


def _counted(entries, advance):
    for number, entry in enumerate(entries, 1):
        if number % 500 == 0:
            advance(number)
        yield entry


app.command("verify")(terms.recompute)
app.command("dashboard")(dashboards.of_export)
