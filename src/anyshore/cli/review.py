"""``anyshore review``: train clause suggestions, read references, staff the day's cases, report walls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files as named
from anyshore.base.tables.writing import write_csv
from anyshore.base.telling import Sheet
from anyshore.cli import output, system
from anyshore.cli.engagements import Engagement
from anyshore.knowledge import references as exports

app = typer.Typer(no_args_is_help=True, help="Judgement work: clause suggestions, experts to cases, walls.")


@app.command()
def train(
    data: Annotated[Path, typer.Option("--data", help="Folder of real files: takes its legal/cuad contracts.")],
    contracts: Annotated[int | None, typer.Option(help="At most so many contracts.")] = None,
    json: output.Json = False,
) -> None:
    """Learn clause suggestions from marked contracts, measured on contracts left out; the model goes into use.

    The folder holds master_clauses.csv and contracts/ as CUAD publishes them. Suggestions are places to look at.
    """
    system.start()
    from anyshore.web.review import suggestions

    cuad = data / "legal" / "cuad" if (data / "legal" / "cuad").is_dir() else data
    found = suggestions.learn(suggestions.read_contracts(cuad / "master_clauses.csv", cuad / "contracts", contracts))
    measured = {
        "model": found.hash, "contracts": found.contracts, "precision": found.precision, "recall": found.recall,
        "kinds": {kind: {"marked": m, "precision": p, "recall": r} for kind, (m, p, r) in found.kinds.items()},
    }  # fmt: skip
    rows = [
        (kind, marked, _percent(precision), _percent(recall))
        for kind, (marked, precision, recall) in sorted(found.kinds.items(), key=lambda item: -item[1][0])
    ]
    rows.append(("all kinds together", sum(row[1] for row in rows), _percent(found.precision), _percent(found.recall)))
    title = f"Clause model from {found.contracts} contracts, measured on contracts left out"
    shown = Sheet(title, ("Clause kind", "Marked", "Precision", "Recall"), rows, right=(1, 2, 3))
    output.answer(json, measured, shown, f"Model {found.hash} is in use.")


@app.command()
def references(
    files: Annotated[list[Path], typer.Argument(help="Exports of databases: .ris, and .nbib of PubMed.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the works as a table to screen: .csv.")] = None,
    json: output.Json = False,
) -> None:
    """Read references (RIS, .nbib) of several databases, and keep the same work once; tell which are the same."""
    found = [one for file in files for one in exports.read(named.read(file), str(file))]
    works = exports.merged(found)
    double = [(work.kept, other) for work in works for other in work.others]
    data = {
        "records": len(found), "works": len(works),
        "left_out": [{"kept": str(kept.place), "record": str(one.place), "title": one.title} for kept, one in double],
    }  # fmt: skip
    rows = [(str(kept.place), str(one.place), one.title) for kept, one in double]
    title = f"{len(found):,} records, {len(works):,} works"
    output.answer(json, data, Sheet(title, ("Kept", "Left out", "Title"), rows))
    if out is not None:
        named.write(out, write_csv([("id", "title", "abstract"), *exports.rows(works)]).encode())
        typer.echo(f"Written: {out}", err=json)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


@app.command()
def assign(
    engagement: Engagement,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show, and keep nothing.")] = False,
    json: output.Json = False,
) -> None:
    """Match experts to the open cases of an engagement: walls first, then what must hold, then the best fit."""
    system.start()
    from anyshore.web.site.services import named
    from anyshore.web.staffing import actions as staffing

    made = staffing.propose(named(engagement))
    if not dry_run:
        staffing.keep(made, by="anyshore review assign")
    data = [{"case": one.row.pk, "reference": one.row.reference, "people": one.names, "why": one.why} for one in made]
    rows = [(one.row.reference, ", ".join(one.names) or "open", "\n".join(one.why)) for one in made]
    output.answer(json, data, Sheet("Experts for open cases", ("Case", "Experts", "Why"), rows))


@app.command()
def walls(engagement: Engagement, json: output.Json = False) -> None:
    """Prove who was kept from which case and when, and that no access happened. Status 1 if one did."""
    system.start(read_only=True)
    from anyshore.web.screening import queries as wall_queries
    from anyshore.web.site.services import named

    rows = []
    for one in wall_queries.everything(named(engagement)):
        screening = one["screening"]
        rows.append((
            one["row"].reference, one["person"], screening.wall.since, screening.wall.until or "",
            screening.wall.reason,
            len(screening.before), len(screening.refused), len(screening.breaches),
        ))  # fmt: skip
    columns = ("Case", "Person", "Since", "Until", "Reason", "Seen before", "Refused", "Accesses")
    data = [dict(zip(columns, row, strict=True)) for row in rows]
    output.answer(json, data, Sheet(f"Walls in {engagement}", columns, rows, right=(5, 6, 7)))
    output.end(any(row[-1] for row in rows))
