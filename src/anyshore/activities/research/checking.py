"""``research.check-dossier``: whether every sentence is cited, what contradicts, what is old, and who is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from anyshore.activities.activity import ActivityContext
from anyshore.activities.research import dossier, identity
from anyshore.activities.research.dossier import Delivered, Dossier, Graded, Line
from anyshore.activities.research.identity import Identity
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.knowledge import contradictions, source_grades
from anyshore.knowledge.contradictions import Contradiction, Statement

_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What is checked.

    Attributes:
        documents: the files that came together: the sources, ``sources.csv`` and ``statements.csv``.
        questions: sub-questions of the brief.
        as_of: the day the profile speaks of (ISO 8601); the newest source's where the brief says none.
        months: how old a source may be on that day.
    """

    documents: tuple[Delivered, ...]
    questions: tuple[str, ...] = ()
    as_of: str = ""
    months: int = 18


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contradiction.

    Attributes:
        value: as the source says it.
        meant: the interval the digits bound, with its unit.
        period: when it holds.
        source: title of the source.
        grade: of the source.
        quote: the words.
    """

    value: str
    meant: str
    period: str
    source: str
    grade: str
    quote: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contradiction, side by side.

    Attributes:
        subject: whom it is about.
        attribute: what of it.
        sides: two or more.
        best: title of the best graded source; a person decides.
    """

    subject: str
    attribute: str
    sides: tuple[Side, ...]
    best: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """A question nobody found an answer to.

    Attributes:
        question: of the brief.
        looked_in: where.
    """

    question: str
    looked_in: str


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What was found.

    Attributes:
        as_of: the day the profile speaks of.
        statements: how many there are.
        cited: how many of them stand in their source word for word.
        uncited: the others, each with the reason.
        questions: of the brief and the dossier.
        answered: those with a cited statement.
        not_found: those nobody found an answer to, with where was looked.
        open: those of which the dossier says nothing at all.
        contradictions: side by side.
        sources: how many were read.
        voices: how many of them are independent.
        sources_per_finding: independent voices that state an attribute in a period, mean, to the hundredth.
        stale: sources older than the brief allows.
        late: sources of after the day the profile speaks of.
        overrated: sources said to be confirmed by others (credibility 1) that no independent voice confirms.
        company: who is meant.
        complete: whether every sentence is cited and no question is open.
    """

    as_of: date
    statements: int
    cited: int
    uncited: tuple[str, ...]
    questions: int
    answered: int
    not_found: tuple[NotFound, ...]
    open: tuple[str, ...]
    contradictions: tuple[Conflict, ...]
    sources: int
    voices: int
    sources_per_finding: Decimal
    stale: tuple[str, ...]
    late: tuple[str, ...]
    overrated: tuple[str, ...]
    company: Identity
    complete: bool


def check(data: CheckInput, context: ActivityContext) -> CheckOutcome:
    """Checks a dossier of sources and statements."""
    read = dossier.read(data.documents, context)
    as_of = _day(data.as_of) if data.as_of else max((one.published for one in read.sources.values()), default=date.min)
    company = identity.identify(read.statements)
    uncited = tuple(f"{one.sentence} — {one.refusal}" for one in read.lines if one.refusal)
    cited = [one for one in read.lines if one.stated is not None and not one.refusal]
    questions = tuple(dict.fromkeys([*data.questions, *(one.question for one in read.lines)]))
    answered = {one.question for one in cited}
    missing = [NotFound(one.question, one.looked_in) for one in read.lines if one.looked_in]
    said = answered | {one.question for one in missing}
    still_open = tuple(one for one in questions if one not in said)
    origins = {one.name: one.origin for one in read.sources.values()}
    stated = of_company(read.statements)
    return CheckOutcome(
        as_of, len(read.statements), len(cited), uncited, len(questions), len(answered), tuple(missing), still_open,
        tuple(conflict(one, read) for one in contradictions.find(stated)), len(read.sources),
        len(source_grades.voices(origins, origins)), _voices_each(stated, origins),
        tuple(_dated(one) for one in read.sources.values() if _older(one.published, as_of, data.months)),
        tuple(_dated(one) for one in read.sources.values() if one.published > as_of),
        _overrated(stated, read, origins), company, not uncited and not still_open,
    )  # fmt: skip


def conflict(found: Contradiction, read: Dossier) -> Conflict:
    """A contradiction with the words and grades of its sources."""
    lines = {one.stated.id: one for one in read.lines if one.stated is not None}
    sides = tuple(_side(one, lines[one.id], read.sources[one.source]) for one in found.statements)
    best = min((read.sources[one.source] for one in found.statements), key=lambda one: _rank(one))
    return Conflict(found.subject, found.attribute, sides, best.title)


def _side(stated: Statement, line: Line, source: Graded) -> Side:
    return Side(stated.value.text, stated.value.shown, stated.period, source.title, str(source.grade), line.quote)


def _rank(source: Graded) -> tuple[str, int]:
    return source.grade.reliability, source.grade.credibility


def of_company(statements: Sequence[Statement]) -> list[Statement]:
    """The statements, those about the company under its legal name whatever name their source gives it."""
    company = identity.identify(statements)
    same = {one.name for one in company.names if one.same}
    return [replace(one, subject=company.legal_name) if one.subject in same else one for one in statements]


def _voices_each(statements: Sequence[Statement], origins: dict[str, str]) -> Decimal:
    said: dict[tuple[str, str, str], set[str]] = {}
    for one in statements:
        said.setdefault((one.subject, one.attribute.casefold(), one.period), set()).add(one.source)
    counts = [len(source_grades.voices(origins, sources)) for sources in said.values()]
    return Decimal(f"{sum(counts) / max(len(counts), 1):.2f}")


def _overrated(statements: Sequence[Statement], read: Dossier, origins: dict[str, str]) -> tuple[str, ...]:
    """Sources of credibility 1 of which no statement is made by another voice without contradiction."""
    found = []
    for source in read.sources.values():
        if source.grade.credibility != 1:
            continue
        own = [one for one in statements if one.source == source.name]
        confirmed = any(
            _same_thing(one, other)
            and len(source_grades.voices(origins, [one.source, other.source])) > 1
            and not contradictions.contradict(one, other)
            for one in own
            for other in statements
        )
        if not confirmed:
            found.append(f"{source.title} ({source.grade})")
    return tuple(found)


def _same_thing(one: Statement, other: Statement) -> bool:
    return (one.subject, one.attribute.casefold(), one.period) == (
        other.subject, other.attribute.casefold(), other.period,
    )  # fmt: skip


def _older(published: date, as_of: date, months: int) -> bool:
    first = as_of.year * _MONTHS_IN_YEAR + as_of.month - months
    return (published.year * _MONTHS_IN_YEAR + published.month, published.day) < (first, as_of.day)


def _dated(source: Graded) -> str:
    return f"{source.title} ({source.published.isoformat()})"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        message = f"{text!r} is no day."
        raise DataError("research.as-of", message, Location(element="as_of"), "For example 2026-03-31.") from problem
