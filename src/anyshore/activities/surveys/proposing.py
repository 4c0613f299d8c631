"""The activity ``surveys.read-findings``: what tables say by themselves, with which runs without people are played."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common.quoting import Finding, quoted
from anyshore.knowledge import documents
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor
from anyshore.surveys.tabulation import cells

_MOST = 12


@dataclass(frozen=True, slots=True)
class FindingsInput:
    """The tables that are read.

    Attributes:
        document: name of the document in the host.
        name: of the file.
    """

    document: str
    name: str


@dataclass(frozen=True, slots=True)
class FindingsOutcome:
    """What the tables say.

    Attributes:
        known: whether any column stands out.
        findings: columns that are significantly above others, at most 12, in the order of the tables.
    """

    known: bool
    findings: tuple[Finding, ...] = ()


def read_findings(data: FindingsInput, context: ActivityContext) -> FindingsOutcome:
    """The cells with letters, as findings that quote their line."""
    source = documents.read(context.read_document(data.document), data.name)
    index = SourceIndex(source)
    found: list[Finding] = []
    for cell in cells.read(source.text, data.name):
        places = anchor(index, cell.line) if cell.above else []
        if isinstance(places, Refusal) or not places or len(found) == _MOST:
            continue
        text = f"{cell.row}: {cell.column} {cell.value}, significantly above {cell.above}."
        spans = (quoted(places[0]),)
        found.append(Finding(f"{cell.table}-{len(found) + 1}", text, cell.table, spans))
    return FindingsOutcome(bool(found), tuple(found))
