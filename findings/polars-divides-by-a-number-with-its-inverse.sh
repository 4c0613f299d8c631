#!/usr/bin/env bash
# Polars: a column of floats divided by one number is multiplied by its inverse, so 100000.0 / 1e6 is not 0.1.
#
# Guessed: `pl.col("a") / 1e6` is the division of IEEE 754, row by row, as in Python, NumPy, Arrow and DuckDB: the result is
# the float nearest to the quotient.
# Seen, polars 2.1.0 on Python 3.11: with one number on the right the engine multiplies by the number's inverse, which is
# rounded itself: 100000.0 / 1e6 gives 0.09999999999999999, and about one in eight of the whole numbers to a thousand divided
# by 1000 differs from Python's result in the last digit. Where the divisor is a column of the same height it divides.
# So whether n / 1e6 gives a float back, the usual test for "has at most six places", depends on how the divisor is written.
# Fails (exit 1) if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0
"$folder/venv/bin/python" - <<'PY'
import sys

import polars as pl

numbers = [float(n) for n in range(1, 1001)]
frame = pl.DataFrame({"a": numbers, "by": [1000.0] * 1000})
by_number = frame.select(pl.col("a") / 1000.0)["a"].to_list()
by_column = frame.select(pl.col("a") / pl.col("by"))["a"].to_list()
wanted = [n / 1000.0 for n in numbers]
odd = sum(a != b for a, b in zip(by_number, wanted))
tenth = pl.DataFrame({"a": [100000.0, 3.0]}).select(pl.col("a") / 1e6)["a"][0]
print(f"polars {pl.__version__}: 100000.0 / 1e6 = {tenth!r}; of 1000 quotients {odd} differ by a number, "
      f"{sum(a != b for a, b in zip(by_column, wanted))} by a column")
if tenth == 0.1 or not odd or by_column != wanted:
    sys.exit("changed: it divides")
print("as described: one number is multiplied by as its inverse")
PY
