"""``anyshore compare``: the ten differences with one's own activities, the map of a portfolio, the decision paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from anyshore.base import files
from anyshore.base.commands import Answer, Lang, day
from anyshore.cli.declaring import today


def compare(
    decisions: Annotated[Path, "What anyshore decide --json printed."],
    *,
    portfolio: Annotated[Path | None, "The portfolio, for hours of work a month."] = None,
    case: Annotated[Path | None, "What anyshore business-case evaluate --json printed."] = None,
    infographic: Annotated[Path | None, "Write the ten differences: .svg or .pdf."] = None,
    picture: Annotated[Path | None, "--map", "Write the map of the portfolio: .svg."] = None,
    paper: Annotated[Path | None, "Write the decision paper of two pages: .pdf."] = None,
    client: Annotated[str, "Whose decision it is, as the paper names it."] = "",
    signature: Annotated[Sequence[str], "Who decides. Twice at most."] = (),
    on: Annotated[date | None, day, "Day of the paper; today if left out."] = None,
    lang: Lang = "en",
) -> Answer:
    """Place a portfolio on the ten differences of BPO and KPO; draw it, and write its paper."""
    from anyshore.sourcing.comparison import documents, portfolio_map
    from anyshore.sourcing.comparison import paper as papers

    at, placed = on or today(), documents.placed(decisions, portfolio, lang)
    written: dict[Path, bytes] = {}
    if infographic is not None:
        written[infographic] = documents.drawn(infographic, client, at, placed, lang)
    if picture is not None:
        written[picture] = portfolio_map.portfolio_map(placed, lang).encode()
    if paper is not None:
        sources = [one.name for one in (decisions, portfolio) if one is not None]
        money = documents.money(case) if case else None
        written[paper] = papers.paper(client, at, placed, lang, money=money, sources=sources, signatures=signature)
    for file, content in written.items():
        files.write(file, content)
    data = {"activities": [one.as_dict() for one in placed], "written": [*map(str, written)]}
    return Answer(data, documents.sheet(placed), (f"Written: {name}" for name in written))
