"""Time zones by the rules of the pinned package ``tzdata``, whatever an operating system has.

Governments change their clocks a few times a year, and a system that was installed before keeps the old rules for
years. Two sides that compute a deadline or a month must have the same ones, so the package decides for the whole
process: ``zoneinfo`` is told to search no folder (`zoneinfo.reset_tzpath`), as soon as anything of Anyshore is
imported.
"""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

VERSION: str = tzdata.IANA_VERSION
"""The release of the IANA time zone database that decides, for example ``2026f``; told beside what rests on it."""

# What lies beside the zones in some systems' folders; what it means differs from machine to machine.
_NOT_IANA = ("localtime", "posix", "right/")


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises ValueError if there is none."""
    if name.startswith(_NOT_IANA):
        raise ValueError(f"no such time zone: {name!r}")
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name!r}") from error
