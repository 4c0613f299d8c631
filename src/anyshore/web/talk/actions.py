"""What people say about a case: comments with mentions, questions to the client, answers, and who learns of it."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from anyshore.base.errors import CommandRejected
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import Person
from anyshore.web.engine import notices
from anyshore.web.engine import queries as engine
from anyshore.web.engine.changes import record
from anyshore.web.engine.models import Notification
from anyshore.web.engine.running import host
from anyshore.web.talk import queries
from anyshore.web.talk.models import Checkpoint, Comment

MENTION = re.compile(r"(?<![\w.])@([\w.+-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?)")
"""``@name`` (the first part of an address) or ``@name@example.org``."""


@transaction.atomic
def comment(by: Person, number: int, text: str, kind: str = "case", target: str = "") -> Comment:
    """Says something about a case, a finding, a task or a place; people mentioned with ``@`` learn of it.

    Raises:
        Invalid: nothing is said, or somebody is mentioned who is not on the case.
    """
    _row, engagement = engine.instance(by, number, "case.see")
    if not text.strip() or kind not in Comment.Kind.values:
        raise Invalid({"text": _("Say something.")})
    around = {person.email: person for person in notices.around(engagement, number)}
    mentioned = {}
    for name in MENTION.findall(text):
        found = [one for email, one in around.items() if name.lower() in (email, email.partition("@")[0])]
        if len(found) != 1:
            raise Invalid({"text": _("Nobody on this case is called @%s.") % name})
        mentioned[found[0].pk] = found[0]
    now = host().clock()
    said = Comment.objects.create(case=number, person=by, kind=kind, target=target[:200], text=text.strip(), at=now)
    said.mentioned.set(mentioned.values())
    notices.tell(mentioned.values(), number, Notification.Kind.MENTIONED, now, said.pk)
    return said


@transaction.atomic
def ask(by: Person, number: int, question: str) -> Checkpoint:
    """Asks the client something; the ledger notes that the case waits for the client's answer.

    Raises:
        Invalid: there is no question.
    """
    row, engagement = engine.instance(by, number, "case.plan")
    if not question.strip():
        raise Invalid({"question": _("Write the question.")})
    now = host().clock()
    asked = Checkpoint.objects.create(case=number, asked_by=by, question=question.strip(), at=now)
    record(row, "work.opened", {"element": f"checkpoint {asked.pk}", "party": "client"})
    owners = [one for one in notices.around(engagement, number) if queries.is_client(one, engagement)]
    notices.tell(owners, number, Notification.Kind.ASKED, now)
    return asked


@transaction.atomic
def answer(by: Person, number: int, checkpoint: int, text: str) -> Checkpoint:
    """The client answers; an answer stays.

    Raises:
        Denied: somebody who is not the client's service owner.
        CommandRejected: it is answered already.
    """
    row, engagement = engine.instance(by, number, "case.see")
    if not queries.is_client(by, engagement):
        raise Denied(_("Only the client answers."))
    found = Checkpoint.objects.select_for_update().filter(pk=checkpoint, case=number).first()
    if found is None:
        raise NotFound(_("There is no such question."))
    if found.answered_at is not None:
        raise CommandRejected("checkpoint.answered", _("This question is answered already."))
    if not text.strip():
        raise Invalid({"answer": _("Write the answer.")})
    now = host().clock()
    found.answer, found.answered_by, found.answered_at = text.strip(), by, now
    found.save()
    facts = {"element": f"checkpoint {found.pk}", "party": "client", "performer": by.email}
    record(row, "work.completed", facts)
    notices.tell([found.asked_by], number, Notification.Kind.ANSWERED, now)
    return found


@transaction.atomic
def read_all(by: Person) -> None:
    """Marks the person's notifications as read, those that are shown."""
    shown = [one.pk for one in queries.notifications(by)[: queries.NEWEST]]
    Notification.objects.filter(pk__in=shown, read=None).update(read=host().clock())
