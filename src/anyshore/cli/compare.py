"""``anyshore compare``: the ten differences with one's own activities, the map of a portfolio, the decision paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anyshore.base import files
from anyshore.cli import output
from anyshore.cli.shared import Json, Lang, day_or_today

Decisions = Annotated[Path, typer.Argument(help="What anyshore decide --json printed.")]
Portfolio = Annotated[Path | None, typer.Option(help="The portfolio, for hours of work a month.")]
Case = Annotated[Path | None, typer.Option(help="What anyshore business-case evaluate --json printed.")]
Infographic = Annotated[Path | None, typer.Option(help="Write the ten differences: .svg or .pdf.")]
Picture = Annotated[Path | None, typer.Option("--map", help="Write the map of the portfolio: .svg.")]
Paper = Annotated[Path | None, typer.Option(help="Write the decision paper of two pages: .pdf.")]
Client = Annotated[str, typer.Option(help="Whose decision it is, as the paper names it.")]
Signature = Annotated[list[str] | None, typer.Option(help="Who decides. Twice at most.")]
On = Annotated[str | None, typer.Option("--on", help="Day of the paper; today if left out.")]


def compare(
    decisions: Decisions, portfolio: Portfolio = None, case: Case = None, infographic: Infographic = None,
    picture: Picture = None, paper: Paper = None, client: Client = "", signature: Signature = None, on: On = None,
    lang: Lang = "en", json: Json = False,
) -> None:  # fmt: skip
    """Place a portfolio on the ten differences of BPO and KPO; draw it, and write its paper."""
    from anyshore.sourcing.comparison import documents, portfolio_map
    from anyshore.sourcing.comparison import paper as papers

    at, placed = day_or_today(on), documents.placed(decisions, portfolio, lang)
    written: list[tuple[Path, bytes]] = []
    if infographic is not None:
        written.append((infographic, documents.drawn(infographic, client, at, placed, lang)))
    if picture is not None:
        written.append((picture, portfolio_map.portfolio_map(placed, lang).encode()))
    if paper is not None:
        sources = [one.name for one in (decisions, portfolio) if one is not None]
        money = documents.money(case) if case else None
        made = papers.paper(client, at, placed, lang, money=money, sources=sources, signatures=signature or ())
        written.append((paper, made))
    for file, content in written:
        files.write(file, content)
    names = [str(file) for file, _content in written]
    data = {"activities": [one.as_dict() for one in placed], "written": names}
    output.answer(json, data, documents.sheet(placed), *(f"Written: {name}" for name in names))
