"""The deliverable of a case: a document made of its summary, its deviations and its findings, with its signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from anyshore.knowledge import deliverables
from anyshore.knowledge.claims import Claim
from anyshore.knowledge.deliverables import Composed, Deliverable, Language, Paragraph, Section, SignOff
from anyshore.knowledge.figure_evidence import Figure
from anyshore.packs.reading import Pack
from anyshore.web.cases.figures import figures_of, held
from anyshore.web.cases.findings import REPLACED, claims_of, sources
from anyshore.web.core import reader
from anyshore.web.core.models import Engagement
from anyshore.web.engine import queries as engine
from anyshore.web.engine import services
from anyshore.web.engine.models import Instance
from anyshore.web.work.acts import Difference

SIGNATURES = "signatures"
"""The case variable that holds them."""

SUMMARY = "summary"
"""The part of a deliverable that is what its author wrote."""


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
    """The deliverable made of summary, deviations and findings, a section per topic; None while there is none of them.

    Raises:
        DataError: a finding does not stand on its evidence, with all problems.
    """
    claims = claims_of(row)
    figures = figures_of(row) if any(claim.figures for claim in claims) else []
    signed = signatures(row)
    plain, content = _in_signed_language(row, engagement, claims, figures, signed)
    if not plain.sections:
        return None
    valid = tuple(one for one in signed if one.content == content)
    full = Deliverable(
        plain.title, plain.client, plain.reference, plain.version, plain.at, plain.sections, plain.language, plain.zone,
        valid,
    )  # fmt: skip
    replaced = engine.variables(row).get(REPLACED)
    changed = {one["old"] for one in replaced} if isinstance(replaced, list) else set[str]()
    composed = deliverables.compose(
        full, claims, sources(row), changed=changed, figures=figures, held=held(row, figures)
    )
    return Report(composed, [one for one in signed if one.content != content])


def _in_signed_language(
    row: Instance,
    engagement: Engagement,
    claims: Sequence[Claim],
    figures: Sequence[Figure],
    signed: Sequence[SignOff],
) -> tuple[Deliverable, str]:
    """The document in the language it was signed in; in the reader's while nobody signed it as it stands."""
    shown: Language = reader.language()
    made = [_deliverable(row, engagement, claims, language) for language in (shown, "de" if shown == "en" else "en")]
    hashed = [(one, deliverables.content_hash(one, claims, figures)) for one in made]
    contents = {one.content for one in signed}
    return next((pair for pair in hashed if pair[1] in contents), hashed[0])


def _deliverable(row: Instance, engagement: Engagement, claims: Sequence[Claim], language: Language) -> Deliverable:
    known = engine.variables(row)
    pack = services.pack(row.service, row.engagement)
    title = pack.title.get(language, row.service) if pack else row.service
    newest = max((claim.at for claim in claims), default=row.created)
    return Deliverable(
        title, engagement.client.name, row.reference or str(row.pk), f"1.{len(claims)}", newest,
        tuple(_sections(_summary(known, pack), known, claims, language)), language, engagement.zone,
    )  # fmt: skip


def _summary(known: Mapping[str, Any], pack: Pack | None) -> str:
    """What the author wrote in the fields of the service's forms that are the summary of the deliverable.

    A case of no service, or of one that names no such field, has it in the variable ``summary``.
    """
    fields = [
        field.id for form in (pack.forms.values() if pack else ()) for field in form.fields if field.part == SUMMARY
    ]
    written = [known.get(name) for name in dict.fromkeys(fields or [SUMMARY])]
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


def lines(found: Report | None) -> list[str]:
    """The text of a deliverable, line by line, with the quotations it rests on: to be read, and to be compared."""
    if found is None:
        return []
    composed = found.composed
    told = []
    for section, paragraphs in zip(composed.deliverable.sections, composed.paragraphs, strict=True):
        told.append(section.heading)
        for text, numbers in paragraphs:
            told.append(text)
            told += [
                f"“{one.span.quote}” ({one.source}, {one.page})" for one in composed.citations if one.number in numbers
            ]
    return told


def differences(before: Report | None, after: Report | None) -> list[Difference]:
    """What changed between two versions, in their order."""
    old, new = lines(before), lines(after)
    found = []
    for _tag, a, b, c, d in (one for one in SequenceMatcher(None, old, new, False).get_opcodes() if one[0] != "equal"):
        found += [Difference(text, added=False) for text in old[a:b]]
        found += [Difference(text, added=True) for text in new[c:d]]
    return found
