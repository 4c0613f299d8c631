"""How right forecasts of arrivals are: a week ahead, and the rest of a day again at noon, on a bank's calls.

Run it as ``python -m benchmarks arrivals``.
"""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path

from anyshore.workforce import counts, forecast, intraday, missing

TIMES = (10, 12, 14)
GOAL = 0.067


def main() -> None:
    """Prints both halves; each forecast knows only what came before it."""
    file = Path(os.environ.get("ANYSHORE_DATA", "../shared/data")) / "calls" / "bank_calls.csv"
    if not file.exists():
        print(f"{file} is absent")
        return
    known = counts.read(file)
    found = forecast.week(known)
    print(f"a week ahead, {found.tested:,} times {found.judged} min:")
    for name, error in found.errors.items():
        print(f"  {name:<20} WAPE {100 * error:.2f} %")
    print(f"  goal {100 * GOAL:.1f} %: {'reached' if round(found.errors[found.method], 3) <= GOAL else 'NOT reached'}")
    lacking = missing.days(known)
    print(f"  {len(lacking)} days lack and are filled in: {', '.join(map(str, lacking))}")
    for hour in TIMES:
        tested = intraday.backtest(known, time(hour), found.method)
        assert tested is not None
        better = "better" if tested.again < tested.morning else "NOT better"
        print(
            f"the rest of {tested.days} days at {hour}:00: WAPE {100 * tested.again:.2f} %, "
            f"the morning's forecast {100 * tested.morning:.2f} %: {better}"
        )


if __name__ == "__main__":
    main()
