"""Sourcing: 200 activities cold and warm; figures of 2.1 million events; XES beside pm4py.

Cold is a new process that imports, reads the tables and decides; warm is the same list again. The events are the given
logs repeated under new case ids, read from one Parquet file in a process of its own, whose peak memory is told; DuckDB
counts the same beside it, and both must agree. pm4py (AGPL) is no part of this project: where it is installed
(``pip install pm4py``), its readers are timed on the same files and must give as many events.
Run: ``python -m benchmarks sourcing_kind [data folder]``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVENTS = 2_100_000

DECIDE = """
import sys, time, json, csv
begun = time.perf_counter()
from datetime import date
from anyshore.sourcing.decide import Rules
from anyshore.sourcing.portfolio import Activity
verbs = "Enter Check Post Answer Analyse Draft Assess Forecast Reconcile Design".split()
things = ("supplier invoices|customer calls|loan files|market data|supply contracts|patent claims|payroll changes|"
    "sales figures|claims files|test results|freight bills|bank statements|survey answers|drug reports|tax returns|"
    "price lists|machine failures|travel expenses|job applications|site plans").split("|")
asked = [Activity(f"{verb} {thing}", "DE", "personal") for verb in verbs for thing in things]
rules = Rules(date(2026, 11, 30))
rules.decide_all(asked)
cold = time.perf_counter() - begun, time.process_time()
warm = []
for _ in range(5):
    begun, cpu = time.perf_counter(), time.process_time()
    rules.decide_all(asked)
    warm.append((time.perf_counter() - begun, time.process_time() - cpu))
print(json.dumps({"activities": len(asked), "cold": cold, "warm": min(warm)}))
"""

FIGURES = """
import sys, time, json, resource
begun = time.perf_counter()
from pathlib import Path
from anyshore.sourcing.event_log.reading import read
from anyshore.sourcing.event_log.figures import figures
found = figures(read(Path(sys.argv[1])))
took = time.perf_counter() - begun, time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
counts = found.counts
print(json.dumps({"took": took, "peak_mb": peak, "counts": [counts.events, counts.cases, counts.variants,
    len(counts.follows), sum(counts.follows.values()), sum(counts.rework.values())],
    "accuracy": found.foretold.accuracy}))
"""

DUCKDB = '''
import sys, time, json, duckdb
begun = time.perf_counter()
db = duckdb.connect()
db.execute("""CREATE TABLE log AS SELECT "case" c, activity a, ts, file_row_number r
    FROM read_parquet(?, file_row_number=true)""", [sys.argv[1]])
events, cases = db.execute("SELECT count(*), count(DISTINCT c) FROM log").fetchone()
variants = db.execute("""SELECT count(DISTINCT v) FROM (
    SELECT string_agg(a, chr(1) ORDER BY ts, r) v FROM log GROUP BY c)""").fetchone()[0]
pairs, total = db.execute("""SELECT count(*), sum(n) FROM (SELECT a, b, count(*) n FROM (
    SELECT a, lead(a) OVER (PARTITION BY c ORDER BY ts, r) b FROM log) WHERE b IS NOT NULL GROUP BY a, b)""").fetchone()
rework = db.execute("SELECT count(*) FROM (SELECT c, a FROM log GROUP BY c, a HAVING count(*) > 1)").fetchone()[0]
took = time.perf_counter() - begun, time.process_time()
print(json.dumps({"took": took, "counts": [events, cases, variants, pairs, int(total), rework]}))
'''


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    decided = _child(DECIDE)
    for name in ("cold", "warm"):
        wall, cpu = decided[name]
        print(f"{decided['activities']} activities {name}: {wall:.2f} s ({cpu:.2f} CPU s)")
    logs = sorted((data / "event-logs").glob("*.parquet"))
    if logs:
        with tempfile.TemporaryDirectory() as folder:
            _figures(logs, Path(folder) / "log.parquet")
    for path in sorted((data / "event-logs").glob("*.xes.gz")):
        _xes(path)


def _child(program: str, *words: str) -> dict:
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def _figures(logs: list[Path], file: Path) -> None:
    import polars as pl

    once = pl.concat(
        [
            pl.read_parquet(path, columns=["case", "activity", "ts"]).with_columns(
                pl.format("{}/{}", pl.lit(path.stem), "case").alias("case")
            )
            for path in logs
        ]
    )
    times = -(-EVENTS // len(once))
    pl.concat([once.with_columns(pl.format("{}#{}", "case", pl.lit(n)).alias("case")) for n in range(times)]).head(
        EVENTS
    ).write_parquet(file)
    ours, peer = _child(FIGURES, str(file)), _child(DUCKDB, str(file))
    assert ours["counts"] == peer["counts"], (ours, peer)
    events, cases, variants, *_ = ours["counts"]
    print(f"{events:,} events, {cases:,} cases, {variants:,} variants, next step foretold {ours['accuracy']:.3f}")
    print(f"  all figures: {ours['took'][0]:.2f} s ({ours['took'][1]:.2f} CPU s), peak {ours['peak_mb']:,} MB")
    print(f"  DuckDB, the counts alone: {peer['took'][0]:.2f} s ({peer['took'][1]:.2f} CPU s)")


def _xes(path: Path) -> None:
    from anyshore.sourcing.event_log.reading import read

    ours, log = _best(lambda: read(path))
    print(f"{path.name}: {len(log.activity):,} events in {ours:.3f} CPU s")
    try:
        import pm4py
    except ImportError:
        print("  pm4py is not installed")
        return
    for variant in ("iterparse", "chunk_regex", "line_by_line", "rustxes"):
        try:
            took, frame = _best(lambda v=variant: pm4py.read_xes(str(path), variant=v))
        except Exception as problem:
            print(f"  pm4py {variant}: {problem}")
            continue
        assert len(frame) == len(log.activity)
        print(f"  pm4py {variant}: {took:.3f} CPU s, {took / ours:.1f} times ours")


def _best(work) -> tuple:
    took, found = [], None
    for _ in range(3):
        begun = time.process_time()
        found = work()
        took.append(time.process_time() - begun)
    return min(took), found


if __name__ == "__main__":
    main()
