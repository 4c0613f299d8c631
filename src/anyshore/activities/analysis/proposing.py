"""The activity ``analysis.read-findings``: what results say by themselves, with which played runs go on."""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.common.quoting import Finding, quoted
from anyshore.analysis import results
from anyshore.knowledge import documents
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor

_SIGNIFICANT = " | significant"


@dataclass(frozen=True, slots=True)
class FindingsInput:
    """What is read.

    Attributes:
        data: name of the document that holds the table.
        plan: of the one that holds the plan.
        results: of the one that holds the results.
    """

    data: str
    plan: str
    results: str


@dataclass(frozen=True, slots=True)
class FindingsOutcome:
    """What the results say.

    Attributes:
        known: whether the results name a test.
        again: the text of a run made now.
        findings: tests that are significant after correction, each with its line.
    """

    known: bool
    again: str
    findings: tuple[Finding, ...] = ()


def read_findings(data: FindingsInput, context: ActivityContext) -> FindingsOutcome:
    """The significant tests of results, as findings that quote their line, and a run made anew."""
    source = documents.read(context.read_document(data.results), "results.txt")
    index = SourceIndex(source)
    again = results.run(context.read_document(data.plan), context.read_document(data.data)).text
    lines = [line for line in source.text.splitlines() if " | test | " in line]
    found: list[Finding] = []
    for line in lines:
        places = anchor(index, line) if line.endswith(_SIGNIFICANT) else []
        if isinstance(places, Refusal) or not places:
            continue
        step, _, what, *said = line.split(" | ")
        spans = (quoted(places[0]),)
        found.append(Finding(f"{step}-{len(found) + 1}", f"{what}: {', '.join(said)}.", step, spans))
    return FindingsOutcome(bool(lines), again, tuple(found))
