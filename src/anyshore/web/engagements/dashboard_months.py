"""What depends on the terms in a dashboard, from the totals kept beside a ledger: objectives and cost, by month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from anyshore.base.errors import AnyshoreError
from anyshore.terms import parts
from anyshore.terms.book import Signed
from anyshore.terms.dashboard_reading import Agreed, cost_of
from anyshore.terms.dashboards import By, Cost, Dashboard, Period
from anyshore.terms.months import Month
from anyshore.terms.totals import Counted
from anyshore.web.engagements import queries
from anyshore.web.engine import tallies

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Told:
    """A month of a service.

    Attributes:
        state: what it rests on; by another one it is asked for anew.
        objectives: name and target by key.
        attained: by objective, for each time asked for: cases met and cases that count.
        cost: what a piece of work cost.
    """

    state: tuple[object, ...]
    objectives: dict[str, tuple[str, Decimal]]
    attained: dict[str, list[tuple[int, int]]]
    cost: Cost


class Months:
    """The months of a service, each kept until an entry changes a figure of it; one that runs, for a minute at most.

    Args:
        engagement: id of the engagement.
        service: key of the service.
    """

    def __init__(self, engagement: str, service: str) -> None:
        self.engagement, self.service = engagement, service
        self._known: dict[tuple[Month, By], _Told] = {}

    def agreed(self, newest: str) -> Agreed:
        """Puts into a dashboard what is agreed; ``newest`` is the hash of the last entry that is counted."""
        return partial(self._put, newest)

    def _put(self, newest: str, found: Dashboard, month: Month) -> None:
        try:
            signed = tallies.agreed(self.engagement).terms_for(month)
        except AnyshoreError:
            return
        if self.service not in signed.terms.services:
            return
        start, end = month.bounds(signed.terms.time_zone)
        within = [
            (one, (low, high))
            for one in found.periods
            if (low := max(one.start, start)) < (high := min(one.end, end, found.until))
        ]
        told = self._told(signed, month, found, within, newest, end <= found.until)
        found.objectives |= told.objectives
        for objective, counts in told.attained.items():
            for (period, _span), (met, total) in zip(within, counts, strict=True):
                if total:
                    before = period.attained.get(objective, (0, 0))
                    period.attained[objective] = (before[0] + met, before[1] + total)
        found.costs.append(told.cost)

    def _told(
        self, signed: Signed, month: Month, found: Dashboard, within: list[tuple[Period, Span]], newest: str, over: bool
    ) -> _Told:
        kept, spans = queries.sums(self.engagement, signed.sequence, newest), [span for _period, span in within]
        rests_on = kept.changed.get(month, 0) if over else (newest, found.until)
        state = (signed.sequence, tuple(spans), rests_on)
        told = self._known.get((month, found.by))
        if told is None or told.state != state:
            told = self._asked(signed, month, spans, kept, None if over else found.until, state)
            self._known[month, found.by] = told
        return told

    def _asked(
        self, signed: Signed, month: Month, spans: list[Span], kept: tallies.Kept, until: int | None,
        state: tuple[object, ...],
    ) -> _Told:  # fmt: skip
        behind = queries.parts_of(self.engagement, signed)
        objectives, attained = {}, {}
        for one in signed.terms.services[self.service].objectives:
            figure = parts.objective_figure(one)
            met, missed = (behind.counts(self.service, figure, kind, spans) for kind in (parts.MET, parts.MISSED))
            objectives[one.key] = (one.name, one.target)
            attained[one.key] = [(good, good + bad) for good, bad in zip(met, missed, strict=True)]
        counted = Counted(signed, month, kept.sums, behind, until)
        cost = cost_of(month, self.service, counted.invoice(), counted.done(self.service).total())
        return _Told(state, objectives, attained, cost)
