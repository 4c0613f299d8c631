"""``filings.read``: the lines of the standard chart with their facts, and the filer's own sums, checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.base.decimals import plain
from anyshore.filings import chart, filing, sums
from anyshore.filings.model import local
from anyshore.filings.sums import Sum


@dataclass(frozen=True, slots=True)
class ReadInput:
    """The filing that is read.

    Attributes:
        document: name of the document in the host: a zip, an instance or a page.
        name: what it is called in citations.
    """

    document: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure with its source, as the figures of a case are kept.

    Attributes:
        id: its id among the figures.
        label: what it is.
        value: the number.
        unit: of it.
        period: when it holds.
        document: SHA-256 of its source; empty for what is derived.
        place: its address there.
        shown: as it is written there.
        name: what the source is called.
        derivation: how it follows from others; empty for what stands in a source.
        places: decimal places it is rounded to; None where it is not.
    """

    id: str
    label: str
    value: Decimal
    unit: str
    period: str
    document: str = ""
    place: str = ""
    shown: str = ""
    name: str = ""
    derivation: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True)
class FailedSum:
    """A sum of the filer that does not hold.

    Attributes:
        total: name of the total.
        period: when.
        reported: its value.
        computed: what its children come to.
        missing: children without a value.
    """

    total: str
    period: str
    reported: Decimal
    computed: Decimal
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What a filing says.

    Attributes:
        year: the last year it has figures of; None where it has none of a whole year.
        figures: lines of the standard chart, each with its fact.
        facts: how many numeric facts it has.
        sums: how many sums of the filer bind.
        held: how many of them hold.
        failed: those that do not.
        problems: what could not be read.
    """

    year: int | None
    figures: tuple[StatedFigure, ...]
    facts: int
    sums: int
    held: int
    failed: tuple[FailedSum, ...]
    problems: tuple[str, ...]


def read(data: ReadInput, context: ActivityContext) -> ReadOutcome:
    """Reads the filing and checks its sums.

    Raises:
        DataError: the document is no filing.
    """
    content = context.read_document(data.document)
    found = filing.read_bytes(content, data.name or data.document)
    digest = hashlib.sha256(content).hexdigest()
    checked = sums.check(found)
    lines = chart.lines(found)
    return ReadOutcome(
        max((int(line.id[-4:]) for line in lines), default=None),
        tuple(_figure(line, digest, found.name) for line in lines),
        sum(fact.numeric for fact in found.facts), len(checked), sum(one.holds for one in checked),
        tuple(_failed(one) for one in checked if not one.holds), tuple(str(one) for one in found.problems),
    )  # fmt: skip


def _figure(line: chart.Line, document: str, name: str) -> StatedFigure:
    fact = line.fact
    value = fact.value or Decimal(0)
    return StatedFigure(
        line.id, line.label, value, str(fact.unit or ""), str(fact.aspects.period), document, chart.address(fact),
        plain(value), name,
    )  # fmt: skip


def _failed(one: Sum) -> FailedSum:
    return FailedSum(
        local(one.total.concept), str(one.total.aspects.period), one.total.value or Decimal(0), one.computed,
        tuple(local(name) for name in one.missing),
    )  # fmt: skip
