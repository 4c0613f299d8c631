"""Erasing documents by a task: exactly those that were in view leave the store, in the name of who did it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import holding, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.changes import record
from anyshore.web.engine.models import Document, Instance
from anyshore.web.work import acts

ERASE = "erase"
"""The word of ``forms.yaml`` for a work item that deletes documents."""


def listed(row: Instance) -> list[Document]:
    """The documents that stand in what the form shows, are in the store and need not be kept, by name."""
    pack = services.pack(row.service, row.engagement)
    forms = [form for form in pack.forms.values() if form.act == ERASE] if pack is not None else []
    known = engine.variables(row)
    digests = {one for form in forms for name in form.shows for one in _digests(known.get(name))}
    digests -= set(holding.bound(row.engagement, holding.today(row.engagement)))
    found = Document.objects.filter(engagement=row.engagement, digest__in=digests).defer("content")
    return sorted(found, key=lambda one: (one.name, one.digest))


def erase(by: Person, row: Instance, engagement: Engagement, statement: str, shown: str) -> int:
    """Deletes what was in view, in the caller's transaction; how many documents that were.

    What the log of a case says of them stays: their digests, which tell nobody what stood in them.

    Raises:
        Changed: what is listed is not what was in view.
    """
    found = listed(row)
    if shown != _in_view(found):
        hint = _("Read the list again, then delete what stands there now.")
        raise acts.Changed("work.changed", _("The list changed since you looked at it."), [], hint)
    digests = holding.drop(engagement.key, [one.digest for one in found], holding.today(engagement.key))
    record(row, "documents.erased", {"by": by.email, "digests": digests, "statement": statement})
    return len(digests)


def _digests(value: Any) -> Iterator[str]:
    """The digests of documents anywhere in a value."""
    if isinstance(value, Mapping):
        if isinstance(value.get("document"), str):
            yield value["document"]
        for inner in value.values():
            yield from _digests(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _digests(inner)


def _in_view(found: list[Document]) -> str:
    return hashlib.sha256("\n".join(one.digest for one in found).encode()).hexdigest()


def _look(row: Instance, engagement: Engagement) -> Mapping[str, Any]:
    del engagement
    found = listed(row)
    return {"listed": found, "in_view": _in_view(found)}


ACT = acts.Act("people.manage", "work/act_erase.html", _look, erase)
"""What a work item does that deletes documents."""
