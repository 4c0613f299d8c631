"""Payroll: 10,000 payslips row by row with all they rest on, and wage tax alone over columns beside lstgen's code.

The peers are the Python that lstgen makes of the same flow chart, as it is (with binary floats) and with numbers read
as text, and its Java where a JDK is found. Outputs are compared row by row before a ratio is printed.
Run: ``python -m benchmarks payroll`` with the flow charts below ``ANYSHORE_DATA``.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from conformance.lstgen_reference import compiled

from anyshore.payroll import schemes
from anyshore.payroll.wagetax import WageTax, compute_columns, read

ROOT = Path(__file__).resolve().parent.parent
CHART = Path(os.environ.get("ANYSHORE_DATA", ROOT.parent / "shared" / "data")) / "payroll" / "Lohnsteuer2026.xml"
OUTPUTS = ("LSTLZZ", "SOLZLZZ", "BK")
SLIPS, ROWS, PEER_ROWS = 10_000, 200_000, 3_000


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of CPU and what came of it."""
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def payslips(tax: WageTax) -> None:
    """Figures of so many payslips, each of which opens to its formulas and parameters."""
    germany = schemes.country("DE")
    draws = random.Random(1)
    given = [
        {
            "salary": Decimal(draws.randrange(400_00, 9_500_00)).scaleb(-2),
            "tax_class": draws.choice((1, 1, 2, 3, 4, 5)),
            "church": draws.choice((None, "BE", "BY")), "child_allowances": Decimal(draws.randrange(5)).scaleb(-1) * 5,
            "parent": draws.random() < 0.6, "children": draws.randrange(4), "saxony": draws.random() < 0.1,
            "health_extra": Decimal("2.45"), "u1_rate": Decimal("1.6"), "u2_rate": Decimal("0.44"),
            "one_off": draws.choice((0, 0, 0, 1500)), "year_days": 180, "year_pension_base": 20_000,
            "year_health_base": 20_000,
        }
        for _ in range(SLIPS)
    ]  # fmt: skip
    day = date(2026, 6, 30)
    schemes.compute(germany, day, given[0], [tax])
    seconds, slips = cpu(lambda: [schemes.compute(germany, day, one, [tax]) for one in given])
    opened = slips[-1].explain("pension_half")
    print(f"payslips row by row: {SLIPS:,} in {seconds:.2f} s of CPU ({seconds / SLIPS * 1e6:.0f} µs each)")
    print(f"  the last: net {slips[-1].amount('net')}, pension_half = {opened.formula} [{opened.law}]")


def wage_tax(tax: WageTax, content: bytes) -> None:
    """Wage tax of a month over columns and by the code of lstgen."""
    draws = np.random.default_rng(1)
    columns: dict[str, Any] = {
        "RE4": draws.integers(1_000_00, 15_000_00, ROWS), "STKL": draws.integers(1, 7, ROWS),
        "KVZ": (draws.integers(100, 400, ROWS), 2), "PVZ": draws.integers(0, 2, ROWS),
        "PVA": draws.integers(0, 5, ROWS),
        "ZKF": (draws.integers(0, 60, ROWS), 1), "R": draws.integers(0, 2, ROWS), "LZZ": 2,
    }  # fmt: skip
    compute_columns(tax, {name: head(one, 10) for name, one in columns.items()}, OUTPUTS)
    seconds, found = cpu(lambda: compute_columns(tax, columns, OUTPUTS))
    own = seconds / ROWS
    print(f"wage tax over columns: {ROWS:,} rows in {seconds:.2f} s of CPU ({own * 1e6:.2f} µs each)")
    rows = [row_of(columns, number) for number in range(PEER_ROWS)]
    ours = list(zip(*(found[name][0][:PEER_ROWS].tolist() for name in OUTPUTS), strict=True))
    for title, floats in (("lstgen's Python, numbers as text", False), ("lstgen's Python as it is", True)):
        made = compiled(content, floats=floats)
        seconds, theirs = cpu(lambda made=made: [by_lstgen(made, row) for row in rows])
        same = sum(one == other for one, other in zip(ours, theirs, strict=True))
        each, ratio = seconds / PEER_ROWS, seconds / PEER_ROWS / own
        print(f"{title}: {each * 1e6:.0f} µs each, equal {same:,} of {PEER_ROWS:,}; ours {ratio:.0f} times as fast")
    seconds, single = cpu(lambda: [tuple(map(int, tax.compute(row, OUTPUTS).values())) for row in rows])
    same = sum(one == other for one, other in zip(ours, single, strict=True))
    print(f"ours row by row: {seconds / PEER_ROWS * 1e6:.0f} µs each, equal {same:,} of {PEER_ROWS:,}")
    java(content, rows, ours)


def head(column: Any, count: int) -> Any:
    """The first rows of a column."""
    if isinstance(column, tuple):
        return column[0][:count], column[1]
    return column[:count] if isinstance(column, np.ndarray) else column


def row_of(columns: dict[str, Any], number: int) -> dict[str, Any]:
    """One row of the columns."""
    found: dict[str, Any] = {}
    for name, one in columns.items():
        value, places = one if isinstance(one, tuple) else (one, 0)
        whole = int(value[number]) if isinstance(value, np.ndarray) else value
        found[name] = Decimal(whole).scaleb(-places) if places else whole
    return found


def by_lstgen(made: Callable[..., Any], row: dict[str, Any]) -> tuple[int, ...]:
    """One row by the class lstgen made."""
    tax = made(**row)
    tax.MAIN()
    return tuple(int(getattr(tax, name)) for name in OUTPUTS)


def java(content: bytes, rows: list[dict[str, Any]], ours: list[tuple[int, ...]]) -> None:
    """The same rows by lstgen's Java, a hundred times over, so that the JIT has warmed up."""
    if shutil.which("javac") is None:
        print("lstgen's Java: no JDK here")
        return
    from lstgen import PapParser
    from lstgen.generators.java import JavaGenerator
    from lxml import etree

    out = io.StringIO()
    parser = PapParser(etree.fromstring(content.removeprefix(b"\xef\xbb\xbf")))
    JavaGenerator(parser, out, class_name="Tax", package_name="bench").generate()
    ints = {name for name in rows[0] if next(one for one in parser.input_vars if one.name == name).type == "int"}
    setters = "".join(
        f"t.set{name.capitalize()}({f'Integer.parseInt(p[{i}])' if name in ints else f'new BigDecimal(p[{i}])'});"
        for i, name in enumerate(rows[0])
    )
    shown = '+" "+'.join(f"t.get{name.capitalize()}().longValue()" for name in OUTPUTS)
    main = f"""package bench; import java.math.BigDecimal; import java.nio.file.*; import java.util.*;
public class Run {{ public static void main(String[] a) throws Exception {{
 List<String> lines = Files.readAllLines(Path.of(a[0])); StringBuilder out = new StringBuilder(); long begun = 0;
 for (int n = 0; n < 101; n++) {{ if (n == 1) begun = System.nanoTime();
  for (String line : lines) {{ String[] p = line.split(" ");
   Tax t = new Tax(); {setters} t.MAIN(); if (n == 0) out.append({shown}).append("\\n"); }} }}
 System.out.println((System.nanoTime() - begun) / 100.0 / lines.size()); System.out.print(out); }} }}"""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench"
        place.mkdir()
        (place / "Tax.java").write_text(out.getvalue(), "utf-8")
        (place / "Run.java").write_text(main, "utf-8")
        (place / "rows").write_text("\n".join(" ".join(map(str, row.values())) for row in rows), "utf-8")
        try:
            subprocess.run(
                ["javac", "-nowarn", "bench/Tax.java", "bench/Run.java"], cwd=folder, check=True, capture_output=True
            )
            told = subprocess.run(
                ["java", "bench.Run", "bench/rows"], cwd=folder, check=True, capture_output=True, text=True
            )
        except subprocess.CalledProcessError as problem:
            print(f"lstgen's Java: {(problem.stderr or b'')[:300]!r}")
            return
    first, *lines = told.stdout.split("\n")
    theirs = [tuple(map(int, line.split())) for line in lines if line]
    same = sum(one == other for one, other in zip(ours, theirs, strict=True))
    print(f"lstgen's Java: {float(first) / 1000:.2f} µs each on one thread, equal {same:,} of {len(rows):,}")


def main() -> None:
    if not CHART.is_file():
        print(f"{CHART} is absent: set ANYSHORE_DATA", file=sys.stderr)
        return
    content = CHART.read_bytes()
    tax = WageTax(read(content, CHART.name))
    payslips(tax)
    wage_tax(tax, content)


if __name__ == "__main__":
    main()
