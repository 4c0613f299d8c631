"""Where a place is: country, time zone, coordinates; how far two are apart; and which shore one is for another.

Countries and zones come from the table ``zone.tab`` of the pinned time zone database (public domain): the coordinates
of the main city of each zone. A client may give its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

from anyshore.base.countries import COUNTRIES, country_hint
from anyshore.base.errors import DataError
from anyshore.base.tables import open_sheet
from anyshore.base.zones import find_zone

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
NEAR_KM, NEAR_HOURS = 4000.0, 3.0
"""A shore is near up to this distance *and* this difference of the clocks; either alone misjudges."""
_COORDINATES = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of work.

    Attributes:
        country: ISO 3166-1 alpha-2.
        zone: IANA time zone.
        latitude: degrees, north positive.
        longitude: degrees, east positive.
    """

    country: str
    zone: str
    latitude: float
    longitude: float


@cache
def zones() -> dict[str, dict[str, tuple[float, float]]]:
    """Countries with their time zones, and latitude and longitude of the main city of each."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, where, zone, *_comment = line.split("\t")
            found.setdefault(country, {})[zone] = _degrees(where)
    return found


def place(
    country: str, zone: str | None = None, latitude: float | None = None, longitude: float | None = None
) -> Place:  # fmt: skip
    """A place by its country; of a country with several clocks the principal one, unless a zone is named.

    Raises:
        DataError: the country or zone is not known, has several clocks and none is principal, or coordinates are none.
    """
    country = country.upper()
    if country not in COUNTRIES:
        raise DataError("shore.country", f"{country!r} is no country code.", hint=country_hint(country))
    known = zones().get(country, {})
    name = zone or _principal(country, known)
    try:
        find_zone(name)
    except ValueError as problem:
        raise DataError("shore.zone", f"There is no time zone {name!r}.", hint="Use one as Europe/Berlin.") from problem
    if latitude is None or longitude is None:
        if name not in known:
            message = f"{name} is no time zone of {country}, so nothing tells where the place is."
            raise DataError("shore.zone", message, hint="Give latitude and longitude, or a zone of that country.")
        latitude, longitude = known[name]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        message = f"Latitude {latitude} and longitude {longitude} are nowhere."
        raise DataError("shore.coordinates", message, hint="Degrees: -90 to 90 and -180 to 180.")
    return Place(country, name, latitude, longitude)


def distance(one: Place, other: Place) -> float:
    """Kilometres along the surface, by the haversine formula."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def shore(client: Place, site: Place, km: float, hours_apart: float) -> str:
    """``onshore`` (the same country), ``nearshore`` (≤ 4,000 km and ≤ 3 h) or ``offshore``."""
    if client.country == site.country:
        return "onshore"
    return "nearshore" if km <= NEAR_KM and hours_apart <= NEAR_HOURS else "offshore"


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped table."""
    sheet = open_sheet(files(__package__).joinpath("tables", name).read_bytes(), name)
    first, *lines = sheet.lines([])
    for line in lines:
        yield {str(column): str(cell) for column, cell in zip(first.cells, line.cells, strict=True)}


@cache
def languages() -> dict[str, tuple[str, ...]]:
    """Languages spoken in a country (ISO 639-1), the most spoken first."""
    return {row["country"]: tuple(row["languages"].split()) for row in table("languages.csv")}


def _principal(country: str, known: dict[str, tuple[float, float]]) -> str:
    if len(known) == 1:
        return next(iter(known))
    named = {row["country"]: row["zone"] for row in table("principal_zones.csv")}
    if country not in named:
        several = ", ".join(known) or "none are known"
        raise DataError("shore.zone", f"{country} has several time zones: {several}.", hint="Name one.")
    return named[country]


def _degrees(where: str) -> tuple[float, float]:
    """ISO 6709: ``+5230+01322`` or, with seconds, ``+404251-0740023``."""
    found = _COORDINATES.fullmatch(where)
    assert found is not None, where
    north, lat, lat_min, lat_sec, east, lon, lon_min, lon_sec = found.groups()
    latitude = int(lat) + int(lat_min) / 60 + int(lat_sec or 0) / 3600
    longitude = int(lon) + int(lon_min) / 60 + int(lon_sec or 0) / 3600
    return (latitude if north == "+" else -latitude), (longitude if east == "+" else -longitude)
