"""The cases behind the bars of the home: each set is one query, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.bpmn.starter import STARTER
from anyshore.kernel.state import WORK
from anyshore.web.core import permissions, reader
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.core.numbers import whole
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.running import host
from anyshore.web.work import due
from anyshore.web.work.models import Handled

HOUR = 3_600_000_000
DAY = 24 * HOUR
DAYS = 14
"""Days of throughput that are shown."""
AGES = (4 * HOUR, DAY, 2 * DAY, 5 * DAY)
"""Bounds of the bands of age; the last is open."""
LEFT = (0, 4 * HOUR, 8 * HOUR, DAY)
"""Bounds of the bands of time left until an objective is missed; the last is open."""
WINDOW = 2_000
"""Open work whose deadlines are looked at: the oldest."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A band and how many cases are in it.

    Attributes:
        place: which band, counted from 0.
        count: the cases.
    """

    place: int
    count: int


def day_of(at: int, zone: str) -> int:
    """The day of an instant by the clock of a zone, counted from 1970."""
    local = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return local.toordinal() - datetime(1970, 1, 1, tzinfo=UTC).toordinal()


def bounds(day: int, zone: str) -> tuple[int, int]:
    """When a day begins and ends by the clock of a zone, microseconds since 1970 UTC."""
    first = datetime(1970, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
    ends = [one.astimezone(UTC).timestamp() for one in (first, first + timedelta(days=1))]
    return round(ends[0] * 1_000_000), round(ends[1] * 1_000_000)


def zone_of() -> str:
    """By whose clock days are counted: the reader's, else the installation's."""
    return reader.zone() or timezone.get_default_timezone_name()


def _open(person: Person, ability: str) -> QuerySet[Instance]:
    keys = engine.engagement_keys(person, ability)
    waiting = Wait.objects.filter(kind=WORK, engagement__in=keys).exclude(instance__in=engine.blocked(person))
    return Instance.objects.filter(pk__in=waiting.values("instance"))


def _aged(place: int, now: int) -> Q:
    older = Q(created__lte=now - AGES[place - 1]) if place else Q()
    return older & Q(created__gt=now - AGES[place]) if place < len(AGES) else older


def backlog(person: Person) -> list[Bar]:
    """Open work by the age of its case."""
    now = host().clock()
    counted = _open(person, "people.manage").aggregate(
        **{f"b{place}": Count("pk", filter=_aged(place, now)) for place in range(len(AGES) + 1)}
    )
    return [Bar(place, counted[f"b{place}"]) for place in range(len(AGES) + 1)]


def _deadlines(person: Person) -> dict[int, int]:
    """Instances with open work → time left until an objective is missed."""
    now = host().clock()
    rows = engine.open_work(engine.engagement_keys(person, "people.manage"), person).defer("data")[:WINDOW]
    return {number: at - now for number, at in due.moments(rows, now).items()}


def _band(left: int) -> int:
    return next((place for place, bound in enumerate(LEFT) if left < bound), len(LEFT))


def breach(person: Person) -> list[Bar]:
    """Open work by the time left until an objective of its terms is missed; the first band is over it."""
    places = [_band(left) for left in _deadlines(person).values()]
    return [Bar(place, places.count(place)) for place in range(len(LEFT) + 1)]


def ended(person: Person) -> list[Bar]:
    """Cases that ended on each of the last days; the last is today. ``place`` is the day."""
    zone = zone_of()
    today = day_of(host().clock(), zone)
    days = range(today - DAYS + 1, today + 1)
    spans = {f"d{day}": bounds(day, zone) for day in days}
    since = min(first for first, _last in spans.values())
    found = _ended(person).filter(ended__gte=since)
    counted = found.aggregate(
        **{name: Count("pk", filter=Q(ended__gte=first, ended__lt=last)) for name, (first, last) in spans.items()}
    )
    return [Bar(day, counted[f"d{day}"]) for day in days]


def _ended(person: Person) -> QuerySet[Instance]:
    keys = engine.engagement_keys(person, "people.manage")
    found = Instance.objects.filter(engagement__in=keys, parent=None, ended__isnull=False).exclude(kind=STARTER)
    return found.exclude(pk__in=engine.blocked(person))


def done(person: Person) -> list[Bar]:
    """Items the person finished on each of the last days."""
    zone = zone_of()
    today = day_of(host().clock(), zone)
    days = range(today - DAYS + 1, today + 1)
    rows = Handled.objects.filter(person=person, at__gte=bounds(days[0], zone)[0]).values_list("at", flat=True)
    counted = [day_of(at, zone) for at in rows]
    return [Bar(day, counted.count(day)) for day in days]


@dataclass(frozen=True, slots=True)
class Own:
    """How a person's work of the last days went.

    Attributes:
        today: items finished today.
        median: seconds an item took, in the middle; None without any.
        finished: items of the last ``DAYS`` days.
        again: of these, those whose case came back to a person with the same question.
    """

    today: int
    median: int | None
    finished: int
    again: int


def own(person: Person) -> Own:
    """The person's own figures of the last days."""
    zone = zone_of()
    today = day_of(host().clock(), zone)
    since = bounds(today - DAYS + 1, zone)[0]
    mine = list(Handled.objects.filter(person=person, at__gte=since).order_by("at"))
    times = sorted(one.spent for one in mine if one.spent)
    again = sum(one.pk in _came_back(mine) for one in mine)
    return Own(
        sum(day_of(one.at, zone) == today for one in mine), times[len(times) // 2] if times else None, len(mine), again
    )


@dataclass(frozen=True, slots=True)
class Done:
    """An item somebody finished.

    Attributes:
        row: when, and how long it took.
        instance: its case.
        again: whether it came back to a person afterwards.
    """

    row: Handled
    instance: Instance
    again: bool


def finished(person: Person, page: str | None) -> Sheet:
    """What a person finished, newest first, as far as they may still see the case."""
    theirs = engine.engagement_keys(person, "case.see")
    mine = Handled.objects.filter(person=person, engagement__in=theirs).exclude(instance__in=engine.blocked(person))
    shown = sheet(mine.order_by("-at", "-pk"), page)
    again = _came_back(shown.rows)
    rows = Instance.objects.defer("state").in_bulk({one.instance for one in shown})
    found = [Done(one, rows[one.instance], one.pk in again) for one in shown if one.instance in rows]
    return Sheet(found, shown.number, shown.more)


def _came_back(mine: list[Handled]) -> set[int]:
    numbers = {one.instance for one in mine}
    later = Handled.objects.filter(instance__in=numbers).values("instance", "form").annotate(last=Max("at"))
    finished = {(row["instance"], row["form"]): row["last"] for row in later}
    waits = Wait.objects.filter(kind=WORK, instance__in=numbers).values("instance", "name").annotate(last=Max("opened"))
    waiting = {(row["instance"], row["name"] or ""): row["last"] for row in waits}
    return {
        one.pk
        for one in mine
        if finished.get((one.instance, one.form), 0) > one.at or waiting.get((one.instance, one.form), -1) >= one.at
    }


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works for the engagements of a manager.

    Attributes:
        person: who.
        holds: items in their hands.
        since: since when the oldest of these is open; None without any.
        today: items finished today.
    """

    person: Person
    holds: int
    since: int | None
    today: int


def workers(person: Person) -> list[Worker]:
    """Who is free: the people of a manager's engagements, those with the least in their hands first."""
    engagements = permissions.visible_engagements(person, "people.manage")
    keys = list(engagements.values_list("key", flat=True))
    people = Person.objects.filter(assignments__engagement__in=engagements, is_active=True).distinct()
    held = Wait.objects.filter(kind=WORK, engagement__in=keys, claimed_by__isnull=False).values("claimed_by")
    load = {row["claimed_by"]: row for row in held.annotate(n=Count("wait"), since=Min("opened"))}
    zone = zone_of()
    since = bounds(day_of(host().clock(), zone), zone)[0]
    handled = Handled.objects.filter(engagement__in=keys, at__gte=since).values("person").annotate(n=Count("pk"))
    today = {row["person"]: row["n"] for row in handled}
    found = [
        Worker(one, load.get(one.email, {}).get("n", 0), load.get(one.email, {}).get("since"), today.get(one.pk, 0))
        for one in people
    ]
    return sorted(found, key=lambda one: (one.holds, one.person.name))


def cases(person: Person, name: str, place: str) -> QuerySet[Instance]:
    """The cases behind a bar, as far as the person may see them.

    Raises:
        NotFound: there is no such bar.
    """
    number = whole(place)
    if name not in _SETS or number is None:
        raise NotFound(_("There is no such list of cases."))
    found = _SETS[name](person, number)
    return found.exclude(pk__in=engine.blocked(person)).defer("state").order_by("created", "id")


def _of_backlog(person: Person, place: int) -> QuerySet[Instance]:
    if place > len(AGES):
        raise NotFound(_("There is no such list of cases."))
    return _open(person, "people.manage").filter(_aged(place, host().clock()))


def _of_breach(person: Person, place: int) -> QuerySet[Instance]:
    return Instance.objects.filter(pk__in=[one for one, left in _deadlines(person).items() if _band(left) == place])


def _of_ended(person: Person, day: int) -> QuerySet[Instance]:
    first, last = _span(day)
    return _ended(person).filter(ended__gte=first, ended__lt=last)


def _of_done(person: Person, day: int) -> QuerySet[Instance]:
    first, last = _span(day)
    seen = engine.engagement_keys(person, "case.see")
    mine = Handled.objects.filter(person=person, at__gte=first, at__lt=last)
    return Instance.objects.filter(pk__in=mine.values("instance"), engagement__in=seen)


def _span(day: int) -> tuple[int, int]:
    if day > day_of(host().clock(), zone_of()) + 1:
        raise NotFound(_("There is no such list of cases."))
    return bounds(day, zone_of())


_SETS: Mapping[str, Callable[[Person, int], QuerySet[Instance]]] = {
    "backlog": _of_backlog, "breach": _of_breach, "ended": _of_ended, "done": _of_done,
}  # fmt: skip
