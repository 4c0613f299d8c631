"""Findings as activities give them to a case: words, and the place in a source where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.knowledge.anchors import Span


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation and its place (``knowledge.anchors.Span``)."""

    document: str
    start: int
    end: int
    page: int
    quote: str
    parts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, with the words it rests on."""

    id: str
    text: str
    topic: str
    evidence: tuple[Quoted, ...]


def quoted(span: Span) -> Quoted:
    """A place as an activity gives it."""
    return Quoted(span.document, span.start, span.end, span.page, span.quote, span.parts)
