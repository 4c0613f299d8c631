"""Staffing of a queue in which people wait: Erlang C, and Erlang A where some of them hang up.

Work arrives at random at a steady rate (Poisson), handling times are exponential, everybody is served in turn. In
Erlang C (A. K. Erlang 1917; Gans, Koole, Mandelbaum 2003, section 2.2) nobody gives up waiting, so its staffing is on
the safe side. In Erlang A (Palm 1946; Mandelbaum and Zeltyn 2007) each waits as long as an exponential patience lasts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from anyshore.base.errors import AnyshoreError

MAX_AGENTS = 100_000
_HALVINGS = 60
_NEGLIGIBLE = 45.0
"""Where the logarithm of a density is that much below its peak, nothing that counts is left: e^-45 is 3e-20."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """What a number of agents gives.

    Attributes:
        agents: people at work.
        load: offered load in erlangs: people that would be busy without any waiting.
        occupancy: share of the time an agent is busy, 0 to 1.
        waiting: probability that an item has to wait, 0 to 1.
        service_level: share of all items that are taken up within the target, 0 to 1.
        mean_wait: seconds, over all items.
        abandoned: share of items that give up waiting, 0 to 1.
    """

    agents: int
    load: float
    occupancy: float
    waiting: float
    service_level: float
    mean_wait: float
    abandoned: float = 0.0


def erlang_c(agents: int, load: float) -> float:
    """The probability that an item has to wait.

    Args:
        agents: people at work.
        load: offered load in erlangs: arrivals per second times seconds of handling.

    Returns:
        1.0 where the load is not below the number of agents: the queue grows without end.
    """
    return _Queue(load, 1.0, 0.0, None).delayed(agents)


def erlang_b(lines: int, load: float) -> float:
    """The probability that a call finds every line busy and is lost (Erlang B; A. K. Erlang 1917).

    Args:
        lines: that can be busy at once, from 0.
        load: offered load in erlangs.

    Raises:
        AnyshoreError: a number is out of range.
    """
    if not 0 <= lines <= MAX_AGENTS:
        raise AnyshoreError("workforce.lines", f"{lines} lines: there must be 0 to {MAX_AGENTS:,}.")
    return _queue(load * 3600, 1.0, 0.0, None).blocked(lines)


def load_carried(lines: int, blocking: float) -> float:
    """The offered load in erlangs at which a share of calls is lost: Erlang B, read from the other side.

    Args:
        lines: that can be busy at once, from 1.
        blocking: share of calls that are lost, above 0 and below 1.

    Raises:
        AnyshoreError: a number is out of range.
    """
    if not 0 < blocking < 1:
        message = f"A share of {blocking} lost calls is not between 0 and 1."
        raise AnyshoreError("workforce.blocking", message, hint="Write 0.01 for 1 %.")
    if not 1 <= lines <= MAX_AGENTS:
        raise AnyshoreError("workforce.lines", f"{lines} lines: there must be 1 to {MAX_AGENTS:,}.")
    low, high = 0.0, lines / (1 - blocking)  # so many lines carry no more than themselves
    for _step in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if erlang_b(lines, middle) < blocking else (low, middle)
    return (low + high) / 2


def performance(
    agents: int, arrivals: float, handling: float, target: float, patience: float | None = None
) -> Staffing:
    """What a number of agents gives.

    Args:
        agents: people at work, from 1.
        arrivals: items per hour.
        handling: seconds of work per item.
        target: seconds within which an item should be taken up.
        patience: mean seconds after which one who waits gives up; None: nobody does.

    Raises:
        AnyshoreError: a number is out of range.
    """
    return _queue(arrivals, handling, target, patience).staffed(agents)


def agents_needed(
    arrivals: float, handling: float, *, level: float, target: float, patience: float | None = None,
    max_occupancy: float = 1.0,
) -> Staffing:  # fmt: skip
    """The fewest agents that reach a service level.

    Args:
        arrivals: items per hour.
        handling: seconds of work per item.
        level: share of items to be taken up within the target, above 0 and below 1.
        target: seconds within which an item should be taken up.
        patience: mean seconds after which one who waits gives up; None: nobody does.
        max_occupancy: share of the time an agent may be busy at most, above 0, at most 1.

    Raises:
        AnyshoreError: a number is out of range, or more than ``MAX_AGENTS`` would be needed.
    """
    queue = _queue(arrivals, handling, target, patience)
    if not 0 < level < 1:
        raise AnyshoreError("workforce.level", f"A service level of {level} is not between 0 and 1.")
    if not 0 < max_occupancy <= 1:
        message = f"An occupancy of {max_occupancy} is not above 0 and at most 1."
        raise AnyshoreError("workforce.occupancy", message, hint="Write 0.85 for 85 %.")

    def enough(agents: int) -> bool:
        found = queue.staffed(agents)
        return found.service_level >= level and found.occupancy <= max_occupancy

    low, spare = 1, 1
    while not enough(high := min(math.ceil(queue.load) + spare, MAX_AGENTS)):
        if high == MAX_AGENTS:
            raise AnyshoreError("workforce.agents", f"More than {MAX_AGENTS:,} agents would be needed.")
        low, spare = high + 1, 2 * spare
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return queue.staffed(low)


def _queue(arrivals: float, handling: float, target: float, patience: float | None) -> _Queue:
    for name, value in (("arrivals", arrivals), ("handling", handling), ("target", target)):
        if not (math.isfinite(value) and value >= 0):
            raise AnyshoreError(f"workforce.{name}", f"{name} is {value}; it must be a number from 0 on.")
    if patience is not None and not (math.isfinite(patience) and patience > 0):
        raise AnyshoreError("workforce.patience", f"patience is {patience}; it must be a number above 0.")
    queue = _Queue(arrivals / 3600, handling, target, patience)
    if queue.load > 10 * MAX_AGENTS:
        hint = "Arrivals are counted per hour, handling in seconds."
        raise AnyshoreError("workforce.load", f"A load of {queue.load:,.0f} erlangs is beyond every staff.", hint=hint)
    return queue


@dataclass(slots=True)
class _Queue:
    """A queue: arrivals per second, seconds of handling, target and patience; and what was computed of it."""

    rate: float
    handling: float
    target: float
    patience: float | None
    _blocked: list[float] = field(default_factory=lambda: [1.0])

    @property
    def load(self) -> float:
        return self.rate * self.handling

    def blocked(self, agents: int) -> float:
        """Erlang B, by its recursion over the number of agents: it neither overflows nor cancels."""
        known, load = self._blocked, self.load
        for number in range(len(known), agents + 1):
            known.append(load * known[-1] / (number + load * known[-1]))
        return known[agents]

    def delayed(self, agents: int) -> float:
        """Erlang C, from Erlang B (Cooper 1981, section 3.5)."""
        if self.load >= agents:
            return 1.0
        blocked = self.blocked(agents)
        return blocked / (1 - (self.load / agents) * (1 - blocked))

    def staffed(self, agents: int) -> Staffing:
        if not 1 <= agents <= MAX_AGENTS:
            raise AnyshoreError("workforce.agents", f"{agents} agents are not from 1 to {MAX_AGENTS:,}.")
        load = self.load
        if load == 0:
            return Staffing(agents, load, 0.0, 0.0, 1.0, 0.0)
        if self.patience is not None:
            return self._impatient(agents, self.patience)
        waiting = self.delayed(agents)
        if load >= agents:
            return Staffing(agents, load, 1.0, 1.0, 0.0, math.inf)
        spare = agents - load
        level = 1 - waiting * math.exp(-spare * self.target / self.handling)
        return Staffing(agents, load, load / agents, waiting, level, waiting * self.handling / spare)

    def _impatient(self, agents: int, patience: float) -> Staffing:
        """Erlang A by the density of the wait an item is offered (Mandelbaum and Zeltyn 2007, section 5).

        The density is e^g with a concave g. It is taken relative to its peak, so that no load overflows.
        """

        def g(wait: float) -> float:
            return -self.rate * patience * math.expm1(-wait / patience) - agents * wait / self.handling

        peak = max(0.0, patience * math.log(self.load / agents))
        top = g(peak)
        low = _edge(g, peak, 0.0) if g(0.0) < top - _NEGLIGIBLE else 0.0
        width = min(patience, self.handling / agents)
        while g(peak + width) > top - _NEGLIGIBLE:
            width *= 2
        high = _edge(g, peak, peak + width)

        def share(weight: Callable[[float], float], until: float) -> float:
            cuts = sorted({low, min(max(low, peak), until), min(until, high)})
            pieces = pairwise(cuts)
            return math.fsum(_integral(lambda x: weight(x) * math.exp(g(x) - top), a, b) for a, b in pieces)

        blocked = self.rate * self.blocked(agents - 1)
        total = math.exp(-top) + blocked * share(lambda _wait: 1.0, high)
        gone = blocked * share(lambda wait: -math.expm1(-wait / patience), high) / total
        taken = math.exp(-top) + blocked * share(lambda wait: math.exp(-wait / patience), self.target)
        occupancy = self.load * (1 - gone) / agents
        waiting = 1 - math.exp(-top) / total
        return Staffing(agents, self.load, occupancy, waiting, taken / total, gone * patience, gone)


def _edge(g: Callable[[float], float], peak: float, far: float) -> float:
    """Where, between the peak of a concave function and a far point, it has become negligible."""
    near, top = peak, g(peak)
    for _step in range(60):
        middle = (near + far) / 2
        if g(middle) > top - _NEGLIGIBLE:
            near = middle
        else:
            far = middle
    return far


def _nodes(step: float = 1 / 16, reach: float = 3.4) -> list[tuple[float, float]]:
    """Places between -1 and 1 and their weights by the tanh-sinh rule (Takahasi and Mori 1974)."""
    found = []
    for number in range(-round(reach / step), round(reach / step) + 1):
        at = number * step
        inner = math.pi / 2 * math.sinh(at)
        found.append((math.tanh(inner), step * math.pi / 2 * math.cosh(at) / math.cosh(inner) ** 2))
    return found


_NODES = _nodes()


def _integral(f: Callable[[float], float], low: float, high: float) -> float:
    half, middle = (high - low) / 2, (high + low) / 2
    return half * math.fsum(weight * f(middle + half * place) for place, weight in _NODES)
