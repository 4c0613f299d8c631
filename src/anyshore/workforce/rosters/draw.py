"""Draws from a seed that is given (ADR 0901): the digest of the seed and a counter."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b


class Draw:
    """A row of draws; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._seed, self._count = seed, 0

    def below(self, many: int) -> int:
        """A whole number from 0 to below ``many``."""
        self._count += 1
        digest = blake2b(f"{self._seed}:{self._count}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % max(1, many)

    def some(self, of: Sequence[int], many: int) -> list[int]:
        """So many of them, each at most once."""
        pool = list(of)
        return [pool.pop(self.below(len(pool))) for _one in range(min(many, len(pool)))]
