#!/usr/bin/env bash
# Hypothesis, derandomized: what a property test draws depends on which other local modules happen to be imported.
#
# Guessed: `derandomize=True` with `database=None` makes a test draw the same examples in every run, as the documentation of
# the setting says: the seed is a hash of the test function.
# Seen, hypothesis 6.170.15 on Python 3.11: the same test function draws other examples when one more module of the same
# project has been imported before, because integers, texts and floats that stand in imported local modules are drawn now
# and then as "interesting constants". So a test that passes alone may fail beside others, and the other way round. There is
# no setting for it.
# Fails (exit 1) if the draws no longer differ.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check hypothesis==6.170.15
mkdir "$folder/shop"
cat >"$folder/shop/other.py" <<'PY'
LIMITS = (48_611, 90_901, -73_129, 2_718_281, 31_415_926)
NAMES = ("quarterly", "ledgerline", "overnight")
PY
cat >"$folder/shop/drawn.py" <<'PY'
import hashlib
import sys

if sys.argv[1] == "with":
    import other  # noqa: F401

from hypothesis import given, settings, strategies as st

seen = []


@settings(derandomize=True, database=None, max_examples=300)
@given(st.integers(), st.text(max_size=12))
def remember(number, text):
    seen.append((number, text))


remember()
print(hashlib.sha256(repr(seen).encode()).hexdigest()[:16], len(seen))
PY
cd "$folder/shop"
run() { PYTHONHASHSEED=0 "$folder/venv/bin/python" drawn.py "$1"; }
alone=$(run without) again=$(run without) beside=$(run with)
printf 'alone  %s\nagain  %s\nbeside %s\n' "$alone" "$again" "$beside"
[ "$alone" = "$again" ] || { echo "changed: the same run twice draws other examples"; exit 1; }
[ "$alone" != "$beside" ] || { echo "changed: an imported module makes no difference any more"; exit 1; }
echo "as described: another import, other draws"
