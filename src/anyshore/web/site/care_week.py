"""A week of customer care, told under a clock that is put back: two clients, two zones, one team, one objective missed.

The team is planned from what came before (:mod:`anyshore.web.site.care_plan`). Then the week happens: calls are
offered, answered by who is there or given up, mails become tickets and are answered, all through the actions of the
pages. From Tuesday on all but one of those who serve New York are ill, on Thursday all, and nobody replaces them: its
service level is missed, and the month's invoice gives the credit.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from anyshore.activities.families import ACTIVITIES
from anyshore.base.telling import Part
from anyshore.host.driver import Host
from anyshore.packs import reading
from anyshore.terms.calendars import public_holidays
from anyshore.terms.months import Month
from anyshore.terms.reading import loads
from anyshore.web.core.models import Assignment, Credential, Engagement, Membership, Person, Role
from anyshore.web.engagements import actions as terms
from anyshore.web.engine import running
from anyshore.web.engine.models import Wait
from anyshore.web.engine.store import DatabaseStore
from anyshore.web.intake import actions as intake
from anyshore.web.site import care_plan, demonstration, runs, services
from anyshore.web.site.care_plan import HOME, LINES, Line, Plan
from anyshore.web.site.story import Clock, Story, people
from anyshore.web.work import actions as work
from anyshore.workforce.counts import HALF_HOUR
from anyshore.workforce.line import Caller, Present, Served, served
from anyshore.workforce.rosters.generation import Left

PATIENCE = 1_500.0
"""Seconds after which a caller gives up, in the mean."""
WRAP = 30
"""Seconds of a call's handling that are its wrap-up."""
ANSWERED_AFTER = timedelta(minutes=50)
"""When a mail is answered."""
_ILL = {1: 1, 2: 1, 3: 0, 4: 1}
"""How many of the second line are left on a day of the week, from Monday."""
_START = "start: 2026-01-01"
_SEED = 23
_MAILS = ("01-broken-shade.eml", "02-rechnung.eml", "09-paid-twice.eml")
_ID = re.compile(rb"Message-ID: <.*>")


@dataclass(frozen=True, slots=True)
class Told:
    """A week that was told.

    Attributes:
        plan: of it.
        month: it lies in, which is billed.
        engagements: by the name of their line.
        calls: what became of those who called, by the name of the line.
    """

    plan: Plan
    month: Month
    engagements: dict[str, Engagement]
    calls: dict[str, list[Served]]


def tell(seconds: Left, now: datetime | None = None) -> Told | None:
    """Tells the week in the last month that is billed, once: None where it was told before.

    Args:
        seconds: how many are left for the search of the roster.
        now: when it is told.
    """
    if Engagement.objects.filter(key__in=[loads(_text(line, date(2026, 1, 1))).id for line in LINES]).exists():
        return None
    month, monday = _week((now or datetime.now(UTC)).astimezone(HOME).date())
    clock = Clock(0)
    clock.to(datetime.combine(month.first, time(), HOME) - timedelta(days=1))
    story = Story(clock, Host(DatabaseStore(), ACTIVITIES, clock=clock, report_of=reading.report_of), [month])
    running.install(story.host)
    try:
        plan = care_plan.make(monday, seconds)
        found = Told(plan, month, {line.name: _signed(line, month.first) for line in LINES}, {})
        for line in LINES:
            _happens(story, found, line)
        for days in range(5, 16):  # what is solved is closed by itself a week later
            story.at(datetime.combine(monday + timedelta(days=days), time(23, 30), HOME), lambda: None)
        last = datetime.combine(month.next.first + timedelta(days=2), time(9), HOME)
        for one in found.engagements.values():
            story.at(last, lambda one=one: _bill(one, month))  # type: ignore[misc]
        story.tell(last)
        return found
    finally:
        running.forget()


def _bill(engagement: Engagement, month: Month) -> None:
    [manager, *_] = people(engagement, "manager")
    terms.issue_invoice(manager, engagement.key, str(month))


def _week(today: date) -> tuple[Month, date]:
    """The last month whose invoice is out, and the Monday of its first week of which no day is a holiday of either."""
    last = (today - timedelta(days=3)).replace(day=1) - timedelta(days=1)
    month = Month(last.year, last.month)
    mondays = [day for number in range(month.days - 14) if (day := month.first + timedelta(days=number)).weekday() == 0]
    closed = {day for line in LINES for day in public_holidays(line.country, month.first, month.next.first)}
    days = {monday: sum(monday <= day < monday + timedelta(days=5) for day in closed) for monday in mondays}
    return month, min(days, key=lambda day: (days[day], day))


@cache
def _services() -> tuple[str, str]:
    """The services of both terms, which name their packs: that of calls, and that of mails."""
    calls, mails = loads(_text(LINES[0], date(2026, 1, 1))).services
    return calls, mails


def _text(line: Line, start: date) -> str:
    text = files(__package__).joinpath("told", f"care-{line.name}.yaml").read_text(encoding="utf-8")
    return text.replace(_START, f"start: {start.isoformat()}")


def _signed(line: Line, start: date) -> Engagement:
    """Terms, reference data and the team."""
    engagement = demonstration.engage(_text(line, start), since=start - timedelta(days=30))[0]
    for service in _services():
        ready = services.ready(service, engagement.key)
        runs.load_references(ready, runs.Source((), ready.pack.samples))
    for name in care_plan.TEAM:
        _member(engagement, name, start - timedelta(days=30))
    return engagement


def _member(engagement: Engagement, name: str, since: date) -> None:
    """Somebody of the team: certified for both services, in both languages, on the telephone."""
    [manager, *_] = people(engagement, "manager")
    email = f"{name.lower()}@{engagement.provider.key}.example"
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, None, name=f"{name} Agent")
        Membership.objects.create(person=person, organisation=engagement.provider, role=Role.AGENT)
    Assignment.objects.get_or_create(person=person, engagement=engagement)
    kinds = Credential.Kind
    held = [*((kinds.CERTIFICATE, service, "") for service in _services()), (kinds.CHANNEL, "phone", "")]
    for kind, subject, level in [*held, *((kinds.LANGUAGE, tag, "C1") for tag in ("de", "en"))]:
        Credential.objects.get_or_create(
            person=person, kind=kind, subject=subject,
            defaults={"level": level, "valid_from": since, "verified_by": manager},
        )  # fmt: skip


# What happens.


def _happens(story: Story, week: Told, line: Line) -> None:
    """The calls and mails of a line, five days."""
    place = LINES.index(line)
    draw = random.Random(_SEED + place)
    engagement, plan = week.engagements[line.name], week.plan
    ill = frozenset(_ill(plan, line)) if place else frozenset()
    week.calls[line.name] = []
    for day in (plan.monday + timedelta(days=number) for number in range(5)):
        there = list(care_plan.presence(plan, line, day, ill))
        callers = list(_callers(line, day, draw))
        became = served(callers, [Present(name, begin.timestamp(), end.timestamp()) for name, begin, end in there])
        week.calls[line.name] += became
        for number, one in enumerate(became, 1):
            over = one.caller.at + one.waited + (one.caller.handling if one.person else 0.0)
            row = _row(line, f"{line.name}-{day:%m%d}-{number:03}", one)
            story.at(_at(over), lambda row=row, one=one: _call(engagement, row, one.person))  # type: ignore[misc]
        for number, name in enumerate(_MAILS[day.weekday() % 2 :: 2]):
            came = line.here(day)[0] + timedelta(hours=2 * number + 1)
            who = next((one for one, begin, end in there if begin <= came + ANSWERED_AFTER < end), care_plan.TEAM[0])
            content = _ID.sub(f"Message-ID: <{day:%m%d}.{number}@{line.name}.example>".encode(), _sample(name))
            story.at(came, lambda name=name, content=content: _mail(engagement, name, content))  # type: ignore[misc]
            story.at(came + ANSWERED_AFTER, lambda who=who: _answer_mails(engagement, who))  # type: ignore[misc]


def _ill(plan: Plan, line: Line) -> Iterator[tuple[str, date]]:
    for number, left in _ILL.items():
        day = plan.monday + timedelta(days=number)
        yield from ((name, day) for name in plan.there(line, day)[left:])


def _callers(line: Line, day: date, draw: random.Random) -> Iterator[Caller]:
    zone = ZoneInfo(line.zone)
    for at in care_plan.open_half_hours(line, day, 1, ()):
        for _call in range(care_plan.drawn(draw, care_plan.rate(line, at))):
            moment = at.replace(tzinfo=zone).timestamp() + draw.uniform(0, 60 * HALF_HOUR)
            handling = draw.expovariate(1 / (care_plan.GOAL.handling - WRAP)) + WRAP
            yield Caller(round(moment), round(handling), round(draw.expovariate(1 / PATIENCE)))


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _row(line: Line, number: str, one: Served) -> dict[str, object]:
    """A call as the exchange tells it when it is over."""
    found: dict[str, object] = {
        "call": number, "offered": datetime.fromtimestamp(one.caller.at, ZoneInfo(line.zone)).isoformat(),
        "queue": line.name, "customer": f"K{int(one.caller.at) % 97}", "language": "en", "waited": round(one.waited),
    }  # fmt: skip
    if one.person is None:
        return found | {"abandoned": True}
    talk = max(0, round(one.caller.handling) - WRAP)
    return found | {"answered": True, "talk_seconds": talk, "held": 0, "wrap_seconds": WRAP}


def _call(engagement: Engagement, row: dict[str, object], name: str | None) -> None:
    """A call is over: who took it wraps it up; where it is listened to, two others score it."""
    [manager, *_] = people(engagement, "manager")
    [receipt] = intake.request(manager, engagement.key, _services()[0], rows=[row])
    running.host().work()
    if name is None or receipt.instance is None:
        return
    answers = {"consent": False, "concern": "An order", "wrap_up": "information", "resolved": True, "call_back": False}
    _finish(receipt.instance, _agent(engagement, name), answers)
    card = {"greeting": 4, "understanding": 4, "solution": 4, "data_protection": 5, "note": "Clear and friendly"}
    _finish(receipt.instance, _agent(engagement, next(one for one in care_plan.TEAM if one != name)), card)
    _finish(receipt.instance, manager, card)


def _finish(instance: int, by: Person, answers: dict[str, object]) -> None:
    """Somebody takes what waits of a piece of work first, where something does, and finishes it."""
    wait = Wait.objects.filter(kind="work", instance=instance).order_by("wait").first()
    if wait is not None:
        work.take(by, wait.instance, wait.wait)
        work.complete(by, wait.instance, wait.wait, answers)
        running.host().work()


def _sample(name: str) -> bytes:
    return (reading.named(_services()[1]).samples / name).read_bytes()


def _mail(engagement: Engagement, name: str, content: bytes) -> None:
    [manager, *_] = people(engagement, "manager")
    intake.request(manager, engagement.key, _services()[1], documents=[(name, content)])


def _answer_mails(engagement: Engagement, name: str) -> None:
    """Somebody sorts what nobody taught, and answers every ticket that waits."""
    by = _agent(engagement, name)
    known = {
        "triage": {"decision": "request", "intent": "invoice", "priority": "normal"},
        "answer": {"action": "solve", "text": "Thank you for writing to us. It is seen to."},
    }
    for _step in known:
        for wait in Wait.objects.filter(kind="work", engagement=engagement.key, service=_services()[1]).order_by(
            "instance"
        ):
            if wait.element in known:
                _finish(wait.instance, by, dict(known[wait.element]))


def _agent(engagement: Engagement, name: str) -> Person:
    return Person.objects.get(email=f"{name.lower()}@{engagement.provider.key}.example")


def parts(week: Told) -> Iterator[Part]:
    """What was planned, and what came."""
    yield from care_plan.told(week.plan)
    for name, found in week.calls.items():
        yield f"{name}: {len(found)} calls came, {_given_up(found)} of them were given up."


def _given_up(found: Sequence[Served]) -> int:
    return sum(one.person is None for one in found)
