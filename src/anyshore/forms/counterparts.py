"""Counterparts: what a document is compared with, field by field, so that a person can decide on the page.

A counterpart is found in the variables of the work or looked up in reference data: the order of a bill, an earlier one,
the account on record. There may be several (earlier documents that look alike), or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore import feel
from anyshore.forms.columns import Kind, value
from anyshore.forms.texts import Texts

Variables = Mapping[str, object]
Find = Callable[[str, str | None, Mapping[str, object]], Mapping[str, object] | None]
"""Looks a record up: kind, its key or None, else the fields that must equal; its data, or None."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where a counterpart stands in reference data.

    Attributes:
        kind: of the records.
        key: FEEL: the key of the record.
        where: field → FEEL: its fields, where it has no known key.
    """

    kind: str
    key: feel.Expression | None = None
    where: Mapping[str, feel.Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A field that is compared.

    Attributes:
        title: its name.
        document: FEEL: what the document says.
        counterpart: FEEL: what the counterpart says.
        kind: how both are shown.
        same: FEEL over ``given`` and ``known``: whether they agree; None: whether they are equal.
    """

    title: Texts
    document: feel.Expression
    counterpart: feel.Expression
    kind: Kind = "text"
    same: feel.Expression | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the document against lines of the counterpart, each pair field by field.

    Attributes:
        document: FEEL: the lines of the document.
        counterpart: FEEL: the lines of the counterpart.
        pair: FEEL over ``line`` and ``other``: whether they belong together.
        title: FEEL over ``line`` and ``other`` (null where there is none): what the pair is called.
        rows: what is compared, over ``line`` and ``other``.
    """

    document: feel.Expression
    counterpart: feel.Expression
    pair: feel.Expression
    title: feel.Expression
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Something a document is compared with.

    Attributes:
        id: unique in its form.
        title: what it is.
        none: what is said where there is none; without it, nothing is.
        lookup: where it stands in reference data; the record is ``record`` in ``of``.
        of: FEEL: the counterpart, or a list of them; the record itself where None.
        case: FEEL over ``counterpart``: number of the case it is from, for a link.
        rows: the fields that are compared.
        lines: the lines that are compared.
    """

    id: str
    title: Texts
    none: Texts = field(default_factory=dict)
    lookup: Lookup | None = None
    of: feel.Expression | None = None
    case: feel.Expression | None = None
    rows: tuple[Row, ...] = ()
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A field of both, and whether they agree."""

    title: Texts
    document: object
    counterpart: object
    kind: Kind
    same: bool


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A pair of lines; ``alone`` tells which side has no other: ``document``, ``counterpart``, or empty."""

    title: str
    alone: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A counterpart beside its document.

    Attributes:
        what: the counterpart as the form describes it.
        found: whether there is one.
        case: number of the case it is from.
        pairs: the fields.
        lines: the lines.
    """

    what: Counterpart
    found: bool
    case: int | None = None
    pairs: tuple[Pair, ...] = ()
    lines: tuple[ComparedLine, ...] = ()

    @property
    def differences(self) -> int:
        """How many fields and lines differ."""
        lines = sum(bool(line.alone) or not all(pair.same for pair in line.pairs) for line in self.lines)
        return lines + sum(not pair.same for pair in self.pairs)


def compare(what: Counterpart, variables: Variables, find: Find) -> list[Compared]:
    """A document beside its counterparts; an entry that is not ``found`` where there is none and that is worth saying.

    Args:
        what: how they are found and compared.
        variables: of the work.
        find: looks reference data up.
    """
    record = _record(what.lookup, variables, find) if what.lookup is not None else None
    known: object = record
    if what.of is not None:
        known = value(what.of, {**variables, "record": record})
    found = [one for one in (known if isinstance(known, list) else [known]) if one is not None]
    if not found:
        return [Compared(what, False)] if what.none else []
    return [_compared(what, {**variables, "record": record, "counterpart": one}) for one in found]


def _record(lookup: Lookup, variables: Variables, find: Find) -> Mapping[str, object] | None:
    if lookup.key is not None:
        key = value(lookup.key, variables)
        return find(lookup.kind, key, {}) if isinstance(key, str) else None
    equal = {name: value(one, variables) for name, one in lookup.where.items()}
    return None if None in equal.values() else find(lookup.kind, None, equal)


def _compared(what: Counterpart, variables: Variables) -> Compared:
    case = None if what.case is None else value(what.case, variables)
    lines = () if what.lines is None else tuple(_lines(what.lines, variables))
    number = int(case) if isinstance(case, Decimal) and case == case.to_integral_value() else None
    return Compared(what, True, number, tuple(_pairs(what.rows, variables)), lines)


def _pairs(rows: Sequence[Row], variables: Variables) -> Iterator[Pair]:
    """The fields that at least one of both has."""
    for row in rows:
        given, known = value(row.document, variables), value(row.counterpart, variables)
        if (given, known) != (None, None):
            yield Pair(row.title, given, known, row.kind, _same(row, given, known, variables))


def _same(row: Row, given: object, known: object, variables: Variables) -> bool:
    if row.same is not None:
        return value(row.same, {**variables, "given": given, "known": known}) is True
    if isinstance(known, list) and not isinstance(given, list):
        return any(_plain(given) == _plain(one) for one in known)
    same: bool = _plain(given) == _plain(known)
    return same


def _plain(shown: Any) -> Any:
    """A value by which two are told apart: how a text is spaced and capitalised tells nothing."""
    return " ".join(shown.casefold().split()) if isinstance(shown, str) else shown


def _lines(what: Lines, variables: Variables) -> Iterator[ComparedLine]:
    """Each line with the first other line of its own, in the order of the document; then the other lines left over."""
    given, left = _list(what.document, variables), _list(what.counterpart, variables)
    for line in given:
        others = (
            n for n, one in enumerate(left) if value(what.pair, {**variables, "line": line, "other": one}) is True
        )
        place = next(others, None)
        other = None if place is None else left.pop(place)
        yield _line(what, {**variables, "line": line, "other": other}, "" if place is not None else "document")
    for other in left:
        yield _line(what, {**variables, "line": None, "other": other}, "counterpart")


def _list(expression: feel.Expression, variables: Variables) -> list[object]:
    found = value(expression, variables)
    return list(found) if isinstance(found, list) else []


def _line(what: Lines, variables: Variables, alone: str) -> ComparedLine:
    title = value(what.title, variables)
    return ComparedLine("" if title is None else feel.to_string(title), alone, tuple(_pairs(what.rows, variables)))
