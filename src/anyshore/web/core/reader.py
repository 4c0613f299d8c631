"""Who reads a page: the one place that asks for the language and the time zone of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from django.utils.translation import get_language

Language = Literal["en", "de"]

_zone: ContextVar[Callable[[], str]] = ContextVar("_zone", default=str)


def language() -> Language:
    """The language the reader is shown, of those the texts of packs, terms and findings are written in."""
    return "de" if (get_language() or "en").startswith("de") else "en"


def zone() -> str:
    """The IANA time zone the reader lives in; empty where they have not said."""
    return _zone.get()()


@contextmanager
def lives_in(zone: Callable[[], str]) -> Iterator[None]:
    """Within it a reader of that zone is written for; it is asked only where a time is shown.

    Days that count, of deadlines or credentials, are those of the engagement's or the installation's zone, never of it.
    """
    before = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(before)
