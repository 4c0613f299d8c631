"""Findings of a case: claims with evidence, kept in the case's variables, anchored in its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected, DataError
from anyshore.base.plain import to_values
from anyshore.kernel.commands import Command, Write
from anyshore.knowledge import anchors
from anyshore.knowledge.anchors import Refusal, Span, span_of, span_values
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.claims import check as check_claims
from anyshore.knowledge.documents import Source
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import texts
from anyshore.web.engine.changes import change, record
from anyshore.web.engine.models import Document, Instance
from anyshore.web.engine.running import host
from anyshore.web.walls import queries as walls

FINDINGS, REPLACED = "findings", "replaced sources"
"""The case variables that hold them, and which source took the place of which."""

SUMMARY = "summary"
"""The part of a deliverable that is what its author wrote."""


def claims_of(row: Instance) -> list[Claim]:
    """The findings of a case."""
    found = engine.variables(row).get(FINDINGS)
    return [_claim(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _claim(data: Mapping[str, Any]) -> Claim:
    return Claim(
        id=str(data.get("id", "")), text=str(data.get("text", "")), author=str(data.get("author", "")),
        confidence=float(data.get("confidence") or 0), evidence=tuple(map(span_of, data.get("evidence") or ())),
        rests_on=tuple(data.get("rests on") or ()), at=int(data.get("at") or 0), topic=str(data.get("topic") or ""),
        figures=tuple(data.get("figures") or ()),
    )  # fmt: skip


def plain(claim: Claim) -> dict[str, Any]:
    """A finding as a variable of its case."""
    return to_values({
        "id": claim.id, "text": claim.text, "author": claim.author, "confidence": Decimal(str(claim.confidence)),
        "evidence": [span_values(span) for span in claim.evidence], "rests on": claim.rests_on, "at": claim.at,
        "topic": claim.topic, **({"figures": claim.figures} if claim.figures else {}),
    })  # fmt: skip


def sources(row: Instance) -> dict[str, Source]:
    """The documents of a case that have a text, by hash."""
    found = {}
    for document in Document.objects.filter(engagement=row.engagement, digest__in=engine.documents(row)):
        try:
            found[document.digest] = texts.text(document.digest, document.name, bytes(document.content))
        except DataError:
            continue  # a picture or a table is no source of quotes; it stays a document of the case
    return found


@transaction.atomic
def add(
    by: Person, instance: int, document: str, quote: str, text: str, topic: str, confidence: Decimal, place: int = 0,
    near: int | None = None,
) -> Claim:  # fmt: skip
    """Adds a finding to a case, with a quotation as its evidence.

    Raises:
        Invalid: the quotation does not stand in the document, or stands there more than once and none was chosen.
        CommandRejected: a blinded review is under way.
    """
    row, _engagement = engine.instance(by, instance, "case.plan")
    made: list[Claim] = []

    def noted(held: Instance) -> Command:
        _refuse_beside_review(instance)
        span = _place(held, document, quote, place, near)
        known = claims_of(held)
        now = host().clock()
        claim = Claim(_next_id(known), text.strip(), by.name, float(confidence), (span,), (), now, topic.strip())
        made.append(claim)
        return Write(at=now, by=by.email, variables={FINDINGS: [plain(one) for one in [*known, claim]]})

    change(row, noted)
    _record(row, by, made)
    return made[0]


def _next_id(known: Sequence[Claim]) -> str:
    return f"F{1 + max((int(one.id[1:]) for one in known if one.id[1:].isdigit()), default=0)}"


def _place(row: Instance, document: str, quote: str, place: int, near: int | None = None) -> Span:
    """Where a quotation stands in a document of a case; of several places the one chosen, or the nearest.

    Raises:
        Invalid: nowhere, or in several places of which none was chosen.
    """
    source = sources(row).get(document)
    if source is None:
        raise Invalid({"document": _("Choose a document with a text.")})
    spans = anchors.anchor(source, quote)
    if isinstance(spans, Refusal):
        raise Invalid({"quote": refused(spans)})
    if near is not None and not place:
        return min(spans, key=lambda span: abs(span.start - near))
    if len(spans) > 1 and not 1 <= place <= len(spans):
        pages = ", ".join(str(span.page) for span in spans)
        text = _("The quotation stands in %(n)d places (pages %(pages)s). Choose one by its number, or quote more.")
        raise Invalid({"place": text % {"n": len(spans), "pages": pages}})
    return spans[place - 1] if len(spans) > 1 else spans[0]


def _refuse_beside_review(instance: int) -> None:
    if walls.sealed(instance):
        raise CommandRejected(
            "case.sealed", _("A blinded review is under way."), hint=_("Note findings in the review, or after it.")
        )


@transaction.atomic
def add_all(by: Person, instance: int, claims: Sequence[Claim]) -> None:
    """Adds findings that were made elsewhere, each with its evidence; those whose id the case has stay as they are.

    Raises:
        DataError: a finding does not stand on its evidence, with all problems; nothing is added.
        CommandRejected: a blinded review is under way.
    """
    row, _engagement = engine.instance(by, instance, "case.plan")
    fresh: list[Claim] = []

    def noted(held: Instance) -> Command | None:
        _refuse_beside_review(instance)
        known = claims_of(held)
        ids = {one.id for one in known}
        fresh.extend(one for one in claims if one.id not in ids)
        problems = check_claims([*known, *fresh], sources(held))
        if problems:
            raise DataError.of(problems)
        if not fresh:
            return None
        everything = [plain(one) for one in [*known, *fresh]]
        return Write(at=host().clock(), by=by.email, variables={FINDINGS: everything})

    change(row, noted)
    _record(row, by, fresh)


def _record(row: Instance, by: Person, claims: Sequence[Claim]) -> None:
    for claim in claims:
        facts: dict[str, object] = {"finding": claim.id, "topic": claim.topic, "author": by.email}
        if claim.evidence:
            facts |= {"document": claim.evidence[0].document, "page": claim.evidence[0].page}
        record(row, "case.finding", facts)


def refused(refusal: Refusal) -> str:
    """Why a quotation is no evidence, in the reader's language."""
    near = refusal.nearest
    if near is None:
        return _("The document does not say this.")
    text = _(
        "The document does not say this. Page %(page)d has “%(common)s”, then “%(source)s” where you write “%(quote)s”."
    )
    values = {"page": near.page, "common": near.common, "source": near.source_says, "quote": near.quote_says}
    return text % values
