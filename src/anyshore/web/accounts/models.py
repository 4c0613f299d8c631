"""One-time links by which people come in, and the browsers they came in by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from anyshore.web.core.models import Organisation, Person, Role


class Link(models.Model):
    """A link that opens once and for a time. Only the SHA-256 of its secret is kept."""

    class Kind(models.TextChoices):
        """What it is for."""

        INVITE = "invite", _("Invitation")
        RESET = "reset", _("New password")

    kind = models.CharField(max_length=8, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="links")
    role = models.CharField(max_length=10, choices=Role, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    sent = models.BooleanField(default=False)  # by mail, to the person; else it was shown to whoever made it
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)


class Device(models.Model):
    """A browser in which a person has signed in. Only the SHA-256 of what its cookie says is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    seen = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="device_once")]


class Sent(models.Model):
    """A request a program may send again without doing anything twice, and what it was answered."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # SHA-256 of what the program called it
    parts = models.JSONField()  # what the request consisted of, by name, each as a digest
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)  # 0: it is being answered
    kind = models.CharField(max_length=100, blank=True)
    answer = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="sent_once")]
