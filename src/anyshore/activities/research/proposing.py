"""``research.read-findings``: the cited sentences of a dossier, with which runs without people are played."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.research import checking, dossier
from anyshore.activities.research.dossier import Delivered
from anyshore.knowledge import contradictions
from anyshore.knowledge.anchors import Span


@dataclass(frozen=True, slots=True)
class FindingsInput:
    """The dossier that is read.

    Attributes:
        documents: the files that came together.
    """

    documents: tuple[Delivered, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words and their place (``knowledge.anchors.Span``)."""

    document: str
    start: int
    end: int
    page: int
    quote: str
    parts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of the profile, with the words it rests on."""

    id: str
    text: str
    topic: str
    evidence: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class FindingsOutcome:
    """What the dossier says.

    Attributes:
        known: whether any sentence is cited.
        findings: the sentences by question; what sources contradict each other in stands in one, with all sides quoted.
    """

    known: bool
    findings: tuple[Finding, ...] = ()


def read_findings(data: FindingsInput, context: ActivityContext) -> FindingsOutcome:
    """The cited sentences; contradicting ones together."""
    read = dossier.read(data.documents, context)
    cited = {one.stated.id: one for one in read.lines if one.stated is not None and not one.refusal}
    conflicts = contradictions.find(checking.of_company(read.statements))
    apart = {one.id for found in conflicts for one in found.statements}
    findings = [
        Finding(id, one.sentence, one.question, (_quoted(one.places[0]),))
        for id, one in cited.items()
        if id not in apart
    ]
    for number, found in enumerate(conflicts, 1):
        told = checking.conflict(found, read)
        sides = "; ".join(
            f"{one.value}{f', {one.period}' if one.period else ''}, in {one.source} ({one.grade})" for one in told.sides
        )
        evidence = tuple(_quoted(cited[one.id].places[0]) for one in found.statements if one.id in cited)
        text = f"Sources differ on {found.attribute}: {sides}."
        if evidence:
            findings.append(Finding(f"c{number}", text, "Contradictions", evidence))
    return FindingsOutcome(bool(findings), tuple(findings))


def _quoted(span: Span) -> Quoted:
    return Quoted(span.document, span.start, span.end, span.page, span.quote, span.parts)
