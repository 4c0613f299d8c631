"""How often Python looks for garbage that holds itself: seldom, for an engine's values are plain data without circles.

Looking through what Django and the definitions have loaded, again and again, was a sixth of the time of a large run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (20_000, 20, 20)
"""New objects before the youngest are looked through, and how often that is done before older ones are."""


def ease() -> None:
    """Lets this process look for garbage seldom."""
    gc.set_threshold(*SELDOM)


@contextmanager
def frozen() -> Iterator[None]:
    """Leaves out meanwhile what is loaded by now, for it stays.

    In the end it is given back: Python cannot take apart what is frozen, and libraries tell that as leaks when it ends.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
