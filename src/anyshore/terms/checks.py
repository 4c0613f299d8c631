"""What a JSON Schema cannot say about terms: references, order, known zones, countries and currencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from anyshore.base.countries import COUNTRIES, country_hint
from anyshore.base.errors import Diagnostic
from anyshore.base.iban import is_iban
from anyshore.params.marked import Document, Path
from anyshore.params.shapes import nearest
from anyshore.terms.calendars import (
    FIRST_YEAR,
    HALF_DAY,
    LAST_YEAR,
    Calendar,
    HolidayRegion,
    Span,
    kinds_of_holidays,
    known_regions,
)  # fmt: skip
from anyshore.terms.clocks import HOUR
from anyshore.terms.money import CURRENCIES

Data = dict[str, Any]
MOST_LINES = 3
"""Lines of an address above post code and city (BT-35, BT-36, BT-162)."""

Problems = Iterator[tuple[Path, str, str, str]]
"""Path, code, message, hint."""


def check(document: Document) -> list[Diagnostic]:
    """All problems of terms that fit the schema."""
    data: Data = document.data  # type: ignore[assignment]
    found = [*_head(data), *_calendars(data), *_services(data)]
    return [Diagnostic(f"terms.{code}", message, document.at(path), hint) for path, code, message, hint in found]


def span(text: str) -> Span:
    """Hours like ``09:00-17:00`` as minutes after midnight."""
    opens, closes = ((int(t[:2]) * 60 + int(t[3:])) for t in text.split("-"))
    return opens, closes


def _head(data: Data) -> Problems:
    start: date = data["start"]
    for key in ("start", "end"):
        if key in data and not FIRST_YEAR < data[key].year < LAST_YEAR:
            yield (key,), "dates", f"{data[key]} is in no year from {FIRST_YEAR + 1} to {LAST_YEAR - 1}", ""
    if "end" in data and data["end"] < start:
        yield ("end",), "dates", f"the end {data['end']} is before the start {start}", ""
    force: date = data.get("in_force_from", start)
    if force < start:
        yield ("in_force_from",), "dates", f"{force} is before the start {start}", ""
    elif start <= data.get("end", force) < force:
        yield ("in_force_from",), "dates", f"{force} is after the end {data['end']}", ""
    elif force != start and force.day != 1:
        hint = "an amendment begins with a month, so that every month has one price list"
        yield ("in_force_from",), "mid-month", f"{force} is not the first day of a month", hint
    if data["currency"] not in CURRENCIES:
        yield ("currency",), "currency", f"'{data['currency']}' is not a currency in use (ISO 4217)", ""
    yield from _zone(data["time_zone"], ("time_zone",))
    for side in ("client", "provider"):
        for index, code in enumerate(data[side]["countries"]):
            if code not in COUNTRIES:
                place = (side, "countries", index)
                yield place, "country", f"'{code}' is no country (ISO 3166-1)", country_hint(code)
        yield from _address(data[side].get("address", {}), (side, "address"))
    yield from _account(data.get("payment", {}).get("account", ""))
    vat = data["vat"]
    if (vat["category"] in ("S", "L", "M")) != (vat["rate"] > 0):
        hint = "category S has a rate above 0; Z, E, AE, K, G and O have rate 0 (EN 16931, BR-S-05, BR-AE-05 …)"
        yield ("vat", "rate"), "vat", f"the rate {vat['rate']} does not fit the category {vat['category']}", hint


def _address(address: Data, path: Path) -> Problems:
    code = address.get("country")
    if code is not None and code not in COUNTRIES:
        yield (*path, "country"), "country", f"'{code}' is no country (ISO 3166-1)", country_hint(code)
    if len(address.get("lines", ())) > MOST_LINES:
        hint = "put two of them into one"
        yield (*path, "lines"), "address", f"an address of an invoice has at most {MOST_LINES} lines", hint


def _account(account: str) -> Problems:
    """What begins like an IBAN has to be one; accounts elsewhere have numbers of their own."""
    if account[:2].isalpha() and not is_iban(account):
        yield (
            ("payment", "account"),
            "account",
            f"'{account}' is no IBAN: its check digits do not fit",
            "look it up again",
        )


def _zone(name: str, path: Path) -> Problems:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        yield path, "zone", f"'{name}' is not a known time zone", "use an IANA name, for example Europe/Berlin"


def _calendars(data: Data) -> Problems:
    first: date = data["start"]
    last: date = data.get("end", first)
    years = range(max(first.year, FIRST_YEAR), last.year + 1)
    for name, body in data.get("calendars", {}).items():
        path: Path = ("calendars", name)
        yield from _zone(body["time_zone"], (*path, "time_zone"))
        for day, texts in body["hours"].items():
            yield from _spans(texts, (*path, "hours", day))
        if not any(body["hours"].values()):
            yield (*path, "hours"), "no-hours", "the calendar is never open", "give at least one day hours"
        for index, region in enumerate(body.get("holidays", [])):
            yield from _region(region, (*path, "holidays", index), years)
        seen = set()
        for index, special in enumerate(body.get("special_days", [])):
            yield from _spans(special.get("hours", []), (*path, "special_days", index, "hours"))
            if special["date"] in seen:
                where = (*path, "special_days", index, "date")
                yield where, "repeated", f"{special['date']} stands here twice", "keep one"
            seen.add(special["date"])


def _spans(texts: list[str], path: Path) -> Problems:
    spans = [span(text) for text in texts]
    for index, (opens, closes) in enumerate(spans):
        if not opens < closes <= 1440:
            hint = "hours over midnight are two: 22:00-24:00 and, the next day, 00:00-06:00"
            yield (*path, index), "hours", f"'{texts[index]}' does not end after it begins", hint
    for index, (one, other) in enumerate(pairwise(spans), start=1):
        if other[0] < one[1]:
            yield (
                (*path, index),
                "hours",
                f"'{texts[index]}' begins before '{texts[index - 1]}' ends",
                "put them in order",
            )


def _region(region: Data, path: Path, years: range) -> Problems:
    known = known_regions()
    country, part = region["country"], region.get("subdivision", "")
    if country not in known:
        yield (*path, "country"), "holidays", f"no holidays are known for '{country}'", nearest(country, known)
    elif part and part not in known[country]:
        hint = nearest(part, known[country])
        yield (*path, "subdivision"), "holidays", f"'{part}' is not a known subdivision of {country}", hint
    else:
        yield from _kinds(region, path)
        yield from _spans(region.get("working_weekends", []), (*path, "working_weekends"))
        calendar = Calendar(regions=(HolidayRegion(country, part),))
        reasons = [reason for year in years[:30] for reason in calendar.incomplete(year)][:1]
        for reason in reasons:
            yield path, "holidays-incomplete", f"not all holidays are known ({reason})", "list them as special_days"


def _kinds(region: Data, path: Path) -> Problems:
    country = region["country"]
    known = [kind for kind in kinds_of_holidays(country) if kind != HALF_DAY]
    for index, kind in enumerate(region.get("also", [])):
        where = (*path, "also", index)
        if kind == HALF_DAY:
            hint = "list them under special_days, with the hours the office keeps"
            yield where, "holidays", "days that are holidays for one half are not closed days", hint
        elif kind not in known:
            hint = nearest(kind, known) if known else f"{country} has none beside its public ones: remove it"
            yield where, "holidays", f"no holidays of the kind '{kind}' are known for {country}", hint


def _services(data: Data) -> Problems:
    for key, body in data["services"].items():
        path: Path = ("services", key)
        yield from _prices(body["prices"], (*path, "prices"))
        for name, objective in body.get("objectives", {}).items():
            if objective["measure"] == "duration":
                yield from _duration(objective, data.get("calendars", {}), (*path, "objectives", name))
        if "credits" in body:
            yield from _credits(body["credits"], body.get("objectives", {}), (*path, "credits"))


def _prices(prices: list[Data], path: Path) -> Problems:
    names: set[str] = set()
    for index, price in enumerate(prices):
        if price["name"] in names:
            yield (*path, index, "name"), "repeated", f"two prices are called '{price['name']}'", "rename one"
        names.add(price["name"])
        if price["per"] == "instance":
            yield from _instance_price(price, (*path, index))


def _instance_price(price: Data, path: Path) -> Problems:
    if ("price" in price) == ("tiers" in price):
        yield path, "price", "a price per instance has either 'price' or 'tiers'", ""
        return
    if "tier_mode" in price and "tiers" not in price:
        yield (*path, "tier_mode"), "price", "'tier_mode' without 'tiers'", "remove it"
    if "outcome" in price.get("where", {}) and "outcomes" in price:
        yield (*path, "where", "outcome"), "price", "the outcome stands in 'where' and in 'outcomes'", "keep one"
    tiers = price.get("tiers", [])
    bounds = [tier.get("up_to") for tier in tiers]
    if tiers and (bounds[-1] is not None or None in bounds[:-1]):
        yield (*path, "tiers"), "tiers", "the last tier, and only it, has no 'up_to'", ""
    elif any(one >= other for one, other in pairwise(bounds[:-1])):
        yield (*path, "tiers"), "tiers", "the bounds 'up_to' do not rise", "put the tiers in order"


def _duration(objective: Data, calendars: Iterable[str], path: Path) -> Problems:
    within, calendar = objective["within"], objective.get("calendar")
    if len(within) != 1:
        yield (*path, "within"), "within", "give either 'business_hours' or 'hours'", ""
    elif "business_hours" in within and calendar is None:
        yield (*path, "within"), "calendar", "business hours need a calendar", "add 'calendar:'"
    elif "hours" in within and calendar is not None:
        yield (*path, "calendar"), "calendar", "'hours' run round the clock, without a calendar", "use 'business_hours'"
    elif (limit := Decimal(next(iter(within.values()))) * HOUR) != int(limit):
        yield (*path, "within"), "within", "the limit is not a whole number of microseconds", ""
    if calendar is not None and calendar not in calendars:
        hint = nearest(calendar, calendars)
        yield (*path, "calendar"), "calendar", f"there is no calendar '{calendar}'", hint


def _credits(credits: Data, objectives: Data, path: Path) -> Problems:
    for name, bands in credits["bands"].items():
        where: Path = (*path, "bands", name)
        if name not in objectives:
            yield where, "bands", f"there is no objective '{name}' in this service", nearest(name, objectives)
            continue
        target = objectives[name]["target"]
        if bands[0]["below"] > target:
            message = f"a credit below {bands[0]['below']} % would fall due although the target of {target} % is met"
            yield (*where, 0, "below"), "bands", message, "begin with the target"
        for index, (one, other) in enumerate(pairwise(bands), start=1):
            if other["below"] >= one["below"] or other["credit"] <= one["credit"]:
                message = "the bands must go down in 'below' and up in 'credit'"
                yield (*where, index), "bands", message, "put the bands in order"
