"""A composed deliverable as PDF/A-2b through Typst: the same input gives the same bytes.

The template is fixed and the texts reach it as data, so nothing people or sources wrote is ever read as markup.
Only the fonts that Typst carries are used, and the document's date is the deliverable's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from anyshore.knowledge.deliverables import Composed, day, moment
from anyshore.knowledge.figure_evidence import resting, stated

_TEMPLATE = Path(__file__).with_name("deliverable.typ")


def render(composed: Composed) -> bytes:
    """The PDF's bytes."""
    pdf = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(_data(composed), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["a-2b"],
        timestamp=composed.deliverable.at // 1_000_000,
    )
    return bytes(pdf)


def _data(composed: Composed) -> dict[str, Any]:
    made = composed.deliverable
    local = moment(made.at, made.zone)
    return {
        "title": made.title, "client": made.client, "reference": made.reference, "version": made.version,
        "language": made.language, "words": composed.words, "hash": composed.content,
        "date": day(made.at, made.zone, made.language), "ymd": [local.year, local.month, local.day],
        "sections": [
            {"heading": section.heading, "paragraphs": [{"text": t, "cites": list(n)} for t, n in paragraphs]}
            for section, paragraphs in zip(made.sections, composed.paragraphs, strict=True)
        ],
        "claims": [
            {"id": claim.id, "text": claim.text, "author": claim.author, "confidence": f"{claim.confidence:.0%}",
             "cites": list(numbers), "rests": list(claim.rests_on)}
            for claim, numbers in composed.claims
        ],
        "signoffs": [
            [s.person, s.role, s.qualification, day(s.at, made.zone, made.language), s.statement]
            for s in made.signoffs
        ],
        "citations": [
            {"number": c.number, "source": c.source, "page": c.page, "start": c.span.start, "end": c.span.end,
             "quote": c.span.quote}
            for c in composed.citations
        ],
        "sources": [list(source) for source in composed.sources],
        "figures": [[one.label or one.id, stated(one), one.period, resting(one), one.id] for one in composed.figures],
    }  # fmt: skip
