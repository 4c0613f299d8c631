"""``anyshore compare``: the ten differences with one's own activities, the map of a portfolio, the decision paper."""

from __future__ import annotations

import json as plain
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anyshore.base.errors import DataError
from anyshore.base.files import read_text
from anyshore.base.locations import Location
from anyshore.cli import output

if TYPE_CHECKING:
    from anyshore.sourcing.comparison.paper import Money
    from anyshore.sourcing.comparison.placing import Placed


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
    """Place the activities of a portfolio on the ten differences of BPO and KPO, and write what was asked for."""
    from anyshore.sourcing.comparison import paper as papers
    from anyshore.sourcing.comparison.infographic import infographic as drawn
    from anyshore.sourcing.comparison.portfolio_map import portfolio_map

    with output.failing():
        day, placed = _day(on), _placed(decisions, portfolio, lang)
        written = []
        if infographic is not None:
            as_pdf = infographic.suffix.lower() == ".pdf"
            written.append(
                (infographic, papers.comparison(client, day, placed, lang) if as_pdf else drawn(placed, lang))
            )
        if picture is not None:
            written.append((picture, portfolio_map(placed, lang)))
        if paper is not None:
            sources = [f"{one.name}" for one in (decisions, portfolio) if one is not None]
            money = _money(case) if case else None
            made = papers.paper(
                client, day, placed, lang, money=money, sources=sources, signatures=signature or (),
            )  # fmt: skip
            written.append((paper, made))
        for file, content in written:
            _write(file, content)
    if json:
        output.document(
            {"activities": [_as_dict(one) for one in placed], "written": [str(file) for file, _c in written]}
        )
        return
    _show(placed)
    output.sentences([f"Written: {file}" for file, _content in written], most=None)


def _placed(decisions: Path, portfolio: Path | None, lang: output.Language) -> list[Placed]:
    from anyshore.sourcing import portfolio as reading
    from anyshore.sourcing.comparison import placing

    hours = {}
    if portfolio is not None:
        hours = {one.name: one.monthly_hours for one in reading.read(portfolio).activities}
    found = _document(decisions)
    listed = found.get("decisions") if isinstance(found, dict) else found
    if not isinstance(listed, list) or not listed:
        hint = "Use what anyshore decide --json prints."
        raise DataError("comparison.decision", "The file holds no decisions.", Location(str(decisions)), hint)
    values = {name: None if worth is None else float(worth) for name, worth in hours.items()}
    return [
        placing.placed(one, lang, value=values.get(str(one.get("activity")) if isinstance(one, dict) else ""))
        for one in listed
    ]


def _money(case: Path) -> Money:
    from anyshore.sourcing.comparison.paper import Money

    found = _document(case)
    try:
        p10, p50, p90 = map(float, found["npv"])
        source = (
            f"{case.name}: baseline version {found['baseline']['version']}, digest {found['baseline']['digest'][:16]}…"
        )
        return Money(
            found["currency"], int(found["years"]), float(found["discount"]), p10, p50, p90, float(found["gains"]),
            int(found["draws"]), f"{source}, seed {found['seed']}",
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as problem:
        hint = "Use what anyshore business-case evaluate --json prints."
        raise DataError("comparison.case", "This is no business case.", Location(str(case)), hint) from problem


def _document(file: Path) -> Any:
    try:
        return plain.loads(read_text(file, error=DataError))
    except plain.JSONDecodeError as problem:
        raise DataError("comparison.json", f"This is no JSON: {problem.msg}.", Location(str(file))) from problem


def _write(file: Path, content: bytes | str) -> None:
    try:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as problem:
        message = f"Cannot write it: {problem.strerror}."
        raise DataError("file.unwritable", message, Location(str(file)), "Check path and rights.") from problem


def _show(placed: list[Placed]) -> None:
    from anyshore.sourcing.comparison.differences import DIFFERENCES

    rows = []
    for difference in DIFFERENCES:
        sides = [sum(one.leans.get(difference.criterion) == side for one in placed) for side in ("BPO", "KPO")]
        rows.append((difference.basis[0], difference.bpo[0], sides[0], sides[1], difference.kpo[0]))
    output.table("Ten differences", ("Basis", "BPO", "here", "here", "KPO"), rows, right=(2, 3))


def _as_dict(one: Placed) -> dict[str, Any]:
    return {
        "activity": one.name, "kind": one.kind, "shore": one.shore or None, "judgement": one.judgement,
        "hours": one.value, "leans": dict(one.leans),
    }  # fmt: skip


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise DataError("comparison.day", f"{text!r} is no day.", hint="Write it as 2026-11-30.") from problem
