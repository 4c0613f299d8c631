"""What the matching of experts and cases needs to know of people."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Person


class Profile(models.Model):
    """What staffing needs to know of a person beside their credentials."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="profile")
    shore = models.CharField(max_length=10, default="onshore")
    hours = models.FloatField(default=8.0, help_text="free hours per working day")

    class Meta:
        db_table = "review_profile"
