"""Findings of a case: claims with evidence, kept in the case's variables, anchored in its documents, signed by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from anyshore.base.errors import CommandRejected, DataError
from anyshore.host.ledgers import LedgerWriter
from anyshore.kernel.commands import Write
from anyshore.knowledge import anchors, deliverables
from anyshore.knowledge.anchors import Refusal, Span
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.claims import check as check_claims
from anyshore.knowledge.deliverables import Composed, Deliverable, Language, Paragraph, Section, SignOff
from anyshore.knowledge.documents import Source
from anyshore.knowledge.documents import read as read_document
from anyshore.packs.reading import Pack
from anyshore.web.cases import queries as cases
from anyshore.web.core import queries as people
from anyshore.web.core.errors import Denied, Invalid
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import queries as engine
from anyshore.web.engine import services
from anyshore.web.engine.models import Document, Instance
from anyshore.web.engine.running import host
from anyshore.web.work import items

FINDINGS, SIGNATURES, REPLACED = "findings", "signatures", "replaced sources"
"""The case variables that hold them."""

SUMMARY = "summary"
"""The part of a deliverable that is what its author wrote."""


def claims_of(row: Instance) -> list[Claim]:
    """The findings of a case."""
    found = engine.variables(row).get(FINDINGS)
    return [_claim(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _claim(data: Mapping[str, Any]) -> Claim:
    return Claim(
        id=str(data.get("id", "")), text=str(data.get("text", "")), author=str(data.get("author", "")),
        confidence=float(data.get("confidence") or 0), evidence=tuple(_span(one) for one in data.get("evidence") or ()),
        rests_on=tuple(data.get("rests on") or ()), at=int(data.get("at") or 0), topic=str(data.get("topic") or ""),
    )  # fmt: skip


def _span(data: Mapping[str, Any]) -> Span:
    parts = tuple((int(part[0]), int(part[1])) for part in data["parts"])
    return Span(data["document"], parts[0][0], parts[-1][1], int(data["page"]), data["quote"], parts)


def plain(claim: Claim) -> dict[str, Any]:
    """A finding as a variable of its case."""
    return {
        "id": claim.id, "text": claim.text, "author": claim.author, "confidence": Decimal(str(claim.confidence)),
        "evidence": [
            {
                "document": span.document, "page": Decimal(span.page), "quote": span.quote,
                "parts": [[Decimal(start), Decimal(end)] for start, end in span.parts],
            }
            for span in claim.evidence
        ],
        "rests on": list(claim.rests_on), "at": Decimal(claim.at), "topic": claim.topic,
    }  # fmt: skip


def sources(row: Instance) -> dict[str, Source]:
    """The documents of a case that have a text, by hash."""
    found = {}
    for document in Document.objects.filter(engagement=row.engagement, digest__in=engine.documents(row)):
        try:
            found[document.digest] = read_document(bytes(document.content), document.name)
        except DataError:
            continue  # a picture or a table is no source of quotes; it stays a document of the case
    return found


@transaction.atomic
def add(
    by: Person, instance: int, document: str, quote: str, text: str, topic: str, confidence: Decimal, place: int = 0
) -> Claim:
    """Adds a finding to a case, with a quotation as its evidence.

    Raises:
        Invalid: the quotation does not stand in the document, or stands there more than once and none was chosen.
    """
    row, engagement = engine.instance(by, instance, "case.plan")
    _refuse_beside_review(instance)
    source = sources(row).get(document)
    if source is None:
        raise Invalid({"document": _("Choose a document with a text.")})
    spans = anchors.anchor(source, quote)
    if isinstance(spans, Refusal):
        raise Invalid({"quote": refused(spans)})
    if len(spans) > 1 and not 1 <= place <= len(spans):
        pages = ", ".join(str(span.page) for span in spans)
        text = _("The quotation stands in %(n)d places (pages %(pages)s). Choose one by its number, or quote more.")
        raise Invalid({"place": text % {"n": len(spans), "pages": pages}})
    span = spans[place - 1] if len(spans) > 1 else spans[0]
    known = claims_of(row)
    runtime = host()
    now = runtime.clock()
    claim = Claim(
        f"F{1 + max((int(one.id[1:]) for one in known if one.id[1:].isdigit()), default=0)}", text.strip(), by.name,
        float(confidence), (span,), (), now, topic.strip(),
    )  # fmt: skip
    runtime.execute(instance, Write(at=now, by=by.email, variables={FINDINGS: [plain(one) for one in [*known, claim]]}))
    facts = {
        "finding": claim.id,
        "topic": claim.topic,
        "author": by.email,
        "document": span.document,
        "page": span.page,
    }
    record(engagement, row, "case.finding", facts)
    return claim


def _refuse_beside_review(instance: int) -> None:
    if cases.sealed(instance):
        raise CommandRejected(
            "case.sealed", _("A blinded review is under way."), hint=_("Note findings in the review, or after it.")
        )


@transaction.atomic
def add_all(by: Person, instance: int, claims: Sequence[Claim]) -> None:
    """Adds findings that were made elsewhere, each with its evidence; those whose id the case has stay as they are.

    Raises:
        DataError: a finding does not stand on its evidence, with all problems; nothing is added.
    """
    row, engagement = engine.instance(by, instance, "case.plan")
    _refuse_beside_review(instance)
    known = claims_of(row)
    held = {one.id for one in known}
    fresh = [one for one in claims if one.id not in held]
    problems = check_claims([*known, *fresh], sources(row))
    if problems:
        raise DataError.of(problems)
    if not fresh:
        return
    runtime = host()
    now = runtime.clock()
    runtime.execute(
        instance, Write(at=now, by=by.email, variables={FINDINGS: [plain(one) for one in [*known, *fresh]]})
    )
    for claim in fresh:
        span = claim.evidence[0]
        facts = {
            "finding": claim.id,
            "topic": claim.topic,
            "author": by.email,
            "document": span.document,
            "page": span.page,
        }
        record(engagement, row, "case.finding", facts)


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


@dataclass(frozen=True, slots=True)
class Report:
    """The deliverable of a case as it stands.

    Attributes:
        composed: the checked document.
        outdated: signatures under an earlier content.
    """

    composed: Composed
    outdated: list[SignOff]


def report(row: Instance, engagement: Engagement) -> Report | None:
    """The deliverable made of the findings, a section per topic; None without findings.

    Raises:
        DataError: a finding does not stand on its evidence, with all problems.
    """
    claims = claims_of(row)
    if not claims:
        return None
    signed = signatures(row)
    plain, content = _in_signed_language(row, engagement, claims, signed)
    valid = tuple(one for one in signed if one.content == content)
    full = Deliverable(
        plain.title, plain.client, plain.reference, plain.version, plain.at, plain.sections, plain.language, plain.zone,
        valid,
    )  # fmt: skip
    replaced = engine.variables(row).get(REPLACED)
    changed = {one["old"] for one in replaced} if isinstance(replaced, list) else set[str]()
    composed = deliverables.compose(full, claims, sources(row), changed=changed)
    return Report(composed, [one for one in signed if one.content != content])


def _in_signed_language(
    row: Instance, engagement: Engagement, claims: Sequence[Claim], signed: Sequence[SignOff]
) -> tuple[Deliverable, str]:
    """The document in the language it was signed in; in the reader's while nobody signed it as it stands."""
    reader: Language = items.language()
    made = [_deliverable(row, engagement, claims, language) for language in (reader, "de" if reader == "en" else "en")]
    hashed = [(one, deliverables.content_hash(one, claims)) for one in made]
    contents = {one.content for one in signed}
    return next((pair for pair in hashed if pair[1] in contents), hashed[0])


def _deliverable(row: Instance, engagement: Engagement, claims: Sequence[Claim], language: Language) -> Deliverable:
    known = engine.variables(row)
    pack = services.pack(row.service, row.engagement)
    title = pack.title.get(language, row.service) if pack else row.service
    newest = max(claim.at for claim in claims)
    return Deliverable(
        title, engagement.client.name, row.reference or str(row.pk), f"1.{len(claims)}", newest,
        tuple(_sections(_summary(known, pack), known, claims, language)), language, engagement.zone,
    )  # fmt: skip


def _summary(known: Mapping[str, Any], pack: Pack | None) -> str:
    """What the author wrote in the fields of the service's forms that are the summary of the deliverable."""
    fields = [
        field.id for form in (pack.forms.values() if pack else ()) for field in form.fields if field.part == SUMMARY
    ]
    written = [known.get(name) for name in dict.fromkeys(fields)]
    return "\n\n".join(one.strip() for one in written if isinstance(one, str) and one.strip())


def _sections(summary: str, known: Mapping[str, Any], claims: Sequence[Claim], language: Language) -> Iterator[Section]:
    """The author's summary, the deviations from the playbook, then the other findings by topic."""
    with override(language):
        if summary:
            yield Section(_("Summary"), (Paragraph(summary),))
        deviations = known.get("deviations")
        told = set[str]()
        if isinstance(deviations, list) and deviations:
            ids = {one.id for one in claims}
            told = {one["clause"] for one in deviations} & ids
            yield Section(
                _("Deviations from the playbook"), tuple(_deviation(one, ids, language) for one in deviations)
            )
        rest = [one for one in claims if one.id not in told]
        for topic in dict.fromkeys(claim.topic or _("Findings") for claim in rest):
            chosen = (one for one in rest if (one.topic or _("Findings")) == topic)
            yield Section(topic, tuple(Paragraph(claims=(one.id,)) for one in chosen))


def _deviation(one: Mapping[str, Any], ids: set[str], language: Language) -> Paragraph:
    severity = {"high": _("high"), "medium": _("medium"), "low": _("low")}.get(one["severity"], one["severity"])
    text = f"{one['name'][language]}: {one['answer'][language]}. {one['advice'][language]} [{severity}]"
    return Paragraph(text, (one["clause"],) if one["clause"] in ids else ())


def signatures(row: Instance) -> list[SignOff]:
    """All signatures of a case, also those under an earlier content."""
    found = engine.variables(row).get(SIGNATURES)
    if not isinstance(found, list):
        return []
    return [
        SignOff(one["person"], one["role"], one["qualification"], int(one["at"]), one["content"], one["statement"])
        for one in found
        if isinstance(one, dict)
    ]


@transaction.atomic
def sign(by: Person, instance: int, statement: str) -> SignOff:
    """Signs the findings as they stand, in the person's own name and on a verified qualification.

    Raises:
        Denied: the person lacks what the service asks of its experts.
        DataError: a finding does not stand on its evidence.
        CommandRejected: there is nothing to sign, or the person signed this content before.
    """
    row, engagement = engine.instance(by, instance, "case.sign")
    held = people.held(by, items.day_of(host().clock())).qualifications
    pack = services.pack(row.service, row.engagement)
    needed = set(pack.skills.qualifications) if pack else set[str]()
    lacking = needed - held
    if lacking or not held:
        raise Denied(
            _("Only a qualified expert signs."),
            hint=_("It needs: %s") % (", ".join(sorted(lacking)) or _("a qualification")),
        )
    if not statement.strip():
        raise Invalid({"statement": _("Say what you stand for.")})
    shown = report(row, engagement)
    if shown is None:
        raise CommandRejected("case.nothing-to-sign", _("There are no findings to sign."))
    if any(one.person == by.name for one in shown.composed.deliverable.signoffs):
        raise CommandRejected("case.signed", _("You signed these findings before."))
    runtime = host()
    qualification = ", ".join(sorted(one for one in held if not needed or one in needed))
    signed = SignOff(by.name, _("Expert"), qualification, runtime.clock(), shown.composed.content, statement.strip())
    rows = [
        {
            "person": one.person, "role": one.role, "qualification": one.qualification, "at": Decimal(one.at),
            "content": one.content, "statement": one.statement,
        }
        for one in [*signatures(row), signed]
    ]  # fmt: skip
    runtime.execute(instance, Write(at=signed.at, by=by.email, variables={SIGNATURES: rows}))
    facts = {"by": by.email, "name": by.name, "qualification": qualification, "content": signed.content}
    record(engagement, row, "case.signed", facts)
    return signed


def record(engagement: Engagement, row: Instance, kind: str, facts: dict[str, Any]) -> None:
    """Writes a fact about a case into its engagement's ledger, in the transaction of the change."""
    runtime = host()
    with runtime.store.transaction() as tx:
        chain = LedgerWriter(tx, engagement.key)
        chain.add(runtime.clock(), kind, facts, tx.load([row.pk])[row.pk])
        chain.write()
