"""Erasing documents by a task: exactly those that were in view leave the store, in the name of who did it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from anyshore.mail.composing import OUTBOX
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import holding, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.changes import record
from anyshore.web.engine.models import Document, Instance, Reference, ReferenceIndex
from anyshore.web.work import acts
from anyshore.web.work.models import Draft

ERASE = "erase"
"""The word of ``forms.yaml`` for a work item that deletes documents."""


def listed(row: Instance) -> list[Document]:
    """The documents that stand in what the form shows, are in the store and need not be kept, by name."""
    digests = set(_said(_shown(row), "document"))
    digests -= set(holding.bound(row.engagement, holding.today(row.engagement)))
    found = Document.objects.filter(engagement=row.engagement, digest__in=digests).defer("content")
    return sorted(found, key=lambda one: (one.name, one.digest))


def erase(by: Person, row: Instance, engagement: Engagement, statement: str, shown: str) -> int:
    """Deletes what was in view, in the caller's transaction; how many documents that were.

    With them go the letters of the cases they belong to and what people had begun to write there. What the log of a
    case says stays: digests, which tell nobody what stood in them, and the variables its chain of hashes rests on.

    Raises:
        Changed: what is listed is not what was in view.
    """
    found = listed(row)
    if shown != _in_view(found):
        hint = _("Read the list again, then delete what stands there now.")
        raise acts.Changed("work.changed", _("The list changed since you looked at it."), [], hint)
    digests = holding.drop(engagement.key, [one.digest for one in found], holding.today(engagement.key))
    letters, drafts = _beside(row)
    facts = {"by": by.email, "digests": digests, "statement": statement, "letters": letters, "drafts": drafts}
    record(row, "documents.erased", facts)
    return len(digests)


def _beside(row: Instance) -> tuple[int, int]:
    """Deletes letters and drafts of the cases that are listed; how many of each."""
    cases = Instance.objects.filter(
        engagement=row.engagement, service=row.service, reference__in=set(_said(_shown(row), "case"))
    ).exclude(pk=row.pk)
    letters = 0
    for number in cases.values_list("pk", flat=True):
        mails = {"engagement": row.engagement, "kind": OUTBOX, "key__startswith": f"{number}:"}
        ReferenceIndex.objects.filter(**mails).delete()
        letters += Reference.objects.filter(**mails).delete()[0]
    return letters, Draft.objects.filter(instance__in=cases.values("pk")).delete()[0]


def _shown(row: Instance) -> list[Any]:
    """What the form that deletes shows."""
    pack = services.pack(row.service, row.engagement)
    forms = [form for form in pack.forms.values() if form.act == ERASE] if pack is not None else []
    known = engine.variables(row)
    return [known.get(name) for form in forms for name in form.shows]


def _said(value: Any, name: str) -> Iterator[str]:
    """The texts under a name anywhere in a value."""
    if isinstance(value, Mapping):
        if isinstance(value.get(name), str):
            yield value[name]
        for inner in value.values():
            yield from _said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner, name)


def _in_view(found: list[Document]) -> str:
    return hashlib.sha256("\n".join(one.digest for one in found).encode()).hexdigest()


def _look(row: Instance, engagement: Engagement) -> Mapping[str, Any]:
    del engagement
    found = listed(row)
    return {"listed": found, "in_view": _in_view(found)}


ACT = acts.Act("people.manage", "work/act_erase.html", _look, erase)
"""What a work item does that deletes documents."""
