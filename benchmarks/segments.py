"""Segments of 1,000,000 contacts: conditions in FEEL and a decision table over columns, beside row by row.

Contacts are made up the same way every time, ten columns with gaps. The goal is less than a second for each segment.
A sample of 20,000 rows is asked one by one as well, and has to say the same.

Run: ``python -m benchmarks.segments [CONTACTS]``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from anyshore import feel
from anyshore.columnar.conditions import rows_where
from anyshore.runtime import segments

CONTACTS = 1_000_000
SAMPLE = 20_000
SEGMENTS = (
    'country = "DE" and spent > 100',
    'country in ("DE", "AT", "CH") and contains(tags, "garden") and spent between 50 and 500',
    'customer_since < date("2023-01-01") and (opens >= 3 or spent > 1000) and not(language = "fr")',
    'string length(city) > 6 and starts with(city, "W") and zone = "Europe/Berlin"',
)
RULES = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://anyshore.org/d">
  <inputData id="i1" name="country"><variable name="country" typeRef="string"/></inputData>
  <inputData id="i2" name="spent"><variable name="spent" typeRef="number"/></inputData>
  <decision id="segment" name="segment"><variable name="segment" typeRef="boolean"/>
    <informationRequirement id="r1"><requiredInput href="#i1"/></informationRequirement>
    <informationRequirement id="r2"><requiredInput href="#i2"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="c1"><inputExpression id="e1" typeRef="string"><text>country</text></inputExpression></input>
      <input id="c2"><inputExpression id="e2" typeRef="number"><text>spent</text></inputExpression></input>
      <output id="o" typeRef="boolean"/>
      <rule id="a"><inputEntry id="a1"><text>"DE","AT"</text></inputEntry><inputEntry id="a2"><text>&gt; 250</text>
        </inputEntry><outputEntry id="a3"><text>true</text></outputEntry></rule>
      <rule id="b"><inputEntry id="b1"><text>"CH"</text></inputEntry><inputEntry id="b2"><text>[100..900]</text>
        </inputEntry><outputEntry id="b3"><text>true</text></outputEntry></rule>
      <rule id="c"><inputEntry id="c11"><text>-</text></inputEntry><inputEntry id="c22"><text>-</text></inputEntry>
        <outputEntry id="c3"><text>false</text></outputEntry></rule>
    </decisionTable></decision>
</definitions>
"""


def contacts(size: int) -> pl.DataFrame:
    """The list."""
    rng = np.random.default_rng(7)

    def chosen(values: list[str | None], weights: list[float] | None = None) -> pl.Series:
        return pl.Series(values, dtype=pl.String).gather(rng.choice(len(values), size, p=weights))

    days = pl.Series(rng.integers(17_000, 20_500, size), dtype=pl.Int32).cast(pl.Date)
    return pl.DataFrame(
        {
            "id": pl.Series(range(size)).cast(pl.String),
            "email": "p" + pl.Series(range(size)).cast(pl.String) + "@example.org",
            "country": chosen(["DE", "AT", "CH", "FR", None]), "language": chosen(["de", "fr", "en", None]),
            "zone": chosen(["Europe/Berlin", "Europe/Paris", "UTC"]),
            "city": chosen(["Würzburg", "Wien", "Weimar", "Linz", "Paris", None]),
            "tags": chosen(["garden", "garden shed", "tools", "", None]),
            "spent": pl.Series(rng.integers(0, 200_000, size) / 100), "opens": pl.Series(rng.integers(0, 12, size)),
            "customer_since": days,
        }
    )  # fmt: skip


def main() -> None:
    """Prints the figures."""
    frame = contacts(int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS)
    for text in SEGMENTS:
        wall, cpu = time.perf_counter(), time.process_time()
        found = rows_where(text, frame)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        some, before = frame.head(SAMPLE), time.process_time()
        compiled = feel.compile(text)
        alone = [
            compiled.evaluate({name: feel.from_python(value) for name, value in row.items()}) is True
            for row in some.select(sorted(compiled.free_names)).iter_rows(named=True)
        ]
        by_row = (time.process_time() - before) / some.height * frame.height
        if alone != found.holds.head(SAMPLE).to_list():
            raise AssertionError(f"columns and rows differ: {text}")
        print(f"{found.count:>9,} of {frame.height:,} in {wall:.3f} s, {cpu:.3f} s of CPU; {found.by_row} one by one; "
              f"row by row {by_row:.1f} s: {text}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        rules, listed = Path(folder, "segment.dmn"), Path(folder, "contacts.csv")
        rules.write_text(RULES)
        begun, cpu = time.perf_counter(), time.process_time()
        found = segments.by_rules(rules, "segment", frame)
        print(f"{found.count:>9,} in {time.perf_counter() - begun:.3f} s, {time.process_time() - cpu:.3f} s of CPU: "
              "a decision table of DMN")  # fmt: skip
        frame.write_csv(listed)
        begun = time.perf_counter()
        found = segments.by_condition(SEGMENTS[0], segments.read(listed))
        print(f"{found.count:>9,} in {time.perf_counter() - begun:.3f} s: read from CSV, and asked the first")


if __name__ == "__main__":
    main()
