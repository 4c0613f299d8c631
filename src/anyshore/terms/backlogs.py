"""How much work was open at an instant, by age: pieces of work as two columns of times."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from anyshore.terms.book import LATEST


class Backlog:
    """Pieces of work that began and ended, in the order in which they began.

    What was open at an instant after the newest time it knows is found by place, however many there were; what was open
    earlier is counted once, and remembered until something is told that happened before.

    Args:
        ages: ages in microseconds, rising; older work is the last band.
    """

    def __init__(self, ages: Sequence[int]) -> None:
        self._ages = ages
        self._begun, self._ended = array("q"), array("q")
        self._open = bytearray()
        self._newest = -1
        self._rising = True
        self._past: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self._begun)

    def begin(self, at: int) -> int:
        """A piece of work begins at an instant (microseconds since 1970 UTC); its number here."""
        self._rising = self._rising and (not self._begun or at >= self._begun[-1])
        self._saw(at)
        self._begun.append(at)
        self._ended.append(LATEST)
        self._open.append(1)
        return len(self._begun) - 1

    def end(self, number: int, at: int) -> bool:
        """It ends; False where it had ended before."""
        if not self._open[number]:
            return False
        self._saw(at)
        self._ended[number] = at
        self._open[number] = 0
        return True

    def _saw(self, at: int) -> None:
        self._newest = max(self._newest, at)
        if self._past and at < max(self._past):
            self._past.clear()

    def at(self, instant: int) -> list[int]:
        """How many had begun before an instant and had not ended before it, by age: up to each age, and older."""
        if self._rising and instant > self._newest:
            return self._now(instant)
        found = self._past.get(instant)
        if found is None:
            found = self._past[instant] = self._then(instant)
        return list(found)

    def _now(self, instant: int) -> list[int]:
        found, high = [], bisect_left(self._begun, instant)
        for age in self._ages:
            low = min(bisect_left(self._begun, instant - age), high)
            found.append(self._open.count(1, low, high))
            high = low
        return [*found, self._open.count(1, 0, high)]

    def _then(self, instant: int) -> list[int]:
        found = [0] * (len(self._ages) + 1)
        for begun, ended in zip(self._begun, self._ended, strict=True):
            if begun < instant <= ended:
                age = instant - begun
                found[next((place for place, most in enumerate(self._ages) if age <= most), len(self._ages))] += 1
        return found
