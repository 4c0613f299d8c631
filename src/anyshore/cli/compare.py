"""``anyshore compare``: the ten differences with one's own activities, the map of a portfolio, the decision paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.cli import output
from anyshore.cli.shared import day


def compare(
    decisions: Annotated[Path, typer.Argument(help="What anyshore decide --json printed.")],
    portfolio: Annotated[Path | None, typer.Option(help="The portfolio, for hours of work a month.")] = None,
    case: Annotated[Path | None, typer.Option(help="What anyshore business-case evaluate --json printed.")] = None,
    infographic: Annotated[Path | None, typer.Option(help="Write the ten differences: .svg or .pdf.")] = None,
    picture: Annotated[Path | None, typer.Option("--map", help="Write the map of the portfolio: .svg.")] = None,
    paper: Annotated[Path | None, typer.Option(help="Write the decision paper of two pages: .pdf.")] = None,
    client: Annotated[str, typer.Option(help="Whose decision it is, as the paper names it.")] = "",
    signature: Annotated[list[str] | None, typer.Option(help="Who decides. Twice at most.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="Day of the paper; today if left out.")] = None,
    lang: output.Language = "en",
    json: output.Json = False,
) -> None:
    """Place a portfolio on the ten differences of BPO and KPO; draw it, and write its paper."""
    from anyshore.sourcing.comparison import documents
    from anyshore.sourcing.comparison import paper as papers
    from anyshore.sourcing.comparison.infographic import infographic as drawn
    from anyshore.sourcing.comparison.portfolio_map import portfolio_map

    at = day(on) if on else datetime.now().astimezone().date()
    placed = documents.placed(decisions, portfolio, lang)
    written: list[tuple[Path, bytes | str]] = []
    if infographic is not None:
        as_pdf = infographic.suffix.lower() == ".pdf"
        picked = papers.comparison(client, at, placed, lang) if as_pdf else drawn(placed, lang)
        written.append((infographic, picked))
    if picture is not None:
        written.append((picture, portfolio_map(placed, lang)))
    if paper is not None:
        sources = [one.name for one in (decisions, portfolio) if one is not None]
        money = documents.money(case) if case else None
        made = papers.paper(client, at, placed, lang, money=money, sources=sources, signatures=signature or ())
        written.append((paper, made))
    for file, content in written:
        files.write(file, content if isinstance(content, bytes) else content.encode())
    names = [str(file) for file, _content in written]
    data = {"activities": [one.as_dict() for one in placed], "written": names}
    output.answer(json, data, documents.sheet(placed), *(f"Written: {name}" for name in names))
