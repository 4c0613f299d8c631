"""Figures of a case: kept in its variables, and held against what its documents say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from anyshore.activities.filings import assumptions
from anyshore.base.errors import DataError
from anyshore.filings import chart, filing
from anyshore.knowledge.figure_evidence import Figure, Origin
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Document, Instance

FIGURES = "figures"
"""The case variable that holds them."""


def figures_of(row: Instance) -> list[Figure]:
    """The figures of a case."""
    found = engine.variables(row).get(FIGURES)
    return [_figure(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _figure(data: Mapping[str, Any]) -> Figure:
    document = str(data.get("document") or "")
    origin = Origin(document, str(data.get("place") or ""), str(data.get("shown") or ""), str(data.get("name") or ""))
    places = data.get("places")
    return Figure(
        str(data.get("id", "")), str(data.get("label", "")), Decimal(str(data.get("value", 0))),
        str(data.get("unit") or ""), str(data.get("period") or ""), origin if document else None,
        str(data.get("derivation") or ""), None if places is None else int(places),
    )  # fmt: skip


def held(row: Instance, figures: Sequence[Figure]) -> dict[tuple[str, str], Decimal]:
    """What the documents of a case say, by document and place: those that its figures name, read again."""
    named = {one.origin.document for one in figures if one.origin} & set(engine.documents(row))
    found: dict[tuple[str, str], Decimal] = {}
    for document in Document.objects.filter(engagement=row.engagement, digest__in=named):
        content = bytes(document.content)
        said = assumptions.held(content, document.name)
        with suppress(DataError):  # a table of assumptions by itself is no filing
            said |= chart.held(filing.read_bytes(content, document.name))
        found |= {(document.digest, place): value for place, value in said.items()}
    return found
