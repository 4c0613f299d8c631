"""From findings to a document: numbered citations, an evidence appendix, sign-offs, a version and a hash.

:func:`compose` checks everything and gives a :class:`Composed` document; ``deliverable_html`` and ``deliverable_pdf``
render it. The same input gives the same bytes, always.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from anyshore.base import canonical
from anyshore.base.decimals import plain
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.knowledge import claims as claims_module
from anyshore.knowledge import figure_evidence
from anyshore.knowledge.anchors import Span
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.documents import Source
from anyshore.knowledge.figure_evidence import Figure, Held

Language = Literal["en", "de"]

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "client": "Client", "reference": "Reference", "version": "Version", "date": "Date",
        "draft": "Draft, not signed",
        "findings": "Findings and who stands for them", "claim": "Finding", "author": "Author",
        "confidence": "Confidence", "evidence": "Evidence", "page": "page", "characters": "characters",
        "appendix": "Appendix: evidence", "sources": "Sources", "signatures": "Sign-off", "person": "Name",
        "role": "Role", "qualification": "Qualification", "statement": "Statement", "hash": "Content hash (SHA-256)",
        "document": "Document", "support": "Support", "figures": "Appendix: figures", "figure": "Figure",
        "value": "Value", "period": "Period", "source": "Source or derivation",
    },
    "de": {
        "client": "Auftraggeber", "reference": "Aktenzeichen", "version": "Fassung", "date": "Datum",
        "draft": "Entwurf, nicht unterzeichnet", "findings": "Feststellungen und wer für sie einsteht",
        "claim": "Feststellung", "author": "Verantwortlich", "confidence": "Sicherheit", "evidence": "Belege",
        "page": "Seite", "characters": "Zeichen", "appendix": "Anhang: Belege", "sources": "Quellen",
        "signatures": "Freigabe", "person": "Name", "role": "Rolle", "qualification": "Qualifikation",
        "statement": "Erklärung", "hash": "Prüfsumme des Inhalts (SHA-256)", "document": "Dokument",
        "support": "Grundlage", "figures": "Anhang: Zahlen", "figure": "Zahl", "value": "Wert", "period": "Zeitraum",
        "source": "Quelle oder Herleitung",
    },
}  # fmt: skip
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
           "November", "Dezember"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the claims it reports; without a text it reads as the claims themselves."""

    text: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class SignOff:
    """A person's signature under one content.

    Attributes:
        person: who signs.
        role: as what, for example ``Reviewing attorney``.
        qualification: the qualification relied on.
        at: when, microseconds since 1970-01-01T00:00Z.
        content: the content hash signed (:func:`content_hash`).
        statement: what is declared.
    """

    person: str
    role: str
    qualification: str
    at: int
    content: str
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """What is handed to the client.

    Attributes:
        title: of the document.
        client: for whom.
        reference: case reference.
        version: for example ``1.2``.
        at: date of this version, microseconds since 1970-01-01T00:00Z.
        sections: the text.
        language: ``en`` or ``de``.
        zone: IANA zone in which dates are shown.
        signoffs: signatures, if any yet.
    """

    title: str
    client: str
    reference: str
    version: str
    at: int
    sections: tuple[Section, ...]
    language: Language = "en"
    zone: str = "UTC"
    signoffs: tuple[SignOff, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered piece of evidence in the appendix."""

    number: int
    source: str
    page: int
    span: Span


@dataclass(frozen=True, slots=True)
class Composed:
    """A checked document, ready to render.

    Attributes:
        deliverable: what it was made from.
        content: its content hash.
        paragraphs: per section, per paragraph: the text and the numbers of its citations.
        claims: the claims reported and those they rest on, each with the numbers of its own evidence.
        citations: the appendix, in the order of first mention.
        sources: (name, hash) of the sources cited.
        figures: the figures reported and those they are derived from.
    """

    deliverable: Deliverable
    content: str
    paragraphs: tuple[tuple[tuple[str, tuple[int, ...]], ...], ...]
    claims: tuple[tuple[Claim, tuple[int, ...]], ...]
    citations: tuple[Citation, ...]
    sources: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """The fixed words in the document's language."""
        return WORDS[self.deliverable.language]


def compose(
    deliverable: Deliverable,
    claims: Sequence[Claim],
    sources: Mapping[str, Source],
    *,
    changed: Collection[str] = (),
    figures: Sequence[Figure] = (),
    held: Held | None = None,
) -> Composed:
    """Checks and numbers a deliverable.

    Args:
        deliverable: text, version and sign-offs.
        claims: those of the case; only the ones reported, and what they rest on, come in.
        sources: by hash.
        changed: hashes of sources that are no longer current.
        figures: those of the case; where a claim reports figures, every number of its text must be one of them.
        held: what the sources of the figures say, by source and address.

    Raises:
        DataError: all problems at once: unknown, unsupported or stale claims, quotes their source does not hold,
        figures
            without a source or another than it says, sign-offs of another content, an unknown language or zone.
    """
    by_id = {claim.id: claim for claim in claims}
    used = _used(deliverable, by_id)
    reported = figure_evidence.with_grounds((name for claim in used for name in claim.figures), figures)
    problems = [*_own_problems(deliverable, by_id), *claims_module.check(used, sources)]
    problems += [*figure_evidence.check(reported, held or {}), *_bound(used, {one.id: one for one in reported})]
    problems += [
        Diagnostic(
            "deliverable.stale",
            f"the claim rests on a source that changed: {', '.join(document[:12] for document in gone.documents)}"
            + (f" (through {' → '.join(gone.through)})" if gone.through else ""),
            Location(element=gone.claim),
            "anchor its evidence in the new version",
        )
        for gone in claims_module.stale(used, changed, figure_evidence.stale(reported, changed))
    ]
    if problems:
        raise DataError.of(problems)
    content = content_hash(deliverable, claims, figures)
    problems = [
        Diagnostic(
            "deliverable.signed-other-content",
            f"{signoff.person} signed content {signoff.content[:12]}, this is {content[:12]}",
            Location(element=signoff.person),
            "let the person sign this version",
        )
        for signoff in deliverable.signoffs
        if signoff.content != content
    ]
    if problems:
        raise DataError.of(problems)
    return replace(_numbered(deliverable, content, by_id, used, sources), figures=tuple(reported))


def _bound(claims: Sequence[Claim], figures: Mapping[str, Figure]) -> Iterator[Diagnostic]:
    """What keeps the numbers of claims that report figures from being those figures."""
    for claim in claims:
        place = Location(element=claim.id)
        for name in claim.figures:
            if name not in figures:
                yield Diagnostic("figure.unknown", f"there is no figure {name!r}", place, "name one of the case")
        loose = figure_evidence.unbound(claim.text, (figures[name] for name in claim.figures if name in figures))
        for number in loose if claim.figures else ():
            message = f"“{number.text}” is none of the figures the claim reports"
            yield Diagnostic("figure.unbound", message, place, "bind it to a figure with a source")


def content_hash(deliverable: Deliverable, claims: Sequence[Claim], figures: Sequence[Figure] = ()) -> str:
    """SHA-256 over everything a signature covers: text, version, date, the claims, their evidence and their figures."""
    by_id = {claim.id: claim for claim in claims}
    used = _used(deliverable, by_id)
    reported = figure_evidence.with_grounds((name for claim in used for name in claim.figures), figures)
    content: dict[str, object] = {
        "title": deliverable.title, "client": deliverable.client, "reference": deliverable.reference,
        "version": deliverable.version, "at": deliverable.at, "language": deliverable.language,
        "zone": deliverable.zone,
        "sections": [
            [section.heading, [[paragraph.text, list(paragraph.claims)] for paragraph in section.paragraphs]]
            for section in deliverable.sections
        ],
        "claims": [
            [
                claim.id, claim.text, claim.author, repr(float(claim.confidence)), claim.at, list(claim.rests_on),
                [[span.document, [list(part) for part in span.parts], span.quote] for span in claim.evidence],
            ]
            for claim in used
        ],
    }  # fmt: skip
    if reported:  # a document without figures keeps the hash under which it was signed
        content["figures"] = [
            [one.id, one.label, plain(one.value), one.unit, one.period, one.derivation,
             [one.origin.document, one.origin.place, one.origin.shown] if one.origin else []]
            for one in reported
        ]  # fmt: skip
    return canonical.digest(content)


def day(at: int, zone: str, language: Language) -> str:
    """A date in words: ``24 November 2026``, ``24. November 2026``."""
    local = moment(at, zone)
    dot = "." if language == "de" else ""
    return f"{local.day}{dot} {_MONTHS[language][local.month - 1]} {local.year}"


def moment(at: int, zone: str) -> datetime:
    """Microseconds since 1970 as local time of a zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))


def _used(deliverable: Deliverable, by_id: Mapping[str, Claim]) -> list[Claim]:
    """The claims reported and all they rest on, in the order of first mention."""
    waiting = [claim for section in deliverable.sections for p in section.paragraphs for claim in p.claims]
    used: dict[str, Claim] = {}
    while waiting:
        claim = by_id.get(waiting.pop(0))
        if claim is not None and claim.id not in used:
            used[claim.id] = claim
            waiting[:0] = claim.rests_on
    return list(used.values())


def _own_problems(deliverable: Deliverable, by_id: Mapping[str, Claim]) -> list[Diagnostic]:
    found = []
    if deliverable.language not in WORDS:
        message = f"there is no language {deliverable.language!r}"
        found.append(Diagnostic("deliverable.language", message, Location(), f"one of {sorted(WORDS)}"))
    try:
        ZoneInfo(deliverable.zone)
    except (KeyError, OSError, ValueError):
        found.append(Diagnostic("deliverable.zone", f"there is no zone {deliverable.zone!r}", Location(), "IANA name"))
    if not deliverable.title.strip() or not deliverable.version.strip():
        found.append(Diagnostic("deliverable.title", "title and version must be given", Location(), "fill them in"))
    for section in deliverable.sections:
        place = Location(element=section.heading)
        for paragraph in section.paragraphs:
            found += [
                Diagnostic("deliverable.unknown-claim", f"there is no claim {claim!r}", place, "name one of the case")
                for claim in paragraph.claims
                if claim not in by_id
            ]
            if not paragraph.text.strip() and not paragraph.claims:
                found.append(Diagnostic("deliverable.empty", "a paragraph is empty", place, "write it or take it out"))
    return found


def _numbered(
    deliverable: Deliverable,
    content: str,
    by_id: Mapping[str, Claim],
    used: Sequence[Claim],
    sources: Mapping[str, Source],
) -> Composed:
    numbers: dict[Span, int] = {}

    def cite(claim: Claim) -> tuple[int, ...]:
        return tuple(numbers.setdefault(span, len(numbers) + 1) for span in claim.evidence)

    sections = []
    for section in deliverable.sections:
        paragraphs = []
        for paragraph in section.paragraphs:
            reported = [by_id[claim] for claim in paragraph.claims]
            text = paragraph.text or " ".join(claim.text for claim in reported)
            cited = dict.fromkeys(number for claim in _with_grounds(reported, by_id) for number in cite(claim))
            paragraphs.append((text, tuple(cited)))
        sections.append(tuple(paragraphs))
    listed = tuple((claim, cite(claim)) for claim in used)
    citations = tuple(
        Citation(number, sources[span.document].name, span.page, span) for span, number in numbers.items()
    )
    cited_sources = dict.fromkeys(span.document for span in numbers)
    names = tuple((sources[document].name, document) for document in cited_sources)
    return Composed(deliverable, content, tuple(sections), listed, citations, names)


def _with_grounds(reported: Sequence[Claim], by_id: Mapping[str, Claim]) -> list[Claim]:
    """Claims and what they rest on, each once, a claim before its grounds."""
    found: dict[str, Claim] = {}
    waiting = list(reported)
    while waiting:
        claim = waiting.pop(0)
        if claim.id not in found:
            found[claim.id] = claim
            waiting[:0] = [by_id[other] for other in claim.rests_on]
    return list(found.values())
