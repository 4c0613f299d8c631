"""Figures with the cases behind them as plain data, for programs: a few here, all of them in sheets."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from anyshore.terms import figures, ledger, parts
from anyshore.terms.invoice import Line
from anyshore.terms.scorecard import ObjectiveScore
from anyshore.web.core.errors import NotFound
from anyshore.web.core.models import Person
from anyshore.web.core.paging import Sheet, sheet
from anyshore.web.engagements import queries
from anyshore.web.engagements.queries import Card
from anyshore.web.engine import queries as engine
from anyshore.web.engine import tallies, tally_parts

MOST = 100
"""Cases of a kind that are listed within a figure."""

Data = dict[str, Any]


def scorecard(person: Person, card: Card) -> Data:
    """The objectives of a card's month, with the first of the cases behind each.

    Raises:
        NotFound: no terms are in force in the month.
    """
    if card.invoice is None:
        raise NotFound(_("No terms are in force in this month."))
    terms = {"version": card.invoice.terms.version, "entry": card.invoice.terms_sequence}
    objectives = [_objective(person, card, score) for score in card.scores]
    shown = {"month": str(card.month), "terms": terms, "objectives": objectives, "running": card.running}
    return queries.pruned(person, shown)


def invoice(person: Person, card: Card) -> Data:
    """The invoice of a card's month as it would be issued, with the first of the cases behind each figure.

    Raises:
        NotFound: no terms are in force in the month.
    """
    if card.invoice is None:
        raise NotFound(_("No terms are in force in this month."))
    if card.counted is None:
        return figures.details(card.invoice, MOST)
    objectives = [_objective(person, card, score) for score in card.scores]
    lines = [_line(person, card, line) for line in card.invoice.lines]
    return figures.shown(card.invoice, objectives, lines) | figures.beside(card.invoice)


def _line(person: Person, card: Card, line: Line) -> Data:
    assert card.counted is not None
    count, found = 0, figures.units_digest(())
    if line.price >= 0 and line.entries:
        place = (card.engagement.key, card.counted.signed.sequence)
        count, found = line.entries, _units(place, line, card.counted.window, queries.changed(card))
    elif line.cases:  # a credit: what was missed
        score = next(one for one in card.scores if (one.service, one.objective.name) == (line.service, line.name))
        count = score.denominator - score.numerator
        place = (card.engagement.key, card.counted.signed.sequence)
        figure = (score.service, parts.objective_figure(score.objective))
        found = _credited(place, figure, card.counted.window, queries.changed(card))
    behind = queries.behind(person, card, line, 1, MOST) if count else ()
    return figures.of_line(line, count, found) | {"behind": [figures.behind(one) for one in behind]}


@lru_cache(maxsize=256)
def _units(place: tuple[str, int], line: Line, window: tuple[int, int], _changed: int) -> str:
    """The digest of what is behind a line of a price; kept while no entry changes the month."""
    return figures.units_digest(_kept(*place).units(line, window))


@lru_cache(maxsize=256)
def _credited(place: tuple[str, int], figure: tuple[str, str], window: tuple[int, int], _changed: int) -> str:
    """The digest of what is behind a credit."""
    missed = _kept(*place).numbers(*figure, parts.MISSED, *window)
    return figures.units_digest((one, number, Decimal(number)) for one, number in missed)


def _kept(key: str, terms: int) -> tally_parts.Kept:
    return queries.parts_of(key, next(one for one in tallies.agreed(key).versions if one.sequence == terms))


def _objective(person: Person, card: Card, score: ObjectiveScore) -> Data:
    if card.counted is None:
        counted, missed = ([(one.instance, one.number, "") for one in some] for some in (score.results, score.missed))
        return _plain(score, figures.digest(counted), figures.digest(missed)) | figures.listed(score, MOST)
    signed, window = card.counted.signed, card.counted.window
    kept = queries.parts_of(card.engagement.key, signed)
    figure = parts.objective_figure(score.objective)
    place = (card.engagement.key, signed.sequence, score.service, figure)
    digests = _digests(place, window, queries.changed(card))
    counts = score.counts
    named = {
        name: [one for one, _ in kept.numbers(score.service, figure, kind, *window)[:MOST]] if number else []
        for name, kind, number in (
            ("left_out", parts.LEFT_OUT, counts.left_out), ("unmeasured", parts.UNMEASURED, counts.unmeasured),
        )
    }  # fmt: skip
    return _plain(score, *digests) | {
        "results": [figures.result(one) for one in cases(person, card, score, 1, MOST)],
        "running": kept.running(score.service, score.objective, window[1], MOST), **named,
        "counts": {"running": counts.running, "left_out": counts.left_out, "unmeasured": counts.unmeasured},
    }  # fmt: skip


def _plain(score: ObjectiveScore, cases: str, missed: str) -> Data:
    told: Data = ledger.plain(figures.objective(score, cases, missed))
    return told


@lru_cache(maxsize=256)
def _digests(place: tuple[str, int, str, str], window: tuple[int, int], _changed: int) -> tuple[str, str]:
    """Digests of the cases that count and of those missed; kept while no entry changes the month."""
    key, terms, service, figure = place
    kept = _kept(key, terms)
    missed, met = (kept.numbers(service, figure, kind, *window) for kind in (parts.MISSED, parts.MET))
    every, lost = ([(one, number, "") for one, number in some] for some in ([*met, *missed], missed))
    return figures.digest(every), figures.digest(lost)


def cases(person: Person, card: Card, score: ObjectiveScore, page: int, size: int) -> Sheet:
    """A sheet of the cases of an objective that a person may see, in the order in which their fates were sealed."""
    if card.counted is None:
        return sheet(queries.seen_of(person, score.results), page, size)
    kept = queries.parts_of(card.engagement.key, card.counted.signed)
    window = card.counted.window
    return kept.in_time(score.service, score.objective, window, engine.blocked(person), page, size)
