"""Tables of tests and certificates."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Credential, Engagement, Organisation, Person


class Attempt(models.Model):
    """A test somebody took: with the bank of that digest and the seed anybody draws it again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="attempts")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    seed = models.CharField(max_length=64)
    bank = models.CharField(max_length=64)  # SHA-256
    keys = models.JSONField(default=list)
    begun = models.BigIntegerField()
    due = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)
    answers = models.JSONField(default=dict)
    marks = models.JSONField(default=list)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        ordering = ["-id"]


class Certificate(models.Model):
    """That somebody passed. What it says never changes; it is revoked with a reason."""

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="certificates")
    attempt = models.OneToOneField(Attempt, models.CASCADE, related_name="certificate")
    credential = models.OneToOneField(Credential, models.SET_NULL, null=True, related_name="+")
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    holder = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    titles = models.JSONField(default=dict)  # by language
    issued = models.DateField()
    until = models.DateField(null=True)
    badge = models.TextField()  # the signed credential
    revoked = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]


class SigningKey(models.Model):
    """The key badges are signed with. The newest signs; older ones stay for the badges they signed."""

    private = models.TextField()  # sealed
    public = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)


class Lookup(models.Model):
    """Somebody asked for a certificate by its number, to slow down guessing."""

    address = models.CharField(max_length=43, db_index=True)
    at = models.DateTimeField(db_index=True)
