"""An invoice process of five steps over many rows: columns, instances, and SQL of DuckDB as an expert writes it.

Plain texts and decimals in memory; every way gives the same totals for the same rows, which is checked. Rows per second
of processor time, of all threads. Run: ``python -m benchmarks.columns [rows]``, ``make bulk`` for ten million.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from anyshore import dmn, feel
from anyshore.bpmn import Process
from anyshore.columnar.files import flow_file
from anyshore.columnar.flows import flow
from anyshore.columnar.process_queries import WAY, process_query
from anyshore.dmn.grids import Column, Table, to_xml
from anyshore.runtime import catalogue
from anyshore.runtime.answers import Answers
from anyshore.runtime.tryout import World

ROWS, INSTANCES, ROUNDS = 1_000_000, 2_000, 5
INVOICE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:anyshore="https://anyshore.org/bpmn" targetNamespace="urn:invoice">
<process id="invoice" isExecutable="true"><startEvent id="start"/>
<scriptTask id="net" scriptFormat="text/feel" anyshore:result="net">
  <script>round half up(amount * 0.84, 2)</script></scriptTask>
<businessRuleTask id="fee" anyshore:decision="Fee" anyshore:result="fee"/>
<exclusiveGateway id="known" default="f5"/>
<scriptTask id="total" scriptFormat="text/feel" anyshore:result="total"><script>net + fee</script></scriptTask>
<scriptTask id="half" scriptFormat="text/feel" anyshore:result="total"><script>net / 2</script></scriptTask>
<endEvent id="paid"/><endEvent id="halved"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="net"/><sequenceFlow id="f2" sourceRef="net" targetRef="fee"/>
<sequenceFlow id="f3" sourceRef="fee" targetRef="known"/>
<sequenceFlow id="f4" sourceRef="known" targetRef="total"><conditionExpression>fee &lt; 15</conditionExpression>
</sequenceFlow><sequenceFlow id="f5" sourceRef="known" targetRef="half"/>
<sequenceFlow id="f6" sourceRef="total" targetRef="paid"/><sequenceFlow id="f7" sourceRef="half" targetRef="halved"/>
</process></definitions>"""
RULES = [['"EU"', "<= 100", "4.90"], ['"EU"', "(100..1000]", "9.90"], ['"EU"', "> 1000", "20"],
         ['"US","UK"', "<= 500", "12.50"], ['"US","UK"', "> 500", "30"], ['"CH"', "-", "14"]]  # fmt: skip
EXPERT = """select row, case when fee < 15 then net + fee else net * 0.5 end as total from (
  select row, round(amount * 0.84, 2) as net, case
    when zone = 'EU' and amount <= 100 then 4.90 when zone = 'EU' and amount <= 1000 then 9.90
    when zone = 'EU' then 20 when zone in ('US', 'UK') and amount <= 500 then 12.50
    when zone in ('US', 'UK') then 30 when zone = 'CH' then 14 end as fee from invoices) order by row"""


def models() -> tuple[Process, dmn.Model]:
    """The process, linked, and its table."""
    columns = [Column("input", "zone", "string"), Column("input", "amount", "number"), Column("output", "f", "number")]
    table = to_xml([Table("Fee", "U", columns, RULES)], "fees", "urn:fees")
    files = {"p.bpmn": INVOICE.encode(), "f.dmn": table if isinstance(table, bytes) else table.encode()}
    deployment = catalogue.read(1, "invoice", files)
    process = next(one.definition for one in deployment.definitions.values() if one.kind == "process")
    return process, dmn.read(table)


def invoices(height: int) -> pl.DataFrame:
    """Random rows, the same every time."""
    generator = np.random.default_rng(14)
    zones = pl.Series("zone", ["EU", "US", "UK", "CH"]).gather(pl.Series(generator.integers(0, 4, height)))
    cents = pl.Series("amount", generator.integers(1, 300_000, height))
    return pl.DataFrame([zones, cents]).with_columns(
        (pl.col("amount").cast(pl.Decimal(12, 2)) / 100).cast(pl.Decimal(12, 2))
    )


def measured(what: str, height: int, work: Callable[[], Any]) -> Any:
    """Does some work and prints how fast it went."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"| {what} | {height:,} | {height / processor / 1e6:.3f} | {height / wall / 1e6:.3f} |", flush=True)
    return found


def best(what: str, height: int, work: Callable[[], Any]) -> Any:
    """The last of some rounds, and how fast the fastest went: the first pays for memory the others have."""
    spent, found = [], None
    for _ in range(ROUNDS):
        wall, processor = time.perf_counter(), time.process_time()
        found = work()
        spent.append((time.process_time() - processor, time.perf_counter() - wall))
    processor, wall = min(spent)
    print(f"| {what} | {height:,} | {height / processor / 1e6:.3f} | {height / wall / 1e6:.3f} |", flush=True)
    return found


def main(height: int = ROWS) -> None:
    """Prints the table."""
    process, model = models()
    rows = invoices(height)
    flow(process, [model], rows.head(1000))  # libraries are loaded once
    print("| way | rows | million rows per CPU-second | per second on the wall |\n|---|---|---|---|")
    codes = rows.with_columns(pl.col("zone").cast(pl.Enum(["EU", "US", "UK", "CH"])))
    for what, given in (("columns (`flow`), texts", rows), ("columns (`flow`), codes", codes)):
        flowed = best(what, height, lambda given=given: flow(process, [model], given))
        measured(f"{what}: outcome as decimals", height, lambda flowed=flowed: flowed.outcome.variables)
    with tempfile.TemporaryDirectory() as folder:
        given, out, left = (Path(folder, f"{name}.parquet") for name in ("given", "out", "left"))
        rows.write_parquet(given)
        best("Parquet in, Parquet out", height, lambda: flow_file(process, [model], given, out, left))
    relation = duckdb.from_arrow(rows.with_row_index("row").to_arrow())
    expert = best("DuckDB, SQL by hand", height, lambda: relation.query("invoices", EXPERT).to_arrow_table())
    query = process_query(process, [model], rows.schema, "invoices")
    chosen = ", ".join(f'"{name}"' for name in (WAY, *query.columns.values()))
    asked = f"select {chosen} from ({query.text})"
    best("DuckDB, the SQL of the process", height, lambda: relation.query("invoices", asked).to_arrow_table())
    few = rows.head(INSTANCES)
    alone = measured("instances in memory", few.height, lambda: [instance(process, row) for row in few.to_dicts()])
    ours = flowed.outcome.variables["total"].cast(pl.Decimal(18, 4))
    theirs = pl.Series(pl.from_arrow(expert.column("total"))).cast(pl.Decimal(18, 4))
    same = (ours == theirs).all() and [Decimal(one) for one in alone] == ours.head(few.height).to_list()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"outputs equal: {same}; {len(flowed.alone)} rows alone; {most:,} MB at most, with all rows in memory")
    if not same:
        raise SystemExit("the ways do not agree")


def instance(process: Process, row: dict[str, Any]) -> Decimal:
    """The total an instance comes to."""
    world = World({process.id: process}, Answers({}), now=0, zone="UTC")
    one = world.start(process, {name: feel.from_python(value) for name, value in row.items()})
    total = one.variables["total"]
    assert isinstance(total, Decimal)
    return total


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:2]))
