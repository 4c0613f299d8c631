"""A month of a service as PDF/A-2b through Typst: what came in and what became of it, measures, objectives, credits.

Every figure is one of the dashboard, the scorecard or the invoice; here they only stand on paper. The same ledger and
the same reader give the same bytes once the month is over.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.terms import explain, months
from anyshore.terms.dashboards import WORDS, Dashboard, Period
from anyshore.web.core import reader
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.core.templatetags.show import money, number, percent, word
from anyshore.web.engagements import billing, dashboards, queries
from anyshore.web.engagements.dashboard_tables import measured
from anyshore.web.engagements.queries import Card
from anyshore.web.engine.books import head
from anyshore.web.engine.running import host
from anyshore.web.engine.templatetags.named import service_title

Rows = list[list[str]]
_SECOND = 1_000_000


def pdf(person: Person, key: str, service: str, month: str) -> bytes:
    """The report of a month, as far as a person may see it: what work costs only who may see invoices.

    Raises:
        NotFound: there is no such engagement or service, or nothing is known of the month.
        Denied: the person may not see figures.
    """
    import typst

    shown = dashboards.shown(person, key, service, "month")
    card = queries.card(person, key, month)
    period = next((one for one in shown.dashboard.periods if one.name == str(card.month)), None)
    if period is None:
        raise NotFound(_("Nothing is known of this month."), hint=_("Choose a month in which something was received."))
    said = _said(shown, card, service, period)
    made = typst.compile(
        files(__package__).joinpath("month_report.typ").read_bytes(), format="pdf",
        sys_inputs={"data": json.dumps(said, ensure_ascii=False)}, ignore_system_fonts=True, pdf_standards=["a-2b"],
        timestamp=min(period.end, host().clock()) // _SECOND,
    )  # fmt: skip
    return bytes(made)


def _said(shown: dashboards.Shown, card: Card, service: str, period: Period) -> dict[str, Any]:
    engagement, found = card.engagement, shown.dashboard
    sections: list[tuple[str, list[str], Rows]] = [
        (_("Volume"), [_("Figure"), ""], _volume(period)),
        (_("What became of it"), [_("Outcome"), ""], _outcomes(found, period)),
        (_("Measures"), [_("Measure"), "", _("Cases")], list(_measures(found, period))),
        *_counted(found, period),
        (
            _("Service level objectives"), [_("Objective"), _("Attainment"), _("Target"), _("Cases"), _("Result")],
            list(_objectives(card, service)),
        ),
    ]  # fmt: skip
    if shown.sees_money:
        sections += [
            (_("Service credits"), [_("Why"), _("Amount")], _credits(card, service)),
            (_("Cost"), [_("Figure"), ""], _costs(card, found)),
        ]
    sequence, digest = head(engagement.key)
    month = formats.date_format(card.month.first, "F Y")
    running = _("The month is still running: these are its figures so far.") if card.running else ""
    return {
        "language": reader.language(), "title": service_title(service), "month": month,
        "issuer": engagement.provider.name, "running": running,
        "about": [
            [_("Engagement"), engagement.title], [_("Client"), engagement.client.name],
            [_("Provider"), engagement.provider.name],
        ],
        "sections": [
            {"title": title, "columns": columns, "rows": rows or [[_("None."), *[""] * (len(columns) - 1)]]}
            for title, columns, rows in sections
        ],
        "proof": _(
            "Every figure comes from the ledger, and both sides can compute it again. Its last entry here is number "
            "%(number)s with the hash %(hash)s."
        ) % {"number": number(sequence), "hash": digest},
    }  # fmt: skip


def _volume(period: Period) -> Rows:
    held = period.held.value
    return [
        [_("Received"), number(period.received)],
        [_("Completed"), number(period.completed)],
        [_("Without a person"), percent(period.straight_through)],
        [_("Cancelled"), number(period.cancelled)],
        [_("Open at the end"), number(period.open)],
        [_("Minutes in hand"), number(None if held is None else held / Decimal(60 * _SECOND), 1)],
    ]


def _outcomes(found: Dashboard, period: Period) -> Rows:
    words, language = found.described.get("words", {}), reader.language()
    return [
        [found.said(outcome, language) if outcome in words else word(outcome), number(count)]
        for outcome, count in period.outcomes.most_common()
    ]


def _measures(found: Dashboard, period: Period) -> Iterator[list[str]]:
    for name, one in found.measures.items():
        figure = period.figures.get(name)
        title = one["title"].get(reader.language()) or name
        standard = one["standard"]
        cases = number(figure.cases if figure is not None else 0)
        yield [f"{title} ({standard})" if standard else title, measured(period, name, one["unit"]), cases]


def _counted(found: Dashboard, period: Period) -> Iterator[tuple[str, list[str], Rows]]:
    """A section for each counted list in which something stands."""
    language = reader.language()
    for name, one in found.details.items():
        words = period.counted.get(name, Counter()).most_common(WORDS)
        if words:
            rows = [[found.said(said, language), number(count)] for said, count in words]
            yield one["title"].get(language) or name, ["", _("Cases")], rows


def _objectives(card: Card, service: str) -> Iterator[list[str]]:
    for one in card.scores:
        if one.service == service:
            of = f"{number(one.numerator)} / {number(one.denominator)}"
            target = percent(one.objective.target, 0)
            yield [one.objective.name, percent(one.attainment), target, of, word(one.status)]


def _credits(card: Card, service: str) -> Rows:
    billed = billing.billed(card)
    invoice = billed.invoice if billed else card.invoice
    if invoice is None:
        return []
    currency = invoice.terms.currency
    return [
        [explain.explain_credit(one, currency, reader.language()), money(one.amount, currency)]
        for one in invoice.credits
        if one.service == service
    ]


def _costs(card: Card, found: Dashboard) -> Rows:
    return [
        row
        for one in found.costs
        if one.month == card.month
        for row in (
            [_("Fees less credits, without VAT"), money(one.cost, one.currency)],
            [_("Cost per case"), money(one.unit_cost, one.currency)],
            [_("Cost per case before, of the client's own"), money(one.baseline, one.currency)],
        )
    ]


def name_of(key: str, service: str, month: str) -> str:
    """The name of its file."""
    return f"{key}-{service.rpartition('/')[2]}-{months.parse(month)}.pdf"
