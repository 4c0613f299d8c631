"""Anyshore: decide which work goes out, run it to contract, prove and bill what was delivered."""

import zoneinfo

__version__ = "0.1.0"

# The pinned package tzdata decides what a time zone is, before the files of the operating system (see base/zones.py).
# Here, because this runs before whatever module asks for a zone first.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
