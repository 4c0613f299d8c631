"""Figures as evidence: a value with its unit and period, and where it comes from.

A figure stands in a source (a cell of a table, a fact of a filing), or it follows from other figures by a derivation
that is computed again. One that does neither is refused, and with it the deliverable that reports it. When a source
changes, exactly what rests on it is marked, through any number of derivations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from anyshore.base.decimals import CONTEXT, plain
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.knowledge import derivations
from anyshore.knowledge.rings import rings
from anyshore.knowledge.stated_numbers import SCALES, StatedNumber, numbers

_PLACES = 28
"""Decimal places to which a derivation is compared where its figure names none."""
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure stands.

    Attributes:
        document: SHA-256 of the source.
        place: its address there: ``fact`` with name and context, ``row 3, column 2`` of a table.
        shown: as it is written there.
        name: what the source is called.
    """

    document: str
    place: str
    shown: str = ""
    name: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Source and address: what tells one origin from another."""
        return self.document, self.place


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and what it rests on: an origin, or a derivation.

    Attributes:
        id: unique among the figures of a case; derivations name it.
        label: what it is.
        value: the number; a share is 0.05, not 5.
        unit: ``USD``, ``USD/shares``, ``pure`` for a ratio.
        period: when it holds, ISO 8601; may be empty.
        origin: where it stands; None for what is derived.
        derivation: how it follows from other figures; empty for what stands in a source.
        places: decimal places to which a derived value is rounded; None where it is not.
    """

    id: str
    label: str
    value: Decimal
    unit: str = ""
    period: str = ""
    origin: Origin | None = None
    derivation: str = ""
    places: int | None = None


Held = Mapping[tuple[str, str], Decimal]
"""What the sources at hand say, by source and address."""


def check(figures: Sequence[Figure], held: Held) -> list[Diagnostic]:
    """Everything that keeps figures from being trusted: all problems at once.

    Args:
        figures: of one case.
        held: what their sources say.
    """
    found: list[Diagnostic] = []
    values: dict[str, Decimal] = {}
    for figure in figures:
        if figure.id in values:
            found.append(_problem(figure, "figure.duplicate", f"the id {figure.id!r} is used twice", "rename one"))
        values[figure.id] = figure.value
        found += _check_origin(figure, held)
    for ring in rings({figure.id: rests_on(figure) for figure in figures}):
        chain = " → ".join([*ring, ring[0]])
        place = Location(element=ring[0])
        found.append(Diagnostic("figure.circular", f"the figures rest on each other: {chain}", place, "cut one"))
    return found + [one for figure in figures if figure.derivation for one in _check_derivation(figure, values)]


def _check_origin(figure: Figure, held: Held) -> list[Diagnostic]:
    if figure.origin is None and not figure.derivation.strip():
        message = f"the figure {figure.label or figure.id} = {plain(figure.value)} has no source"
        return [_problem(figure, "figure.no-source", message, "say where it stands, or from what it follows")]
    if figure.origin is None:
        return []
    if figure.derivation.strip():
        return [_problem(figure, "figure.two-sources", "it both stands in a source and is derived", "keep one")]
    standing = held.get(figure.origin.key)
    where = f"{figure.origin.name or figure.origin.document[:12]}, {figure.origin.place}"
    if standing is None:
        return [_problem(figure, "figure.not-there", f"{where} holds no such number", "look where it stands now")]
    if standing != figure.value:
        message = f"{where} says {plain(standing)}, not {plain(figure.value)}"
        return [_problem(figure, "figure.differs", message, "take the number that stands there")]
    return []


def _check_derivation(figure: Figure, values: Mapping[str, Decimal]) -> list[Diagnostic]:
    try:
        computed = derivations.compute(derivations.parse(figure.derivation), values)
    except DataError as problem:
        return [_problem(figure, one.code, one.message, one.hint) for one in problem.diagnostics]
    if agrees(computed, figure.value, figure.places):
        return []
    message = f"{figure.derivation} comes to {plain(computed)}, not {plain(figure.value)}"
    return [_problem(figure, "figure.derivation", message, "correct the value or the derivation")]


def agrees(computed: Decimal, stated: Decimal, places: int | None) -> bool:
    """Whether a computed value is the stated one, rounded half up or half even to decimal places."""
    unit = Decimal(1).scaleb(-(_PLACES if places is None else places))
    if places is None and computed and stated:  # to 28 significant digits
        return abs(CONTEXT.subtract(computed, stated)) <= CONTEXT.multiply(abs(computed), unit)
    try:
        return stated in (computed.quantize(unit, one, CONTEXT) for one in (ROUND_HALF_UP, ROUND_HALF_EVEN))
    except ArithmeticError:  # too many digits for so many places
        return False


def rests_on(figure: Figure) -> tuple[str, ...]:
    """The figures a derivation names; none where it cannot be read."""
    try:
        return derivations.names(derivations.parse(figure.derivation)) if figure.derivation.strip() else ()
    except DataError:
        return ()


def with_grounds(ids: Iterable[str], figures: Iterable[Figure]) -> list[Figure]:
    """Figures and all they are derived from, each once, a figure before its grounds."""
    by_id = {figure.id: figure for figure in figures}
    found: dict[str, Figure] = {}
    waiting = deque(ids)
    while waiting:
        figure = by_id.get(waiting.popleft())
        if figure is not None and figure.id not in found:
            found[figure.id] = figure
            waiting.extend(rests_on(figure))
    return list(found.values())


def stale(
    figures: Iterable[Figure], changed: Collection[str] = (), places: Collection[tuple[str, str]] = ()
) -> dict[str, frozenset[str]]:
    """The figures that rest on something changed, each with the documents at the root of it.

    Args:
        figures: of one case.
        changed: hashes of sources that are no longer current.
        places: single origins that changed, where the rest of their source did not.
    """
    figures = list(figures)
    dependants: dict[str, list[str]] = {}
    for figure in figures:
        for other in rests_on(figure):
            dependants.setdefault(other, []).append(figure.id)
    found: dict[str, set[str]] = {}
    for figure in figures:
        origin = figure.origin
        if origin is not None and (origin.document in changed or origin.key in places):
            found.setdefault(figure.id, set()).add(origin.document)
    waiting = deque(found)
    while waiting:
        at = waiting.popleft()
        for dependant in dependants.get(at, ()):
            reached = found.setdefault(dependant, set())
            if not found[at] <= reached:
                reached |= found[at]
                waiting.append(dependant)
    return {name: frozenset(documents) for name, documents in found.items()}


def differing(before: Held, after: Held) -> frozenset[tuple[str, str]]:
    """The origins whose number is another or gone, between two states of the sources."""
    return frozenset(key for key, value in before.items() if after.get(key) != value)


def unbound(text: str, figures: Iterable[Figure]) -> list[StatedNumber]:
    """The numbers of a sentence that none of its figures is; years are let through.

    A number fits a figure that rounds to it as it is printed: ``60.3 million`` fits 60,312,000, ``5 %`` fits 0.0498.
    Its sign may be said in words (*fell by 3 %*).
    """
    values = [figure.value for figure in figures]
    return [one for one in numbers(text) if not _is_year(one) and not any(_fits(one, value) for value in values)]


def _is_year(one: StatedNumber) -> bool:
    return not one.percent and not one.scale and one.text.isdigit() and len(one.text) == 4 and int(one.text) in _YEARS


def _fits(one: StatedNumber, value: Decimal) -> bool:
    shown = CONTEXT.divide(value, SCALES[one.scale]) if one.scale else value
    shown = CONTEXT.multiply(shown, Decimal(100)) if one.percent else shown
    exponent = one.value.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    return abs(abs(shown) - abs(one.value)) <= half


def stated(figure: Figure) -> str:
    """Value and unit as an appendix shows them: thousands parted, what is derived to six places."""
    value = figure.value
    if figure.derivation and abs(value) < Decimal(10) ** 20:
        value = value.quantize(Decimal("0.000001"), ROUND_HALF_EVEN, CONTEXT)
    text = plain(value)
    whole, point, rest = text.partition(".")
    shown = f"{int(whole):,}".replace(",", "\u202f") if whole.lstrip("-").isdigit() else whole
    shown = f"-{shown}" if whole.startswith("-") and not shown.startswith("-") else shown
    return f"{shown}{point}{rest} {'' if figure.unit == 'pure' else figure.unit}".strip()


def resting(figure: Figure) -> str:
    """What a figure rests on, in words: its place and what stands there, or its derivation."""
    if figure.origin is None:
        return f"= {figure.derivation}"
    name = figure.origin.name or figure.origin.document[:12]
    return f"{name}, {figure.origin.place}" + (f": {figure.origin.shown}" if figure.origin.shown else "")


def _problem(figure: Figure, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, message, Location(element=figure.id), hint)
