"""What the check says of a random table is true, and it leaves nothing out: compared with every cell evaluated by FEEL
over a value of every region of every column.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dmn.tables import CELLS, DAYS, DURATIONS, LOCAL, MOMENTS, NUMBERS, TIMES, WORDS, ZONED, kinds_of, tables
from tests.draws import examples

from anyshore import dmn, feel
from anyshore.base.temporal import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.dmn.check_tables import MOST
from anyshore.dmn.deciding import run_service
from anyshore.dmn.evaluate import evaluate
from anyshore.dmn.expressions import DecisionTable, UnaryTests
from anyshore.dmn.grids import Table, to_xml
from anyshore.dmn.index import members
from anyshore.dmn.run import Run


def _near(time: Time, step: int) -> Iterable[Time]:
    """The time a step away, if there is one; without an offset a day ends at midnight."""
    for hours in (None,) if time.is_local else (0, 18, -18):
        clock = time.instant + step + (hours or 0) * 3600 * NANOS
        if 0 <= clock < DAY_NANOS:
            yield Time.from_nanosecond_of_day(clock, None if hours is None else hours * 3600)


def _around() -> dict[str, list[object]]:
    """For each type a value of every region its constants can make."""
    numbers = sorted({Decimal(text) for text in NUMBERS})
    steps = [(a + b) / 2 for a, b in itertools.pairwise(numbers)]
    days = [Date(*map(int, day.split("-"))) for day in DAYS]
    lengths = [DaysDuration(int(value * 86_400 * 10**9) + step) for value in DURATIONS.values() for step in (-1, 0, 1)]
    steps_of_time = (-NANOS // 2, -1, 0, 1, NANOS // 2, NANOS - 1, NANOS, 2 * NANOS)
    moments = [DateTime.parse(text).plus(DaysDuration(step)) for text in MOMENTS for step in steps_of_time]
    times = [one for text in TIMES for step in steps_of_time for one in _near(Time.parse(text), step)]
    months = sorted({months + step for months in (12, 1, -3) for step in (-1, 0, 1)})
    return {
        "number": [numbers[0] - 1, *numbers, *steps, numbers[-1] + 1],
        "string": [*WORDS, "none of them"],
        "boolean": [True, False],
        "date": [day.plus_days(step) for day in days for step in (-1, 0, 1)],
        "date and time": list(moments),
        "time": list(times),
        "days and time duration": list(lengths),
        "years and months duration": [MonthsDuration(value) for value in months],
    }


AROUND = _around()
POLICIES = ("U", "A", "F", "P", "C")


def _zoned(cells: Iterable[str]) -> bool:
    """Whether the times in some cells have an offset or zone."""
    return any(re.search(r'(Z|[+-]\d\d:\d\d|@[\w/]+)"', cell) for cell in cells)


@st.composite
def checked(draw: st.DrawFn) -> Table:
    """A table without defaults, some of whose columns have allowed values."""
    table = draw(tables(POLICIES, mixed=False))
    for position, kind in enumerate(kinds_of(table)):
        column = table.columns[position]
        column.type = kind
        cells = (ZONED if _zoned(row[position] for row in table.rows) else LOCAL).get(kind, CELLS[kind])
        column.values = draw(cells.filter(lambda text: "null" not in text)) if draw(st.integers(0, 3)) == 0 else ""
    for column in table.columns:
        column.default = ""
    return table


class Truth:
    """The rules that match, by FEEL alone; a set of rules is a number."""

    def __init__(self, table: Table) -> None:
        self.model = dmn.read(to_xml([table], "random", "urn:random"), file="random.dmn")
        logic = self.model.decisions[0].expression
        assert isinstance(logic, DecisionTable)
        self.model.linked.compiler.prepare(self.model.decisions[0])
        self.logic = logic
        self.run = Run(self.model.linked, {}, feel.Run(None, "UTC", []), [], evaluate, run_service)
        self.everything = (1 << len(logic.rules)) - 1
        columns = [column for column in table.columns if column.kind == "input"]
        self.values: list[dict[object, int]] = []
        for position, column in enumerate(columns):
            named = any("null" in row[position] for row in table.rows)
            values = AROUND[column.type] + ([None] if named else [])
            if column.type in LOCAL:
                # Times are compared with those of the sort the column speaks of.
                zoned = _zoned((column.values, *(row[position] for row in table.rows)))
                values = [v for v in values if v is None or v.is_local is not zoned]  # type: ignore[attr-defined]
            self.values.append({v: self.of(position, v) for v in values if self.allowed(position, v)})

    def holds(self, tests: UnaryTests, value: object) -> bool:
        return tests.text.strip() in ("", "-") or self.run.evaluate(tests.compiled, {"?": value}) is True

    def allowed(self, column: int, value: object) -> bool:
        tests = self.logic.inputs[column].values
        return value is None or tests is None or self.holds(tests, value)

    def of(self, column: int, value: object) -> int:
        return sum(1 << n for n, rule in enumerate(self.logic.rules) if self.holds(rule.inputs[column], value))

    def sets(self) -> set[int]:
        """The sets of rules some input matches."""
        found = {self.everything}
        for column in self.values:
            found = {a & b for a in found for b in set(column.values())}
        return found

    def example(self, message: str) -> int:
        """The rules that match the input a message shows; what it leaves out may be anything."""
        shown = message.removeprefix("No rule matches ").rstrip(".").split(" both match ")[-1].split("; ")[0]
        given = dict(re.findall(r"value (\d+) = (.*?)(?=, value \d+ = |$)", shown))
        rules = self.everything
        for position, values in enumerate(self.values):
            if str(position) not in given:
                assert len(set(values.values())) == 1
                rules &= next(iter(values.values()))
                continue
            value = feel.compile(given[str(position)]).evaluate({})
            assert self.allowed(position, value), f"the column does not allow {value}"
            rules &= self.of(position, value)
        return rules


@settings(max_examples=examples(250))
@given(checked())
def test_gaps_overlaps_and_idle_rules_are_those_there_are(table: Table) -> None:
    truth = Truth(table)
    found = dmn.check(truth.model)
    if not table.rows or not all(truth.values):
        return  # nothing to decide, or a column that allows none of the values tried
    sets = truth.sets()
    gaps = [d.message for d in found if d.code == "dmn.gap"]
    assert not any(truth.example(message) for message in gaps)
    assert bool(gaps) == (0 in sets and table.policy != "C")

    pairs = {}
    for message in (d.message for d in found if d.code == "dmn.rules-overlap"):
        one, other = map(int, re.findall(r"\d+", message)[:2])
        pairs[one - 1, other - 1] = truth.example(message)
    assert all(rules >> one & 1 and rules >> other & 1 for (one, other), rules in pairs.items())
    outputs = [row[len(truth.values) :] for row in table.rows]
    meeting = {pair for rules in sets for pair in itertools.combinations(members(rules), 2)}
    wanted = {(a, b) for a, b in meeting if table.policy == "U" or (table.policy == "A" and outputs[a] != outputs[b])}
    assert pairs.keys() <= wanted
    assert len(pairs) == min(len(wanted), MOST)

    idle = {int(d.location.cell.split()[1]) - 1 for d in found if d.code == "dmn.rule-unreachable"}
    if table.policy == "F":
        deciding = {members(rules)[0] for rules in sets if rules}
    elif table.policy == "P":
        best = {rules: min(outputs[rule] for rule in members(rules)) for rules in sets if rules}
        deciding = {rule for rules in best for rule in members(rules) if outputs[rule] == best[rules]}
    else:
        deciding = {rule for rules in sets for rule in members(rules)}
    assert idle == set(range(len(table.rows))) - deciding
