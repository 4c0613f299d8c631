"""Read a terms file. Every problem is reported at once, with file, key path, line and column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from anyshore.base.errors import Diagnostic, TermsError
from anyshore.base.files import read_text
from anyshore.params import marked, shapes
from anyshore.terms import checks, holiday_doubts
from anyshore.terms.calendars import WEEKDAYS, Calendar, HolidayRegion, Span, SpecialDay
from anyshore.terms.clocks import HOUR
from anyshore.terms.ledger import plain
from anyshore.terms.model import (
    Address,
    Band,
    Baseline,
    Contact,
    Credits,
    Duration,
    Exclusion,
    Match,
    Objective,
    Party,
    Payment,
    Price,
    Service,
    Share,
    Terms,
    Tier,
    Vat,
)  # fmt: skip

Data = dict[str, Any]


@cache
def schema() -> shapes.Schema:
    """The published JSON Schema of terms files."""
    return shapes.load_schema(files(__package__).joinpath("schema.json").read_text(encoding="utf-8"))


def read(path: str | Path) -> Terms:
    """Read a terms file.

    Raises:
        TermsError: with every problem of the file.
    """
    return loads(read_text(path, error=TermsError), file=str(path))


def loads(text: str, *, file: str | None = None) -> Terms:
    """Read terms from a YAML text.

    Raises:
        TermsError: with every problem of the text.
    """
    document, problems = _checked(text, file)
    if problems:
        raise TermsError.of(problems)
    return _terms(document.data)  # type: ignore[arg-type]


def check(text: str, *, file: str | None = None) -> list[Diagnostic]:
    """All problems of a terms text; an empty list: it can be signed."""
    return _checked(text, file)[1]


def doubts(text: str, *, file: str | None = None) -> list[Diagnostic]:
    """What terms that can be signed leave undecided about their holidays, as warnings."""
    document, problems = _checked(text, file)
    return [] if problems else holiday_doubts.doubts(document)


def _checked(text: str, file: str | None) -> tuple[marked.Document, list[Diagnostic]]:
    document, problems = marked.load(text, file)
    if document.data is None and problems:
        return document, problems
    problems += shapes.check(document, schema())
    if not problems:
        problems += checks.check(document)
    return document, sorted(problems, key=lambda p: (p.location.line or 0, p.location.column or 0))


def _terms(data: Data) -> Terms:
    start: date = data["start"]
    return Terms(
        id=data["id"],
        title=str(data.get("title", data["id"])),
        version=data["version"],
        in_force_from=data.get("in_force_from", start),
        client=_party(data["client"]),
        provider=_party(data["provider"]),
        currency=data["currency"],
        start=start,
        end=data.get("end"),
        time_zone=data["time_zone"],
        shores=tuple(data["shores"]),
        data_classes=tuple(data.get("data_classes", ())),
        calendars={name: _calendar(body) for name, body in data.get("calendars", {}).items()},
        services={key: _service(key, body) for key, body in data["services"].items()},
        vat=Vat(data["vat"]["category"], Decimal(data["vat"]["rate"]), data["vat"].get("note", "")),
        payment=Payment(**data["payment"]) if "payment" in data else None,
    )


def _party(data: Data) -> Party:
    address, contact = data.get("address"), data.get("contact")
    return Party(
        name=str(data["name"]),
        countries=tuple(data["countries"]),
        address=Address(**(address | {"lines": tuple(address.get("lines", ()))})) if address else None,
        contact=Contact(**contact) if contact else None,
        **{name: data.get(name, "") for name in ("vat_id", "tax_number", "registration", "email", "reference")},
    )


def _spans(texts: list[str]) -> tuple[Span, ...]:
    return tuple(checks.span(text) for text in texts)


def _calendar(data: Data) -> Calendar:
    return Calendar(
        zone=data["time_zone"],
        weekly=tuple(_spans(data["hours"].get(day, [])) for day in WEEKDAYS),
        regions=tuple(_region(region) for region in data.get("holidays", [])),
        special=tuple(
            SpecialDay(day["date"], _spans(day.get("hours", [])), day["name"]) for day in data.get("special_days", [])
        ),
    )


def _region(data: Data) -> HolidayRegion:
    also, make_up = tuple(data.get("also", ())), _spans(data.get("working_weekends", []))
    return HolidayRegion(data["country"], data.get("subdivision", ""), also, make_up)


def _service(key: str, data: Data) -> Service:
    baseline = data.get("baseline")
    return Service(
        key=key,
        name=data["name"],
        kind=data["kind"],
        prices=tuple(_price(item) for item in data["prices"]),
        objectives=tuple(_objective(name, item) for name, item in data.get("objectives", {}).items()),
        credits=_credits(data["credits"]) if "credits" in data else None,
        minimum_charge=Decimal(data.get("minimum_charge", 0)),
        baseline=Baseline(Decimal(baseline["unit_cost"]), baseline["source"]) if baseline else None,
    )


def _where(data: Data) -> dict[str, tuple[object, ...]]:
    lists = {key: value if isinstance(value, list) else [value] for key, value in data.items()}
    return {key: tuple(plain(value) for value in values) for key, values in lists.items()}


def _match(data: str | Data) -> Match:
    if isinstance(data, str):
        return Match(data)
    return Match(data["entry"], _where(data.get("where", {})))


def _price(data: Data) -> Price:
    match data["per"]:
        case "instance":
            where = _where(data.get("where", {})) | ({"outcome": tuple(data["outcomes"])} if "outcomes" in data else {})
            found: Match | None = Match("instance.completed", where)
        case "milestone":
            found = Match("milestone.reached", {"name": (data["milestone"],)})
        case "hour":
            found = Match(data.get("entry", "work.completed"), _where(data.get("where", {})))
        case _:
            found = None
    rows = data.get("tiers") or [{"price": data["price"]}]
    return Price(
        name=data["name"],
        per=data["per"],
        tiers=tuple(Tier(row.get("up_to"), Decimal(row["price"])) for row in rows),
        tier_mode=data.get("tier_mode", "graduated"),
        match=found,
        minutes=data.get("minutes", "minutes"),
        increment=data.get("increment", 0),
        fte=Decimal(data.get("fte", 1)),
    )


def _objective(key: str, data: Data) -> Objective:
    target, least = Decimal(data["target"]), data.get("minimum_cases", 1)
    if data["measure"] == "share":
        return Share(key, data["name"], _match(data["of"]), _where(data["good"]), target, least)
    within = data["within"]
    return Duration(
        key=key,
        name=data["name"],
        begins=_match(data["from"]),
        ends=_match(data["to"]),
        limit=int(Decimal(within.get("business_hours", within.get("hours"))) * HOUR),
        calendar=data.get("calendar", ""),
        target=target,
        exclusions=tuple(Exclusion(e["name"], _match(e["from"]), _match(e["to"])) for e in data.get("exclude", [])),
        left_out=tuple(data.get("leave_out", {}).get("outcomes", ())),
        minimum_cases=least,
    )


def _credits(data: Data) -> Credits:
    bands = {
        name: tuple(Band(Decimal(row["below"]), Decimal(row["credit"])) for row in rows)
        for name, rows in data["bands"].items()
    }
    return Credits(Decimal(data["at_risk"]), bands)
