"""One decision table, decided again and again: Anyshore beside zen-engine, SpiffWorkflow, pyDMNrules and a hand-written
chain of ifs. Every engine's outputs are compared before it is timed; rates are decisions per CPU-second.

Run it with ``python -m benchmarks dmn``; ``--quick`` takes a tenth of the rows.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from anyshore import dmn
from anyshore.dmn.grids import Column, Table, to_xml

Row = dict[str, Any]
ZONES = ("EU", "UK", "US", "ASIA", "ROW")
ZEN = "zen-engine, static loader"
FEWEST_SECONDS = 0.5
ROUNDS = 3


def table_of(rules: int) -> Table:
    """A table of three inputs: a word out of five, a band of amounts, one of two bands of ages; more rules are more
    bands of amounts. The rules are disjoint, and only other words and amounts past the last band match none.
    """
    ages = ("< 40", ">= 40")
    bands = rules // (len(ZONES) * len(ages))
    rows = [
        [f'"{zone}"', f"[{band * 10}..{band * 10 + 10})", age]
        for zone in ZONES
        for band in range(bands)
        for age in ages
    ]
    columns = [
        Column("input", "zone", "string"),
        Column("input", "amount", "number"),
        Column("input", "age", "number"),
        Column("output", "fee", "number"),
    ]
    return Table("Fee", "U", columns, [[*row, str(number)] for number, row in enumerate(rows)])


def rows_for(table: Table, count: int) -> list[Row]:
    """Rows spread evenly over all rules."""
    random.seed(7)
    words = [*ZONES, "XX"]
    top = max(int(row[1][1:].split("..")[0]) for row in table.rows) + 15
    return [
        {"zone": random.choice(words), "amount": random.randrange(top), "age": random.randrange(18, 80)}
        for _ in range(count)
    ]


def rate(call: Callable[[Row], Any], rows: Sequence[Row]) -> float:
    """Calls per CPU-second, repeated until the measurement is long enough."""
    done, start = 0, time.process_time()
    while (spent := time.process_time() - start) < FEWEST_SECONDS:
        for row in rows:
            call(row)
        done += len(rows)
    return done / spent


def anyshore_call(table: Table) -> Callable[[Row], Any]:
    compiled = dmn.read(to_xml([table], "bench", "urn:bench")).compile("Fee")
    assert compiled.indexed, compiled.reason
    return compiled.call


def anyshore_decide(table: Table) -> Callable[[Row], Any]:
    model = dmn.read(to_xml([table], "bench", "urn:bench"))
    return lambda row: model.decide("Fee", row).value


def by_hand(table: Table) -> Callable[[Row], Any]:
    """What a programmer would write: the rules as a chain of ifs."""
    lines = ["def call(row):", "  zone, amount, age = row['zone'], row['amount'], row['age']"]
    for word, band, age, output in table.rows:
        low, high = band[1:-1].split("..")
        lines.append(f"  if zone == {word} and {low} <= amount < {high} and age {age}: return {output}")
    lines.append("  return None")
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)
    return space["call"]


def zen_call(table: Table) -> Callable[[Row], Any]:
    """zen-engine by its static loader, which keeps the compiled decision."""
    engine = zen_engine(table)
    return lambda row: engine.evaluate("fee", row)["result"].get("fee")


def zen_engine(table: Table) -> Any:
    import zen

    columns = [c.expression for c in table.columns]
    rules = []
    for number, (word, band, age, output) in enumerate(table.rows):
        rules.append({"_id": str(number), "i0": word, "i1": band, "i2": age, "o0": output})
    content = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "table", "type": "decisionTableNode", "name": "table", "position": {"x": 0, "y": 0},
                "content": {
                    "hitPolicy": "first",
                    "inputs": [{"id": f"i{n}", "name": c, "field": c} for n, c in enumerate(columns[:3])],
                    "outputs": [{"id": "o0", "name": "fee", "field": "fee"}],
                    "rules": rules,
                },
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip
    return zen.ZenEngine({"loader": {"type": "static", "content": {"fee": content}}})


def spiff_call(table: Table) -> Callable[[Row], Any]:
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import (
        DecisionTable,
        HitPolicy,
        Input,
        InputEntry,
        Output,
        OutputEntry,
        Rule,
    )  # fmt: skip

    model = DecisionTable("t", "Fee", HitPolicy.UNIQUE.value)
    model.inputs = [Input(c.expression, c.expression, c.expression, c.expression, "string") for c in table.columns[:3]]
    model.outputs = [Output("fee", "fee", "fee", "number")]
    for number, (word, band, age, output) in enumerate(table.rows):
        rule = Rule(str(number))
        low, high = band[1:-1].split("..")
        for column, test in zip(model.inputs, (f"? == {word}", f"{low} <= ? < {high}", f"? {age}"), strict=True):
            entry = InputEntry(str(number), column)
            entry.description, entry.lhs = test, [test]
            rule.inputEntries.append(entry)
        out = OutputEntry(str(number), model.outputs[0])
        out.text, out.parsedRef = output, output
        rule.outputEntries.append(out)
        model.rules.append(rule)
    engine = DMNEngine(model)
    scripts = PythonScriptEngine()

    class Task:
        class workflow:  # the name the engine asks for
            script_engine = scripts

        def __init__(self, data: Row) -> None:
            self.data = data

    return lambda row: engine.result(Task(dict(row))).get("fee")


def pydmn_call(table: Table) -> Callable[[Row], Any]:
    """pyDMNrules on a workbook in its own layout; a double line ends the header and parts outputs from inputs. (It
    reads DMN files as well, and decides more slowly by them.)
    """
    import openpyxl
    import pyDMNrules
    from openpyxl.styles.borders import Border, Side

    book = openpyxl.Workbook()
    decision, sheet = book.active, book.create_sheet("fees")
    decision.title = "Decision"
    for row in (["Decision"], ["Decisions", "Execute Decision Tables"], ["Fee", "fees"]):
        decision.append(row)
    sheet.append(["fees"])
    sheet.append(["U", "zone", "amount", "age", "fee"])
    for number, rule in enumerate(table.rows, 1):
        sheet.append([number, *rule[:3], int(rule[3])])
    thin, double = Side("thin"), Side("double")
    for cell in (cell for page in book for row in page.iter_rows() for cell in row):
        left = double if cell.column == 5 and cell.row > 1 else thin
        cell.border = Border(left, thin, thin, double if cell.row == 2 else thin)
    engine = pyDMNrules.DMN()
    status = engine.use(book)
    if status.get("errors"):
        raise RuntimeError(str(status["errors"])[:200])

    def call(row: Row) -> Any:
        _, result = engine.decide(row)
        return result["Result"].get("fee") if result else None  # an empty list where no rule matches

    return call


# Each engine with the rows it is given at 20 rules and at 2,000.
ENGINES: list[tuple[str, Callable[[Table], Callable[[Row], Any]], int, int]] = [
    ("anyshore, compiled", anyshore_call, 4_000, 4_000),
    ("anyshore, decide()", anyshore_decide, 4_000, 4_000),
    ("hand-written ifs", by_hand, 4_000, 4_000),
    (ZEN, zen_call, 4_000, 4_000),
    ("SpiffWorkflow", spiff_call, 1_000, 50),
    ("pyDMNrules", pydmn_call, 200, 10),
]


def batch(table: Table, height: int, quick: bool) -> None:
    """The table over columns, beside zen's batch of rows."""
    import numpy as np
    import polars as pl

    from anyshore.columnar import decide_table

    sample = rows_for(table, 20_000)
    names = ["zone", "amount", "age"]
    pick = np.random.default_rng(1).integers(0, len(sample), height)
    frame = pl.DataFrame({name: pl.Series([row[name] for row in sample]).gather(pl.Series(pick)) for name in names})
    model = dmn.read(to_xml([table], "bench", "urn:bench"))
    expected = list(map(by_hand(table), sample))
    decide_table(model, "Fee", frame.head(1000))  # compiles the table
    start = time.process_time()
    decided = decide_table(model, "Fee", frame)
    ours = height / (time.process_time() - start)
    assert decided.indexed
    assert all(same(decided.data["Fee"][row], expected[pick[row]]) for row in range(2000))
    engine = zen_engine(table)
    requests = [{"key": "fee", "context": row} for row in sample[: 2_000 if quick else 20_000]]
    start = time.process_time()
    results = engine.evaluate_batch(requests)
    theirs = len(requests) / (time.process_time() - start)
    assert all(same(r["data"]["result"].get("fee"), e) for r, e in zip(results, expected, strict=False))
    print(
        f"  over columns, {height:,} rows: {ours:,.0f} rows/s; zen's batch {theirs:,.0f} rows/s: {ours / theirs:,.0f} x"
    )


def same(a: Any, b: Any) -> bool:
    return a is b if a is None or b is None else Decimal(str(a)) == Decimal(str(b))


def measure(table: Table, rows: Sequence[Row], large: bool) -> dict[str, float]:
    """The best rate of each engine out of some rounds; an engine with other outputs is left out, and said."""
    expected = list(map(by_hand(table), rows))
    calls: list[tuple[str, Callable[[Row], Any], Sequence[Row]]] = []
    for name, make, some, few in ENGINES:
        given = rows[: few if large else some]
        try:
            call = make(table)
            wrong = [row for row, want in zip(given, expected, strict=False) if not same(call(row), want)]
        except Exception as error:
            print(f"  {name:28} not measured: {type(error).__name__}: {error}")
            continue
        if wrong:
            print(f"  {name:28} {len(wrong)} of {len(given)} outputs differ, for example for {wrong[0]}")
        else:
            calls.append((name, call, given))
    rates: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, call, given in calls:
            rates[name] = max(rates.get(name, 0.0), rate(call, given))
    return rates


def main() -> None:
    quick = "--quick" in sys.argv
    for rules in (20, 2000):
        table = table_of(rules)
        rows = rows_for(table, 4_000)
        unmatched = list(map(by_hand(table), rows)).count(None)
        print(f"\n{len(table.rows):,} rules, 3 inputs, unique; {unmatched:,} of {len(rows):,} rows match none")
        rates = measure(table, rows, rules > 100)
        for name, value in sorted(rates.items(), key=lambda item: -item[1]):
            ratio = f"{value / rates[ZEN]:10.2f} x zen" if ZEN in rates else ""
            print(f"  {name:28} {value:14,.0f}/s {ratio}")
        batch(table, 1_000_000 if quick else 10_000_000, quick)


if __name__ == "__main__":
    main()
