"""A dashboard as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from anyshore.base.telling import Sheet
from anyshore.terms import dashboards
from anyshore.terms.dashboards import Dashboard, Period
from anyshore.terms.messages import Lang

LATEST = 6
"""Periods whose objectives and measures are shown."""


def sheets(found: Dashboard, lang: Lang) -> Iterator[Sheet]:
    """Volume by period, objectives and quality, the backlog by age, what the work cost."""
    columns = ("Period", "Received", "Completed", "Without a person", "Open", "Minutes in hand")
    yield Sheet(f"{found.engagement}: {found.service}", columns, list(map(_row, found.periods)), right=range(1, 6))
    last = found.periods[-LATEST:]
    if last:
        rows = [*_attained(found, last), *_measured(found, last, lang)]
        names = ("Figure", "Target", *(period.name for period in last))
        yield Sheet("Objectives and quality", names, rows, right=range(1, len(names)))
        yield from _counted(found, last, lang)
    if found.periods:
        ages = (*(f"up to {days} d" for days in dashboards.AGES), f"over {dashboards.AGES[-1]} d")
        yield Sheet("Open now, by age", ages, [found.periods[-1].backlog], right=range(len(ages)))
    costs = [
        (cost.month, cost.cases, f"{cost.cost} {cost.currency}", _money(cost.unit_cost), _money(cost.baseline))
        for cost in found.costs
    ]
    if costs:
        yield Sheet("Cost", ("Month", "Completed", "Fees", "Each", "Before"), costs, right=(1, 2, 3, 4))


def _row(period: Period) -> list[str]:
    held = period.held.value
    return [
        period.name, f"{period.received:,}", f"{period.completed:,}", _shown(period.straight_through, " %"),
        f"{period.open:,}", _shown(None if held is None else held / Decimal(60_000_000)),
    ]  # fmt: skip


def _attained(found: Dashboard, last: list[Period]) -> Iterator[list[str]]:
    for key, (name, target) in found.objectives.items():
        shares = [period.attained.get(key) for period in last]
        yield [name, f"{target} %", *("–" if one is None else f"{100 * one[0] / one[1]:.1f} %" for one in shares)]


def _measured(found: Dashboard, last: list[Period], lang: Lang) -> Iterator[list[str]]:
    for name, one in found.measures.items():
        values = [period.figures[name].value if name in period.figures else None for period in last]
        yield [one["title"][lang], one["standard"], *(_shown(value, f" {one['unit']}".rstrip()) for value in values)]


def _counted(found: Dashboard, last: list[Period], lang: Lang) -> Iterator[Sheet]:
    """A sheet for each counted list, the most frequent words of these periods first."""
    names = ("", *(period.name for period in last))
    for key, one in found.details.items():
        counts = [period.counted.get(key, Counter()) for period in last]
        total = sum(counts, Counter())
        rows = [
            [found.said(word, lang), *(f"{count[word]:,}" if count[word] else "–" for count in counts)]
            for word, _ in total.most_common(dashboards.WORDS)
        ]
        if rows:
            yield Sheet(one["title"][lang], names, rows, right=range(1, len(names)))


def _shown(value: Decimal | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:,.1f}{unit}"


def _money(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:,.2f}"
