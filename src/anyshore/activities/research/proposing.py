"""``research.read-findings``: the cited sentences of a dossier, with which runs without people are played."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common.quoting import Finding, quoted
from anyshore.activities.research import checking, dossier
from anyshore.activities.research.dossier import Delivered
from anyshore.knowledge import contradictions


@dataclass(frozen=True, slots=True)
class FindingsInput:
    """The dossier that is read.

    Attributes:
        documents: the files that came together.
    """

    documents: tuple[Delivered, ...]


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
        Finding(id, one.sentence, one.question, (quoted(one.places[0]),))
        for id, one in cited.items()
        if id not in apart
    ]
    for number, found in enumerate(conflicts, 1):
        told = checking.conflict(found, read)
        sides = "; ".join(
            f"{one.value}{f', {one.period}' if one.period else ''}, in {one.source} ({one.grade})" for one in told.sides
        )
        evidence = tuple(quoted(cited[one.id].places[0]) for one in found.statements if one.id in cited)
        text = f"Sources differ on {found.attribute}: {sides}."
        if evidence:
            findings.append(Finding(f"c{number}", text, "Contradictions", evidence))
    return FindingsOutcome(bool(findings), tuple(findings))
