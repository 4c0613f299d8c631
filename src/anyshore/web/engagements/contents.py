"""What terms agree on, in words: sections of named rows, and what a version changes about the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby, zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anyshore.base.errors import TermsError
from anyshore.terms import reading
from anyshore.terms.calendars import WEEKDAYS, Calendar, HolidayRegion, Span
from anyshore.terms.messages import clock_time
from anyshore.terms.model import Credits, Duration, Match, Objective, Party, Price, Service, Share, Terms
from anyshore.terms.months import Month
from anyshore.web.core.templatetags.show import date_of, money, number, word
from anyshore.web.engagements.models import TermsVersion

SAME, NEW, CHANGED, GONE = "same", "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing agreed.

    Attributes:
        key: what it is in every version.
        label: its name.
        text: what is agreed.
        state: against the version before: ``same``, ``new``, ``changed`` or ``gone``.
        before: what was agreed before, where it changed.
    """

    key: str
    label: str
    text: str
    state: str = SAME
    before: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Things that belong together: the contract itself, a calendar, a service."""

    key: str
    title: str
    rows: tuple[Row, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an engagement's terms to be shown.

    Attributes:
        row: as it was proposed.
        sections: what it agrees on; empty where this version of Anyshore cannot read it.
        before: number of the version it is compared with; None for the first.
        changes: how many rows are new, changed and gone.
        reaches: billed months it would come into force in, once it is accepted.
    """

    row: TermsVersion
    sections: list[Section]
    before: int | None
    changes: dict[str, int]
    reaches: list[Month]


def of_versions(rows: Sequence[TermsVersion], billed: Mapping[Month, date]) -> list[Version]:
    """Versions, newest first, each compared with the one before.

    Args:
        rows: the versions.
        billed: the billed months, and since when the terms of each have been in force.
    """
    found = []
    for row, older in zip_longest(rows, rows[1:]):
        terms, before = _read(row), _read(older) if older is not None else None
        shown = sections(terms, before) if terms is not None else []
        reaches = _reached(terms, billed) if terms is not None and row.accepted is None else []
        found.append(Version(row, shown, older.version if before is not None else None, changes(shown), reaches))
    return found


def _reached(terms: Terms, billed: Mapping[Month, date]) -> list[Month]:
    """The billed months whose terms these would be: the latest in force by then, of equals the last signed."""
    return [month for month, since in sorted(billed.items()) if since <= terms.in_force_from <= month.last]


def _read(row: TermsVersion) -> Terms | None:
    return _terms(row.text)


@lru_cache(maxsize=100)
def _terms(text: str) -> Terms | None:
    try:
        return reading.loads(text)
    except TermsError:
        return None


def sections(terms: Terms, before: Terms | None = None) -> list[Section]:
    """All that terms agree on; with the version before, marked by what has changed, what is gone included."""
    found = _sections(terms)
    return found if before is None else _compared(found, _sections(before))


def changes(found: Iterable[Section]) -> dict[str, int]:
    """How many rows are new, changed and gone."""
    states = [row.state for section in found for row in section.rows]
    return {state: states.count(state) for state in (NEW, CHANGED, GONE)}


def _sections(terms: Terms) -> list[Section]:
    calendars = [
        Section(f"calendar {name}", _("Calendar “%s”") % name, tuple(_calendar(one)))
        for name, one in terms.calendars.items()
    ]
    services = [
        Section(f"service {key}", f"{one.name} ({one.kind.upper()})", tuple(_service(one, terms.currency)))
        for key, one in terms.services.items()
    ]
    return [Section("contract", _("The contract"), tuple(_contract(terms))), *services, *calendars]


def _compared(now: Sequence[Section], before: Sequence[Section]) -> list[Section]:
    known = {section.key: section for section in before}
    found = [_marked(section, known.pop(section.key, None)) for section in now]
    gone = (replace(one, rows=tuple(replace(row, state=GONE) for row in one.rows)) for one in known.values())
    return [*found, *gone]


def _marked(now: Section, before: Section | None) -> Section:
    known = {row.key: row for row in before.rows} if before is not None else {}
    rows = []
    for row in now.rows:
        old = known.pop(row.key, None)
        if old is None:
            rows.append(replace(row, state=NEW))
        elif (old.label, old.text) != (row.label, row.text):
            was = old.text if old.label == row.label else f"{old.label}: {old.text}"
            rows.append(replace(row, state=CHANGED, before=was))
        else:
            rows.append(row)
    if before is not None and before.title != now.title:
        rows.insert(0, Row("title", _("Name"), now.title, CHANGED, before.title))
    return replace(now, rows=(*rows, *(replace(row, state=GONE) for row in known.values())))


# The contract


def _contract(terms: Terms) -> Iterator[Row]:
    yield Row("title", _("Title"), terms.title)
    yield Row("client", _("Client"), _party(terms.client))
    yield Row("provider", _("Provider"), _party(terms.provider))
    end = date_of(terms.end) if terms.end else _("until it is ended")
    yield Row("term", _("Term"), f"{date_of(terms.start)} – {end}")
    yield Row("force", _("This version holds from"), date_of(terms.in_force_from))
    yield Row("zone", _("Time zone"), terms.time_zone)
    yield Row("shores", _("Shores allowed"), ", ".join(word(one) for one in terms.shores))
    yield Row("data", _("Classes of data"), ", ".join(terms.data_classes) or "–")
    yield Row("currency", _("Currency"), terms.currency)
    vat = f"{_number(terms.vat.rate)} % ({terms.vat.category})"
    yield Row("vat", _("Value added tax"), f"{vat} {terms.vat.note}".strip())
    yield from _billing(terms)


def _billing(terms: Terms) -> Iterator[Row]:
    """What an electronic invoice says of both sides, and where it is paid."""
    sides = (("client", _("Invoices go to"), terms.client), ("provider", _("Invoices come from"), terms.provider))
    for key, label, party in sides:
        if text := _billed(party):
            yield Row(f"billing {key}", label, text)
    if terms.payment is not None:
        one = terms.payment
        account = " ".join(part for part in (one.account, one.account_name, one.bic) if part)
        yield Row("payment", _("Payable"), _("within %(days)d days to %(to)s") % {"days": one.days, "to": account})


def _billed(party: Party) -> str:
    address, contact = party.address, party.contact
    town = f"{address.country}-{address.post_code} {address.city}" if address else ""
    asked = [contact.name, contact.phone, contact.email] if contact else []
    numbers = [party.vat_id, party.tax_number, party.registration, party.reference]
    parts = [*(address.lines if address else ()), town, party.email, *numbers, *asked]
    return ", ".join(part for part in parts if part)


def _party(party: Party) -> str:
    return f"{party.name} ({', '.join(party.countries)})"


# Calendars


def _calendar(calendar: Calendar) -> Iterator[Row]:
    yield Row("zone", _("Time zone"), calendar.zone)
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    for spans, group in groupby(range(7), key=lambda day: calendar.weekly[day]):
        days = list(group)
        first, last = days[0], days[-1]
        label = names[first] if first == last else f"{names[first]} – {names[last]}"
        yield Row(f"hours {WEEKDAYS[first]} {WEEKDAYS[last]}", label, _hours(spans))
    yield Row("holidays", _("Public holidays of"), ", ".join(map(_region, calendar.regions)) or _("none"))
    for region in calendar.regions:
        if region.make_up:
            yield Row(f"make up {_region(region)}", _("Weekend days worked for a day off"), _hours(region.make_up))
    for one in calendar.special:
        text = f"{one.name}: {_hours(one.hours)}" if one.name else _hours(one.hours)
        yield Row(f"day {one.day}", date_of(one.day), text)


def _region(region: HolidayRegion) -> str:
    place = f"{region.country} ({region.subdivision})" if region.subdivision else region.country
    return " + ".join((place, *region.also))


def _hours(spans: Iterable[Span]) -> str:
    clock = [f"{a // 60:02}:{a % 60:02}–{b // 60:02}:{b % 60:02}" for a, b in spans]
    return ", ".join(clock) or _("closed")


# Services


def _service(service: Service, currency: str) -> Iterator[Row]:
    for price in service.prices:
        yield Row(f"price {price.name}", price.name, _price(price, currency))
    if service.minimum_charge:
        amount = money(service.minimum_charge, currency)
        yield Row("minimum", _("Minimum charge"), _("%s in a month") % amount)
    for objective in service.objectives:
        yield Row(f"objective {objective.key}", objective.name, _objective(objective))
    if service.credits is not None:
        yield from _credits(service.credits, service.objectives)
    if service.baseline is not None:
        text = _("%(cost)s for a case, from: %(source)s")
        values = {"cost": money(service.baseline.unit_cost, currency), "source": service.baseline.source}
        yield Row("baseline", _("What the client paid before"), text % values)


_PER: Mapping[str, object] = {
    "instance": gettext_lazy("for a case"), "milestone": gettext_lazy("for a milestone"),
    "hour": gettext_lazy("for an hour"), "fte_month": gettext_lazy("for a full-time equivalent and month"),
    "month": gettext_lazy("for a month"),
}  # fmt: skip


def _price(price: Price, currency: str) -> str:
    tiers = []
    for tier in price.tiers:
        amount = f"{_number(tier.price, 2)} {currency}"
        if tier.up_to is not None:
            amount = _("%(amount)s up to %(number)s") % {"amount": amount, "number": _number(tier.up_to)}
        elif len(price.tiers) > 1:
            amount = _("%s beyond") % amount
        tiers.append(amount)
    parts = [f"{', '.join(tiers)} {_PER[price.per]}"]
    if len(price.tiers) > 1:
        graduated = _("each unit at the price of its own step")
        parts.append(graduated if price.tier_mode == "graduated" else _("all units at the price of the step reached"))
    if price.per == "fte_month":
        parts.append(_("%s full-time equivalents") % _number(price.fte))
    if price.match is not None:
        parts.append(_("counted: %s") % _match(price.match))
    if price.per == "hour":
        parts.append(_("minutes from “%s”") % price.minutes)
        if price.increment:
            parts.append(_("each rounded up to %d minutes") % price.increment)
    return "; ".join(parts)


def _objective(objective: Objective) -> str:
    target = f"{_number(objective.target)} %"
    if isinstance(objective, Share):
        text = _("%(target)s of: %(of)s, with %(good)s")
        values = {"target": target, "of": _match(objective.of), "good": _where(objective.good)}
        return _assessed([text % values], objective)
    return _assessed(_duration(objective, target), objective)


def _duration(objective: Duration, target: str) -> list[str]:
    clock = _("business time by the calendar “%s”") % objective.calendar if objective.calendar else _("round the clock")
    text = _("%(target)s within %(limit)s (%(clock)s), from: %(begins)s, to: %(ends)s")
    parts = [
        text
        % {
            "target": target, "limit": clock_time(objective.limit), "clock": clock, "begins": _match(objective.begins),
            "ends": _match(objective.ends),
        }
    ]  # fmt: skip
    for one in objective.exclusions:
        stands = _("the clock stands still while %(name)s (from: %(begins)s, to: %(ends)s)")
        parts.append(stands % {"name": one.name, "begins": _match(one.begins), "ends": _match(one.ends)})
    if objective.left_out:
        parts.append(_("not counted are those that end as: %s") % ", ".join(objective.left_out))
    return parts


def _assessed(parts: list[str], objective: Objective) -> str:
    if objective.minimum_cases > 1:
        parts.append(_("assessed from %d cases in a month") % objective.minimum_cases)
    return "; ".join(parts)


def _credits(credits: Credits, objectives: Iterable[Objective]) -> Iterator[Row]:
    names = {one.key: one.name for one in objectives}
    for key, bands in credits.bands.items():
        texts = [
            _("below %(below)s %%: %(credit)s %% of the fee")
            % {"below": _number(band.below), "credit": _number(band.credit)}
            for band in bands
        ]
        yield Row(f"credit {key}", _("Service credit: %s") % names.get(key, key), "; ".join(texts))
    at_risk = _("at most %s %% of the month's fee") % _number(credits.at_risk)
    yield Row("at risk", _("All service credits together"), at_risk)


_ENTRIES: Mapping[str, object] = {
    "instance.started": gettext_lazy("a case begins"), "instance.completed": gettext_lazy("a case is completed"),
    "instance.cancelled": gettext_lazy("a case is cancelled"),
    "instance.suspended": gettext_lazy("a case is put on hold"),
    "instance.resumed": gettext_lazy("a case goes on"), "work.taken": gettext_lazy("a work item is taken"),
    "work.returned": gettext_lazy("a work item is given back"),
    "milestone.reached": gettext_lazy("a milestone is reached"),
    "work.opened": gettext_lazy("a work item opens"), "work.completed": gettext_lazy("a work item is done"),
    "incident.raised": gettext_lazy("an incident arises"), "incident.resolved": gettext_lazy("an incident is solved"),
    "case.finding": gettext_lazy("a finding is noted"), "case.signed": gettext_lazy("a case is signed"),
    "documents.erased": gettext_lazy("documents are deleted"),
    "instance.erased": gettext_lazy("what a case held is deleted"),
}  # fmt: skip


def entry_words(entry: str) -> str:
    """What an entry of the ledger says, for people."""
    return str(_ENTRIES.get(entry, entry))


def _match(match: Match) -> str:
    text = entry_words(match.entry)
    return f"{text} ({_where(match.where)})" if match.where else text


def _where(where: Mapping[str, tuple[object, ...]]) -> str:
    return ", ".join(f"{name} = {' / '.join(map(_fact, values))}" for name, values in where.items())


def _fact(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _number(value: Decimal | int, least: int = 0) -> str:
    """A number without zeros at its end, but with at least so many places."""
    exact = Decimal(value).normalize()
    return number(exact, max(least, -int(exact.as_tuple().exponent)))
