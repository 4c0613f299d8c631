#!/usr/bin/env bash
# DuckDB hands a TIME WITH TIME ZONE to Arrow as a time without one: 12:00:00+01 and 12:00:00+05 become the same value.
#
# Guessed: Arrow has no time of day with a zone, so the export refuses the column, or moves it to UTC as it does with a
# TIMESTAMP WITH TIME ZONE.
# Seen, duckdb 2.0.0 with pyarrow 26.0.1 on Python 3.11: the column arrives as time64[us] with the digits of the clock, the
# offset is dropped without a word, and two times DuckDB itself calls different are equal behind it. What passes rows through
# Arrow and back (as every data frame library does) changes the column.
# Fails (exit 1) if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PY'
import sys

import duckdb

relation = duckdb.sql("select '12:00:00+01'::timetz as a, '12:00:00+05'::timetz as b")
same = duckdb.sql("select '12:00:00+01'::timetz = '12:00:00+05'::timetz").fetchall()[0][0]
table = relation.to_arrow_table()
row = table.to_pylist()[0]
print(f"duckdb {duckdb.__version__}: equal in DuckDB {same}; in Arrow {table.schema.field('a').type}, {row}")
if same or row["a"] != row["b"] or str(table.schema.field("a").type) != "time64[us]":
    sys.exit("changed: the zone is kept or the column refused")
print("as described: the zone is dropped")
PY
