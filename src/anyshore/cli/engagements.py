"""``anyshore engage``, ``scorecard``, ``invoice``: a contract, and what it comes to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base.errors import TermsError
from anyshore.base.files import read_text
from anyshore.base.telling import Sheet
from anyshore.cli import output, system
from anyshore.terms import figures, months, sheets
from anyshore.terms.corrections import as_issued
from anyshore.terms.invoice import Invoice, draft

if TYPE_CHECKING:
    from anyshore.terms.book import Book
    from anyshore.web.site.demonstration import Account

Engagement = Annotated[str, typer.Argument(help="Id of the engagement, as in its terms.")]
MonthOption = Annotated[str | None, typer.Option("--month", help="Month, as 2026-11; the running one if left out.")]
Cases = Annotated[bool, typer.Option("--cases", help="List the cases behind every figure.")]


def engage(
    file: Annotated[Path, typer.Argument(help="The terms: YAML. Check them first with: anyshore terms check FILE.")],
    json: output.Json = False,
) -> None:
    """Sign an engagement between client and provider from a terms file.

    For trying: organisations and people that are not there yet are made, with passwords drawn at random. A real
    installation begins with `anyshore bootstrap`, and its people come in by links.
    """
    system.start()
    from anyshore.web.site import demonstration

    made, accounts, signed = demonstration.engage(read_text(file, error=TermsError), str(file))
    names = ("email", "password", "role", "organisation")
    data = [{name: getattr(account, name) for name in names} for account in accounts]
    text = f"Engagement {made.key}: {'terms signed into the ledger' if signed else 'these terms hold already'}."
    output.answer(json, {"engagement": made.key, "signed": signed, "accounts": data}, text, sheet_of(accounts))


def listing(json: output.Json = False) -> None:
    """List the engagements there are: who works for whom, and how they stand."""
    system.start(read_only=True)
    from anyshore.web.core.models import Engagement as Known

    names = ("key", "title", "client", "provider", "zone", "status")
    found = [
        {name: str(getattr(one, name)) for name in names}
        for one in Known.objects.select_related("client", "provider").order_by("key")
    ]
    output.records(json, "Engagements", found, {name.capitalize(): name for name in names})


def sheet_of(accounts: list[Account]) -> Sheet:
    """Who can sign in."""
    rows = [(a.role, a.email, a.password, a.organisation) for a in accounts]
    return Sheet("Who can sign in", ("Role", "Email", "Password", "Organisation"), rows)


def scorecard(
    engagement: Engagement, month: MonthOption = None, cases: Cases = False, lang: output.Language = "en",
    json: output.Json = False,
) -> None:  # fmt: skip
    """Show how the service level objectives of a month were met, from the ledger."""
    found = _draft(engagement, month)
    output.answer(json, figures.details(found)["objectives"], *sheets.of_scorecard(found, lang, cases=cases))


def invoice(
    engagement: Engagement, month: MonthOption = None, issue: Annotated[
        bool, typer.Option("--issue", help="Issue it: the figures go into the ledger. The month must be over.")
    ] = False, cases: Cases = False, lang: output.Language = "en", json: output.Json = False,
) -> None:  # fmt: skip
    """Show the invoice of a month with its service credits, from the ledger, and issue it.

    A month that was billed is shown as it was issued, with its corrections.
    """
    found = _draft(engagement, month)
    from anyshore.web.engagements import actions, billing
    from anyshore.web.site.services import manager_of, named

    if issue:
        actions.issue_invoice(manager_of(named(engagement)), engagement, str(found.month))
    documents = open_book(engagement).documents.get(found.month, [])
    if documents:
        found = as_issued(open_book(engagement), found.month)
    if json:
        number = documents[0].number if documents else None
        corrections = [billing.document(one) for one in documents[1:]]
        output.document({"number": number, "corrections": corrections} | figures.details(found))
        return
    output.told(sheets.of_invoice(found, lang))
    output.problems(found.findings)
    output.told(sheets.behind(found) if cases else ())
    output.told(sheets.of_documents(documents))


def open_book(engagement: str) -> Book:
    """The ledger of an engagement as a book."""
    system.start(read_only=True)
    from anyshore.web.engine.books import book

    return book(engagement)


def _draft(engagement: str, month: str | None) -> Invoice:
    found = open_book(engagement)
    if not found.versions:
        from anyshore.web.site import services

        raise services.unknown(engagement)
    now = time.time_ns() // 1000
    asked = months.parse(month) if month else months.month_of(now, found.versions[-1].terms.time_zone)
    return draft(found, asked, until=now + 1)  # what happened this instant counts
