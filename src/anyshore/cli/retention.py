"""``anyshore retention`` and ``anyshore subject``: how long data is kept, and what is held of somebody."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base.errors import CommandRejected
from anyshore.base.files import read_text
from anyshore.base.telling import Sheet
from anyshore.cli import output, system

if TYPE_CHECKING:
    from anyshore.web.core.models import Engagement

app = typer.Typer(no_args_is_help=True)
subjects = typer.Typer(no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="Key of the engagement.")]
Words = Annotated[list[str], typer.Argument(help="What the person is known by: a name, an address, a number.")]
Day = Annotated[
    datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="As of which day; today if left out.")
]


@app.command()
def agree(
    engagement: Key, file: Annotated[Path, typer.Argument(help="Dated parameters: what is kept for how long.")],
    json: output.Json = False,
) -> None:  # fmt: skip
    """Put rules in force for how long an engagement's data is kept; the version before stays on record."""
    system.start()
    from anyshore.web.retention import rules

    found = rules.agree(None, _engagement(engagement).key, read_text(file), str(file))
    if json:
        output.document({"engagement": engagement, "kinds": sorted(found)})
    else:
        output.out.print(f"In force for {engagement}: {', '.join(sorted(found))}.")


@app.command()
def show(engagement: Key, day: Day = None, json: output.Json = False) -> None:
    """Show what an engagement keeps for how long on a day, and by which source."""
    system.start(read_only=True)
    from anyshore.web.engine import holding
    from anyshore.web.retention import rules

    agreed = rules.of(_engagement(engagement).key)
    periods = rules.on(agreed, _day(day) or holding.today(engagement)) if agreed is not None else []
    rows = [
        {"kind": one.kind, "kept": f"{one.number} {one.unit}", "source": one.source, "what": rules.KINDS[one.kind]}
        for one in periods
    ]
    columns = {"Kind": "kind", "Kept for": "kept", "Source": "source", "What": "what"}
    output.records(json, f"Kept by {engagement}", rows, columns)


@app.command()
def sweep(day: Day = None, json: output.Json = False) -> None:
    """Erase what the rules of all engagements no longer keep; a worker does so once an hour by itself."""
    system.start()
    from anyshore.web.retention import sweeping

    found = sweeping.sweep(_day(day))
    rows = [(one.engagement, one.kind, one.gone, one.bound) for one in found]
    names = ("engagement", "kind", "erased", "kept_by_law")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    output.answer(json, data, Sheet("Erased", ["Engagement", "Kind", "Erased", "Kept by law"], rows, right=(2, 3)))


@subjects.command()
def export(engagement: Key, words: Words) -> None:
    """Tell everything an engagement holds in which one of the words stands, as JSON. It is noted."""
    system.start()
    from anyshore.web.retention import subjects as found

    output.document(found.told(_engagement(engagement), words))


@subjects.command()
def erase(
    engagement: Key, words: Words,
    case: Annotated[list[int], typer.Option(help="Number of a case that is about this person; repeat it.")],
    reason: Annotated[str, typer.Option(help="Who asked, and when.")],
    json: output.Json = False,
) -> None:  # fmt: skip
    """Erase ended cases about somebody: variables, log, talk, documents; the ledger keeps digests and verifies."""
    system.start()
    from anyshore.web.retention import subjects as found

    done = found.erase(_engagement(engagement), words, case, reason)
    if json:
        output.document({"cases": done.cases, "documents": done.documents, "kept_by_law": done.bound})
        return
    output.out.print(f"{len(done.cases)} cases and {done.documents} documents erased.")
    for number, why in done.bound.items():
        output.out.print(f"Case {number} is kept until {why}", markup=False)


def _engagement(key: str) -> Engagement:
    from anyshore.web.core.models import Engagement

    found: Engagement | None = Engagement.objects.filter(key=key).first()
    if found is None:
        raise CommandRejected(
            "engagement.unknown", f"There is no engagement {key!r}.", hint="See anyshore engagements."
        )
    return found


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None
