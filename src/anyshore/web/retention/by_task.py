"""Erasing by a task: exactly what was in view leaves the store, in the name of who did it.

The form of the task shows what is due: documents by their digest (``document``), cases by their reference (``case``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.web.core import audit
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engine import holding, services
from anyshore.web.engine import queries as engine
from anyshore.web.engine.changes import record
from anyshore.web.engine.models import Document, Instance
from anyshore.web.retention import erasing
from anyshore.web.work import acts

ERASE = "erase"
"""The word of ``forms.yaml`` for a work item that deletes documents and cases."""


def listed(row: Instance) -> list[Document]:
    """The documents that stand in what the form shows, are in the store and need not be kept, by name."""
    digests = set(_said(_shown(row), "document"))
    digests -= set(holding.bound(row.engagement, holding.today(row.engagement)))
    found = Document.objects.filter(engagement=row.engagement, digest__in=digests).defer("content")
    return sorted(found, key=lambda one: (one.name, one.digest))


def cases(row: Instance) -> list[Instance]:
    """The cases whose reference stands in what the form shows, by number; a dispute has that of what it is about."""
    found = Instance.objects.filter(
        engagement=row.engagement, service=row.service, reference__in=set(_said(_shown(row), "case"))
    )
    return list(found.exclude(pk=row.pk).defer("state").order_by("pk"))


def erase(by: Person, row: Instance, engagement: Engagement, statement: str, shown: str) -> int:
    """Deletes what was in view, in the caller's transaction; how many documents that were.

    A case goes with its variables, log, letters and what people had begun to write there; the ledger keeps the digest
    of its records, and says that they are gone.

    Raises:
        Changed: what is listed is not what was in view.
        CommandRejected: one of the cases has to be kept, or is still worked on.
    """
    found, about = listed(row), cases(row)
    if shown != _in_view(found, about):
        hint = _("Read the list again, then delete what stands there now.")
        raise acts.Changed("work.changed", _("The list changed since you looked at it."), [], hint)
    day = holding.today(engagement.key)
    numbers = [one.pk for one in about]
    _let_go(erasing.kept(engagement.key, numbers, day))
    digests = holding.drop(engagement.key, [one.digest for one in found], day)
    why = {"rule": "task", "source": row.reference}
    done = erasing.erase(engagement.key, numbers, day, why)
    documents = len(digests) + done.documents
    record(row, "documents.erased", {"by": by.email, "digests": digests, "statement": statement, "cases": done.cases})
    facts: dict[str, Any] = {"case": row.pk, "cases": done.cases, "documents": documents, "reason": statement}
    audit.record(by, "task.erased", engagement.key, engagement=engagement, **facts)
    return documents


def _let_go(kept: Mapping[int, str]) -> None:
    for number, why in kept.items():
        hint = _("Cancel this list, and have a new one made when that is over.")
        if why:
            text = _("Case %(number)s has to be kept: %(why)s.") % {"number": number, "why": why}
            raise CommandRejected("erase.kept", text, hint=hint)
        raise CommandRejected("erase.open", _("Case %(number)s is still worked on.") % {"number": number}, hint=hint)


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


def _in_view(found: list[Document], about: list[Instance]) -> str:
    names = [*(one.digest for one in found), *(str(one.pk) for one in about)]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _look(row: Instance, engagement: Engagement) -> Mapping[str, Any]:
    del engagement
    found, about = listed(row), cases(row)
    return {"listed": found, "cases": about, "in_view": _in_view(found, about)}


ACT = acts.Act("people.manage", "retention/act_erase.html", _look, erase)
"""What a work item does that deletes documents and cases."""
