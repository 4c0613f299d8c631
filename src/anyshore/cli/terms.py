"""``anyshore terms``: check terms files; verify ledger exports and recompute every figure from them, offline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.base.files import read_text
from anyshore.base.locations import Location
from anyshore.cli import output
from anyshore.terms import exports, months, reading
from anyshore.terms import recompute as recomputing
from anyshore.terms.corrections import Correction
from anyshore.terms.explain import attained, explain_correction, explain_credit, explain_objective, explain_total
from anyshore.terms.figures import details
from anyshore.terms.invoice import Invoice
from anyshore.terms.messages import Lang, money, number
from anyshore.terms.model import Terms

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Anchor = Annotated[
    list[str] | None,
    typer.Option("--anchor", help="A known entry as SEQUENCE:HASH, for example from an invoice. Repeatable."),
]
Export = Annotated[Path, typer.Argument(help="A ledger export (JSON Lines).")]


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The terms file (YAML).")],
    json: output.Json = False,
) -> None:
    """Check a terms file and show what it agrees on. Every problem is told with its line and column.

    Warnings tell what its holidays leave undecided; the file can be signed with them.
    """
    try:
        terms = reading.read(file)
        doubts = reading.doubts(read_text(file, error=TermsError), file=str(file))
    except TermsError as error:
        if json:
            output.document({"file": str(file), "problems": _plain(error.diagnostics)})
        else:
            output.problems(error.diagnostics)
        raise typer.Exit(1) from error
    if json:
        output.document({"file": str(file), "id": terms.id, "version": terms.version, "problems": _plain(doubts)})
    else:
        output.problems(doubts)
        _show_terms(terms)


@app.command()
def schema() -> None:
    """Print the JSON Schema of terms files, for editors that check while you type."""
    output.document(reading.schema())


@app.command()
def verify(
    export: Export,
    anchor: Anchor = None,
    json: output.Json = False,
) -> None:
    """Find every changed, inserted, removed or moved entry of an export. Works line by line, on any length."""
    with output.failing():
        known = _anchors(anchor)
        with output.progress("Verifying", _size(export)) as done:
            found = exports.verify_export(export, anchors=known, progress=done)
    if json:
        output.document(_verified(found))
    else:
        output.problems([*found.findings, *found.warnings])
        _say(found)
    if found.findings:
        raise typer.Exit(1)


@app.command()
def recompute(
    export: Export,
    month: Annotated[
        list[str] | None,
        typer.Option(
            help="Also compute this month, for example 2026-01; the running one if left out. A month that was not over "
            "is computed as of the export. Repeatable."
        ),
    ] = None,
    anchor: Anchor = None,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Compute every invoice and correction of an export anew; name each figure that differs from the recorded one."""
    with output.failing():
        asked = [months.parse(text) for text in month] if month else None
        size = _size(export)
        with output.progress("Recomputing", None if size is None else 2 * size) as done:
            result = recomputing.recompute(export, asked=asked, anchors=_anchors(anchor), progress=done)
    findings = result.all_findings
    if json:
        output.document({
            "export": _verified(result.verification),
            "invoices": [_recorded(one) for one in result.recorded if not one.corrects],
            "corrections": [
                _recorded(one) | {"reason": one.reason} | (one.correction.contents() if one.correction else {})
                for one in result.recorded if one.corrects
            ],
            "months": [details(invoice) for invoice in result.asked],
            "findings": _plain(findings),
        })  # fmt: skip
    else:
        for recorded in result.recorded:
            _show_recorded(recorded, lang)
        for invoice in result.asked:
            show(invoice, lang, "computed now")
        output.problems([*findings, *result.verification.warnings])
        _say(result.verification)
    if findings:
        raise typer.Exit(1)


def _recorded(one: recomputing.Recomputed) -> dict[str, Any]:
    return {
        "number": one.number, "entry": one.sequence, "same": not one.findings, "corrected_by": one.corrected_by or None,
        "figures": details(one.invoice) if one.invoice else None,
    }  # fmt: skip


def _show_recorded(one: recomputing.Recomputed, lang: Lang) -> None:
    state = "differs" if one.findings else "as recorded"
    if one.corrected_by:
        state += f", corrected by {one.corrected_by}"
    if one.correction:
        show_correction(one.correction, lang, f"{one.number} ({state}): {one.reason}")
    elif one.invoice:
        show(one.invoice, lang, f"{one.number}, {state}")


def show_correction(found: Correction, lang: Lang, title: str) -> None:
    """Prints what a correction changes: the lines as billed and corrected, then why and what it comes to."""
    currency = found.invoice.terms.currency

    def side(line: dict[str, Any] | None) -> str:
        if line is None:
            return "–"
        amounts = (money(Decimal(line[name]), currency, lang) for name in ("unit_price", "amount"))
        return f"{number(Decimal(line['quantity']), lang)} × {' = '.join(amounts)}"

    rows = [
        (row["service"], row["name"], side(row["old"]), side(row["new"]), money(Decimal(row["amount"]), currency, lang))
        for row in found.difference["lines"]
    ]
    if rows:
        output.table(title, ("Service", "Line", "As billed", "Corrected", "Difference"), rows, right=(2, 3, 4))
    output.sentences(explain_correction(found, lang), most=None)


def _say(found: exports.Verification) -> None:
    """One line on the whole export: also where there is nothing to find fault with, and no figure to show."""
    many = len(found.findings)
    state = f"{many} finding{'s' * (many > 1)}" if many else "sound"
    typer.echo(f"{found.engagement}: {found.count} entries, {state}; head {found.head.sequence}:{found.head.hash}")


def show(invoice: Invoice, lang: Lang, note: str) -> None:
    """Prints a month: its objectives, its lines, and why each figure is what it is."""
    currency = invoice.terms.currency
    scores = [
        (s.service, s.objective.name, attained(s, lang) if s.results else "–", s.numerator, s.denominator,
         number(s.objective.target, lang), s.status) for s in invoice.scores
    ]  # fmt: skip
    title = f"{invoice.engagement} {invoice.month} ({note})"
    columns = ("Service", "Objective", "%", "Met", "Of", "Target", "Status")
    output.table(title, columns, scores, right=(2, 3, 4, 5))
    lines = [
        (x.service, x.name, x.kind, number(x.quantity, lang), money(x.unit_price, currency, lang),
         money(x.amount, currency, lang)) for x in invoice.lines
    ]  # fmt: skip
    output.table("", ("Service", "Line", "Per", "Quantity", "Price", "Amount"), lines, right=(3, 4, 5))
    for score in invoice.scores:
        output.sentences(explain_objective(score, invoice.terms.time_zone, lang))
    output.sentences([explain_credit(credit, currency, lang) for credit in invoice.credits])
    output.sentences([explain_total(invoice, lang)])


def _show_terms(terms: Terms) -> None:
    rows = []
    for service in terms.services.values():
        rows += [
            (service.key, "price", p.name, f"{p.tiers[0].price} {terms.currency} per {p.per}") for p in service.prices
        ]
        rows += [(service.key, "objective", o.name, f"{o.target} %") for o in service.objectives]
        if service.credits:
            rows.append((service.key, "credits", "at risk", f"{service.credits.at_risk} % of the fee"))
    title = f"{terms.id} version {terms.version}, in force from {terms.in_force_from}"
    output.table(title, ("Service", "Part", "Name", "Agreed"), rows)


def _verified(found: exports.Verification) -> dict[str, Any]:
    head = {"sequence": found.head.sequence, "hash": found.head.hash}
    return {
        "engagement": found.engagement, "entries": found.count, "head": head, "findings": _plain(found.findings),
        "warnings": _plain(found.warnings),
    }  # fmt: skip


def _plain(found: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    return [diagnostic.as_dict() for diagnostic in found]


def _anchors(texts: list[str] | None) -> dict[int, str]:
    return dict(_anchor(text) for text in texts or [])


def _anchor(text: str) -> tuple[int, str]:
    sequence, _, known = text.partition(":")
    if not re.fullmatch(r"[1-9][0-9]{0,15}", sequence) or not re.fullmatch(r"[0-9a-f]{64}", known):
        message = f"'{text}' is not an anchor"
        raise AnyshoreError(
            "ledger.anchor", message, Location(), "write it as SEQUENCE:HASH, the hash with 64 hexadecimal digits"
        )
    return int(sequence), known


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.is_file() else None
