"""A story of three months in two countries: what the demonstration has to show when one signs in.

A German client has its supplier invoices handled nearshore, an Irish one its contracts reviewed. Everything goes
through the same actions as in the pages, under a clock that is put back: receipts, tasks, invoices, payments. The
second month misses an objective and gives its credit; at the end one case has an incident, contracts are under review,
one expert stands behind a wall, and an amendment waits to be accepted.
"""

from __future__ import annotations

import heapq
import random
import re
import tempfile
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from anyshore.activities.activity import Activity
from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import HostError
from anyshore.base.tables.writing import write_csv
from anyshore.host.driver import Host
from anyshore.packs import reading
from anyshore.terms import reading as reading_terms
from anyshore.terms.model import Terms
from anyshore.terms.months import Month
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements import actions as terms
from anyshore.web.engagements import settling
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance, Wait
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.intake import actions as intake
from anyshore.web.screening import actions as walls
from anyshore.web.site import demonstration, runs, services
from anyshore.web.work import actions as work

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = 3
PER_MONTH = 20
"""Invoices that come in a month."""
LEFT = timedelta(hours=8)
"""Before now everything was told: what is tried again meanwhile is no later than now."""
LATE = 5
"""Of the second month's, how many are decided after their time."""
_START = "start: 2026-01-01"
TOLD = ("invoices", "contracts")
"""The terms of both engagements, in the folder ``told``; their one service names its pack."""
_SEED = 7


@dataclass(slots=True)
class Clock:
    """A clock that is set by hand."""

    now: int

    def __call__(self) -> int:
        return self.now

    def to(self, moment: datetime) -> None:
        """Goes on to a moment, never back."""
        self.now = max(self.now, int(moment.astimezone(UTC).timestamp() * 1_000_000))


@dataclass(slots=True)
class Story:
    """What is told, as it is told.

    Attributes:
        clock: of the host.
        host: under that clock.
        months: those that are over.
        draw: what is drawn from a fixed seed.
    """

    clock: Clock
    host: Host
    months: list[Month]
    draw: random.Random = field(default_factory=lambda: random.Random(_SEED))
    ahead: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Something that happens at a moment."""
        heapq.heappush(self.ahead, (moment, len(self.ahead), act))

    def tell(self, until: datetime) -> None:
        """Lets happen what is due until a moment, in the order of time."""
        while self.ahead and self.ahead[0][0] <= until:
            moment, _place, act = heapq.heappop(self.ahead)
            self.clock.to(moment)
            act()
            self.host.work()


def tell(now: datetime | None = None, per_month: int = PER_MONTH) -> list[Engagement]:
    """Tells the story up to now, once: where its engagements are there, nothing is done.

    Args:
        now: the end of the story; the time of telling where left out.
        per_month: invoices that come in a month.

    Returns:
        Its engagements.
    """
    now = (now or datetime.now(UTC)).astimezone(BERLIN) - LEFT
    known = list(Engagement.objects.filter(key__in=[_terms(name).id for name in TOLD]))
    if known:
        return known
    months = _months_before(now.date())
    clock = Clock(0)
    clock.to(datetime.combine(months[0].first - timedelta(days=6), time(11), BERLIN))
    host = Host(DatabaseStore(), ACTIVITIES, clock=clock, report_of=reading.report_of)
    running.install(host)
    try:
        story = Story(clock, host, months)
        invoices, contracts = (_signed(name, months[0].first) for name in TOLD)
        demonstration.decide_sample(invoices)
        _invoices(story, invoices, now, per_month)
        _contracts(story, contracts, now)
        story.tell(now)
        clock.to(now)
        _open_ends(story, invoices, contracts)
        return [invoices, contracts]
    finally:
        running.forget()


def _months_before(day: date) -> list[Month]:
    month = Month(day.year, day.month)
    found: list[Month] = []
    for _ in range(MONTHS):
        last = month.first - timedelta(days=1)
        month = Month(last.year, last.month)
        found.insert(0, month)
    return found


def _text(name: str, start: date) -> str:
    text = files(__package__).joinpath("told", f"{name}.yaml").read_text(encoding="utf-8")
    return text.replace(_START, f"start: {start.isoformat()}")


def _terms(name: str) -> Terms:
    return reading_terms.loads(_text(name, date(2026, 1, 1)))


def _pack(engagement: Engagement) -> str:
    """The pack whose work is done under an engagement: its one service."""
    return next(iter(next(one for one in map(_terms, TOLD) if one.id == engagement.key).services))


def _signed(name: str, start: date) -> Engagement:
    return demonstration.engage(_text(name, start), since=start - timedelta(days=30))[0]


def people(engagement: Engagement, role: str) -> list[Person]:
    sides = [engagement.client_id, engagement.provider_id]
    found = Person.objects.filter(memberships__role=role, memberships__organisation__in=sides)
    return list(found.order_by("pk").distinct())


# Supplier invoices, month by month.


def _invoices(story: Story, engagement: Engagement, now: datetime, per_month: int) -> None:
    days = [day for month in story.months for day in _workdays(month, per_month)]
    days += [day for day in _workdays(Month(now.year, now.month), per_month) if day < now.date()]
    arriving = [_Arriving(number, day, known=number % 4 != 3) for number, day in enumerate(days, 1)]
    _reference_data(engagement, arriving, story)
    late = [one for one in arriving if not one.known and (one.day.year, one.day.month) == story.months[1]][:LATE]
    for one in arriving:
        hour = story.draw.randint(9, 13)
        moment = datetime.combine(one.day, time(hour, story.draw.randint(0, 59)), BERLIN)
        story.at(moment, lambda one=one: _receive(engagement, one))  # type: ignore[misc]
        if not one.known:
            answered = moment + (timedelta(days=4) if one in late else timedelta(hours=2))
            story.at(answered, lambda one=one: _decide(engagement, one))  # type: ignore[misc]
    for place, month in enumerate(story.months):
        _bill(story, engagement, month, paid=place == 0)


@dataclass(frozen=True, slots=True)
class _Arriving:
    """An invoice that comes in; ``known`` if its order is on record."""

    number: int
    day: date
    known: bool

    @property
    def name(self) -> str:
        return f"RE-{self.day:%Y%m}-{self.number:04}"

    @property
    def order(self) -> str:
        return f"PO-{30_000 + self.number}" if self.known else f"PO-{90_000 + self.number}"

    @property
    def boxes(self) -> int:
        return 5 + self.number * 7 % 36


def _workdays(month: Month, most: int) -> Iterator[date]:
    """Days of a month on which something comes in."""
    days = (month.first + timedelta(days=place) for place in range(month.days))
    some = [day for day in days if day.weekday() < 5]
    yield from sorted(some[place * len(some) // most % len(some)] for place in range(most))


_PRICE = Decimal("21.50")
_BLOCK = re.compile(r"  <cac:InvoiceLine>\s*<cbc:ID>2<.*?</cac:InvoiceLine>\s*", re.DOTALL)


def _file(one: _Arriving, samples: Path) -> bytes:
    """The sample invoice with other numbers: boxes of paper alone."""
    text = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8")
    net = one.boxes * _PRICE
    tax = (net * 19 / 100).quantize(Decimal("0.01"))
    changed = {
        "RE-2026-0101": one.name, "PO-4711": one.order, "2026-03-02": one.day.isoformat(),
        "2026-04-01": (one.day + timedelta(days=30)).isoformat(), "1309.40": f"{net:.2f}", "860.00": f"{net:.2f}",
        "248.79": f"{tax:.2f}", "1558.19": f"{net + tax:.2f}", 'unitCode="XBX">40<': f'unitCode="XBX">{one.boxes}<',
        "Musterwerk AG": "Rheinwerk Maschinen AG", "DE123456788": "DE136695976X",
    }  # fmt: skip
    text = _BLOCK.sub("", text)
    for old, new in changed.items():
        text = text.replace(old, new)
    return text.replace("DE136695976X", "DE811569869").encode()


def _reference_data(engagement: Engagement, arriving: list[_Arriving], story: Story) -> None:
    seller = ("DE136695976", "Nordlicht Bürobedarf GmbH")
    orders: list[tuple[object, ...]] = [
        ("order", "seller_vat_id", "seller_name", "currency", "line", "item", "description", "quantity", "unit",
         "unit_price", "net"),
        *((one.order, *seller, "EUR", 1, "A4-80", "Kopierpapier A4, 80 g", one.boxes, "XBX", "21.50",
           f"{one.boxes * _PRICE:.2f}") for one in arriving if one.known),
    ]  # fmt: skip
    ready = services.ready(_pack(engagement), engagement.key)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "purchase-orders.csv").write_text(write_csv(orders), encoding="utf-8")
        for one in files(__package__).joinpath("told", "references").iterdir():
            Path(folder, one.name).write_bytes(one.read_bytes())
        runs.load_references(ready, runs.Source((), Path(folder)))
    story.host.work()


def _receive(engagement: Engagement, one: _Arriving) -> None:
    [manager, *_] = people(engagement, "manager")
    samples = reading.named(_pack(engagement)).samples
    intake.request(manager, engagement.key, _pack(engagement), documents=[(f"{one.name}.xml", _file(one, samples))])


def _decide(engagement: Engagement, one: _Arriving) -> None:
    [agent, *_] = people(engagement, "agent")
    wait = Wait.objects.filter(engagement=engagement.key, kind="work", instance__in=_of(engagement, one)).first()
    if wait is not None:
        work.take(agent, wait.instance, wait.wait)
        work.complete(agent, wait.instance, wait.wait, {"decision": "return", "note": "There is no such order."})


def _of(engagement: Engagement, one: _Arriving) -> list[int]:
    found = Instance.objects.filter(engagement=engagement.key, reference__contains=one.name)
    return list(found.values_list("pk", flat=True))


def _bill(story: Story, engagement: Engagement, month: Month, *, paid: bool) -> None:
    """The month is billed on the third of the next; the first is accepted and paid."""
    [manager, *_] = people(engagement, "manager")
    [owner, *_] = people(engagement, "owner")
    third = datetime.combine(month.next.first + timedelta(days=2), time(9, 30), BERLIN)
    story.at(third, lambda: _issue(manager, engagement, month))
    if paid:
        story.at(third + timedelta(days=2), lambda: settling.accept(owner, engagement.key, _number(engagement)))
        story.at(third + timedelta(days=20), lambda: _pay(manager, engagement))


def _issue(manager: Person, engagement: Engagement, month: Month) -> None:
    terms.issue_invoice(manager, engagement.key, str(month))


def _number(engagement: Engagement) -> str:
    return settling.sent(engagement)[0].document.number


def _pay(manager: Person, engagement: Engagement) -> None:
    first = settling.sent(engagement)[0]
    day = datetime.fromtimestamp(running.now() / 1_000_000, BERLIN).date()
    settling.pay(manager, engagement.key, first.document.number, day, first.settlement.left, "SEPA")


# Contracts under review, and what is still open at the end.


def _contracts(story: Story, engagement: Engagement, now: datetime) -> None:
    """One contract was reviewed and signed in the second month; two are under review."""
    services.ready(_pack(engagement), engagement.key)
    middle = datetime.combine(story.months[1].first + timedelta(days=8), time(10), BERLIN)
    story.at(middle, lambda: _review(engagement, play=True))
    for days in (4, 2):
        story.at(now - timedelta(days=days, hours=1), lambda: _review(engagement, play=False))
    [manager, *_] = people(engagement, "manager")
    month = story.months[1]
    third = datetime.combine(month.next.first + timedelta(days=2), time(10), BERLIN)
    story.at(third, lambda: _issue(manager, engagement, month))


def _review(engagement: Engagement, *, play: bool) -> None:
    ready = services.ready(_pack(engagement), engagement.key)
    if play:
        runs.run(ready, runs.source(ready, (), None, None), runs.Options(play=True))
        return
    sample = (ready.pack.samples / "maintenance-agreement.txt").read_bytes()
    number = Instance.objects.filter(engagement=engagement.key, parent=None).count() + 1
    text = f"Schedule {number}.\n\n".encode() + sample
    intake.request(ready.by, engagement.key, ready.pack.id, documents=[(f"maintenance-{number}.txt", text)])


def _open_ends(story: Story, invoices: Engagement, contracts: Engagement) -> None:
    """An incident, an item that waits, a wall and an amendment."""
    day = datetime.fromtimestamp(story.clock.now / 1_000_000, BERLIN).date()
    last = _Arriving(Instance.objects.count() + 5000, day, known=True)
    host = _without(story.host, f"{_pack(invoices)}.match-order")
    running.install(host)
    _receive(invoices, last)
    for _ in range(10):  # it is tried again, each time after a longer while, and then a person is asked
        host.work()
        if Wait.objects.filter(engagement=invoices.key, kind="incident").exists():
            break
        story.clock.now += 3_600_000_000
    running.install(story.host)
    _receive(invoices, replace(last, number=last.number + 1, known=False))
    story.host.work()
    [manager, *_] = people(contracts, "manager")
    expert = people(contracts, "expert")[-1]
    case = Instance.objects.filter(engagement=contracts.key, parent=None, kind="case").order_by("-pk").first()
    if case is not None:
        walls.declare(manager, case.pk, expert.email, "Advised the other side of this contract last year.")
    following = Month(day.year, day.month).next.first
    text = _text(TOLD[0], story.months[0].first).replace("version: 1", "version: 2").replace("3.40", "3.20")
    text = text.replace("time_zone:", f"in_force_from: {following.isoformat()}\ntime_zone:", 1)
    terms.propose(manager, invoices.provider, invoices.client, text)


def _without(host: Host, name: str) -> Host:
    """The host with an activity that fails, as where the system behind it is away."""
    broken = replace(ACTIVITIES[name], function=_away)
    known: Mapping[str, Activity[Any, Any]] = ChainMap({name: broken}, ACTIVITIES)  # type: ignore[arg-type]
    return Host(DatabaseStore(), known, clock=host.clock, report_of=reading.report_of)


def _away(_data: object, _context: object) -> object:
    raise HostError("orders.away", "The system of orders does not answer.", hint="Try again when it is back.")
