"""The parts behind a figure: looked up where sums do not tell, and listed a sheet at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet

from anyshore.terms import parts, scorecard
from anyshore.terms.book import Book, Case, Signed
from anyshore.terms.invoice import Behind, Line
from anyshore.terms.model import Duration, Objective
from anyshore.terms.parts import Part
from anyshore.terms.scorecard import Result
from anyshore.web.core.paging import Sheet, cut
from anyshore.web.engine import tallies
from anyshore.web.engine.models import TallyPart
from anyshore.web.engine.tallies import Figures, Place

_COLUMNS = ("at", "until", "sequence", "instance", "units", "shore")


@dataclass(slots=True)
class Kept:
    """The parts of an engagement under one version of its terms: see ``totals.Parts``."""

    engagement: str
    signed: Signed
    figures: Figures

    def _rows(self, service: str, figure: str, kind: str, start: int, stop: int) -> QuerySet[TallyPart]:
        number = self.figures.known.get(Place(self.signed.sequence, service, figure, kind), -1)
        return TallyPart.objects.filter(figure=number, at__gte=start, at__lt=stop)

    def ahead(self, service: str, figure: str, since: int, before: int) -> int:
        """See ``totals.Parts``."""
        return self._rows(service, figure, parts.MISSED, since, before).count()

    def counts(self, service: str, figure: str, kind: str, spans: Sequence[tuple[int, int]]) -> list[int]:
        """How many parts lie in each of some times, asked for at once."""
        number = self.figures.known.get(Place(self.signed.sequence, service, figure, kind))
        if number is None or not spans:
            return [0] * len(spans)
        one = "(SELECT COUNT(*) FROM engine_tallypart WHERE figure = %s AND at >= %s AND at < %s)"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join([one] * len(spans))}", [v for span in spans for v in (number, *span)])
            return [int(value) for value in cursor.fetchone()]

    def cases(self, service: str, figure: str, start: int, stop: int) -> int:
        """See ``totals.Parts``."""
        found = self._rows(service, figure, parts.UNIT, start, stop).aggregate(n=Count("instance", distinct=True))
        return int(found["n"])

    def shores(self, service: str, figure: str, start: int, stop: int, low: int, high: int) -> Mapping[str, Decimal]:
        """See ``totals.Parts``."""
        rows = self._rows(service, figure, parts.UNIT, start, stop).order_by("at", "sequence")[low:high]
        found: dict[str, Decimal] = {}
        for shore, units in rows.values_list("shore", "units"):
            found[shore] = found.get(shore, Decimal(0)) + Decimal(units)
        return found

    def named(self, service: str, figure: str, kind: str, start: int, stop: int, shore: str = "") -> list[Part]:
        """See ``totals.Parts``."""
        rows = self._rows(service, figure, kind, start, stop).order_by("sequence")
        if shore:
            rows = rows.filter(shore=shore)
        return [
            Part(service, figure, kind, at, until, sequence, str(instance), Decimal(units), where)
            for at, until, sequence, instance, units, where in rows.values_list(*_COLUMNS)
        ]

    def case(self, service: str, instance: str) -> Case:
        """See ``totals.Parts``."""
        return self.book([int(instance)]).cases[service, instance]

    def book(self, numbers: Collection[int]) -> Book:
        """The book of some cases alone."""
        return tallies.cases(self.engagement, Book(versions=[self.signed]), numbers)

    def results(
        self, service: str, objective: Objective, window: tuple[int, int], kept_from: Collection[int], page: int,
        size: int,
    ) -> Sheet:  # fmt: skip
        """A sheet of the cases behind an objective: those that missed it first, each kind by time.

        Args:
            service: its service.
            objective: the objective.
            window: from and to.
            kept_from: cases that are left out.
            page: which sheet, from 1.
            size: rows on it.
        """
        figure, low = parts.objective_figure(objective), (page - 1) * size
        rows: list[tuple[int, int]] = []
        for kind in (parts.MISSED, parts.MET):
            found = self._rows(service, figure, kind, *window).exclude(instance__in=kept_from)
            places = found.order_by("at", "sequence").values_list("instance", "at")
            rows += list(places[low : low + size + 1 - len(rows)])
            if len(rows) > size:
                break
            low = 0 if rows else max(low - found.count(), 0)
        return cut(self._results(service, objective, window, rows[:size]), page, len(rows) > size)

    def in_time(
        self, service: str, objective: Objective, window: tuple[int, int], kept_from: Collection[int], page: int,
        size: int,
    ) -> Sheet:  # fmt: skip
        """A sheet of the cases behind an objective in the order in which their fates were sealed."""
        figure, low = parts.objective_figure(objective), (page - 1) * size
        found: list[tuple[int, int]] = []
        for kind in (parts.MISSED, parts.MET):
            rows = self._rows(service, figure, kind, *window).exclude(instance__in=kept_from)
            found += rows.order_by("at", "sequence").values_list("at", "instance")[: low + size + 1]
        found = sorted(found)[low : low + size + 1]
        shown = self._results(service, objective, window, [(number, at) for at, number in found[:size]])
        return cut(shown, page, len(found) > size)

    def numbers(self, service: str, figure: str, kind: str, start: int, stop: int) -> list[str]:
        """The instances of a kind in a time."""
        found = self._rows(service, figure, kind, start, stop)
        return [str(number) for number in found.values_list("instance", flat=True)]

    def running(self, service: str, objective: Objective, stop: int, most: int) -> list[str]:
        """Instances that were running within their limit at a time, those that began last first."""
        rows = self._rows(service, parts.objective_figure(objective), parts.RUNNING, 0, stop)
        found = rows.filter(Q(until=None) | Q(until__gte=stop)).order_by("-at", "-sequence")
        return [str(number) for number in found.values_list("instance", flat=True)[:most]]

    def missed(
        self, service: str, objective: Objective, window: tuple[int, int], kept_from: Collection[int], page: int,
        size: int,
    ) -> Sheet:  # fmt: skip
        """A sheet of the cases that missed an objective, as they stand behind its credit."""
        rows = self._rows(service, parts.objective_figure(objective), parts.MISSED, *window)
        found = list(
            rows.exclude(instance__in=kept_from)
            .order_by("at", "sequence")
            .values_list("instance", "at")[(page - 1) * size : page * size + 1]
        )
        results = self._results(service, objective, window, found[:size])
        shown = [Behind(one.instance, one.reference, one.at, 0) for one in results]
        return cut(shown, page, len(found) > size)

    def _results(
        self, service: str, objective: Objective, window: tuple[int, int], rows: Iterable[tuple[int, int]]
    ) -> list[Result]:
        wanted = list(rows)
        book = self.book({instance for instance, _at in wanted})
        clock = scorecard.clock_for(self.signed.terms, objective) if isinstance(objective, Duration) else None
        known = {
            (instance, one.at): one
            for instance in {instance for instance, _at in wanted}
            for one in scorecard.of_case(book.cases[service, str(instance)], objective, clock, *window).results
        }
        return [known[row] for row in wanted]

    def units(self, line: Line, window: tuple[int, int]) -> list[tuple[str, Decimal]]:
        """The instances behind a line of a price, with their units."""
        rows = self._rows(line.service, parts.price_figure(line.price), parts.UNIT, *window).order_by("at", "sequence")
        slice_ = rows.values_list("instance", "units")[line.first : line.first + line.entries]
        return [(str(instance), Decimal(units)) for instance, units in slice_]

    def behind(
        self, line: Line, window: tuple[int, int], kept_from: Collection[int], page: int, size: int
    ) -> Sheet:  # fmt: skip
        """A sheet of what is behind a line of a price, in the order of time."""
        rows = self._rows(line.service, parts.price_figure(line.price), parts.UNIT, *window)
        low = line.first + (page - 1) * size
        slice_ = rows.order_by("at", "sequence")[low : min(low + size + 1, line.first + line.entries)]
        found = list(slice_.values_list("instance", "at", "sequence", "units"))
        references = {case.instance: case.reference for case in self.book({row[0] for row in found}).cases.values()}
        shown = [
            Behind(str(instance), references[str(instance)], at, sequence, Decimal(units))
            for instance, at, sequence, units in found[:size]
            if instance not in kept_from
        ]
        return cut(shown, page, len(found) > size)
