"""Tables of walls, accesses and staff. A case is known by its number; the host's tables have no foreign keys."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from anyshore.web.core.models import Person


class Wall(models.Model):
    """A person kept from a case and its sub-cases. Lifting one gives it an end; it never goes."""

    class Kind(models.TextChoices):
        """How it came about."""

        DECLARED = "declared", _("declared")
        FOUND = "found", _("found")

    case = models.BigIntegerField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="walls")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    since = models.BigIntegerField()
    by = models.CharField(max_length=254)
    until = models.BigIntegerField(null=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        db_table = "cases_wall"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Walls are never removed."""
        raise TypeError("A wall is lifted, never removed.")


class Interest(models.Model):
    """What binds a person to a party: employment, shares, family, an earlier mandate. Ending one gives it an end."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="interests")
    party = models.CharField(max_length=200)
    relation = models.CharField(max_length=120)
    since = models.BigIntegerField(default=0)
    by = models.CharField(max_length=254, default="")
    until = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "cases_interest"


class Party(models.Model):
    """Somebody a case concerns beside the client: opponents, affiliates. Interests are compared with them."""

    case = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "cases_party"
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="party_once")]


class Declaration(models.Model):
    """What somebody who works on a case says of themselves: free of conflicts of interest with these parties, or not.

    It is only ever added; the newest of a person counts.
    """

    case = models.BigIntegerField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    parties = models.JSONField(default=list)
    clear = models.BooleanField()
    reason = models.TextField(blank=True)
    at = models.BigIntegerField()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Entries are only ever added."""
        if not self._state.adding:
            raise TypeError("What somebody said of themselves is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Entries are never removed."""
        raise TypeError("What somebody said of themselves is never removed.")


class Access(models.Model):
    """An entry of the access record: who asked for what of which case, when, and whether it was refused."""

    at = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    case = models.BigIntegerField()
    action = models.CharField(max_length=80)
    denied = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_access"
        indexes = [models.Index(fields=["case", "person", "at"], name="cases_access_near")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Entries are only ever added."""
        if not self._state.adding:
            raise TypeError("An entry of the access record is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Entries are never removed."""
        raise TypeError("An entry of the access record is never removed.")


class Staff(models.Model):
    """A person who is on a case in a role: assigned beforehand, or by taking the role's task."""

    case = models.BigIntegerField()
    role = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.CASCADE, related_name="staffed")
    taken = models.BooleanField(default=False)
    at = models.BigIntegerField()
    by = models.CharField(max_length=254)
    why = models.JSONField(default=list)

    class Meta:
        db_table = "cases_staff"
        constraints = [models.UniqueConstraint(fields=["case", "role", "person"], name="staff_once")]


class Seal(models.Model):
    """A case under blinded review: until it is opened, nobody notes findings beside the review."""

    case = models.BigIntegerField(unique=True)
    since = models.BigIntegerField()
    opened = models.BigIntegerField(null=True)

    class Meta:
        db_table = "cases_seal"
