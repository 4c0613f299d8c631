"""Who is who: people, organisations, roles, engagements, credentials, and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program that acts for a person may do of what the person may.

    Attributes:
        abilities: of those of the person's roles; a program never has another.
        services: to which it is bound; none: to all of the person's.
    """

    abilities: frozenset[str]
    services: frozenset[str] = frozenset()


class People(BaseUserManager["Person"]):
    """Makes people."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A person who signs in with an email address; without a password they cannot yet."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Theme(models.TextChoices):
    """The colours of pages."""

    SYSTEM = "", _("As the device has them")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Person(AbstractBaseUser):
    """Someone who signs in. Roles come from memberships."""

    email = models.EmailField(_("Email"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=8, default="en")
    zone = models.CharField(_("Time zone"), max_length=64, default="", blank=True)  # where the person lives
    theme = models.CharField(_("Colours"), max_length=8, choices=Theme, default=Theme.SYSTEM, blank=True)
    dense = models.BooleanField(_("Closer together"), default=False)
    digest = models.SmallIntegerField(null=True, blank=True)  # the hour of a daily mail, by the person's clock
    digested = models.DateField(null=True, blank=True)  # the day of the last one
    is_active = models.BooleanField(default=True)
    handed = models.BooleanField(default=False)  # somebody else chose the password: it is changed before anything
    created = models.DateTimeField(auto_now_add=True)

    objects = People()
    limits: Limits | None = None
    """Set where a program acts for the person; see :mod:`anyshore.web.accounts.tokens`."""
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """A client, who hands work out, or a provider, who does it and introduces its clients."""

    class Kind(models.TextChoices):
        """Which side of an engagement it stands on."""

        CLIENT = "client", _("Client")
        PROVIDER = "provider", _("Provider")

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    introduced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="clients")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person is in an organisation."""

    OWNER = "owner", _("Service owner")
    MANAGER = "manager", _("Delivery manager")
    AGENT = "agent", _("Agent")
    EXPERT = "expert", _("Expert")
    LEARNER = "learner", _("Learner")


CLIENT_SIDE = (Role.OWNER, Role.LEARNER)
"""Roles of people of a client; all others are of a provider."""


class Membership(models.Model):
    """A person's role in an organisation: owners and learners belong to clients, all others to providers."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "role"], name="membership_once"),
        ]


class Engagement(models.Model):
    """What a provider delivers to a client: the line between tenants. Its key is the host's engagement id."""

    class Status(models.TextChoices):
        """Where it stands in its life."""

        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="bought")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="sold")
    zone = models.CharField(max_length=64, default="UTC")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class Assignment(models.Model):
    """An agent or expert who works for an engagement. Managers and owners need none."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "engagement"], name="assignment_once")]


class Credential(models.Model):
    """What a person has shown to know: a service's certificate, a qualification, a language, a channel."""

    class Kind(models.TextChoices):
        """What it shows."""

        CERTIFICATE = "certificate", _("Certificate")
        QUALIFICATION = "qualification", _("Qualification")
        LANGUAGE = "language", _("Language")
        CHANNEL = "channel", _("Channel")

    person = models.ForeignKey(Person, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=120)
    level = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")


class Conflict(models.Model):
    """A conflict-of-interest wall: the person must not see work of this organisation."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="conflicts")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation"], name="conflict_once")]


class ApiToken(models.Model):
    """A token for programs, for a time and a purpose. Only its SHA-256 is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # of accounts.tokens.SCOPES
    services = models.JSONField(default=list)  # none: all of the person's
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)


class SignInFailure(models.Model):
    """A failed sign-in, to slow down guessing: by whom, from where, and in which browser where we know it."""

    email = models.CharField(max_length=254, db_index=True)
    address = models.CharField(max_length=43, db_index=True, default="")
    device = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField(db_index=True)


class AuditEntry(models.Model):
    """Who changed what in the administration. Work itself is in the ledger and the instances' logs."""

    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    object = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Entries are only ever added."""
        if not self._state.adding:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Entries are never removed."""
        raise TypeError("An audit entry is never removed.")


class Kept(models.Model):
    """A row that is only ever added."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never changed."""
        if not self._state.adding:
            raise TypeError("What was given stays as it is.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never removed."""
        raise TypeError("What was given stays.")
