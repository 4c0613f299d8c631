"""Terms as proposed and accepted. What was agreed stands in the ledger; this is the way there."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Engagement, Person


class TermsVersion(models.Model):
    """One version of an engagement's terms: proposed by the provider, in force once the client accepted it."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="terms")
    version = models.PositiveIntegerField()
    text = models.TextField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed = models.DateTimeField(auto_now_add=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted = models.DateTimeField(null=True)
    sequence = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["engagement", "version"], name="terms_version_once")]
