"""Probabilities experts stand for."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Person


class Forecast(models.Model):
    """A probability an expert stands for, and what came of it."""

    case = models.BigIntegerField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    topic = models.CharField(max_length=120)
    event = models.TextField()
    probability = models.FloatField()
    made = models.BigIntegerField()
    resolves = models.BigIntegerField()
    outcome = models.BooleanField(null=True)
    resolved = models.BigIntegerField(null=True)

    class Meta:
        db_table = "review_forecast"
