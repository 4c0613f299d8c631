"""Where an engagement's ledger is told to, and how far."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Engagement, Person


class Webhook(models.Model):
    """An address that is told of a ledger's entries. The ledger is what waits to be sent: nothing else is kept.

    Times are microseconds of the host's clock.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="webhooks")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")  # what they may see is what is told
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)  # of entries; none: all
    secret = models.TextField()  # sealed under the installation's key
    cursor = models.BigIntegerField()  # sequence of the last entry that was told or passed over
    due = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # since the last success
    problem = models.TextField(blank=True)
    told = models.BigIntegerField(null=True)  # when one was taken last
    paused = models.BooleanField(default=False)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["paused", "due"], name="webhook_due")]
