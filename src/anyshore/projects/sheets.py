"""Work packages from a table, and a plan as a table and a picture (a Gantt chart)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyshore.base.errors import DataError
from anyshore.base.svg import Svg, drawing, element, title
from anyshore.base.tables import Column, Row, open_table
from anyshore.base.telling import Part, Reasons, Sheet
from anyshore.projects.packages import Package, Project, project, windows
from anyshore.projects.scheduling import Plan

COLUMNS = (
    Column("package", aliases=("work package", "key", "Arbeitspaket"), required=True),
    Column("duration", "number", aliases=("Dauer",), required=True, minimum=Decimal(0)),
    Column("after", aliases=("predecessors", "Vorgänger")),
    Column("needs", aliases=("teams", "resources", "Bedarf")),
    Column("not before", "number", aliases=("nicht vor",), minimum=Decimal(0)),
)
_NEED = re.compile(r"(?P<team>.*?\S)\s*=\s*(?P<number>[0-9]{1,6})")
ROW, LEFT, WIDTH, TOP = 22, 170, 760, 30
_SEA, _CRITICAL, _SOFT, _LINE = "#5fa9b8", "#17677a", "#5b6b75", "#dce3e7"
_LONGEST, _MARKS = 26, 12


def read(source: bytes | Path, teams: Mapping[str, int], file: str | None = None) -> Project:
    """Reads work packages: package, duration; after and needs are lists apart by ``;``, a need is ``team = number``.

    Args:
        source: CSV or Excel, a path or the content.
        teams: how much there is of each team.
        file: its name, for messages.

    Raises:
        DataError: with every problem of the file.
    """
    table = open_table(source, COLUMNS, file)
    packages = [found for row in table if (found := _package(row)) is not None]
    table.refuse_if_broken()
    return project(packages, teams, table.file)


def teams(given: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How much there is of each team.

    Raises:
        DataError: of one it is no whole number.
    """
    found: dict[str, int] = {}
    for name, number in given:
        if not number.isdecimal():
            raise DataError("project.team", f"There are {number!r} of {name}.", hint="Write it as mason=2.")
        found[name] = int(number)
    return found


def units(given: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Units by package, as they are written on a command line.

    Raises:
        DataError: of one it is no whole number.
    """
    found: dict[str, int] = {}
    for name, number in given:
        if not number.isdecimal():
            raise DataError("project.move", f"{number!r} of {name} is no unit.", hint="Write it as Copy=4.")
        found[name] = int(number)
    return found


def _package(row: Row) -> Package | None:
    whole = [row.number(name) or Decimal(0) for name in ("duration", "not before")]
    for name, value in zip(("duration", "not before"), whole, strict=True):
        if value != value.to_integral_value():
            row.problem(name, "project.duration", f"{value} is no whole number.", "Count in smaller units.")
    needs: dict[str, int] = {}
    for part in _parts(row.text("needs")):
        found = _NEED.fullmatch(part)
        if found is None:
            row.problem("needs", "project.need", f"{part!r} is no need.", "Write it as mason = 2; digger = 1.")
        else:
            needs[found["team"]] = needs.get(found["team"], 0) + int(found["number"])
    if row.broken:
        return None
    duration, begins = map(int, whole)
    return Package(row.text("package") or "", duration, tuple(_parts(row.text("after"))), needs, begins)


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def of_plan(found: Project, plan: Plan) -> Iterator[Part]:
    """A plan as a table, the first to begin in front, and how good it is."""
    free = windows(found, plan.makespan)
    rows = [
        (key, plan.starts[key], plan.starts[key] + found.packages[key].duration, free[key].latest - plan.starts[key],
         ", ".join(f"{team} {need}" for team, need in found.packages[key].needs.items()) or "–")
        for key in _ordered(plan)
    ]  # fmt: skip
    yield Sheet("Plan", ("Package", "From", "To", "May slip", "Needs"), rows, right=(1, 2, 3))
    told = "No plan is shorter." if plan.proven else f"Whether one of {plan.bound} or more is shorter is not known."
    yield Reasons([f"{plan.makespan} units. {told}", "Slips are counted as if teams were plenty."])


def plain(found: Project, plan: Plan) -> dict[str, Any]:
    """A plan as plain data."""
    return {
        "makespan": plan.makespan, "bound": plan.bound, "proven": plan.proven,
        "packages": [
            {"package": key, "from": plan.starts[key], "to": plan.starts[key] + found.packages[key].duration,
             "needs": dict(found.packages[key].needs)}
            for key in _ordered(plan)
        ],
    }  # fmt: skip


def picture(found: Project, plan: Plan) -> Svg:
    """A Gantt chart; packages that may not slip are darker."""
    free = windows(found, plan.makespan)
    scale = (WIDTH - LEFT - 10) / max(plan.makespan, 1)
    height = TOP + ROW * len(plan.starts) + 8
    step = max(1, -(-plan.makespan // _MARKS))
    parts: list[Svg] = []
    for unit in range(0, plan.makespan + 1, step):
        x = LEFT + unit * scale
        parts += [
            element("line", x1=x, x2=x, y1=TOP - 6, y2=height - 4, stroke=_LINE),
            element("text", str(unit), x=x, y=TOP - 12, text_anchor="middle", font_size=11, fill=_SOFT),
        ]
    for number, key in enumerate(_ordered(plan)):
        one, y = found.packages[key], TOP + number * ROW
        name = key if len(key) <= _LONGEST else f"{key[: _LONGEST - 1]}…"
        told = f"{key}: {plan.starts[key]}–{plan.starts[key] + one.duration}"
        colour = _CRITICAL if free[key].latest <= plan.starts[key] else _SEA
        parts += [
            element("text", name, x=LEFT - 8, y=y + 14, text_anchor="end", font_size=12, fill=_SOFT),
            element(
                "rect", title(told), x=LEFT + plan.starts[key] * scale, y=y + 3, width=max(one.duration * scale, 2),
                height=ROW - 6, rx=2, fill=colour,
            ),
        ]  # fmt: skip
    return drawing(WIDTH, height, "Plan of the work packages", *parts)


def _ordered(plan: Plan) -> list[str]:
    return sorted(plan.starts, key=lambda key: (plan.starts[key], key))
