"""``anyshore dashboard``: a service at a glance, from the ledger of this installation or from an export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.cli import output, system
from anyshore.cli.engagements import Engagement
from anyshore.terms import dashboard_reading, dashboard_sheets, dashboards
from anyshore.terms.dashboards import By

Service = Annotated[str, typer.Argument(help="Key of the service, as in the terms.")]
PeriodOption = Annotated[By, typer.Option("--by", help="Length of a period: day, week or month.")]


def dashboard(
    engagement: Engagement, service: Service, by: PeriodOption = "week", lang: output.Language = "en",
    json: output.Json = False,
) -> None:  # fmt: skip
    """Show a service at a glance: volume, what needs no person, backlog, time in hand, attainment, quality, cost."""
    system.start(read_only=True)
    from anyshore.web.engagements import dashboards as shown
    from anyshore.web.site.services import named

    found = shown.of(named(engagement), service, by)
    output.answer(json, dashboards.as_dict(found), *dashboard_sheets.sheets(found, lang))


def of_export(
    export: Annotated[Path, typer.Argument(help="A ledger export (JSON Lines).")],
    service: Service, by: PeriodOption = "week", lang: output.Language = "en", json: output.Json = False,
) -> None:  # fmt: skip
    """Compute the dashboard of a service from an export alone, as of the time of the export."""
    found, problems = dashboard_reading.of_export(export, service, by)
    output.problems(problems)
    output.answer(json, dashboards.as_dict(found), *dashboard_sheets.sheets(found, lang))
    output.end(problems)
