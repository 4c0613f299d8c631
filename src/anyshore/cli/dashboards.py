"""``anyshore dashboard``: a service at a glance, from the ledger of this installation or from an export."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output, system
from anyshore.terms import dashboard_reading, dashboards
from anyshore.terms.dashboards import By, Dashboard, Period

LATEST = 6
"""Periods whose objectives and measures are shown."""

Service = Annotated[str, typer.Argument(help="Key of the service, as in the terms.")]
PeriodOption = Annotated[By, typer.Option("--by", help="Length of a period: day, week or month.")]


def dashboard(
    engagement: Annotated[str, typer.Argument(help="Id of the engagement.")],
    service: Service, by: PeriodOption = "week", lang: output.Language = "en", json: output.Json = False,
) -> None:  # fmt: skip
    """Show a service at a glance: volume, what needs no person, backlog, time in hand, attainment, quality, cost."""
    with output.failing():
        system.start(read_only=True)
        from anyshore.web.engagements import dashboards as shown
        from anyshore.web.site.services import named

        found = shown.of(named(engagement), service, by)
    _told(found, lang, json)


def of_export(
    export: Annotated[Path, typer.Argument(help="A ledger export (JSON Lines).")],
    service: Service, by: PeriodOption = "week", lang: output.Language = "en", json: output.Json = False,
) -> None:  # fmt: skip
    """Compute the dashboard of a service from an export alone, as of the time of the export."""
    with output.failing():
        found, problems = dashboard_reading.of_export(export, service, by)
    output.problems(problems)
    _told(found, lang, json)
    if problems:
        raise typer.Exit(1)


def _told(found: Dashboard, lang: str, json: bool) -> None:
    if json:
        output.document(dashboards.as_dict(found))
        return
    columns = ("Period", "Received", "Completed", "Without a person", "Open", "Minutes in hand")
    output.table(f"{found.engagement}: {found.service}", columns, map(_row, found.periods), right=range(1, 6))
    last = found.periods[-LATEST:]
    if last:
        rows = [*_attained(found, last), *_measured(found, last, lang)]
        names = ("Figure", "Target", *(period.name for period in last))
        output.table("Objectives and quality", names, rows, right=range(1, len(names)))
    if found.periods:
        ages = (*(f"up to {days} d" for days in dashboards.AGES), f"over {dashboards.AGES[-1]} d")
        output.table("Open now, by age", ages, [found.periods[-1].backlog], right=range(len(ages)))
    costs = [
        (cost.month, cost.cases, f"{cost.cost} {cost.currency}", _money(cost.unit_cost), _money(cost.baseline))
        for cost in found.costs
    ]
    if costs:
        output.table("Cost", ("Month", "Completed", "Fees", "Each", "Before"), costs, right=(1, 2, 3, 4))


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


def _measured(found: Dashboard, last: list[Period], lang: str) -> Iterator[list[str]]:
    for name, one in found.measures.items():
        values = [period.figures[name].value if name in period.figures else None for period in last]
        yield [one["title"][lang], one["standard"], *(_shown(value, f" {one['unit']}".rstrip()) for value in values)]


def _shown(value: Decimal | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:,.1f}{unit}"


def _money(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:,.2f}"
