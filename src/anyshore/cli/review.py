"""``anyshore review``: train clause suggestions, read references, staff the day's cases, report walls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from anyshore.base import files
from anyshore.base.commands import Answer, Group
from anyshore.cli.declaring import Engagement
from anyshore.knowledge import references as exports
from anyshore.web.site import system


def train(
    *,
    data: Annotated[Path, "--data", "Folder of real files: takes its legal/cuad contracts."],
    contracts: Annotated[int | None, "At most so many contracts."] = None,
) -> Answer:
    """Learn clause suggestions from marked contracts, measured on contracts left out; the model goes into use.

    The folder holds master_clauses.csv and contracts/ as CUAD publishes them. Suggestions are places to look at.
    """
    system.start()
    from anyshore.web.review import suggestions

    cuad = data / "legal" / "cuad" if (data / "legal" / "cuad").is_dir() else data
    found = suggestions.learn(suggestions.read_contracts(cuad / "master_clauses.csv", cuad / "contracts", contracts))
    shown = suggestions.of_trained(found)
    return Answer(suggestions.trained_data(found), shown, f"Model {found.hash} is in use.")


def references(
    exported: Annotated[Sequence[Path], "Exports of databases: .ris, and .nbib of PubMed."],
    *,
    out: Annotated[Path | None, "Write the works as a table to screen: .csv."] = None,
) -> Answer:
    """Read references (RIS, .nbib) of several databases, and keep the same work once; tell which are the same."""
    works = exports.merged(one for file in exported for one in exports.read(files.read(file), str(file)))
    return Answer(exports.plain(works), exports.sheet(works)).writing(out, exports.table(works))


def assign(
    engagement: Engagement, *, dry_run: Annotated[bool, "--dry-run", "Show, and keep nothing."] = False
) -> Answer:
    """Match experts to the open cases of an engagement: walls first, then what must hold, then the best fit."""
    known = system.engagement(engagement)
    from anyshore.web.staffing import actions as staffing

    made = staffing.propose(known)
    if not dry_run:
        staffing.keep(made, by="anyshore review assign")
    return Answer(staffing.plain(made), staffing.sheet(made))


def walls(engagement: Engagement) -> Answer:
    """Prove who was kept from which case and when, and that no access happened. Status 1 if one did."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.screening import queries

    shown = queries.sheet(known)
    data = [dict(zip(shown.columns, row, strict=True)) for row in shown.rows]
    return Answer(data, shown, bad=any(row[-1] for row in shown.rows))


GROUP = Group(
    "Judgement work: clause suggestions, experts to cases, walls.",
    {"train": train, "references": references, "assign": assign, "walls": walls},
)
