"""Recompute every invoice from an export alone, and name every figure that differs from what was recorded.

An invoice rests on the entries that stand before it in the ledger. So each is computed at the point where its
``invoice.issued`` entry stands, from the terms signed by then, and compared with the figures in that entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from anyshore.base.errors import AnyshoreError, Diagnostic, TermsError
from anyshore.base.locations import Location
from anyshore.terms import months
from anyshore.terms.book import Book, needs_of, terms_in
from anyshore.terms.exports import ExportReader, Progress, Verification, open_export
from anyshore.terms.figures import differences, figures
from anyshore.terms.invoice import Invoice, draft
from anyshore.terms.ledger import Entry
from anyshore.terms.model import Terms
from anyshore.terms.months import Month


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One recorded invoice, computed anew.

    Attributes:
        number: the invoice's number.
        sequence: its ledger entry.
        invoice: as computed now; None when it cannot be computed.
        findings: every figure that differs, and what else was wrong.
    """

    number: str
    sequence: int
    invoice: Invoice | None
    findings: tuple[Diagnostic, ...]


@dataclass(slots=True)
class Recomputation:
    """What recomputing an export gave.

    Attributes:
        verification: whether the export itself is sound.
        recorded: every recorded invoice, computed anew.
        asked: the months asked for, computed from the whole export.
        findings: findings on entries (late ones, unknown services), or why the signed terms cannot be read.
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


def recompute(
    path: str | Path,
    *,
    asked: Iterable[Month] | None = (),
    anchors: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Recomputation:
    """Check an export and compute its invoices anew. The file is read twice.

    Args:
        path: the export.
        asked: further months to compute, recorded as an invoice or not; None for the month of the last entry of a
            case, where the export is sound and holds no invoice of it. A month that was not over is computed as of
            the export.
        anchors: hashes of entries known from elsewhere by sequence.
        progress: called with the number of bytes read, up to twice the file's size.

    Raises:
        HostError: the file cannot be opened.
        AnyshoreError: a month asked for has no terms in force.
    """
    file = str(path)
    first = _first_pass(path, anchors or {}, progress)
    result = Recomputation(first.verification, findings=first.problems)
    if first.problems:
        return result
    book = Book(needs_of(first.versions), file=file)
    latest = 0
    with open_export(path) as stream:
        further = (lambda done: progress(first.size + done)) if progress else None
        for line, entry in ExportReader(stream, file, progress=further):
            if entry.type == "invoice.issued":
                result.recorded.append(_again(book, entry, Location(file, f"entry {entry.sequence}", line)))
            latest = max(latest, entry.at) if entry.instance else latest
            book.add(entry, line)
    wanted = _running(result, book, latest) if asked is None else asked
    until = None if first.at is None else first.at + 1  # what happened at that instant counts
    result.asked = [draft(book, month, until=until) for month in wanted]
    result.findings += book.findings
    return result


@dataclass(slots=True)
class _First:
    """The first reading: is the export sound, and which terms does it hold."""

    verification: Verification
    versions: list[Terms]
    problems: list[Diagnostic]
    at: int | None
    size: int


def _running(result: Recomputation, book: Book, latest: int) -> list[Month]:
    """The month in which a case last moved, unless its invoice is there, or the entries cannot be trusted."""
    if result.verification.findings or not book.versions or not latest:
        return []
    month = months.month_of(latest, book.versions[-1].terms.time_zone)
    known = {recorded.invoice.month for recorded in result.recorded if recorded.invoice}
    signed = any(version.terms.in_force_from <= month.last for version in book.versions)
    return [month] if signed and month not in known else []


def _first_pass(path: str | Path, anchors: Mapping[int, str], progress: Progress | None) -> _First:
    versions: list[Terms] = []
    problems: list[Diagnostic] = []
    with open_export(path) as stream:
        reader = ExportReader(stream, str(path), anchors, progress)
        for _, entry in reader:
            if entry.type == "engagement.signed":
                try:
                    versions.append(terms_in(entry, str(path)))
                except TermsError as error:
                    problems += error.diagnostics
        size = stream.tell()
    found = Verification(reader.engagement, reader.count, reader.head, tuple(reader.findings))
    return _First(found, versions, problems, reader.at, size)


def _again(book: Book, entry: Entry, place: Location) -> Recomputed:
    number = str(entry.data.get("number", ""))
    recorded = entry.data.get("figures")
    try:
        invoice = draft(book, months.parse(str(entry.data.get("month"))))
    except AnyshoreError as error:
        problem = Diagnostic(error.code, f"invoice {number}: {error.message}", place, error.hint)
        return Recomputed(number, entry.sequence, None, (problem,))
    if not isinstance(recorded, dict):
        problem = Diagnostic("terms.no-figures", f"invoice {number} records no figures to compare with", place)
        return Recomputed(number, entry.sequence, invoice, (problem,))
    found = compare(number, recorded, invoice, place)
    return Recomputed(number, entry.sequence, invoice, tuple(found))


def compare(number: str, recorded: dict[str, object], invoice: Invoice, place: Location) -> list[Diagnostic]:
    """Every figure of a recorded invoice that differs from the computed one, by name."""
    found = []
    for path, old, new in differences(recorded, figures(invoice)):
        message = f"invoice {number}, {path}: recorded {_text(old)}, recomputed {_text(new)}"
        hint = "the sides' holiday tables differ: agree on special_days" if path.startswith("closed_days") else ""
        found.append(Diagnostic("terms.figure-differs", message, place, hint))
    return found


def _text(value: object) -> str:
    return "nothing" if value is None else str(value)
