"""``anyshore retention`` and ``anyshore subject``: how long data is kept, and what is held of somebody."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base.files import read_text
from anyshore.base.telling import Sheet
from anyshore.cli import output
from anyshore.cli.shared import Engagement, Json
from anyshore.web.site import system

app = typer.Typer(no_args_is_help=True)
subjects = typer.Typer(no_args_is_help=True)

Words = Annotated[list[str], typer.Argument(help="What the person is known by: a name, an address, a number.")]
Day = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="As of which day; today if left out.")
]


@app.command()
def agree(
    engagement: Engagement, file: Annotated[Path, typer.Argument(help="Dated parameters: what is kept for how long.")],
    json: Json = False,
) -> None:  # fmt: skip
    """Put rules in force for how long an engagement's data is kept; the version before stays on record."""
    key = system.engagement(engagement).key
    from anyshore.web.retention import rules

    found = sorted(rules.agree(None, key, read_text(file), str(file)))
    output.answer(json, {"engagement": key, "kinds": found}, f"In force for {key}: {', '.join(found)}.")


@app.command()
def show(engagement: Engagement, day: Day = None, json: Json = False) -> None:
    """Show what an engagement keeps for how long on a day, and by which source."""
    key = system.engagement(engagement, read_only=True).key
    from anyshore.web.engine import holding
    from anyshore.web.retention import rules

    agreed = rules.of(key)
    periods = rules.on(agreed, _day(day) or holding.today(key)) if agreed is not None else []
    rows = [
        {"kind": one.kind, "kept": f"{one.number} {one.unit}", "source": one.source, "what": rules.KINDS[one.kind]}
        for one in periods
    ]
    columns = {"Kind": "kind", "Kept for": "kept", "Source": "source", "What": "what"}
    output.records(json, f"Kept by {engagement}", rows, columns)


@app.command()
def sweep(day: Day = None, json: Json = False) -> None:
    """Erase what the rules of all engagements no longer keep; a worker does so once an hour by itself."""
    system.start()
    from anyshore.web.retention import sweeping

    found = sweeping.sweep(_day(day))
    rows = [(one.engagement, one.kind, one.gone, one.bound) for one in found]
    names = ("engagement", "kind", "erased", "kept_by_law")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    output.answer(json, data, Sheet("Erased", ["Engagement", "Kind", "Erased", "Kept by law"], rows, right=(2, 3)))


@subjects.command()
def export(engagement: Engagement, words: Words) -> None:
    """Tell everything an engagement holds in which one of the words stands, as JSON. It is noted."""
    one = system.engagement(engagement)
    from anyshore.web.retention import subjects as found

    output.document(found.told(one, words))


@subjects.command()
def erase(
    engagement: Engagement, words: Words,
    case: Annotated[list[int], typer.Option(help="Number of a case that is about this person; repeat it.")],
    reason: Annotated[str, typer.Option(help="Who asked, and when.")],
    json: Json = False,
) -> None:  # fmt: skip
    """Erase ended cases about somebody: variables, log, talk, documents; the ledger keeps digests and verifies."""
    one = system.engagement(engagement)
    from anyshore.web.retention import subjects as found

    done = found.erase(one, words, case, reason)
    data = {"cases": done.cases, "documents": done.documents, "kept_by_law": done.bound}
    kept = [f"Case {number} is kept until {why}" for number, why in done.bound.items()]
    output.answer(json, data, f"{len(done.cases)} cases and {done.documents} documents erased.", *kept)


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None
