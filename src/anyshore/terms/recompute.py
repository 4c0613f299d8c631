"""Recompute every invoice and correction from an export alone, and name every figure that differs from the recorded.

Each rests on the entries that stand before it in the ledger. So each is computed at the point where its entry stands,
from the terms signed by then, and compared with what the entry records.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from anyshore.base import zones
from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.base.locations import Location
from anyshore.terms import bulk, months
from anyshore.terms.book import Book, Needs, Told, needs_of, terms_in
from anyshore.terms.corrections import Correction, correction, due
from anyshore.terms.documents import DOCUMENTS, place_of
from anyshore.terms.exports import ExportReader, Progress, Verification, open_export, signed_in
from anyshore.terms.figures import details, differences, figures
from anyshore.terms.invoice import Invoice, draft
from anyshore.terms.ledger import Entry
from anyshore.terms.months import Month


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One recorded invoice or correction, computed anew.

    Attributes:
        number: the document's number.
        sequence: its ledger entry.
        invoice: the month as computed now; None when it cannot be computed.
        findings: every figure that differs, and what else was wrong.
        reason: why a correction was issued.
        correction: what it corrects, as computed now; None of an invoice, and when it cannot be computed.
        corrects: whether it is a correction.
        corrected_by: a later correction that is as recorded and so settles every figure that differs here.
    """

    number: str
    sequence: int
    invoice: Invoice | None
    findings: tuple[Diagnostic, ...]
    reason: str = ""
    correction: Correction | None = None
    corrects: bool = False
    corrected_by: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As plain data, with every case behind the figures."""
        shown = {
            "number": self.number, "entry": self.sequence, "same": not self.findings,
            "corrected_by": self.corrected_by or None, "figures": details(self.invoice) if self.invoice else None,
        }  # fmt: skip
        if self.corrects:
            shown |= {"reason": self.reason} | (self.correction.contents() if self.correction else {})
        return shown


@dataclass(slots=True)
class Recomputation:
    """What recomputing an export gave.

    Attributes:
        verification: whether the export itself is sound.
        recorded: every recorded invoice and correction, computed anew, in the order of the ledger.
        asked: the months asked for, computed from the whole export.
        findings: findings on entries (late ones, unknown services) and months whose correction is due, or why the
            signed terms cannot be read.
    """

    verification: Verification
    recorded: list[Recomputed] = field(default_factory=list)
    asked: list[Invoice] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    @property
    def all_findings(self) -> list[Diagnostic]:
        """Everything found, the export's own faults first."""
        found = [*self.verification.findings, *self.findings]
        for one in self.recorded:
            found += [*one.findings, *(one.invoice.findings if one.invoice else [])]
        return found + [finding for invoice in self.asked for finding in invoice.findings]

    def as_dict(self) -> dict[str, Any]:
        """As plain data, with every case behind the figures."""
        return {
            "export": self.verification.as_dict(),
            "invoices": [one.as_dict() for one in self.recorded if not one.corrects],
            "corrections": [one.as_dict() for one in self.recorded if one.corrects],
            "months": [details(invoice) for invoice in self.asked],
            "findings": [finding.as_dict() for finding in self.all_findings],
        }


def recompute(
    path: str | Path,
    *,
    asked: Iterable[Month] | None = (),
    anchors: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Recomputation:
    """Check an export and compute its invoices and corrections anew.

    Args:
        path: the export.
        asked: further months to compute, recorded as an invoice or not; None for the month of the last entry of a
            case, where the export is sound and holds no invoice of it. A month that was not over is computed as of
            the export.
        anchors: hashes of entries known from elsewhere by sequence.
        progress: called with the number of bytes read.

    Raises:
        HostError: the file cannot be opened.
        AnyshoreError: a month asked for has no terms in force.
    """
    signed = list(signed_in(path))
    collected = gc.isenabled()
    gc.disable()  # what is read stays until the end: the collector would look through all of it again and again
    try:
        return _pass(path, {one.sequence for one in signed}, _needs(signed), asked, anchors or {}, progress)
    except _Unforeseen:  # a line that was changed by hand signs terms too: nothing of an entry may be left out
        return _pass(path, None, None, asked, anchors or {}, progress)
    finally:
        if collected:
            gc.enable()


class _Unforeseen(Exception):
    """Terms are signed that were not found before."""


def _needs(signed: Iterable[Entry]) -> Needs:
    versions = []
    for entry in signed:
        with suppress(TermsError):  # told where the entry stands
            versions.append(terms_in(entry))
    return needs_of(versions)


def _pass(
    path: str | Path, known: Collection[int] | None, needs: Needs | None, asked: Iterable[Month] | None,
    anchors: Mapping[int, str], progress: Progress | None,
) -> Recomputation:  # fmt: skip
    """Checks an export and computes while it is read."""
    file = str(path)
    book, recorded, latest = Book(needs, file=file), list[Recomputed](), 0
    problems, gaps = list[Diagnostic](), list[Diagnostic]()
    with open_export(path) as stream:
        reader = ExportReader(stream, file, anchors, progress)
        for line, entry in reader.facts():
            if entry.type == "engagement.signed" and known is not None and entry.sequence not in known:
                raise _Unforeseen
            if not problems and entry.type in DOCUMENTS:
                place = Location(file, f"entry {entry.sequence}", line)
                gaps += _gap(book, entry, place)
                recorded.append(_again(book, entry, place))
            if (entry.instance or entry.type == bulk.DECIDED) and entry.at > latest:
                latest = entry.at
            try:
                book.add(entry, line)
            except TermsError as error:
                problems += error.diagnostics
    result = Recomputation(reader.verified(), findings=problems)
    if problems:
        return result
    result.recorded = _settled(recorded)
    wanted = _running(result, book, latest) if asked is None else asked
    until = None if reader.at is None else reader.at + 1  # what happened at that instant counts
    result.asked = [draft(book, month, until=until) for month in wanted]
    result.findings += [*gaps, *book.findings, *due(book)]
    return result


def _running(result: Recomputation, book: Book, latest: int) -> list[Month]:
    """The month in which a case last moved, unless its invoice is there, or the entries cannot be trusted."""
    if result.verification.findings or not book.versions or not latest:
        return []
    month = months.month_of(latest, book.versions[-1].terms.time_zone)
    known = {recorded.invoice.month for recorded in result.recorded if recorded.invoice}
    signed = any(version.terms.in_force_from <= month.last for version in book.versions)
    return [month] if signed and month not in known else []


def _again(book: Book, entry: Told, place: Location) -> Recomputed:
    number = str(entry.data.get("number", ""))
    if entry.type == "invoice.corrected":
        return _correction_again(book, entry, number, place)
    try:
        month = months.parse(str(entry.data.get("month")))
        invoice = draft(book, month)
    except AnyshoreError as error:
        problem = Diagnostic(error.code, f"invoice {number}: {error.message}", place, error.hint)
        return Recomputed(number, entry.sequence, None, (problem,))
    found = list(_twice(book, month, number, place))
    recorded = entry.data.get("figures")
    if isinstance(recorded, dict):
        differing = compare(f"invoice {number}", recorded, figures(invoice), place)
        found += _by_other_zones(differing, entry.data.get("time_zones"))
    else:
        message = f"invoice {number} records no figures to compare with"
        found.append(Diagnostic("terms.no-figures", message, place))
    return Recomputed(number, entry.sequence, invoice, tuple(found))


def _by_other_zones(differing: list[Diagnostic], recorded: object) -> list[Diagnostic]:
    """The differences, with a word on it where the sides had other rules of time zones."""
    if not isinstance(recorded, str) or recorded == zones.VERSION:
        return differing
    hint = f"recorded by the time zones {recorded}, recomputed by {zones.VERSION}: agree on one release of tzdata"
    return [one if one.hint else replace(one, hint=hint) for one in differing]


def _gap(book: Book, entry: Told, place: Location) -> Iterator[Diagnostic]:
    """That a number of ours does not follow the one before; other systems' numbers are theirs."""
    number = str(entry.data.get("number", ""))
    engagement = book.versions[-1].terms.id if book.versions else ""
    named, expected = place_of(engagement, number), 1 + sum(map(len, book.documents.values()))
    if named is not None and named != expected:
        message = f"{number} is the document {expected} of its engagement: a number is missing or was given twice"
        yield Diagnostic("terms.number-gap", message, place, "ask for the missing document", "warning")


def _twice(book: Book, month: Month, number: str, place: Location) -> Iterator[Diagnostic]:
    """That a month has its invoice already."""
    if month in book.documents:
        message = f"invoice {number} bills {month} a second time: {book.documents[month][0].number} was issued before"
        yield Diagnostic("terms.repeated-invoice", message, place, "a billed month is changed by corrections only")


def _settled(recorded: list[Recomputed]) -> list[Recomputed]:
    """The documents without the differences that a sound correction of their month took back."""
    corrected: dict[Month, str] = {}
    found: list[Recomputed] = []
    for one in reversed(recorded):
        if one.invoice and one.invoice.month in corrected:
            left = tuple(finding for finding in one.findings if finding.code != "terms.figure-differs")
            found.append(replace(one, findings=left, corrected_by=corrected[one.invoice.month]))
            continue
        if one.correction and not one.findings:
            corrected[one.correction.month] = one.number
        found.append(one)
    return found[::-1]


def _correction_again(book: Book, entry: Told, number: str, place: Location) -> Recomputed:
    reason = str(entry.data.get("reason", ""))
    try:
        found = correction(book, months.parse(str(entry.data.get("month"))))
    except AnyshoreError as error:
        problem = Diagnostic(error.code, f"correction {number}: {error.message}", place, error.hint)
        return Recomputed(number, entry.sequence, None, (problem,), reason, corrects=True)
    computed = found.contents()
    recorded = {name: entry.data.get(name) for name in computed}
    differing = compare(f"correction {number}", recorded, computed, place)
    return Recomputed(number, entry.sequence, found.invoice, tuple(differing), reason, found, corrects=True)


def compare(name: str, recorded: object, computed: object, place: Location) -> list[Diagnostic]:
    """Every figure of a recorded document that differs from the computed one, by its path."""
    found = []
    for path, old, new in differences(recorded, computed):
        message = f"{name}, {path}: recorded {_text(old)}, recomputed {_text(new)}"
        hint = "the sides' holiday tables differ: agree on special_days" if "closed_days" in path else ""
        found.append(Diagnostic("terms.figure-differs", message, place, hint))
    return found


def _text(value: object) -> str:
    return "nothing" if value is None else str(value)
