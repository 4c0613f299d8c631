"""A new version of a source: findings that quoted the old one are stale until their quotations stand in the new."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected, DataError
from anyshore.kernel.commands import Command, Write
from anyshore.knowledge import claims as pure
from anyshore.knowledge import figure_evidence
from anyshore.knowledge.claims import Claim, Reanchoring, Stale
from anyshore.web.cases import findings
from anyshore.web.cases.figures import figures_of
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.engine import notices, texts
from anyshore.web.engine import queries as engine
from anyshore.web.engine.changes import change, record
from anyshore.web.engine.models import Document, Instance, Notification
from anyshore.web.engine.running import host

REPLACED = findings.REPLACED
"""The case variable that says which source replaced which: a list of ``{old, new}``."""


@transaction.atomic
def replace(by: Person, number: int, old: str, name: str, content: bytes) -> str:
    """Puts a new version in the place of a source; everybody on the case learns of it.

    Returns:
        The digest of the new version.

    Raises:
        Invalid: the file has no text, or is the old one.
    """
    row, engagement = engine.instance(by, number, "case.plan")
    new = hashlib.sha256(content).hexdigest()
    try:
        texts.text(new, name, content)
    except DataError as error:
        raise Invalid({"file": error.message}) from error
    runtime = host()
    now = runtime.clock()

    def replaced(held: Instance) -> Command:
        if old not in engine.documents(held):
            raise CommandRejected("source.unknown", _("This case has no such document."))
        if new in engine.documents(held):
            raise Invalid({"file": _("The case has this very file already.")})
        with runtime.store.transaction() as tx:
            tx.put_document(row.engagement, new, name, content)
        return Write(at=now, by=by.email, variables=_swapped(held, old, new, name))

    change(row, replaced)
    others = [one for one in notices.around(engagement, number) if one != by]
    notices.tell(others, number, Notification.Kind.STALE, now)
    return new


def _swapped(row: Instance, old: str, new: str, name: str) -> dict[str, Any]:
    """The case's variables with the new version wherever it named the old one."""
    known = engine.variables(row)
    replaced = [*_list(known.get(REPLACED)), {"old": old, "new": new}]
    changed: dict[str, Any] = {REPLACED: replaced}
    changed |= {key: new for key, value in known.items() if value == old}
    changed["documents"] = [*_list(known.get("documents")), {"document": new, "name": name}]
    return changed


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version did to the findings of a case."""

    old: Document
    new: Document
    stale: list[Stale]
    proposals: list[Reanchoring]


def changes(row: Instance) -> list[Change]:
    """Per replaced source: the findings it made stale, and where their quotations stand now."""
    claims, figures = findings.claims_of(row), figures_of(row)
    held = findings.sources(row)
    found = []
    for one in _list(engine.variables(row).get(REPLACED)):
        stale = pure.stale(claims, {one["old"]}, figure_evidence.stale(figures, {one["old"]}))
        proposals = pure.reanchor(claims, one["old"], held[one["new"]]) if one["new"] in held else []
        old, new = (engine.document(row, one[version]) for version in ("old", "new"))
        found.append(Change(old, new, stale, proposals))
    return found


@transaction.atomic
def reanchor(by: Person, number: int) -> int:
    """Takes over every proposal that is unambiguous; the rest stays stale until somebody quotes anew.

    Returns:
        How many findings changed.
    """
    row, _engagement = engine.instance(by, number, "case.plan")
    changed: list[Claim] = []

    def anchored(held: Instance) -> Command | None:
        before = findings.claims_of(held)
        after: list[Claim] = before
        for one in changes(held):
            after = [pure.accept(claim, one.proposals) for claim in after]
        changed.extend(claim for claim, was in zip(after, before, strict=True) if claim != was)
        if not changed:
            return None
        variables = {findings.FINDINGS: [findings.plain(claim) for claim in after]}
        return Write(at=host().clock(), by=by.email, variables=variables)

    change(row, anchored)
    for claim in changed:
        record(row, "case.reanchored", {"finding": claim.id, "by": by.email})
    return len(changed)
