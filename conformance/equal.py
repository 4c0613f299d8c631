"""Equal, not similar: random models over random rows give the same row by row, over columns and in DuckDB.

A case is a model: an expression of the functions with a columnar form, and a table that reads it beside columns of
other types. Outcome, rule that fired and null must agree in every row. Rows draw from few values for each column, so
that rows that agree in all columns are decided once by the row engine; the others see every row.

    python -m conformance.equal [rows] [models]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import duckdb
import numpy as np
import polars as pl

from anyshore import dmn, feel
from anyshore.base.errors import DmnError
from anyshore.columnar import decide_table
from anyshore.columnar.queries import outcomes, query_of
from conformance import equal_flows
from conformance.folders import told
from conformance.scores import Score

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
ROWS, MODELS = 1_000_000, 50
COUNTED = (
    "rows one by one", "rows one by one in DuckDB", "models without a query", "models with rules",
    "processes in one plan", "processes asked of DuckDB", "processes that stop", "rows of processes alone",
)  # fmt: skip
SEED = 14
"""Cases are drawn from this and the number of the model, so a run can be repeated."""
DAY = date(2024, 2, 29)
MOMENT = datetime(2024, 3, 31, 0, 59, 59, 500_000)
COLUMNS: dict[str, tuple[str, pl.DataType, list[object]]] = {
    "small": ("number", pl.Int16(), [0, 1, 2, 3, -1, -7, 12, 100]),
    "large": ("number", pl.Int64(), [0, 5, -5, 999, 10**9 + 7, -(10**14), 10**17, 2**63 - 1]),
    "price": ("number", pl.Decimal(12, 2), [Decimal(t) for t in ("0", "0.01", "4.90", "-4.90", "19.99", "100", "2.5")]),
    "rate": ("number", pl.Float64(), [0.0, 0.1, 0.25, -0.3, 2.5, 1e-9, 1e12, float("nan")]),
    "zone": ("text", pl.String(), ["", "EU", "US", "eu", "Zürich", "a b", "\U0001d11e"]),
    "code": ("text", pl.Enum(["b", "a", "12", "3.50"]), ["a", "b", "12", "3.50"]),
    "said": ("text", pl.String(), ["12", "-3.5", "1e3", "2024-02-29", "2023-02-29", "none", "007", "12."]),
    "open": ("truth", pl.Boolean(), [True, False]),
    "due": ("date", pl.Date(), [DAY + timedelta(days=n) for n in (-400, -60, -1, 0, 1, 31, 366)]),
    "paid": ("date", pl.Date(), [DAY + timedelta(days=n) for n in (-31, 0, 1, 59)]),
    "seen": (
        "moment", pl.Datetime("us", "UTC"),
        [MOMENT.replace(tzinfo=UTC) + timedelta(hours=n) for n in (-1, 0, 1, 30)],
    ),
    "here": (
        "moment", pl.Datetime("ms", "Europe/Berlin"),
        [MOMENT.replace(tzinfo=UTC) + timedelta(seconds=n) for n in (-3600, 0, 1, 3600)],
    ),
}  # fmt: skip


class Writer:
    """Writes random expressions of FEEL, of a kind and a depth."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: set[str] = set()

    def of(self, kind: str, depth: int) -> str:
        """An expression of a kind."""
        makers = _MAKERS[kind]
        if depth <= 0 or self.random.random() < 0.15:
            return self.leaf(kind)
        return self.random.choice(makers)(self, depth - 1)

    def leaf(self, kind: str) -> str:
        """A column or a constant."""
        names = [name for name, (of, _, _) in COLUMNS.items() if of == kind]
        known = [name for name in names if name in self.names]
        if len(self.names) >= 4:  # so that the row engine has few combinations
            names = known
        if names and self.random.random() < 0.75:
            name = self.random.choice(names)
            self.names.add(name)
            return name
        return self.constant(kind)

    def constant(self, kind: str) -> str:
        """A literal."""
        pick = self.random.choice
        match kind:
            case "number":
                return pick(["0", "1", "2", "10", "0.5", "4.90", "-3", "100", "1000000"])
            case "text":
                return pick(['"EU"', '"a"', '""', '"12"', '"Zürich"'])
            case "truth":
                return pick(["true", "false"])
            case "date":
                return pick(['date("2024-02-29")', '@"2024-03-01"', 'date("2023-12-31")'])
            case "moment":
                return '@"2024-03-31T01:00:00Z"'
            case "months":
                return pick(['duration("P1M")', 'duration("P2Y")', 'duration("-P1M")'])
        return pick(['duration("P1D")', 'duration("PT36H")', 'duration("-P40D")'])

    def null(self, kind: str, depth: int) -> str:
        """An expression of the kind, or now and then null."""
        return "null" if self.random.random() < 0.05 else self.of(kind, depth)


def _f(form: str, *kinds: str):
    return lambda w, d: form.format(*(w.null(kind, d) for kind in kinds))


_CHOICE = "(if {0} then {1} else {2})"
_MAKERS = {
    "number": [
        _f("({0} + {1})", "number", "number"), _f("({0} - {1})", "number", "number"),
        _f("({0} * {1})", "number", "number"), _f("(-{0})", "number"), _f("({0} / 4)", "number"),
        *(_f(f"{name}({{0}}, {places})", "number") for name in
          ("decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down")
          for places in (0, 1, -1)),
        _f("decimal({0} / {1}, 2)", "number", "number"), _f("round half up({0} / {1}, 3)", "number", "number"),
        _f("floor({0} / {1})", "number", "number"), _f("modulo({0}, {1})", "number", "number"),
        _f("abs({0})", "number"), _f("min({0}, {1})", "number", "number"), _f("max({0}, {1})", "number", "number"),
        _f("string length({0})", "text"), _f("number({0})", "text"), _f("{0}.month", "date"), _f("{0}.weekday", "date"),
        _f("count([{0}, {1}, 1][item > 0])", "number", "number"),
        _f("count(distinct values([{0}, {1}, {2}]))", "text", "text", "text"), _f(_CHOICE, "truth", "number", "number"),
    ],
    "text": [
        _f("({0} + {1})", "text", "text"), _f("substring({0}, 1, 2)", "text"), _f("upper case({0})", "text"),
        _f("lower case({0})", "text"), _f(_CHOICE, "truth", "text", "text"),
    ],
    "truth": [
        *(_f(f"({{0}} {sign} {{1}})", kind, kind) for sign in ("=", "!=", "<", "<=", ">", ">=")
          for kind in ("number", "text", "date", "moment", "days")),
        _f("({0} and {1})", "truth", "truth"), _f("({0} or {1})", "truth", "truth"), _f("not({0})", "truth"),
        _f("({0} = {1})", "truth", "truth"), _f("({0} = null)", "number"), _f("({0} != null)", "text"),
        _f("({0} between {1} and {2})", "number", "number", "number"), _f("({0} in (1, 2, 4.90))", "number"),
        _f('({0} in ("EU", "a", null))', "text"), _f("({0} in [1..10))", "number"),
        _f("({0} in (< 3, > 10))", "number"),
        _f("contains({0}, {1})", "text", "text"), _f("starts with({0}, {1})", "text", "text"),
        _f("ends with({0}, {1})", "text", "text"), _f('matches({0}, "^[A-Za-z]{{2,3}}$")', "text"),
        _f("(some x in [{0}, {1}] satisfies x > 2)", "number", "number"),
        _f("(every x in [{0}, {1}] satisfies x != 1)", "number", "number"), _f("even({0})", "number"),
        _f("list contains([{0}, {1}], {2})", "text", "text", "text"), _f(_CHOICE, "truth", "truth", "truth"),
        _f("({0} = {1})", "number", "text"),
    ],
    "date": [
        _f("({0} + {1})", "date", "days"), _f("({0} - {1})", "date", "days"), _f("({0} + {1})", "date", "months"),
        _f("date({0})", "text"), _f(_CHOICE, "truth", "date", "date"),
    ],
    "moment": [_f("({0} + {1})", "moment", "days"), _f(_CHOICE, "truth", "moment", "moment")],
    "days": [
        _f("({0} - {1})", "date", "date"), _f("({0} - {1})", "moment", "moment"), _f("({0} + {1})", "days", "days"),
    ],
    "months": [lambda w, d: w.constant("months")],
}  # fmt: skip
_CELLS = {
    "number": ["-", "< 3", ">= 10", "[0..5]", "(2..100]", "1, 2", "not(1)", "null", "? * 2 > 9"],
    "text": ["-", '"EU"', '"a", "12"', 'not("EU")', "null", 'starts with(?, "Z")'],
    "truth": ["-", "true", "false", "null"],
    "date": ["-", '< date("2024-03-01")', '>= date("2024-02-29")', "null"],
    "moment": ["-", '< @"2024-03-31T01:00:00Z"', "null"],
}
_OUTPUTS = {
    "number": ["1", "4.90", "20", "0", "null"], "text": ['"pay"', '"ask"', '"stop"', "null"],
    "truth": ["true", "false"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A model with the columns it reads, and expressions for a process around it."""

    text: str
    fields: list[str]
    table: bool
    condition: str
    computed: str


def drawn(seed: int) -> Drawn:
    """A model: an expression alone, or a table that reads it beside two columns."""
    random = Random(seed)
    writer = Writer(random)
    kind = random.choice(["number", "text", "truth", "date"] if seed % 3 == 0 else ["number", "text", "truth"])
    expression = writer.of(kind, random.randint(2, 4))
    logic = f"<literalExpression><text>{escape(expression)}</text></literalExpression>"
    parts = [_decision("Basis" if seed % 3 else "Outcome", logic, sorted(writer.names), [])]
    if seed % 3:
        parts.append(_table(random, writer, kind))
    inputs = "".join(
        f'<inputData id="i_{n}" name="{n}"><variable name="{n}"/></inputData>' for n in sorted(writer.names)
    )
    head = f'<definitions xmlns="{NAMESPACE}" id="d" name="m{seed}" namespace="urn:equal">'
    fields = sorted(writer.names)
    condition, computed = (_within(random, fields, of) for of in ("truth", "number"))
    return Drawn(head + inputs + "".join(parts) + "</definitions>", fields, bool(seed % 3), condition, computed)


def _within(random: Random, fields: list[str], kind: str) -> str:
    """An expression over some columns."""
    writer = Writer(random)
    writer.names = {*fields, *(f"{number}" for number in range(4))}  # four names are as many as a model reads
    return writer.of(kind, random.randint(1, 3))


def _decision(name: str, logic: str, inputs: list[str], decisions: list[str]) -> str:
    needs = [
        f'<informationRequirement id="{name}_{n}"><requiredInput href="#i_{n}"/></informationRequirement>'
        for n in inputs
    ]
    needs += [
        f'<informationRequirement id="{name}_{n}"><requiredDecision href="#{n}"/></informationRequirement>'
        for n in decisions
    ]
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/>{"".join(needs)}{logic}</decision>'


def _table(random: Random, writer: Writer, kind: str) -> str:
    columns = [("Basis", kind)]
    for _ in range(2):
        of = random.choice(["number", "text", "truth", "date", "moment"])
        name = writer.leaf(of)
        if name in COLUMNS:
            columns.append((name, of))
    policy = random.choice(["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT"])
    given = random.choice(["number", "text", "truth"]) if policy != "COLLECT" else "number"
    aggregation = f' aggregation="{random.choice(["SUM", "COUNT", "MIN", "MAX"])}"' if policy == "COLLECT" else ""
    outs = [one for one in _OUTPUTS[given] if policy not in ("PRIORITY", "COLLECT") or one != "null"]
    rows = []
    for _ in range(random.randint(2, 6)):
        cells = "".join(
            f"<inputEntry><text>{escape(random.choice(_CELLS[of]))}</text></inputEntry>" for _, of in columns
        )
        rows.append(f"<rule>{cells}<outputEntry><text>{escape(random.choice(outs))}</text></outputEntry></rule>")
    values = f"<outputValues><text>{escape(','.join(outs))}</text></outputValues>" if policy == "PRIORITY" else ""
    default = (
        f"<defaultOutputEntry><text>{escape(random.choice(outs))}</text></defaultOutputEntry>"
        if random.random() < 0.4
        else ""
    )
    clauses = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name, _ in columns)
    logic = (f'<decisionTable hitPolicy="{policy}"{aggregation}>{clauses}<output name="o">{values}{default}</output>'
             f'{"".join(rows)}</decisionTable>')  # fmt: skip
    inputs = sorted({name for name, _ in columns} - {"Basis"})
    return _decision("Outcome", logic, inputs, ["Basis"])


def rows_of(fields: list[str], height: int, seed: int) -> pl.DataFrame:
    """Random rows: each column draws from its values and null."""
    generator = np.random.default_rng(seed)
    series = []
    for name in fields:
        _, kind, values = COLUMNS[name]
        pool = pl.Series(name, [*values, None], dtype=kind)
        series.append(pool.gather(pl.Series(generator.integers(0, len(pool), height))))
    return pl.DataFrame(series) if series else pl.DataFrame({"none": [None] * height})


def compared(seed: int, height: int, score: Score) -> str:
    """What is wrong with a model; nothing where all ways agree."""
    case = drawn(seed)
    model = dmn.read(case.text)
    rows = rows_of(case.fields, height, seed)
    fields = rows.columns
    distinct = rows.unique(maintain_order=True)
    results = [model.decide("Outcome", row, explain=case.table) for row in distinct.iter_rows(named=True)]
    texts = [_text(result.value) for result in results]
    ways: list[tuple[str, pl.Series]] = []
    decided = decide_table(model, "Outcome", rows)
    ways.append(("columns", decided.data["Outcome"]))
    count = score.extra
    count["rows one by one"] += decided.rows_by_row
    try:
        found, alone = outcomes(model, "Outcome", duckdb.from_arrow(rows.to_arrow()))
    except DmnError:
        count["models without a query"] += 1
    else:
        count["rows one by one in DuckDB"] += alone
        ways.append(("DuckDB", found))
    wanted = rows.join(
        distinct.with_columns(pl.Series("value", texts)), on=fields, how="left", nulls_equal=True, maintain_order="left"
    )["value"]
    for way, found in ways:
        told_by = _texts(found)
        differ = ~told_by.eq_missing(wanted)
        if differ.any():
            at = differ.arg_max()
            return f"{way} give {told_by[at]} and not {wanted[at]} for {rows.row(at, named=True)}; {differ.sum()} rows"
    values = [result.value for result in results]
    return _rules(model, case, rows, distinct, results, count) or equal_flows.compared(
        model, distinct, values, case.condition, case.computed, count
    )


def _rules(
    model: dmn.Model, case: Drawn, rows: pl.DataFrame, distinct: pl.DataFrame, results: list, count: dict
) -> str:  # type: ignore[type-arg]
    """Whether the rule that fired is the same, where one rule decides."""
    try:
        query = query_of(model, "Outcome", dict(rows.schema))
    except DmnError:
        return ""
    if not query.rule:
        return ""
    relation = duckdb.from_arrow(distinct.to_arrow()).project(f"{query.rule} AS rule, {query.doubt} AS doubt")
    for (rule, doubt), result in zip(relation.fetchall(), results, strict=True):
        fired = [one.number for table in result.explanation.tables for one in table.rules]
        if result.value is None and len(fired) > 1:
            fired = []
        policy = "one" if len(fired) <= 1 else "several"
        if not doubt and (
            (policy == "one" and [rule] * (rule is not None) != fired) or (policy != "one" and rule not in fired)
        ):
            return f"rule {rule} and not {fired}"
    count["models with rules"] += 1
    return ""


def _text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return str(value.normalize() + 0)
    return None if value is None else feel.format(value)


def _texts(series: pl.Series) -> pl.Series:
    distinct = series.unique()
    texts = [_text(feel.from_python(value)) if series.dtype != pl.String else _said(value) for value in distinct]
    return pl.DataFrame({"v": series}).join(
        pl.DataFrame({"v": distinct, "t": pl.Series(texts, dtype=pl.String)}),
        on="v",
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )["t"]


def _said(value: str | None) -> str | None:
    return None if value is None else feel.format(value)


def run(data: Path, height: int = ROWS, models: int = MODELS) -> Score:
    """Runs the suite.

    Args:
        data: not needed; the cases are our own.
        height: how many rows each model sees.
        models: how many models there are.
    """
    score = Score("equal", 0, models, extra={"rows": height, **dict.fromkeys(COUNTED, 0)})
    for number in range(models):
        problem = told(lambda number=number: compared(SEED * 1000 + number, height, score), str)
        score.passed += not problem
        if problem:
            score.failed.append(f"model {number}: {problem}")
    return score


if __name__ == "__main__":
    result = run(Path(), *(int(one) for one in sys.argv[1:3]))
    result.print()
    sys.exit(bool(result.failed))
