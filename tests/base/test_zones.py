"""The pinned time zones decide, whatever the operating system has."""

from __future__ import annotations

import os
import subprocess
import sys
import zoneinfo
from datetime import datetime
from importlib import metadata
from pathlib import Path

import pytest
import tzdata

from anyshore.base import zones
from anyshore.base.temporal import DateTime

ASKED = """
from anyshore.base.temporal import DateTime
from anyshore.terms.calendars import instant
from datetime import date
import zoneinfo
for zone in ("Europe/Berlin", "Asia/Kolkata"):
    utc = DateTime.parse("2026-07-01T12:00:00Z")
    there = DateTime.from_micros(utc.to_micros(), zone)
    print(there, instant(zoneinfo.ZoneInfo(zone), date(2026, 7, 1), 0))
"""


def test_files_of_the_operating_system_are_not_asked(tmp_path: Path) -> None:
    utc = Path(tzdata.__file__).parent / "zoneinfo" / "UTC"
    for name in ("Europe/Berlin", "Asia/Kolkata"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(utc.read_bytes())
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    early = "import zoneinfo; assert zoneinfo.ZoneInfo('Europe/Berlin')\n"  # a program that asked before
    for before in ("", early):
        run = subprocess.run(
            [sys.executable, "-c", before + ASKED], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout.split() == [
            "2026-07-01T14:00:00@Europe/Berlin", "1782856800000000",
            "2026-07-01T17:30:00@Asia/Kolkata", "1782844200000000",
        ]  # fmt: skip


def test_the_release_is_known() -> None:
    assert zones.VERSION == tzdata.IANA_VERSION
    assert metadata.version("tzdata").startswith(zones.VERSION[:4])
    assert zoneinfo.TZPATH == ()
    assert {"Europe/Berlin", "Africa/Casablanca"} <= zoneinfo.available_timezones()


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "America/Vancouver", "America/Edmonton"])
def test_zones_are_those_of_the_package(zone: str) -> None:
    with (Path(tzdata.__file__).parent / "zoneinfo" / zone).open("rb") as file:
        pinned = zoneinfo.ZoneInfo.from_file(file, zone)
    for month in range(1, 13):
        moment = DateTime.parse(f"2026-{month:02}-15T12:00:00@{zone}")
        wanted = datetime(2026, month, 15, 12, tzinfo=pinned).utcoffset()
        assert wanted is not None
        assert moment.utc_offset == wanted.total_seconds()
