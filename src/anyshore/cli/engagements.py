"""``anyshore engage``, ``scorecard``, ``invoice``, ``correction``, ``dashboard``: a contract, and what it comes to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anyshore.base.commands import Answer, Lang
from anyshore.base.errors import TermsError
from anyshore.base.files import read_text
from anyshore.cli import output
from anyshore.cli.declaring import Engagement
from anyshore.terms import corrections, dashboard_sheets, dashboards, figures, months, sheets
from anyshore.terms.dashboards import By
from anyshore.terms.invoice import Invoice, draft
from anyshore.web.site import system

if TYPE_CHECKING:
    from anyshore.terms.book import Book

MonthOption = Annotated[str | None, "--month", "Month, as 2026-11; the running one if left out."]
Cases = Annotated[bool, "--cases", "List the cases behind every figure."]
Service = Annotated[str, "Key of the service, as in the terms."]
PeriodOption = Annotated[By, "--by", "Length of a period: day, week or month."]


def engage(
    file: Annotated[Path, "The terms: YAML. Check them first with: anyshore terms check FILE."],
) -> Answer:
    """Sign an engagement between client and provider from a terms file.

    For trying: organisations and people that are not there yet are made, with passwords drawn at random. A real
    installation begins with `anyshore bootstrap`, and its people come in by links.
    """
    system.start()
    from anyshore.web.site import demonstration

    made, accounts, signed = demonstration.engage(read_text(file, error=TermsError), str(file))
    data = {"engagement": made.key, "signed": signed, "accounts": [one.as_dict() for one in accounts]}
    text = f"Engagement {made.key}: {'terms signed into the ledger' if signed else 'these terms hold already'}."
    return Answer(data, text, demonstration.sheet(accounts))


def listing() -> Answer:
    """List the engagements there are: who works for whom, and how they stand."""
    system.start(read_only=True)
    from anyshore.web.core.models import Engagement as Known

    names = ("key", "title", "client", "provider", "zone", "status")
    rows = Known.objects.select_related("client", "provider").order_by("key")
    found = [{name: str(getattr(one, name)) for name in names} for one in rows]
    return output.records("Engagements", found, {name.capitalize(): name for name in names})


def scorecard(engagement: Engagement, *, month: MonthOption = None, cases: Cases = False, lang: Lang = "en") -> Answer:
    """Show how the service level objectives of a month were met, from the ledger."""
    found = _draft(engagement, month)
    return Answer(figures.details(found)["objectives"], sheets.of_scorecard(found, lang, cases=cases))


def invoice(
    engagement: Engagement,
    *,
    month: MonthOption = None,
    issue: Annotated[bool, "--issue", "Issue it: the figures go into the ledger. The month must be over."] = False,
    cases: Cases = False,
    lang: Lang = "en",
) -> Answer:
    """Show the invoice of a month with its service credits, from the ledger, and issue it.

    A month that was billed is shown as it was issued, with its corrections.
    """
    found = _draft(engagement, month)
    from anyshore.web.engagements import actions, billing
    from anyshore.web.site.services import manager_of

    if issue:
        actions.issue_invoice(manager_of(system.engagement(engagement)), engagement, str(found.month))
    documents = open_book(engagement).documents.get(found.month, [])
    if documents:
        found = corrections.as_issued(open_book(engagement), found.month)
    shown = [sheets.of_invoice(found, lang), found.findings, sheets.behind(found) if cases else ()]
    return Answer(billing.shown(found, documents), shown, sheets.of_documents(documents))


def correct(
    engagement: Engagement,
    *,
    month: Annotated[
        str | None, "--month", "The billed month, as 2026-01; all whose correction is due if left out."
    ] = None,
    issue: Annotated[
        bool, "--issue", "Issue it: the difference goes into the ledger. Needs --month and --reason."
    ] = False,
    reason: Annotated[str, "--reason", "Why the month is corrected; it stands in the ledger."] = "",
    lang: Lang = "en",
) -> Answer:
    """Show what a billed month comes to by now beside what was billed, and correct it."""
    if issue and not (month and reason.strip()):
        raise typer.BadParameter("--issue needs --month and --reason")
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.engagements import actions
    from anyshore.web.site.services import manager_of

    found, issued = corrections.of_months(open_book(engagement), month), ""
    if issue:
        by = manager_of(known)
        issued = actions.issue_correction(by, engagement, str(found[0].month), reason, found[0].digest)
    data = [
        {"number": issued or None, "month": str(one.month), "due": not one.empty, **one.contents()} for one in found
    ]
    shown = [sheets.of_correction(one, lang, f"{engagement} {one.month}") for one in found]
    told = [f"Issued as {issued}."] if issued else []
    return Answer(data[0] if month else data, *shown, told, () if found else "No correction is due.")


def dashboard(engagement: Engagement, service: Service, *, by: PeriodOption = "week", lang: Lang = "en") -> Answer:
    """Show a service at a glance: volume, what needs no person, backlog, time in hand, attainment, quality, cost."""
    known = system.engagement(engagement, read_only=True)
    from anyshore.web.engagements import dashboards as shown

    found = shown.of(known, service, by)
    return Answer(dashboards.as_dict(found), dashboard_sheets.sheets(found, lang))


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
