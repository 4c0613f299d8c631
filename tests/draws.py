"""Which random cases the tests draw, and how many.

``make test`` draws a share of them, the same ones every time. ``make conformance SUITE=properties`` draws ten times as
many, the same ones every time as well. ``make explore`` draws new ones for as long as it is given.
"""

from __future__ import annotations

import os
from enum import StrEnum

FULL = 10
"""How many times the cases of ``make test`` the suite ``properties`` draws."""


class Extent(StrEnum):
    """What is drawn."""

    SHARE = "share"
    FULL = "full"
    EXPLORE = "explore"


EXTENT = Extent(os.environ.get("ANYSHORE_DRAWS", Extent.SHARE))
SEED = int(os.environ.get("ANYSHORE_SEED", "0"))
"""Of ``explore``: what its cases are drawn from."""


def examples(share: int, full: int | None = None) -> int:
    """How many cases to draw.

    Args:
        share: in ``make test``, and in each round of exploring.
        full: in the suite ``properties``; ten times as many where left out.
    """
    return (full or share * FULL) if EXTENT is Extent.FULL else share


def seeds(share: int, full: int | None = None) -> range:
    """The seeds to draw cases from: 0 and following, or in each round of exploring others.

    Args:
        share: see :func:`examples`.
        full: see there.
    """
    first = SEED * 1_000_003 if EXTENT is Extent.EXPLORE else 0
    return range(first, first + examples(share, full))
