"""What operations look after: incidents by their cause, tasks tried again, work on hold, versions left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from anyshore.base.errors import AnyshoreError
from anyshore.bpmn.starter import STARTER
from anyshore.host import migrations, starters
from anyshore.host.driver import Host
from anyshore.host.starters import Standing
from anyshore.kernel.state import INCIDENT, JOB, WORK
from anyshore.web.core import permissions
from anyshore.web.core.errors import Denied, NotFound
from anyshore.web.core.models import Engagement, Person
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.running import host
from anyshore.web.engine.tallies import services_of

RUNNING = ("active", "suspended")


def _seen(person: Person) -> tuple[list[str], frozenset[int]]:
    """The engagements whose operation a person looks after, and the cases a wall keeps them from."""
    return engine.engagement_keys(person, "incident.see"), engine.blocked(person)


def _waits(person: Person, kind: str) -> QuerySet[Wait]:
    keys, hidden = _seen(person)
    return Wait.objects.filter(kind=kind, engagement__in=keys).exclude(instance__in=hidden)


def overview(person: Person) -> dict[str, int]:
    """How much is under way, waits, is tried again, is on hold, is stuck."""
    keys, hidden = _seen(person)
    by_status: Counter[str] = Counter()
    for one in engine.how_many(keys, hidden):
        by_status[one.status] += one.number if one.kind != STARTER else 0
    waits = Wait.objects.filter(engagement__in=keys, kind__in=(WORK, JOB, INCIDENT)).exclude(instance__in=hidden)
    by_kind = dict(waits.order_by().values_list("kind").annotate(n=Count("*")))
    return {
        "active": by_status.get("active", 0), "suspended": by_status.get("suspended", 0),
        "work": by_kind.get(WORK, 0), "jobs": by_kind.get(JOB, 0), "incidents": by_kind.get(INCIDENT, 0),
        "retried": retried(person).count(),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """Incidents of one code at one element of one service: what a person decides about together.

    Attributes:
        engagement: its key.
        service: the service.
        code: code of the incidents.
        element: id of the element they stand at.
        place: what people call that element.
        count: how many there are.
        oldest: when the first of them opened, microseconds since 1970 UTC.
        data: what one of them says: ``message``, ``hint``, ``where``.
        may_act: whether the person may help.
    """

    engagement: str
    service: str
    code: str
    element: str
    place: str
    count: int
    oldest: int
    data: Mapping[str, Any]
    may_act: bool


def causes(person: Person, limit: int = 100) -> list[Cause]:
    """The open incidents a person may see, by cause, the most frequent first."""
    able = set(engine.engagement_keys(person, "incident.act"))
    grouped = _waits(person, INCIDENT).order_by().values("engagement", "service", "name", "element")
    found = list(grouped.annotate(n=Count("wait"), since=Min("opened"), one=Min("instance")).order_by("-n", "since"))
    found = found[:limit]
    numbers = [one["one"] for one in found]
    rows = Instance.objects.defer("state").in_bulk(numbers)
    samples = {(w.instance, w.name, w.element): w for w in Wait.objects.filter(kind=INCIDENT, instance__in=numbers)}
    return [
        Cause(
            one["engagement"], one["service"], one["name"] or "", one["element"],
            _place(rows.get(one["one"]), one["element"]), one["n"], one["since"],
            engine.data(samples[one["one"], one["name"], one["element"]]), one["engagement"] in able,
        )
        for one in found
        if (one["one"], one["name"], one["element"]) in samples
    ]  # fmt: skip


def _place(row: Instance | None, element: str) -> str:
    """The name of an element; its id where the definition cannot be read."""
    try:
        return engine.element_name(row, element) if row is not None and element else ""
    except AnyshoreError:
        return element


@dataclass(frozen=True, slots=True)
class Trouble:
    """An open incident with what a person needs to decide."""

    row: Wait
    instance: Instance
    data: Mapping[str, Any]
    element: str
    may_act: bool


def troubles(person: Person, chosen: Mapping[str, str | None], page: str | None = None, size: int = 50) -> Sheet:
    """Open incidents one by one, oldest first; ``chosen`` filters by engagement, service, code and element."""
    found = _waits(person, INCIDENT)
    for field, name in (("engagement", "engagement"), ("service", "service"), ("name", "code"), ("element", "element")):
        if chosen.get(name) is not None:
            found = found.filter(**{field: chosen[name]})
    cut = sheet(found.order_by("opened", "instance", "wait"), page, size)
    able = set(engine.engagement_keys(person, "incident.act"))
    rows = Instance.objects.defer("state").in_bulk([one.instance for one in cut.rows])
    shown = [
        Trouble(
            one, rows[one.instance], engine.data(one), _place(rows[one.instance], one.element), one.engagement in able
        )
        for one in cut.rows
        if one.instance in rows
    ]
    return Sheet(shown, cut.number, cut.more)


def retried(person: Person) -> QuerySet[Wait]:
    """Automatic tasks that failed before and are tried again, the next one first."""
    failed = Q(attempts__gt=1) | Q(attempts=1, claimed_by=None, due__isnull=False)
    return _waits(person, JOB).filter(failed).order_by("due", "instance", "wait")


def retries(person: Person, page: str | None = None) -> Sheet:
    """The same with their cases and the names of their elements."""
    cut = sheet(retried(person), page)
    rows = Instance.objects.defer("state").in_bulk([one.instance for one in cut.rows])
    shown = [
        {"row": one, "instance": rows[one.instance], "element": _place(rows[one.instance], one.element)}
        for one in cut.rows
        if one.instance in rows
    ]
    return Sheet(shown, cut.number, cut.more)


def held(person: Person, page: str | None = None) -> Sheet:
    """Work on hold, the newest first."""
    keys, hidden = _seen(person)
    found = Instance.objects.filter(engagement__in=keys, status="suspended").exclude(pk__in=hidden).defer("state")
    return sheet(found.order_by("-id"), page)


def standing(person: Person) -> list[Standing]:
    """What begins work by itself in the engagements a person looks after, the soonest first."""
    keys, hidden = _seen(person)
    found = [one for one in starters.standing(host()) if one.row.engagement in keys and one.row.id not in hidden]
    return sorted(found, key=lambda one: (not one.timers, one.timers[:1] and one.timers[0][1], one.row.id))


def places(person: Person) -> list[tuple[str, str, str]]:
    """Where a person may start work: engagement and service as one word, title of the engagement, the service."""
    return [
        (f"{engagement.key}/{service}", engagement.title, service)
        for engagement in permissions.visible_engagements(person, "work.start").order_by("title")
        for service in services_of(engagement)
    ]


def able(person: Person) -> frozenset[str]:
    """The engagements in which a person may help."""
    return frozenset(engine.engagement_keys(person, "incident.act"))


@dataclass(frozen=True, slots=True)
class Version:
    """Running work of one engagement on one version of a definition.

    Attributes:
        engagement: key of the engagement.
        reference: exact reference of the version.
        newest: exact reference of the newest version; the same where nothing newer is deployed.
        count: how many instances run on it.
    """

    engagement: str
    reference: str
    newest: str
    count: int

    @property
    def behind(self) -> bool:
        """Whether a newer version is deployed."""
        return self.newest != self.reference


def versions(person: Person) -> list[Version]:
    """The versions work runs on, those left behind by a newer one first."""
    keys, hidden = _seen(person)
    counted: Counter[tuple[str, str]] = Counter()
    for one in engine.how_many(keys, hidden):
        if one.status in RUNNING and one.kind != STARTER:  # starters follow by themselves
            counted[one.engagement, one.definition] += one.number
    runtime = host()  # with what was deployed since
    newest = {reference: _newest(runtime, reference) for reference in {reference for _key, reference in counted}}
    found = [Version(key, reference, newest[reference], n) for (key, reference), n in counted.items()]
    return sorted(found, key=lambda one: (not one.behind, one.engagement, one.reference))


def _newest(runtime: Host, reference: str) -> str:
    try:
        return runtime.newest(reference).reference
    except AnyshoreError:
        return reference


def move(person: Person, key: str, reference: str, elements: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A plan from a version to the newest, checked: which elements map, which cannot.

    Raises:
        NotFound: no work of the engagement runs on this version, or the person may not know of it.
        Denied: the person may not help here.
        CommandRejected: it is the newest version.
    """
    engagement = permissions.engagement(person, key, "incident.act")
    numbers = _running(person, engagement, reference)
    count = numbers.count()
    if not count:
        raise NotFound(_("No work of this engagement runs on this version."))
    runtime = host()
    plan = migrations.plan(runtime, reference, elements=elements)
    check = migrations.check(runtime, plan)
    old, new = (engine.element_names(one) for one in (plan.source, plan.target))
    placed = Wait.objects.filter(instance__in=numbers.values("pk")).order_by().values_list("element")
    return {
        "engagement": engagement, "plan": plan, "check": check, "count": count, "old": old, "new": new,
        "standing": dict(placed.annotate(n=Count("instance", distinct=True))),
    }  # fmt: skip


def _running(person: Person, engagement: Engagement, reference: str) -> QuerySet[Instance]:
    found = Instance.objects.filter(engagement=engagement.key, definition=reference, status__in=RUNNING)
    return found.exclude(pk__in=engine.blocked(person))


def allowed(person: Person, numbers: Iterable[int]) -> dict[int, str]:
    """Those of the instances that a person may help, with the keys of their engagements.

    Raises:
        NotFound: one of them is not there, or the person may not know of it.
        Denied: the person may not help one of them.
    """
    wanted = set(numbers)
    keys, hidden = _seen(person)
    seen = Instance.objects.filter(pk__in=wanted, engagement__in=keys).exclude(pk__in=hidden)
    found = dict(seen.order_by("pk").values_list("pk", "engagement"))
    if len(found) < len(wanted):
        raise NotFound(_("There is no such case."))
    if set(found.values()) - able(person):
        raise Denied(_("Your role does not allow this."))
    return found


def unmapped(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The elements of a move that need a decision: where work stands first, then by name."""
    check, plan = found["check"], found["plan"]
    wanted = [*check.gone, *check.differs, *(one for one in plan.elements if one in check.maps)]
    rows = [
        {
            "id": one, "name": found["old"].get(one, one), "standing": found["standing"].get(one, 0),
            "to": plan.elements.get(one, ""), "why": check.differs.get(one, ""),
        }
        for one in dict.fromkeys(wanted)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["standing"], row["name"]))
