"""How quickly the mail servers of each domain are written to: providers hold back who sends too much at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Pace:
    """Lets so many mails a second go to each domain; others go on meanwhile.

    Args:
        per_second: mails to one domain.
        now: gives the time in seconds; a test gives its own.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        per_second: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.per_second, self._gap, self._now, self._sleep = per_second, 1 / per_second, now, sleep
        self._next: dict[str, float] = {}

    def ordered(self, found: Sequence[T], to: Callable[[T], Iterable[str]]) -> list[T]:
        """Mails in an order in which one waits least: the domains take turns."""
        seen: dict[str, int] = {}
        places = []
        for number, one in enumerate(found):
            domain = _domain(to(one))
            seen[domain] = seen.get(domain, 0) + 1
            places.append((max(self._next.get(domain, 0.0) - self._now(), 0) + seen[domain] * self._gap, number))
        return [found[number] for _, number in sorted(places)]

    def wait(self, to: Iterable[str]) -> None:
        """Waits until a mail may go to its domain."""
        domain = _domain(to)
        left = self._next.get(domain, 0.0) - self._now()
        if left > 0:
            self._sleep(left)
        self._next[domain] = self._now() + self._gap


def _domain(to: Iterable[str]) -> str:
    """The domain a mail goes to: the first, where there are several."""
    return next(iter(to), "").rpartition("@")[2].lower()
