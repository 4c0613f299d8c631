"""What is kept of a person: told to them (GDPR, article 15), and erased as far as nothing binds it (article 17).

Both go through every table that names a person; a table that is not in :data:`FATES` fails a test. What somebody did in
a case stays with the case: its log and its ledger prove what was delivered and billed (article 17, 3 b and e), the
ledger under pseudonyms that nobody can tell any more (``host.pseudonyms``), the log until its time is over
(:mod:`anyshore.web.retention`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.web.accounts import security
from anyshore.web.core.models import Person

DELETED, KEPT, NAMED = "deleted", "kept", "named"
FATES: dict[str, str] = {
    "account.EmailAddress.user": DELETED, "accounts.Device.person": DELETED, "accounts.Sent.person": DELETED,
    "core.ApiToken.person": DELETED, "core.Assignment.person": DELETED, "core.Credential.person": DELETED,
    "core.Membership.person": DELETED, "learning.Attempt.person": DELETED,
    "learning.Certificate.person": DELETED, "engine.Notification.person": DELETED, "library.Draft.person": DELETED,
    "mfa.Authenticator.user": DELETED, "socialaccount.SocialAccount.user": DELETED,
    "staffing.Profile.person": DELETED, "usersessions.UserSession.user": DELETED, "webhooks.Webhook.person": DELETED,
    "work.Draft.person": DELETED, "work.Handled.person": DELETED, "work.Look.person": DELETED,
    "work.View.person": DELETED,
    # What kept somebody from a case, and who looked at it, is shown to a court: under the new name.
    "core.Conflict.person": KEPT, "walls.Access.person": KEPT, "walls.Declaration.person": KEPT,
    "walls.Interest.person": KEPT, "walls.Staff.person": KEPT, "walls.Wall.person": KEPT,
    # What somebody answered for or wrote for others.
    "accounts.Link.made_by": KEPT, "core.AuditEntry.person": KEPT, "core.Credential.verified_by": KEPT,
    "discovery.DocumentSet.by": KEPT, "discovery.Relevance.person": KEPT,
    "engagements.TermsVersion.accepted_by": KEPT, "engagements.TermsVersion.proposed_by": KEPT,
    "forecasts.Forecast.person": KEPT, "portfolio.Decided.settled_by": KEPT, "portfolio.Portfolio.uploaded_by": KEPT,
    "portfolio.KeptFile.uploaded_by": KEPT, "portfolio.Tracking.by": KEPT,
    "retention.Rules.by": KEPT,
    "review.Adjudication.person": KEPT, "review.Answer.person": KEPT, "review.Draft.person": KEPT,
    "review.Reviewer.person": KEPT, "talk.Checkpoint.answered_by": KEPT, "talk.Checkpoint.asked_by": KEPT,
    "talk.Comment.mentioned": KEPT, "talk.Comment.person": KEPT,
}  # fmt: skip
"""What an erasure does with the rows that name a person, by model and field; the person's own row gets another name."""

BY_ADDRESS: dict[str, str] = {
    "accounts.Link.email": DELETED, "core.SignInFailure.email": DELETED, "core.AuditEntry.object": NAMED,
    "engine.Pseudonym.address": DELETED, "engine.Wait.claimed_by": KEPT, "engine.Turn.by": KEPT,
    "engine.Receipt.sender": KEPT, "walls.Interest.by": NAMED, "walls.Staff.by": NAMED, "walls.Wall.by": NAMED,
}  # fmt: skip
"""The same for columns that hold an address as text; ``named``: the new address takes its place."""

SECRET = frozenset({"password", "digest", "salt", "secret", "session_key", "key", "extra_data", "answer", "parts"})
"""Columns nobody is told: they are no news to the person, and would open something for whoever finds the file."""


def relations() -> Iterator[tuple[str, models.Field[Any, Any]]]:
    """Every column that names a person, with its name in :data:`FATES`."""
    for model in apps.get_models():
        if model._meta.proxy or model._meta.auto_created:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model is Person:
                yield f"{model._meta.label}.{field.name}", field


def named(email: str) -> Person:
    """The person who signs in with an address.

    Raises:
        CommandRejected: nobody does.
    """
    found: Person | None = Person.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise CommandRejected("person.unknown", f"Nobody signs in as {email}.", hint="See People in the pages.")
    return found


def told(person: Person, by: Person | None = None, shut: Collection[int] = ()) -> dict[str, list[dict[str, Any]]]:
    """Everything that is kept of a person, by table and column, as plain JSON; that it was told is noted.

    Args:
        person: of whom.
        by: who asked; None: whoever runs the installation.
        shut: numbers of cases that are left out: those a wall keeps from whoever asked.
    """
    found = {"core.Person": [_plain(person)]}
    for name, field in relations():
        rows = field.model._default_manager.filter(**{field.name: person})
        found[name] = [_plain(one) for one in rows if _case_of(one) not in shut]
    for name in BY_ADDRESS:
        model, column = _column(name)
        rows = model._default_manager.filter(**{column: person.email})
        found[name] = [_plain(one) for one in rows if _case_of(one) not in shut]
    security.note("person.exported", person, by=by)
    text = json.dumps({name: rows for name, rows in found.items() if rows}, cls=DjangoJSONEncoder)
    plain: dict[str, list[dict[str, Any]]] = json.loads(text)
    return plain


def _case_of(row: models.Model) -> int | None:
    """The number of the case a row is about, where it is about one."""
    if row._meta.label == "engine.Instance":
        return int(row.pk)
    data = getattr(row, "data", None)
    held = data.get("case") if isinstance(data, dict) else None
    for name in ("case", "instance_id", "instance"):
        held = getattr(row, name, None) if held is None else held
    return held if isinstance(held, int) else None


def _plain(row: models.Model) -> dict[str, Any]:
    hidden = {"data"} if row._meta.label == "mfa.Authenticator" else set()
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in SECRET | hidden and not isinstance(field, models.BinaryField)
    }


@transaction.atomic
def erase(person: Person, reason: str) -> str:
    """Takes away who a person was; the address under which what stays is kept.

    Raises:
        CommandRejected: they hold open work, which somebody else has to take first (``person.holds-work``).
    """
    waits = apps.get_model("engine", "Wait").objects.filter(claimed_by=person.email)
    held = sorted(set(waits.values_list("instance", flat=True)))
    if held:
        text = _("%(name)s holds work of the cases %(cases)s.")
        message = text % {"name": person.name, "cases": ", ".join(map(str, held))}
        raise CommandRejected("person.holds-work", message, hint=_("Give it back first."))
    before, after = person.email, f"erased-{person.pk}@invalid"
    for name, field in relations():
        if FATES.get(name) == DELETED:
            field.model._default_manager.filter(**{field.name: person}).delete()
    for name, fate in BY_ADDRESS.items():
        model, column = _column(name)
        rows = model._default_manager.filter(**{column: before})
        if fate == DELETED:
            rows.delete()
        elif fate == NAMED:
            rows.update(**{column: after})
    _rename_in_audit(before, person.name, after)
    Person.objects.filter(pk=person.pk).update(email=after, name=after, is_active=False, handed=False)
    person.refresh_from_db()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    security.note("person.erased", person, reason=reason)
    return after


def _rename_in_audit(before: str, name: str, after: str) -> None:
    """Entries are only ever added; what they say about somebody who is erased is the one thing that is replaced."""
    model = apps.get_model("core", "AuditEntry")
    for entry in model.objects.filter(data__icontains=before).iterator():
        model.objects.filter(pk=entry.pk).update(data=_replaced(entry.data, {before: after, name: after}))


def _replaced(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _column(name: str) -> tuple[type[models.Model], str]:
    label, _dot, column = name.rpartition(".")
    return apps.get_model(label), column
