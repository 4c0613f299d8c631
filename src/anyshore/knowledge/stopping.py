"""When a ranked review has found what it will find: the tail since then is long, and held next to nothing.

Documents come likeliest first, so what is still unread holds relevant ones more thinly than what was read last. The
review may stop when, since the place by which 95 % of all relevant documents found so far had been found, two fifths of
what was left then have been read: that stretch holds 5 % of them at most, and what is unread, half as long again, holds
them thinner still and thinning. Where relevant documents keep coming, the place moves on and the end with it.

This is a rule of thumb with a rehearsed error, not a proof: the elusion sample (``elusion``) is what shows the recall
that was reached. It says when drawing that sample is worth its work, and when reading on is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

SHARE = 0.95
"""Share of the relevant documents found, by whose place the tail begins."""
TAIL = 0.4
"""Share of what was left at that place which must have been read since."""


def stops_at(relevances: Sequence[bool], total: int) -> int:
    """Documents after which the review may stop, as far as is known now: more than are read where it should go on.

    Args:
        relevances: of the documents in the order of their review.
        total: documents in the review.

    Returns:
        Between 1 and ``total``; ``total`` where nothing relevant was found.
    """
    found = sum(relevances)
    if not found:
        return total
    wanted = math.ceil(round(SHARE * found, 9))
    place = next(number for number, so_far in enumerate(accumulate(relevances), 1) if so_far >= wanted)
    return math.ceil(place + TAIL * (total - place))


def may_stop(relevances: Sequence[bool], total: int) -> bool:
    """Whether the review may stop here."""
    return len(relevances) >= stops_at(relevances, total)
