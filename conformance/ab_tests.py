"""Published results of two groups: a case is a printed figure, met to its printed digits.

Rows of ``marketing/ab_published.csv``: ``events_a,n_a,events_b,n_b`` and what was published of them; an empty cell is
no case.

python -m conformance.ab_tests [data folder]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from anyshore.marketing.comparing import Comparison, Group, compare
from conformance import folders
from conformance.scores import Score

FIGURES: dict[str, Callable[[Comparison], float]] = {
    "chi_square": lambda one: one.chi_square,
    "p_value": lambda one: one.p_value,
    "difference": lambda one: one.difference,
    "difference_ci_low": lambda one: one.difference_interval[0],
    "difference_ci_high": lambda one: one.difference_interval[1],
    "risk_ratio": lambda one: one.risk_ratio,
    "odds_ratio": lambda one: one.odds_ratio,
    "odds_ci_low": lambda one: one.odds_interval[0],
    "odds_ci_high": lambda one: one.odds_interval[1],
}
FILE = "ab_published.csv"
NEEDED = {"events_a", "n_a", "events_b", "n_b"}


def run(data: Path) -> Score:
    """Runs every such table below ``marketing``, or below the folder given."""
    score = Score("ab-tests", 0, 0)
    found = folders.files(folders.of_suite(data, "marketing"), FILE)
    for path, number, row in folders.cases(score, found, lambda path: folders.csv_rows(path, NEEDED)):
        for name, wrong in folders.told(lambda row=row: _check(row), lambda said: {"": said}).items():
            folders.count(score, f"{path.name} line {number + 2} {name}", wrong)
    return score


def _check(row: dict[str, str]) -> dict[str, str]:
    groups = [Group(int(row[f"events_{one}"]), int(row[f"n_{one}"])) for one in "ab"]
    found = compare(*groups)
    wrong = {}
    for name, figure in FIGURES.items():
        printed = (row.get(name) or "").strip()
        if printed:
            step = Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))
            off = abs(Decimal(figure(found)) - Decimal(printed))
            wrong[name] = "" if off <= step / 2 else f"{figure(found):.6g}, printed {printed}"
    return wrong


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
