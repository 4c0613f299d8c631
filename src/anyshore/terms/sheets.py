"""What is agreed, measured and billed as tables and sentences; why each figure is what it is says ``explain``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from anyshore.base.telling import Part, Reasons, Sheet
from anyshore.terms import explain
from anyshore.terms.corrections import Correction
from anyshore.terms.documents import Document
from anyshore.terms.exports import Verification
from anyshore.terms.invoice import Invoice
from anyshore.terms.messages import Lang, money, number
from anyshore.terms.model import Terms
from anyshore.terms.recompute import Recomputation, Recomputed


def of_terms(terms: Terms) -> Sheet:
    """What terms agree on."""
    rows: list[tuple[str, ...]] = []
    for service in terms.services.values():
        rows += [
            (service.key, "price", p.name, f"{p.tiers[0].price} {terms.currency} per {p.per}") for p in service.prices
        ]
        rows += [(service.key, "objective", o.name, f"{o.target} %") for o in service.objectives]
        if service.credits:
            rows.append((service.key, "credits", "at risk", f"{service.credits.at_risk} % of the fee"))
    title = f"{terms.id} version {terms.version}, in force from {terms.in_force_from}"
    return Sheet(title, ("Service", "Part", "Name", "Agreed"), rows)


def of_scorecard(found: Invoice, lang: Lang, *, cases: bool) -> Iterator[Part]:
    """The objectives of a month; with ``cases`` all that was counted."""
    rows = [
        (s.service, s.objective.name, f"{s.numerator} / {s.denominator}",
         "–" if s.attainment is None else f"{s.attainment} %", f"{s.objective.target} %", s.status, len(s.running))
        for s in found.scores
    ]  # fmt: skip
    columns = ("Service", "Objective", "Met", "Attained", "Target", "Status", "Running")
    yield Sheet(f"Scorecard {found.engagement} {found.month}", columns, rows, right=(2, 3, 4, 6))
    for score in found.scores:
        yield Reasons(explain.explain_objective(score, found.terms.time_zone, lang), whole=cases)
        if cases:
            lines = [(r.reference, r.instance, "met" if r.met else "missed") for r in score.results]
            yield Sheet(score.objective.name, ("Reference", "Instance", "Result"), lines)


def of_invoice(found: Invoice, lang: Lang) -> Iterator[Part]:
    """The lines of an invoice with what they come to."""
    currency = found.terms.currency
    rows = [(line.name, line.quantity, line.unit_price, line.amount, len(line.behind)) for line in found.lines]
    columns = ("Line", "Quantity", f"Unit price {currency}", f"Amount {currency}", "Cases")
    yield Sheet(f"Invoice {found.engagement} {found.month}", columns, rows, right=(1, 2, 3, 4))
    lines = [explain.explain_line(line, currency, lang) for line in found.lines if line.kind != "credit"]
    lines += [explain.explain_credit(credit, currency, lang) for credit in found.credits]
    yield Reasons([*lines, explain.explain_total(found, lang)], whole=True)


def behind(found: Invoice) -> Iterator[Part]:
    """The cases behind each line."""
    for line in found.lines:
        yield Sheet(line.name, ("Reference", "Instance"), [(one.reference, one.instance) for one in line.behind])


def of_documents(issued: Sequence[Document]) -> Iterator[Part]:
    """What was issued for a month: its invoice, then the corrections."""
    if issued:
        yield f"Issued as {issued[0].number}, ledger entry {issued[0].sequence}."
    rows = [
        (one.number, one.data["type_code"], one.data["difference"]["gross"]["amount"], one.data["reason"])
        for one in issued[1:]
    ]
    if rows:
        yield Sheet("Corrections", ("Number", "Type", "Difference with VAT", "Reason"), rows, right=(2,))


def of_correction(found: Correction, lang: Lang, title: str) -> Iterator[Part]:
    """What a correction changes: the lines as billed and corrected, then why and what it comes to."""
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
        yield Sheet(title, ("Service", "Line", "As billed", "Corrected", "Difference"), rows, right=(2, 3, 4))
    yield Reasons(explain.explain_correction(found, lang), whole=True)


def of_verification(found: Verification) -> str:
    """One line on the whole export: also where there is nothing to find fault with, and no figure to show."""
    many = len(found.findings)
    state = f"{many} finding{'s' * (many > 1)}" if many else "sound"
    return f"{found.engagement}: {found.count} entries, {state}; head {found.head.sequence}:{found.head.hash}"


def of_recomputation(found: Recomputation, lang: Lang) -> Iterator[Part]:
    """Every document computed anew, and the months asked for."""
    for recorded in found.recorded:
        yield from _recorded(recorded, lang)
    for invoice in found.asked:
        yield from _month(invoice, lang, "computed now")


def _recorded(one: Recomputed, lang: Lang) -> Iterator[Part]:
    state = "differs" if one.findings else "as recorded"
    if one.corrected_by:
        state += f", corrected by {one.corrected_by}"
    if one.correction:
        yield from of_correction(one.correction, lang, f"{one.number} ({state}): {one.reason}")
    elif one.invoice:
        yield from _month(one.invoice, lang, f"{one.number}, {state}")


def _month(invoice: Invoice, lang: Lang, note: str) -> Iterator[Part]:
    """A month: its objectives, its lines, and why each figure is what it is."""
    currency = invoice.terms.currency
    scores = [
        (s.service, s.objective.name, explain.attained(s, lang) if s.results else "–", s.numerator, s.denominator,
         number(s.objective.target, lang), s.status) for s in invoice.scores
    ]  # fmt: skip
    title = f"{invoice.engagement} {invoice.month} ({note})"
    yield Sheet(title, ("Service", "Objective", "%", "Met", "Of", "Target", "Status"), scores, right=(2, 3, 4, 5))
    lines = [
        (x.service, x.name, x.kind, number(x.quantity, lang), money(x.unit_price, currency, lang),
         money(x.amount, currency, lang)) for x in invoice.lines
    ]  # fmt: skip
    yield Sheet("", ("Service", "Line", "Per", "Quantity", "Price", "Amount"), lines, right=(3, 4, 5))
    for score in invoice.scores:
        yield Reasons(explain.explain_objective(score, invoice.terms.time_zone, lang))
    yield Reasons([explain.explain_credit(credit, currency, lang) for credit in invoice.credits])
    yield Reasons([explain.explain_total(invoice, lang)])
