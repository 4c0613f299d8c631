"""The tables beside the pictures of a dashboard: its figures by period, and what one piece of work cost by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from anyshore.terms.dashboards import AGES, WORDS, Dashboard, Period
from anyshore.web.core.reader import language
from anyshore.web.core.templatetags.show import money, number, percent
from anyshore.web.engagements.dashboard_charts import age_name
from anyshore.web.engagements.dashboards import Shown

MINUTE = 60_000_000
COLUMNS = 6
"""Periods beside each other in a table of words: the last ones."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        name: what it is about.
        cells: its figures as people read them.
        address: of the page that tells more; empty where there is none.
    """

    name: str
    cells: Sequence[str]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under their columns.

    Attributes:
        title: of all of it.
        first: what the lines are about.
        columns: titles of the figures, each with what stands small below it.
        lines: the newest first.
    """

    title: str
    first: str
    columns: Sequence[tuple[str, str]]
    lines: Sequence[Line]


def tables(shown: Shown) -> list[Table]:
    """What a reader may see: costs only who sees money."""
    found = [_figures(shown.dashboard), *_counted(shown.dashboard)]
    return [*found, _costs(shown)] if shown.sees_money and shown.dashboard.costs else found


def _figures(found: Dashboard) -> Table:
    reader = language()
    columns = [(_("Received"), ""), (_("Completed"), ""), (_("Without a person"), ""), (_("Open at the end"), "")]
    columns += [(age_name(place), "") for place in range(len(AGES) + 1)]
    columns += [(_("Minutes in hand"), "")]
    aim = _("Target")
    columns += [(name, f"{aim} {percent(target, 0)}") for name, target in found.objectives.values()]
    columns += [(one["title"][reader], one["standard"] or "") for one in found.measures.values()]
    lines = [Line(period.name, _cells(found, period)) for period in reversed(found.periods)]
    return Table(_("The figures"), _("Period"), columns, lines)


def _counted(found: Dashboard) -> Iterator[Table]:
    """A table for each counted list, as why people were asked: its words by period."""
    language_ = language()
    for name, one in found.details.items():
        last = found.periods[-COLUMNS:]
        counts = [period.counted.get(name, Counter()) for period in last]
        words = sum(counts, Counter[str]()).most_common(WORDS)
        lines = [Line(found.said(word, language_), [number(count[word]) for count in counts]) for word, _count in words]
        if lines:
            yield Table(one["title"][language_], _("Why"), [(period.name, "") for period in last], lines)


def _cells(found: Dashboard, period: Period) -> list[str]:
    held = period.held.value
    return [
        number(period.received), number(period.completed), percent(period.straight_through), number(period.open),
        *(number(count) for count in period.backlog),
        number(None if held is None else held / Decimal(MINUTE), 1),
        *(percent(_share(*period.attained.get(key, (0, 0)))) for key in found.objectives),
        *(measured(period, name, one["unit"]) for name, one in found.measures.items()),
    ]  # fmt: skip


def measured(period: Period, name: str, unit: str) -> str:
    """A measure of a period with its unit."""
    value = period.figures[name].value if name in period.figures else None
    if unit == "%" or value is None:
        return percent(value)
    return f"{number(value, 1)} {unit}"


def _share(met: int, total: int) -> Decimal | None:
    return Decimal(100 * met) / total if total else None


def _costs(shown: Shown) -> Table:
    columns = [(title, "") for title in (_("Completed"), _("Fees"), _("per case"), _("before"))]
    lines = [
        Line(
            formats.date_format(one.month.first, "F Y"),
            [
                number(one.cases), money(one.cost, one.currency), money(one.unit_cost, one.currency),
                money(one.baseline, one.currency),
            ],
            reverse("invoice", args=[shown.engagement.key, one.month]),
        )
        for one in shown.dashboard.costs
    ]  # fmt: skip
    return Table(_("What one costs"), _("Month"), columns, lines)
