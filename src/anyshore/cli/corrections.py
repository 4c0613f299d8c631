"""``anyshore correction``: what a billed month comes to by now, and the document that bills the difference."""

from __future__ import annotations

from typing import Annotated

import typer

from anyshore.cli import output, system
from anyshore.cli.engagements import Engagement
from anyshore.terms import sheets
from anyshore.terms.corrections import Correction, all_due, correction
from anyshore.terms.months import parse


def correct(
    engagement: Engagement,
    month: Annotated[
        str | None,
        typer.Option("--month", help="The billed month, as 2026-01; all whose correction is due if left out."),
    ] = None,
    issue: Annotated[
        bool, typer.Option("--issue", help="Issue it: the difference goes into the ledger. Needs --month and --reason.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why the month is corrected; it stands in the ledger.")] = "",
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Show what a billed month comes to by now beside what was billed, and correct it."""
    if issue and not (month and reason.strip()):
        raise typer.BadParameter("--issue needs --month and --reason")
    found = _found(engagement, month)
    issued = _issue(engagement, found[0], reason) if issue else None
    data = [{"number": issued, "month": str(one.month), "due": not one.empty, **one.contents()} for one in found]
    parts = [part for one in found for part in sheets.of_correction(one, lang, f"{engagement} {one.month}")]
    if issued:
        parts.append(f"Issued as {issued}.")
    output.answer(json, data[0] if month else data, *(parts or ["No correction is due."]))


def _found(engagement: str, month: str | None) -> list[Correction]:
    system.start(read_only=True)
    from anyshore.web.engine.books import book
    from anyshore.web.site.services import named

    found = book(named(engagement).key)
    return [correction(found, parse(month))] if month else all_due(found)


def _issue(engagement: str, found: Correction, reason: str) -> str:
    from anyshore.web.engagements import actions
    from anyshore.web.site.services import manager_of, named

    by = manager_of(named(engagement))
    return str(actions.issue_correction(by, engagement, str(found.month), reason, found.digest))
