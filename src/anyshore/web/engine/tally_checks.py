"""Whether what was counted of a ledger is what the ledger gives, counted anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import chain, islice

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.terms import bulk, totals
from anyshore.terms.parts import Part
from anyshore.terms.totals import Sums, Total
from anyshore.web.engine import books, tallies
from anyshore.web.engine.models import LedgerEntry, TallyPart
from anyshore.web.engine.tallies import Figures, Place


def check(engagement: str) -> list[Diagnostic]:
    """Counts the whole ledger anew and compares: a finding for every total and every case that is not as counted."""
    tallies.counted(engagement)
    terms = tallies.agreed(engagement)
    figures = Figures(engagement)
    fresh: dict[int, Sums] = defaultdict(dict)
    zone = {one.sequence: one.terms.time_zone for one in terms.versions}
    differing: set[int] = set()
    of_it = LedgerEntry.objects.filter(engagement=engagement, instance__isnull=False)
    every = of_it.order_by("instance").values_list("instance", flat=True).distinct().iterator()
    standing = _standing_all(engagement)
    numbers = chain(standing, (number for number in every if number is not None))
    until = books.head(engagement)[0]
    while some := list(islice(numbers, tallies.AMONG)):
        wanted: dict[int, set[tuple[object, ...]]] = defaultdict(set)
        for version, part in tallies.parts_of(engagement, terms, some, until, standing):
            totals.add(fresh[version], [part], zone[version])
            wanted[int(part.instance)].add((Place(version, part.service, part.figure, part.kind), *_values(part)))
        differing |= _compared(some, wanted, figures)
    findings = [_changed_case(engagement, number) for number in sorted(differing)]
    return findings + list(_changed_totals(engagement, figures, fresh))


def _standing_all(engagement: str) -> dict[int, int]:
    """How many rows all classes of batches stand for, by the whole ledger."""
    lines = LedgerEntry.objects.filter(engagement=engagement, type__in=(bulk.DECIDED, bulk.PULLED))
    found = map(books.decoded, map(bytes, lines.order_by("sequence").values_list("line", flat=True).iterator()))
    return tallies.standing_of(found)


def _values(part: Part) -> tuple[object, ...]:
    return part.at, part.until, part.sequence, str(part.units), part.shore, part.number


def _compared(
    numbers: Collection[int], wanted: dict[int, set[tuple[object, ...]]], figures: Figures
) -> set[int]:  # fmt: skip
    found: dict[int, set[tuple[object, ...]]] = defaultdict(set)
    rows = TallyPart.objects.filter(instance__in=numbers)
    for figure, instance, *values in rows.values_list(
        "figure", "instance", "at", "until", "sequence", "units", "shore", "number"
    ):
        if figure in figures.places:
            found[instance].add((figures.places[figure], *values))
    return {number for number in numbers if found.get(number, set()) != wanted.get(number, set())}


def _changed_case(engagement: str, number: int) -> Diagnostic:
    message = f"what was counted of the instance '{number}' is not what its entries give"
    return Diagnostic("ledger.tally-differs", message, Location(engagement, f"instance {number}"), HINT)


def _changed_totals(engagement: str, figures: Figures, fresh: dict[int, Sums]) -> Iterator[Diagnostic]:
    for version in sorted({place.terms for place in figures.known} | set(fresh)):
        known, sums = tallies.kept(engagement, version).sums, fresh.get(version, {})
        for key in sorted({*known, *sums}):
            old, new = known.get(key, Total()), sums.get(key, Total())
            if old != new:
                what = f"{key.service}, {key.figure}, {key.kind}, {key.month}{f', {key.shore}' if key.shore else ''}"
                message = f"the total of {what} is kept as {old.number} ({old.units}), the ledger gives {new.number}"
                place = Location(engagement, f"{key.month}")
                yield Diagnostic("ledger.tally-differs", f"{message} ({new.units})", place, HINT)


HINT = "somebody wrote into the totals: count them anew with anyshore ledger count ENGAGEMENT --anew"
