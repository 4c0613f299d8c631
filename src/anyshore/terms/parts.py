"""What one case adds to the figures of its months: the parts that monthly figures are sums of.

A case adds a part to a figure at the instant at which it counts there, under one version of the terms, whatever the
month: so a month's figures are the sum of the parts that lie in it, and an entry changes the parts of its case alone.
Every part is found by the functions that compute a month as a whole (``scorecard``, ``invoice``); what they say of a
case month by month is put down here once.

A case that is open, within its limit and not paused will have missed it at a known instant unless something happens
before. That part lies ahead; as of an earlier instant the case is still running.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from anyshore.base.errors import AnyshoreError
from anyshore.terms import arbitrage, invoice, scorecard
from anyshore.terms.book import EARLIEST, LATEST, Case
from anyshore.terms.clocks import Clock
from anyshore.terms.model import Duration, Objective, Service, Share, Terms
from anyshore.terms.months import Month, month_of

MET, MISSED, LEFT_OUT, UNMEASURED, RUNNING = "met", "missed", "left-out", "unmeasured", "running"
UNIT, REFUSED, DONE, FREE, ELSEWHERE = "unit", "refused", "done", "free", "elsewhere"

CASES = "cases"
"""The figure of what a service finished, beside its objectives and prices."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a case adds to a figure.

    Attributes:
        service: key of the service.
        figure: ``objective KEY``, ``price NUMBER`` (its place in the terms) or ``cases``.
        kind: of an objective, ``met``, ``missed``, ``left-out``, ``unmeasured``, or ``running`` for the time from the
            start of its clock until it was sealed; of a price, ``unit``, or ``refused`` where its minutes cannot be
            read; of the cases, ``done``, ``free`` and ``elsewhere``.
        at: when it counts; the start of the time it is running.
        until: of what is running, when its fate is sealed; None: never, as things stand.
        sequence: the ledger entry it rests on; the case's first where that is not one.
        instance: id of the case.
        units: instances, milestones or billed minutes.
        shore: where it was done.
        number: how many cases add the same: see ``book.Case``; the units are those of one.
    """

    service: str
    figure: str
    kind: str
    at: int
    until: int | None
    sequence: int
    instance: str
    units: Decimal = Decimal(1)
    shore: str = ""
    number: int = 1


def objective_figure(objective: Objective) -> str:
    """The name of an objective's figure."""
    return f"objective {objective.key}"


def price_figure(number: int) -> str:
    """The name of the figure of a price, by its place in the terms, from 0."""
    return f"price {number}"


def parts(case: Case, terms: Terms) -> list[Part]:
    """All parts of a case under a version of the terms; none where they do not have its service."""
    service = terms.services.get(case.service)
    if service is None or not case.events:
        return []
    first = min(event.sequence for event in case.events)
    found = [part for objective in service.objectives for part in _objective(case, terms, objective, first)]
    found += _billed(case, terms, service, first)
    return found if case.number == 1 else [replace(one, number=case.number) for one in found]


def _objective(case: Case, terms: Terms, objective: Objective, first: int) -> Iterator[Part]:
    figure = objective_figure(objective)
    if isinstance(objective, Share):
        for one in scorecard.shared(case, objective):
            kind = MET if one.met else MISSED
            yield Part(case.service, figure, kind, one.at, None, one.sequence, case.instance)
        return
    sealed = [
        Part(case.service, figure, kind, at, None, first, case.instance)
        for kind, at in _fates(case, terms, objective, scorecard.clock_for(terms, objective))
    ]
    yield from sealed
    begun = scorecard.begun(case, objective)
    if begun is not None:
        until = min((one.at for one in sealed if one.kind != UNMEASURED), default=None)
        yield Part(case.service, figure, RUNNING, begun, until, first, case.instance)


def _fates(case: Case, terms: Terms, objective: Duration, clock: Clock) -> Iterator[tuple[str, int]]:
    """What becomes of a case in each of its months, and what will if nothing more happens."""
    last = case.finished.at if case.finished else case.events[-1].at
    final = month_of(last, terms.time_zone)
    month = month_of(case.events[0].at, terms.time_zone)
    while True:
        start, end = _bounds(month, terms.time_zone)
        stop = end if case.finished or month < final else last + 1
        score = scorecard.of_case(case, objective, clock, start, stop)
        yield from ((MET if one.met else MISSED, one.at) for one in score.results)
        if score.left_out and case.finished:
            yield LEFT_OUT, case.finished.at
        if score.unmeasured:
            yield UNMEASURED, start
        if month >= final:
            break
        month = month.next
    if score.running and (at := _due(case, objective, clock, last)) is not None:
        yield MISSED, at


_known: dict[tuple[Month, str], tuple[int, int]] = {}


def _bounds(month: Month, zone: str) -> tuple[int, int]:
    found = _known.get((month, zone))
    if found is None:
        found = _known[month, zone] = month.bounds(zone)
    return found


def _due(case: Case, objective: Duration, clock: Clock, at: int) -> int | None:
    """The last instant within the limit of a case that runs, if nothing more happens; None where it stands still."""
    if scorecard.paused(case, objective, at):
        return None
    left = scorecard.left(case, objective, clock, at)
    assert left is not None  # it is running
    try:
        return clock.add_business_time(at, left, late=True)
    except AnyshoreError:
        return None  # the calendar ends before it


def _billed(case: Case, terms: Terms, service: Service, first: int) -> Iterator[Part]:
    shore = arbitrage.shore_of(case, terms.shores)
    for number, price in enumerate(service.prices):
        figure = price_figure(number)
        behind, refused = invoice.billed(price, case, EARLIEST, LATEST)
        for one in behind:
            units = one.units / one.number
            yield Part(service.key, figure, UNIT, one.at, None, one.sequence, case.instance, units, shore)
        for event in refused:
            yield Part(service.key, figure, REFUSED, event.at, None, event.sequence, case.instance)
    if case.finished is None:
        return
    at = case.finished.at
    if case.finished.type == "instance.completed":
        yield Part(service.key, CASES, DONE, at, None, first, case.instance, shore=shore)
    if invoice.is_free(service, case):
        yield Part(service.key, CASES, FREE, at, None, first, case.instance)
    if (told := case.fact("shore")) and told not in terms.shores:
        yield Part(service.key, CASES, ELSEWHERE, at, None, first, case.instance, shore=told)
