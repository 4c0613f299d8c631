"""What is asked for again and again while one page is made, and found once: nothing is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("_known", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within it an answer is kept: for requests that only read."""
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def within() -> bool:
    """Whether answers are kept."""
    return _known.get() is not None


def found(key: Hashable, find: Callable[[], Found]) -> Found:
    """The answer to a question; asked once within ``remembered``, and each time outside of it."""
    known = _known.get()
    if known is None:
        return find()
    if key not in known:
        known[key] = find()
    answer: Found = known[key]
    return answer
