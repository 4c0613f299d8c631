"""``anyshore engage``, ``scorecard``, ``invoice``: a contract, and what it comes to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anyshore.base.errors import TermsError
from anyshore.base.files import read_text
from anyshore.cli import output, system
from anyshore.terms import explain, figures, months, reading
from anyshore.terms.corrections import as_issued
from anyshore.terms.invoice import Invoice, draft

if TYPE_CHECKING:
    from anyshore.terms.book import Book
    from anyshore.terms.documents import Document
    from anyshore.web.site.demonstration import Account

Engagement = Annotated[str, typer.Argument(help="Id of the engagement, as in its terms.")]
MonthOption = Annotated[str | None, typer.Option("--month", help="Month, as 2026-11; the running one if left out.")]
EngagementOption = Annotated[
    str | None, typer.Option("--engagement", help="Id of the engagement; the pack's own sample terms if left out.")
]
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
    with output.failing():
        key, accounts, signed = sign(_text(file), str(file))
    if json:
        output.document({"engagement": key, "signed": signed, "accounts": [_account(a) for a in accounts]})
        return
    output.out.print(f"Engagement {key}: {'terms signed into the ledger' if signed else 'these terms hold already'}.")
    show_accounts(accounts)


def sign(text: str, file: str | None = None) -> tuple[str, list[Account], bool]:
    """Sets both sides up and signs the terms; the engagement's id, its accounts, and whether it was new.

    Raises:
        TermsError: the terms cannot be used; ``file`` is their name in messages.
    """
    reading.loads(text, file=file)
    from anyshore.web.site import demonstration

    engagement, accounts, signed = demonstration.engage(text)
    return engagement.key, accounts, signed


def show_accounts(accounts: list[Account]) -> None:
    """Prints who can sign in."""
    rows = [(a.role, a.email, a.password, a.organisation) for a in accounts]
    output.table("Who can sign in", ("Role", "Email", "Password", "Organisation"), rows)


def _account(account: Account) -> dict[str, str]:
    return {name: getattr(account, name) for name in ("email", "password", "role", "organisation")}


def _text(file: Path) -> str:
    return read_text(file, error=TermsError)


def _unknown(engagement: str) -> TermsError:
    hint = "Sign it first: anyshore engage TERMS."
    return TermsError("engagement.unknown", f"There is no engagement {engagement!r}.", hint=hint)


def scorecard(
    engagement: Engagement, month: MonthOption = None, cases: Cases = False, lang: output.Language = "en",
    json: output.Json = False,
) -> None:  # fmt: skip
    """Show how the service level objectives of a month were met, from the ledger."""
    with output.failing():
        found = _draft(engagement, month)
    if json:
        output.document(figures.details(found)["objectives"])
    else:
        show_scorecard(found, lang, cases=cases)


def show_scorecard(found: Invoice, lang: str, *, cases: bool) -> None:
    """Prints the objectives of a month."""
    rows = [
        (s.service, s.objective.name, f"{s.numerator} / {s.denominator}",
         "–" if s.attainment is None else f"{s.attainment} %", f"{s.objective.target} %", s.status, len(s.running))
        for s in found.scores
    ]  # fmt: skip
    columns = ("Service", "Objective", "Met", "Attained", "Target", "Status", "Running")
    output.table(f"Scorecard {found.engagement} {found.month}", columns, rows, right=(2, 3, 4, 6))
    for score in found.scores:
        most = None if cases else output.SHOWN
        output.sentences(explain.explain_objective(score, found.terms.time_zone, lang), most=most)
        if cases:
            lines = [(r.reference, r.instance, "met" if r.met else "missed") for r in score.results]
            output.table(score.objective.name, ("Reference", "Instance", "Result"), lines)


def invoice(
    engagement: Engagement, month: MonthOption = None, issue: Annotated[
        bool, typer.Option("--issue", help="Issue it: the figures go into the ledger. The month must be over.")
    ] = False, cases: Cases = False, lang: output.Language = "en", json: output.Json = False,
) -> None:  # fmt: skip
    """Show the invoice of a month with its service credits, from the ledger, and issue it.

    A month that was billed is shown as it was issued, with its corrections.
    """
    with output.failing():
        found = _draft(engagement, month)
        if issue:
            _issue(engagement, str(found.month))
        documents = open_book(engagement).documents.get(found.month, [])
        if documents:
            found = as_issued(open_book(engagement), found.month)
    if json:
        output.document(_documents(documents) | figures.details(found))
        return
    show_invoice(found, lang, cases=cases)
    if documents:
        output.out.print(f"Issued as {documents[0].number}, ledger entry {documents[0].sequence}.", highlight=False)
        _show_corrections(documents[1:])


def _documents(documents: list[Document]) -> dict[str, Any]:
    """The number of an invoice and its corrections as plain data."""
    from anyshore.web.engagements import billing

    number = documents[0].number if documents else None
    return {"number": number, "corrections": [billing.document(one) for one in documents[1:]]}


def _show_corrections(documents: list[Document]) -> None:
    rows = [
        (one.number, one.data["type_code"], one.data["difference"]["gross"]["amount"], one.data["reason"])
        for one in documents
    ]
    if rows:
        output.table("Corrections", ("Number", "Type", "Difference with VAT", "Reason"), rows, right=(2,))


def show_invoice(found: Invoice, lang: str, *, cases: bool) -> None:
    """Prints the lines of an invoice with what they come to."""
    currency = found.terms.currency
    rows = [(line.name, line.quantity, line.unit_price, line.amount, len(line.behind)) for line in found.lines]
    columns = ("Line", "Quantity", f"Unit price {currency}", f"Amount {currency}", "Cases")
    output.table(f"Invoice {found.engagement} {found.month}", columns, rows, right=(1, 2, 3, 4))
    currency = found.terms.currency
    lines = [explain.explain_line(line, currency, lang) for line in found.lines if line.kind != "credit"]
    lines += [explain.explain_credit(credit, currency, lang) for credit in found.credits]
    output.sentences([*lines, explain.explain_total(found, lang)], most=None)
    output.problems(found.findings)
    if cases:
        for line in found.lines:
            lines = [(behind.reference, behind.instance) for behind in line.behind]
            output.table(line.name, ("Reference", "Instance"), lines)


def open_book(engagement: str) -> Book:
    """The ledger of an engagement as a book."""
    system.start(read_only=True)
    from anyshore.web.engine.books import book

    return book(engagement)


def _draft(engagement: str, month: str | None) -> Invoice:
    found = open_book(engagement)
    now = time.time_ns() // 1000
    asked = months.parse(month) if month else months.month_of(now, _zone(found, engagement))
    return draft(found, asked, until=now + 1)  # what happened this instant counts


def _zone(found: Book, engagement: str) -> str:
    """The time zone of the terms last signed."""
    if not found.versions:
        raise _unknown(engagement)
    return found.versions[-1].terms.time_zone


def _issue(engagement: str, month: str) -> str:
    from anyshore.web.engagements import actions
    from anyshore.web.site.services import manager_of, named

    return actions.issue_invoice(manager_of(named(engagement)), engagement, month)
