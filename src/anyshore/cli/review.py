"""``anyshore review``: train clause suggestions, staff the day's cases, report walls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.cli import output, system

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
    with output.failing():
        found = suggestions.learn(
            suggestions.read_contracts(cuad / "master_clauses.csv", cuad / "contracts", contracts)
        )
    if json:
        output.document({
            "model": found.hash, "contracts": found.contracts, "precision": found.precision, "recall": found.recall,
            "kinds": {kind: {"marked": m, "precision": p, "recall": r} for kind, (m, p, r) in found.kinds.items()},
        })  # fmt: skip
        return
    rows = [
        (kind, marked, _percent(precision), _percent(recall))
        for kind, (marked, precision, recall) in sorted(found.kinds.items(), key=lambda item: -item[1][0])
    ]
    rows.append(("all kinds together", sum(row[1] for row in rows), _percent(found.precision), _percent(found.recall)))
    output.table(f"Clause model from {found.contracts} contracts, measured on contracts left out",
                 ("Clause kind", "Marked", "Precision", "Recall"), rows, right=(1, 2, 3))  # fmt: skip
    output.out.print(f"Model {found.hash} is in use.", highlight=False)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


@app.command()
def assign(
    engagement: Annotated[str, typer.Argument(help="Id of the engagement.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show, and keep nothing.")] = False,
    json: output.Json = False,
) -> None:
    """Match experts to the open cases of an engagement: walls first, then what must hold, then the best fit."""
    system.start()
    from anyshore.web.core.models import Engagement
    from anyshore.web.staffing import actions as staffing

    with output.failing():
        found = Engagement.objects.filter(key=engagement).first()
        if found is None:
            raise DataError("engagement.unknown", f"There is no engagement {engagement!r}.", Location(engagement))
        made = staffing.propose(found)
        if not dry_run:
            staffing.keep(made, by="anyshore review assign")
    if json:
        output.document([{"case": one.row.pk, "reference": one.row.reference, "people": one.names, "why": one.why}
                         for one in made])  # fmt: skip
        return
    rows = [(one.row.reference, ", ".join(one.names) or "open", "\n".join(one.why)) for one in made]
    output.table("Experts for open cases", ("Case", "Experts", "Why"), rows)


@app.command()
def walls(engagement: Annotated[str, typer.Argument(help="Id of the engagement.")], json: output.Json = False) -> None:
    """Prove who was kept from which case and when, and that no access happened. Status 1 if one did."""
    system.start(read_only=True)
    from anyshore.web.core.models import Engagement
    from anyshore.web.screening import queries as wall_queries

    with output.failing():
        found = Engagement.objects.filter(key=engagement).first()
        if found is None:
            raise DataError("engagement.unknown", f"There is no engagement {engagement!r}.", Location(engagement))
        report = wall_queries.everything(found)
    rows = []
    for one in report:
        screening = one["screening"]
        rows.append((
            one["row"].reference, one["person"], screening.wall.since, screening.wall.until or "",
            screening.wall.reason,
            len(screening.before), len(screening.refused), len(screening.breaches),
        ))  # fmt: skip
    columns = ("Case", "Person", "Since", "Until", "Reason", "Seen before", "Refused", "Accesses")
    if json:
        output.document([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        output.table(f"Walls in {engagement}", columns, rows, right=(5, 6, 7))
    if any(row[-1] for row in rows):
        raise typer.Exit(1)
