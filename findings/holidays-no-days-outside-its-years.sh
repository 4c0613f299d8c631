#!/usr/bin/env bash
# holidays: a year a country has no table for gives no holidays, without an error or a warning.
#
# Guessed: a library of public holidays that is asked for a year it does not know says so; it does for a country it does
# not know (NotImplementedError), and India's class warns of years whose moving feasts it lacks.
# Seen, holidays 0.109 on Python 3.11: Sri Lanka has tables for 2003 to 2026. 2026 gives 25 days; 2027 and 2002 give an
# empty calendar, every day of which is a working day, and nothing is raised or warned even with warnings as errors. The
# bounds stand in the class attributes start_year and end_year; who plans a site over the turn of a year must read them.
# Fails (exit 1) if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
cd "$folder"
"$folder/venv/bin/python" -W error - <<'PY'
import sys

import holidays

counts = {year: len(holidays.country_holidays("LK", years=year)) for year in (2002, 2026, 2027)}
print(f"holidays {holidays.__version__}: Sri Lanka {counts}, tables {holidays.countries.LK.start_year}-{holidays.countries.LK.end_year}")
if counts != {2002: 0, 2026: 25, 2027: 0}:
    sys.exit("changed: other counts")
print("as described: an unknown year is a year without holidays, and nobody is told")
PY
