"""What people keep of their own at the desk: answers not sent yet, what an item took them, views of queues."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Person


class Draft(models.Model):
    """What somebody has written into an item in their hands, and a decision that can still be undone.

    Attributes:
        answers: to the form, as they were written.
        measured: seconds the page was looked at.
        spent: seconds the person says it took.
        due: microseconds since 1970 UTC at which the decision is done; None: it is only written.
        problem: why it could not be done.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="item_drafts")
    instance = models.BigIntegerField()
    wait = models.BigIntegerField()
    answers = models.JSONField(default=dict)
    measured = models.IntegerField(default=0)
    spent = models.IntegerField(default=0)
    due = models.BigIntegerField(null=True, db_index=True)
    problem = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "instance", "wait"], name="item_draft_once")]


class Handled(models.Model):
    """An item somebody finished, and the time it took them: what was measured and what they say."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="handled")
    engagement = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    form = models.CharField(max_length=200)
    instance = models.BigIntegerField()
    wait = models.BigIntegerField()
    at = models.BigIntegerField()
    measured = models.IntegerField(default=0)
    spent = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="work_handled_person"),
            models.Index(fields=["engagement", "at"], name="work_handled_engagement"),
        ]


class Look(models.Model):
    """That somebody has an item open on a page.

    Attributes:
        since: microseconds since 1970 UTC at which they opened it.
        seen: when their page last told so.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="looks")
    instance = models.BigIntegerField()
    wait = models.BigIntegerField()
    since = models.BigIntegerField()
    seen = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "instance", "wait"], name="work_look_once")]


class View(models.Model):
    """A queue as somebody likes to see it: the query of its page, under a name."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="queue_views")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="queue_view_once")]
