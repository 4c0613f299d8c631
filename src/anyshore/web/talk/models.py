"""What people say about a case, and what they ask its client."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from anyshore.web.core.models import Kept, Person


class Comment(Kept):
    """What somebody says about a case, one of its findings, tasks or places."""

    class Kind(models.TextChoices):
        """What it is about."""

        CASE = "case", _("the case")
        CLAIM = "claim", _("a finding")
        TASK = "task", _("a task")
        SPAN = "span", _("a place in a document")

    case = models.BigIntegerField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CASE)
    target = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    mentioned = models.ManyToManyField(Person, related_name="+")
    at = models.BigIntegerField()

    class Meta:
        db_table = "review_comment"


class Checkpoint(models.Model):
    """A question to the client, and the answer."""

    case = models.BigIntegerField(db_index=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    question = models.TextField()
    at = models.BigIntegerField()
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "review_checkpoint"
