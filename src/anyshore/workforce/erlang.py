"""Staffing of a queue by Erlang's delay formula (A. K. Erlang 1917; Gans, Koole, Mandelbaum 2003, section 2.2).

Work arrives at random at a steady rate, handling times are exponential, nobody gives up waiting. Real queues lose some
who wait, so the staffing found here is on the safe side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from anyshore.base.errors import AnyshoreError

MAX_AGENTS = 100_000


@dataclass(frozen=True, slots=True)
class Staffing:
    """What a number of agents gives.

    Attributes:
        agents: people at work.
        load: offered load in erlangs: people that would be busy without any waiting.
        occupancy: share of the time an agent is busy, 0 to 1.
        waiting: probability that an item has to wait, 0 to 1.
        service_level: probability that it waits no longer than the target, 0 to 1.
        mean_wait: seconds.
    """

    agents: int
    load: float
    occupancy: float
    waiting: float
    service_level: float
    mean_wait: float


def erlang_c(agents: int, load: float) -> float:
    """The probability that an item has to wait.

    Args:
        agents: people at work.
        load: offered load in erlangs: arrivals per second times seconds of handling.

    Returns:
        1.0 where the load is not below the number of agents: the queue grows without end.
    """
    if load >= agents:
        return 1.0
    # Erlang B by its recursion, which neither overflows nor cancels; then B → C (Cooper 1981, section 3.5).
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - (load / agents) * (1 - blocked))


def performance(agents: int, arrivals: float, handling: float, target: float) -> Staffing:
    """What a number of agents gives.

    Args:
        agents: people at work, from 1.
        arrivals: items per hour.
        handling: seconds of work per item.
        target: seconds within which an item should be taken up.

    Raises:
        AnyshoreError: a number is out of range.
    """
    _check(arrivals, handling, target)
    if not 1 <= agents <= MAX_AGENTS:
        raise AnyshoreError("workforce.agents", f"{agents} agents are not from 1 to {MAX_AGENTS:,}.")
    load = arrivals / 3600 * handling
    waiting = erlang_c(agents, load)
    if load >= agents:
        return Staffing(agents, load, 1.0, 1.0, 0.0, math.inf)
    spare = agents - load
    level = 1.0 if handling == 0 else 1 - waiting * math.exp(-spare * target / handling)
    return Staffing(agents, load, load / agents, waiting, level, waiting * handling / spare)


def agents_needed(arrivals: float, handling: float, *, level: float, target: float) -> Staffing:
    """The fewest agents that reach a service level.

    Args:
        arrivals: items per hour.
        handling: seconds of work per item.
        level: share of items to be taken up within the target, above 0 and below 1.
        target: seconds within which an item should be taken up.

    Raises:
        AnyshoreError: a number is out of range, or more than ``MAX_AGENTS`` would be needed.
    """
    _check(arrivals, handling, target)
    if not 0 < level < 1:
        raise AnyshoreError("workforce.level", f"A service level of {level} is not between 0 and 1.")
    load = arrivals / 3600 * handling
    low, high = max(1, math.floor(load)), math.ceil(load) + 1
    while performance(high, arrivals, handling, target).service_level < level:
        low, high = high, min(2 * high, MAX_AGENTS + 1)
    while low < high:
        middle = (low + high) // 2
        if performance(middle, arrivals, handling, target).service_level >= level:
            high = middle
        else:
            low = middle + 1
    return performance(low, arrivals, handling, target)


def _check(arrivals: float, handling: float, target: float) -> None:
    for name, value in (("arrivals", arrivals), ("handling", handling), ("target", target)):
        if not (math.isfinite(value) and value >= 0):
            raise AnyshoreError(f"workforce.{name}", f"{name} is {value}; it must be a number from 0 on.")
