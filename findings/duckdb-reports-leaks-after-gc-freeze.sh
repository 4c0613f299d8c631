#!/usr/bin/env bash
# DuckDB 2 tells of leaks at exit after gc.freeze(), though nothing leaks.
#
# Guessed: gc.freeze(), which long-running Python workers call once all is loaded so that the collector passes over what
# stays, is of no consequence to libraries; DuckDB's own objects are freed when the interpreter ends.
# Seen, duckdb 2.0.0 on Python 3.11: after freeze() the interpreter's last collection passes over the frozen classes and
# functions, too, so that the binding (nanobind) finds them alive and prints "nanobind: leaked … types", "… functions" and a
# list of them on standard error, behind the last line of the program: behind a test runner's result as well. With
# gc.unfreeze() before the end it prints nothing.
# Fails (exit 1) if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0
lines() { { "$folder/venv/bin/python" -c "$1" 2>&1 >/dev/null || true; } | grep -c 'nanobind: leaked' || true; }
query='duckdb.connect().sql("select 1").fetchall()'
plain=$(lines "import duckdb; $query")
frozen=$(lines "import duckdb, gc; gc.freeze(); $query")
thawed=$(lines "import duckdb, gc; gc.freeze(); $query; gc.unfreeze()")
printf 'lines about leaks: plain %s, frozen %s, frozen and unfrozen %s\n' "$plain" "$frozen" "$thawed"
[ "$plain" = 0 ] && [ "$thawed" = 0 ] || { echo "changed: leaks are told without freeze()"; exit 1; }
[ "$frozen" -gt 0 ] || { echo "changed: nothing is told after freeze()"; exit 1; }
echo "as described: after gc.freeze() the binding tells of leaks"
