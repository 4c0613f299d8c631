"""What other commands printed as JSON, read for the comparison; and the comparison as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from anyshore.base.errors import DataError
from anyshore.base.files import read_text
from anyshore.base.locations import Location
from anyshore.base.telling import Sheet
from anyshore.sourcing import portfolio as reading
from anyshore.sourcing.comparison import placing
from anyshore.sourcing.comparison.differences import DIFFERENCES
from anyshore.sourcing.comparison.infographic import infographic
from anyshore.sourcing.comparison.paper import Money, comparison
from anyshore.sourcing.comparison.placing import Placed


def placed(decisions: Path, portfolio: Path | None, lang: Literal["en", "de"]) -> list[Placed]:
    """The activities of a document of decisions on the ten differences.

    Args:
        decisions: what ``anyshore decide --json`` printed.
        portfolio: the portfolio they were decided for, for hours of work a month.
        lang: of the texts.

    Raises:
        DataError: a file cannot be read, or holds no decisions.
    """
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


def money(case: Path) -> Money:
    """What a business case brings, as the decision paper tells it.

    Raises:
        DataError: the file cannot be read, or is no business case.
    """
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


def drawn(file: Path, client: str, day: date, placed: Sequence[Placed], lang: Literal["en", "de"]) -> bytes:
    """The ten differences with the activities, as PDF or SVG by the ending of the file they go into."""
    if file.suffix.lower() == ".pdf":
        return comparison(client, day, placed, lang)
    return infographic(placed, lang).encode()


def _document(file: Path) -> Any:
    try:
        return json.loads(read_text(file, error=DataError))
    except json.JSONDecodeError as problem:
        place = Location(str(file), line=problem.lineno, column=problem.colno)
        hint = "Give what the command printed with --json."
        raise DataError("comparison.json", f"This is no JSON: {problem.msg}.", place, hint) from problem


def sheet(placed: Sequence[Placed]) -> Sheet:
    """How many activities lean to which side of each difference."""
    rows = []
    for difference in DIFFERENCES:
        sides = [sum(one.leans.get(difference.criterion) == side for one in placed) for side in ("BPO", "KPO")]
        rows.append((difference.basis[0], difference.bpo[0], sides[0], sides[1], difference.kpo[0]))
    return Sheet("Ten differences", ("Basis", "BPO", "here", "here", "KPO"), rows, right=(2, 3))
