"""Correcting a billed month: the difference between the figures last issued and those of all entries.

An issued document is never changed. A correction is a document of its own (EN 16931: a credit note, BT-3 = 381, where
it only takes away, otherwise a corrected invoice, 384) that names the documents before it (BG-3) and bills the
difference, line by line. So the invoice of a month and its corrections always add up to the last figures.

What a correction rests on is as for an invoice the entries before its own: entries of that time that came late, terms
of that time signed later, and figures that were recorded wrongly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec.structs import astuple

from anyshore.base import canonical
from anyshore.base.errors import AnyshoreError, Diagnostic
from anyshore.base.locations import Location
from anyshore.terms.book import Book
from anyshore.terms.calendars import local_date
from anyshore.terms.documents import Document, Late
from anyshore.terms.figures import figures
from anyshore.terms.invoice import Invoice, Line, LineKind, draft
from anyshore.terms.money import minus
from anyshore.terms.months import Month, parse

Data = dict[str, Any]
TypeCode = Literal["381", "384"]
CREDIT_NOTE: TypeCode = "381"
CORRECTED_INVOICE: TypeCode = "384"

_NUMBER = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?")
Number = Annotated[str, msgspec.Meta(pattern=f"^{_NUMBER.pattern}$")]


class _Line(msgspec.Struct, frozen=True):
    service: str
    kind: LineKind
    name: str
    quantity: Number
    unit_price: Number
    amount: Number
    cases: int
    digest: str


class _Objective(msgspec.Struct, frozen=True):
    service: str
    objective: str
    target: Number
    met: int
    counted: int
    attainment: Number | None
    status: str
    cases: str
    missed: str


class _Vat(msgspec.Struct, frozen=True):
    category: str
    rate: Number
    amount: Number


class _Figures(msgspec.Struct, frozen=True):
    """What of recorded figures is corrected: not by which terms and closed days they came about."""

    currency: str
    lines: list[_Line]
    objectives: list[_Objective]
    net: Number
    vat: _Vat
    gross: Number


@dataclass(frozen=True, slots=True)
class Correction:
    """What a billed month comes to now, beside what was billed.

    Attributes:
        month: the month.
        preceding: its documents so far, oldest first (BG-3).
        invoice: the month computed on all entries.
        figures: the same as plain data, as the entry records it.
        difference: what changes, as plain data: lines, objectives, net, vat, gross, each with ``old`` and ``new``.
        late: entries that came after the last document.
        amended: the entry that signed the month's terms, where it came after the last document.
    """

    month: Month
    preceding: tuple[Document, ...]
    invoice: Invoice
    figures: Data
    difference: Data
    late: tuple[Late, ...]
    amended: int | None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to correct."""
        shown = self.difference
        amounts = (Decimal(shown[name]["amount"]) for name in ("net", "vat", "gross"))
        return self._same_vat and not shown["lines"] and not shown["objectives"] and not any(amounts)

    @property
    def type_code(self) -> TypeCode:
        """BT-3 (UNTDID 1001): 381 where nothing is added to what was billed, else 384."""
        shown = self.difference
        amounts = [Decimal(line["amount"]) for line in shown["lines"]]
        reduces = Decimal(shown["net"]["amount"]) < 0 and max(amounts, default=Decimal(0)) <= 0
        return CREDIT_NOTE if reduces and self._same_vat else CORRECTED_INVOICE

    @property
    def _same_vat(self) -> bool:
        old, new = self.difference["vat"]["old"], self.difference["vat"]["new"]
        return bool(old["category"] == new["category"] and Decimal(old["rate"]) == Decimal(new["rate"]))

    @property
    def digest(self) -> str:
        """SHA-256 of the difference: whether two looked at the same correction."""
        return canonical.digest(self.difference)

    def contents(self) -> Data:
        """What both sides compute alike of an ``invoice.corrected`` entry."""
        zone = self.invoice.terms.time_zone
        preceding = [
            {"number": one.number, "issued": local_date(zone, one.at).isoformat(), "entry": one.sequence}
            for one in self.preceding
        ]
        return {
            "type_code": self.type_code, "preceding": preceding, "figures": self.figures,
            "difference": self.difference,
        }  # fmt: skip


def correction(book: Book, month: Month) -> Correction:
    """What is to be corrected of a billed month, as of the last entry; perhaps nothing.

    Raises:
        AnyshoreError: the month was not billed, no terms are in force in it, what was recorded cannot be read, or it
            was billed in another currency.
    """
    preceding = book.documents.get(month)
    if not preceding:
        raise AnyshoreError("terms.not-billed", f"{month} was not billed", None, "issue its invoice first")
    last = preceding[-1]
    invoice = draft(book, month)
    now = figures(invoice)
    amended = invoice.terms_sequence if invoice.terms_sequence > last.sequence else None
    changes = difference(_recorded(last), msgspec.convert(now, _Figures))
    return Correction(month, tuple(preceding), invoice, now, changes, tuple(book.late_for(month, last)), amended)


def as_issued(book: Book, month: Month) -> Invoice:
    """The invoice of a billed month as it was issued: computed on the entries before it, with the cases behind.

    Where other lines and totals were recorded, those were billed: they are shown, and nothing stands behind them.

    Raises:
        AnyshoreError: no terms were in force, or what was recorded cannot be read.
    """
    first = book.documents[month][0]
    invoice = draft(book.before(first.sequence) if _changed_since(book, month, first) else book, month)
    told, computed = _recorded(first), msgspec.convert(figures(invoice), _Figures)
    if (told.lines, told.net, told.vat, told.gross) == (computed.lines, computed.net, computed.vat, computed.gross):
        return invoice
    net, vat, gross = (Decimal(amount) for amount in (told.net, told.vat.amount, told.gross))
    return replace(invoice, lines=list(map(_line, told.lines)), credits=[], net=net, vat=vat, gross=gross)


def _line(told: _Line) -> Line:
    quantity, price, amount = (Decimal(number) for number in (told.quantity, told.unit_price, told.amount))
    return Line(told.service, told.kind, told.name, quantity, price, amount)


def _changed_since(book: Book, month: Month, document: Document) -> bool:
    """Whether anything was entered after a document that the month's figures may rest on."""
    return bool(book.late_for(month, document)) or book.terms_for(month).sequence > document.sequence


def touched(book: Book) -> Iterator[Month]:
    """The billed months of which anything was entered after their last document; cases are not looked at."""
    for month, documents in book.documents.items():
        if _changed_since(book, month, documents[-1]):
            yield month


def pending(book: Book) -> Iterator[tuple[Month, Correction | AnyshoreError]]:
    """Each billed month that comes to something else on all entries, with its correction or why there can be none."""
    for month in sorted(book.documents):
        try:
            if _changed_since(book, month, book.documents[month][-1]) and not (found := correction(book, month)).empty:
                yield month, found
        except AnyshoreError as error:
            yield month, error


def of_months(book: Book, month: str | None) -> list[Correction]:
    """The correction of a month, written as 2026-01; those of all months that are due where none is named.

    Raises:
        TermsError: the month is none, or was not billed.
    """
    return [correction(book, parse(month))] if month else all_due(book)


def all_due(book: Book) -> list[Correction]:
    """The corrections that are due.

    Raises:
        AnyshoreError: one cannot be computed.
    """
    found = []
    for _month, one in pending(book):
        if not isinstance(one, Correction):
            raise one
        found.append(one)
    return found


def due(book: Book) -> Iterator[Diagnostic]:
    """A finding for each month whose correction is due, and for each entry that came late for it."""
    for month, found in pending(book):
        if isinstance(found, Correction):
            yield from _due(book.file, found)
        else:
            yield Diagnostic(found.code, f"a correction of {month}: {found.message}", found.location, found.hint)


def _due(file: str | None, found: Correction) -> Iterator[Diagnostic]:
    gross = found.difference["gross"]
    currency = found.invoice.terms.currency
    message = f"{found.month} was billed with {gross['old']} {currency} and comes to {gross['new']} {currency}"
    if found.amended:
        message += f" by the terms of entry {found.amended}"
    if found.late:
        message += f" with {len(found.late)} entries that came later"
    hint = "issue a correction of the month: it bills the difference"
    place = Location(file, f"entry {found.late[0].sequence if found.late else found.amended}")
    yield Diagnostic("terms.correction-due", message, place, hint, "warning")
    for late in found.late:
        message = f"entry {late.sequence} ({late.type}) tells of a month that had been billed before"
        place = Location(file, f"entry {late.sequence}", late.line)
        yield Diagnostic("terms.late-entry", message, place, "a correction of the month takes it in", "warning")


def difference(old: _Figures, new: _Figures) -> Data:
    """What changed between two figures of a month: a row for each line and objective that did, and the totals.

    Lines are the same when service, kind and name are, several such in their order; objectives by service and key.

    Raises:
        AnyshoreError: the currencies differ.
    """
    if old.currency != new.currency:
        message = f"the month was billed in {old.currency}, its terms are now in {new.currency}"
        raise AnyshoreError("terms.other-currency", message, None, "a correction is in the currency of the invoice")
    lines = _changed(old.lines, new.lines, ("service", "kind", "name"))
    for row in lines:
        row["amount"] = _minus(_amount(row["new"]), _amount(row["old"]))
    return {
        "lines": lines,
        "objectives": _changed(old.objectives, new.objectives, ("service", "objective")),
        "net": {"old": old.net, "new": new.net, "amount": _minus(new.net, old.net)},
        "vat": {
            "old": msgspec.to_builtins(old.vat), "new": msgspec.to_builtins(new.vat),
            "amount": _minus(new.vat.amount, old.vat.amount),
        },
        "gross": {"old": old.gross, "new": new.gross, "amount": _minus(new.gross, old.gross)},
    }  # fmt: skip


Row = TypeVar("Row", bound=msgspec.Struct)


def _changed(old: Iterable[Row], new: Iterable[Row], names: tuple[str, ...]) -> list[Data]:
    before, after = _numbered(old, names), _numbered(new, names)
    rows = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if _values(was) != _values(now):
            row: Data = dict(zip(names, key, strict=False))
            rows.append(row | {"old": _without(was, names), "new": _without(now, names)})
    return rows


def _values(row: msgspec.Struct | None) -> list[Any] | None:
    """What a row says, however many zeros its numbers end with."""
    if row is None:
        return None
    return [Decimal(one) if isinstance(one, str) and _NUMBER.fullmatch(one) else one for one in astuple(row)]


def _numbered(rows: Iterable[Row], names: tuple[str, ...]) -> dict[tuple[Any, ...], Row]:
    """The rows by what names them and, of several with one name, their number."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in names)
        found[(*key, seen[key])] = row
        seen[key] += 1
    return found


def _without(row: Row | None, names: tuple[str, ...]) -> Data | None:
    return None if row is None else {k: v for k, v in msgspec.to_builtins(row).items() if k not in names}


def _amount(line: Data | None) -> str:
    return line["amount"] if line else "0"


def _minus(one: str, other: str) -> str:
    return format(minus(Decimal(one), Decimal(other)), "f")


def _recorded(document: Document) -> _Figures:
    recorded = document.data.get("figures")
    if not isinstance(recorded, Mapping):
        raise AnyshoreError("terms.no-figures", f"{document.number} records no figures to compare with")
    try:
        return msgspec.convert(recorded, _Figures)
    except msgspec.ValidationError as error:
        raise AnyshoreError("terms.no-figures", f"the figures of {document.number} cannot be read: {error}") from error
