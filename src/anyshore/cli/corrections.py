"""``anyshore correction``: what a billed month comes to by now, and the document that bills the difference."""

from __future__ import annotations

from typing import Annotated

import typer

from anyshore.cli import output, system
from anyshore.cli.engagements import Engagement
from anyshore.cli.terms import show_correction
from anyshore.terms.corrections import Correction, correction, pending
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
    with output.failing():
        found = _found(engagement, month)
        issued = _issue(engagement, found[0], reason) if issue else None
    if json:
        shown = [{"number": issued, "month": str(one.month), "due": not one.empty, **one.contents()} for one in found]
        output.document(shown[0] if month else shown)
        return
    for one in found:
        show_correction(one, lang, f"{engagement} {one.month}")
    if not found:
        output.out.print("No correction is due.")
    if issued:
        output.out.print(f"Issued as {issued}.")


def _found(engagement: str, month: str | None) -> list[Correction]:
    system.start(read_only=True)
    from anyshore.web.engine.books import book
    from anyshore.web.site.services import named

    found = book(named(engagement).key)
    if month:
        return [correction(found, parse(month))]
    due = []
    for _month, one in pending(found):
        if not isinstance(one, Correction):
            raise one
        due.append(one)
    return due


def _issue(engagement: str, found: Correction, reason: str) -> str:
    from anyshore.web.engagements import actions
    from anyshore.web.site.services import manager_of, named

    return actions.issue_correction(manager_of(named(engagement)), engagement, str(found.month), reason, found.digest)
