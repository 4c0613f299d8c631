"""What a case puts beside its work items: the findings so far, and what added tasks came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.web.cases import added, findings
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance
from anyshore.web.walls import queries as walls
from anyshore.web.work import acts, evidence
from anyshore.web.work.items import Item


def _look(_person: Person, one: Item, row: Instance, _engagement: Engagement) -> Mapping[str, Any] | None:
    """The findings of a case beside a task that is no signature; nothing while a blinded review is under way."""
    if row.kind != "case" or acts.of(one.form) is not None or walls.sealed(row.pk):
        return None
    shown = engine.shown_variables(row)
    claims = findings.claims_of(row) if findings.FINDINGS in shown else []
    results = added.results(row) if added.RESULTS in shown else []
    if not claims and not results:
        return None
    return {"claims": claims, "results": results, "into": _text_of(one)}


def _text_of(one: Item) -> str:
    """The field a finding can be taken over into: the summary of the deliverable, else the first long text."""
    texts = [field for field in (one.form.fields if one.form else ()) if field.type == "long text"]
    return next((field.id for field in texts if field.part == findings.SUMMARY), texts[0].id if texts else "")


PART = evidence.Part("cases/beside.html", _look)
"""Findings and results beside a work item."""
