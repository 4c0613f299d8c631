"""People needed by Erlang C, and crews that cover a week, beside pyworkforce (Erlang C in Python, crews by OR-Tools).

The answers are compared before they are timed. Of the crews only the cost is: equally cheap ones there may be many, and
ours are the most even of them. Run it as ``python -m benchmarks workforce``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from anyshore.workforce import erlang, shifts

HANDLING, TARGET, LEVEL = 240.0, 20.0, 0.8
LOADS = [1.3 * 1.25**step for step in range(36)]
"""Erlangs, from 1.3 to 3,200."""
SHIFTS = [shifts.parse(f"{begin:02}:00-{begin + length:02}:00") for length in (4, 8) for begin in range(7, 22 - length)]
DAYS, OPENS, HALVES = 7, 7, 28
ROUNDS = 15


def needed(day: int, half: int) -> int:
    """People needed in half an hour: two waves over the day, less at the weekend."""
    wave = math.sin(math.pi * (half + 1) / (HALVES + 1)) + 0.3 * math.sin(3 * math.pi * half / HALVES)
    return max(1, round((110 if day < 5 else 45) * wave + 3 * day))


def ours(load: float) -> int:
    """The people a load needs."""
    return erlang.agents_needed(load / HANDLING * 3600, HANDLING, level=LEVEL, target=TARGET).agents


def our_cost() -> int:
    """Paid minutes of our crews of a week."""
    monday = datetime(2026, 3, 2, OPENS)
    starts = [monday + timedelta(days=day, minutes=30 * half) for day in range(DAYS) for half in range(HALVES)]
    wanted = [needed(day, half) for day in range(DAYS) for half in range(HALVES)]
    return sum(crew.people * crew.shift.minutes for crew in shifts.covering(starts, 30, wanted, SHIFTS))


def theirs() -> tuple[Callable[[float], int], Callable[[], int]]:
    """The same two questions put to pyworkforce."""
    from pyworkforce.queuing import ErlangC
    from pyworkforce.scheduling import MinRequiredResources

    def positions(load: float) -> int:
        queue = ErlangC(transactions=load, aht=HANDLING / 60, asa=TARGET / 60, interval=HANDLING / 60)
        return int(queue.required_positions(service_level=LEVEL)["raw_positions"])

    def cost() -> int:
        covered = {
            str(one): [int(one.begin <= 60 * OPENS + 30 * half < one.end) for half in range(HALVES)] for one in SHIFTS
        }
        model = MinRequiredResources(
            num_days=DAYS, periods=HALVES, shifts_coverage=covered,
            required_resources=[[needed(day, half) for half in range(HALVES)] for day in range(DAYS)],
            max_period_concurrency=10_000, max_shift_concurrency=10_000,
            cost_dict={str(one): one.minutes for one in SHIFTS},
        )  # fmt: skip
        found = model.solve()
        assert found["status"] == "OPTIMAL", found["status"]
        return int(found["cost"])

    return positions, cost


def seconds(task: Callable[[], object]) -> float:
    """CPU seconds of the fastest round, threads included."""
    best = math.inf
    for _round in range(ROUNDS):
        begun = time.process_time()
        task()
        best = min(best, time.process_time() - begun)
    return best


def main() -> None:
    """Compares the answers, then times both."""
    try:
        positions, cost = theirs()
    except ImportError as absent:
        print(f"pyworkforce is not installed ({absent}): uv sync --group bench")
        return
    for load in LOADS:
        assert ours(load) == positions(load), load
    print(f"people for {len(LOADS)} loads from {LOADS[0]:.1f} to {LOADS[-1]:,.0f} erlangs: all equal")
    assert our_cost() == cost()
    print(f"crews of a week from {len(SHIFTS)} shifts: both cost {our_cost() / 60:,.0f} paid hours")
    for name, mine_task, their_task in (
        ("people", lambda: [ours(load) for load in LOADS], lambda: [positions(load) for load in LOADS]),
        ("crews", our_cost, cost),
    ):
        mine, other = seconds(mine_task), seconds(their_task)
        print(
            f"{name:<7} anyshore {1000 * mine:8.1f} ms  pyworkforce {1000 * other:8.1f} ms  ratio {other / mine:6.1f}"
        )


if __name__ == "__main__":
    main()
