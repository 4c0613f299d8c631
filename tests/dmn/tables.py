"""Random decision tables and rows for the property tests."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from anyshore.base.temporal import DateTime, MonthsDuration, Time
from anyshore.dmn.grids import POLICY_OF, Column, Table

NUMBERS = ["0", "1", "2.5", "10", "10.1", "-3", "100"]
WORDS = ["a", "b", "c d", ""]
DAYS = ["2024-02-29", "2025-01-01", "2025-12-31"]
DURATIONS = {"P1D": 1.0, "PT36H": 1.5, "PT0S": 0.0, "-P2D": -2.0}
MONTHS = ["P1Y", "P1M", "-P3M"]
MOMENTS = [
    "2025-03-01T10:00:00", "2025-03-01T10:00:00.25", "2025-03-01", "2025-03-01T10:00:00Z", "2025-03-01T12:00:00+02:00",
    "2025-03-01T10:00:01-00:30", "2025-03-30T02:30:00@Europe/Berlin", "2025-10-26T02:30:00@Europe/Berlin",
]  # fmt: skip
TIMES = ["00:00:00", "10:00:00", "10:00:00.25", "23:59:59", "10:00:00Z", "11:00:00+01:00", "00:00:00+14:00",
         "23:59:59@America/New_York"]  # fmt: skip


def _ordered(texts: list[str]) -> st.SearchStrategy[str]:
    value = st.sampled_from(texts)
    interval = st.tuples(st.sampled_from("[("), value, value, st.sampled_from("])")).map(
        lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"
    )
    compared = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), value).map(lambda t: f"{t[0]} {t[1]}")
    return st.one_of(value, interval, compared)


def _tests(atom: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(atom, min_size=1, max_size=3).map(", ".join)
    null = st.sampled_from(["null", "not(null)"])
    return st.one_of(st.just("-"), several, several.map(lambda text: f"not({text})"), null)


CELLS = {
    "number": _tests(_ordered(NUMBERS)),
    "string": _tests(st.sampled_from([f'"{word}"' for word in WORDS])),
    "boolean": _tests(st.sampled_from(["true", "false"])),
    "date": _tests(_ordered([f'date("{day}")' for day in DAYS])),
    "days and time duration": _tests(_ordered([f'duration("{text}")' for text in DURATIONS])),
    "years and months duration": _tests(_ordered([f'duration("{text}")' for text in MONTHS])),
}
ZONES = [
    datetime.UTC, datetime.timezone(datetime.timedelta(hours=-2)), ZoneInfo("Europe/Berlin"),
]  # fmt: skip


def _times(kind: str, texts: list[str]) -> st.SearchStrategy[str]:
    return _tests(_ordered([f'{kind}("{text}")' for text in texts]))


LOCAL = {"date and time": _times("date and time", MOMENTS[:3]), "time": _times("time", TIMES[:4])}
ZONED = {"date and time": _times("date and time", MOMENTS[3:]), "time": _times("time", TIMES[4:])}
"""Cells of one sort: the check compares these only, and cells of both in one column are left to FEEL."""
CELLS |= {"date and time": _times("date and time", MOMENTS), "time": _times("time", TIMES)}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": st.one_of(
        st.sampled_from([int(float(n)) for n in NUMBERS] + [float(n) for n in NUMBERS] + [Decimal(n) for n in NUMBERS]),
        st.integers(-200, 200),
        st.decimals(-20, 120, places=2),
        st.floats(-20, 120).map(lambda value: round(value, 3)),
        st.sampled_from([10**31, -(10**40), 1e300, float("nan"), float("inf")]),
    ),
    "string": st.sampled_from([*WORDS, "zz"]),
    "boolean": st.booleans(),
    "date": st.one_of(st.sampled_from(DAYS).map(datetime.date.fromisoformat), st.dates()),
    "date and time": st.one_of(
        st.sampled_from(MOMENTS).map(DateTime.parse),
        st.datetimes(datetime.datetime(2025, 3, 1, 9), datetime.datetime(2025, 3, 1, 12), timezones=st.just(None)),
        st.datetimes(datetime.datetime(2025, 3, 1), datetime.datetime(2025, 10, 27), timezones=st.sampled_from(ZONES)),
    ),
    "time": st.one_of(st.sampled_from(TIMES).map(Time.parse), st.times(), st.times(timezones=st.sampled_from(ZONES))),
    "days and time duration": st.one_of(
        st.sampled_from([datetime.timedelta(days) for days in DURATIONS.values()]), st.timedeltas()
    ),
    "years and months duration": st.sampled_from([MonthsDuration(months) for months in (12, 1, 0, -3, -4)]),
}
ANYTHING = st.one_of(*VALUES.values(), st.none(), st.just([1]), st.just({"a": 1}))


@st.composite
def tables(
    draw: st.DrawFn, policies: tuple[str, ...] = tuple(POLICY_OF), typed: bool = True, mixed: bool = True
) -> Table:
    """A table of one to three columns and up to twelve rules; ``mixed`` ones have times of both sorts in a column."""
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3))
    columns = [
        Column("input", f"value {i}", kind if typed and draw(st.booleans()) else "") for i, kind in enumerate(kinds)
    ]
    policy = draw(st.sampled_from(policies))
    outputs = [str(n) for n in range(4)]
    count = draw(st.integers(1, 2))
    for i in range(count):
        listed = ", ".join(outputs) if policy in ("P", "O") else ""
        default = draw(st.sampled_from(["", "9"]))
        columns.append(Column("output", f"out {i}", "number", listed, default))
    rows = draw(
        st.lists(
            st.tuples(
                *(draw(st.sampled_from(sorts(kind, mixed))) for kind in kinds),
                *(st.sampled_from(outputs) for _ in range(count)),
            ).map(list),
            max_size=12,
        )
    )
    return Table("Outcome", policy, columns, rows)


def sorts(kind: str, mixed: bool) -> list[st.SearchStrategy[str]]:
    """What the cells of a column of that kind can be drawn from."""
    of_times = [LOCAL[kind], ZONED[kind]] if kind in LOCAL else []
    return of_times + ([CELLS[kind]] if mixed or not of_times else [])


def rows_for(table: Table, wild: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Rows for a table: mostly values its cells speak of, null, and values of any other kind."""
    names = [column.expression for column in table.columns if column.kind == "input"]
    values = {name: st.one_of(VALUES[kind], st.none()) for name, kind in zip(names, kinds_of(table), strict=True)}
    if wild:
        values = {name: st.one_of(value, value, ANYTHING) for name, value in values.items()}
    return st.fixed_dictionaries(values)


def kinds_of(table: Table) -> list[str]:
    """The kind of values to try on each input column, guessed from its cells."""
    kinds = []
    for position, column in enumerate(c for c in table.columns if c.kind == "input"):
        text = " ".join(row[position] for row in table.rows)
        kind = (
            "date and time"
            if "date and time(" in text
            else "time"
            if "time(" in text
            else "date"
            if "date(" in text
            else "days and time duration"
            if any(f'"{one}"' in text for one in DURATIONS)
            else "years and months duration"
            if any(f'"{one}"' in text for one in MONTHS)
            else "string"
            if '"' in text
            else "boolean"
            if "e" in text.replace("null", "")
            else "number"
        )
        kinds.append(column.type or kind)
    return kinds
