"""Portfolios of activities, what the rules decided for each, and what people made of it."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Engagement, Organisation, Person


class Portfolio(models.Model):
    """The activities of a client as uploaded, one file at a time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="portfolios")
    name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded = models.DateTimeField(auto_now_add=True)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]


class Decided(models.Model):
    """One activity: what the rules say (``data``: criterion by criterion) and what a person settled.

    ``kind`` and ``shore`` are the rules' words; ``settled_…`` are empty until somebody takes the decision.
    """

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="decided")
    line = models.PositiveIntegerField()
    activity = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    shore = models.CharField(max_length=20, blank=True)
    volume = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    data = models.JSONField()
    settled_kind = models.CharField(max_length=20, blank=True)
    settled_shore = models.CharField(max_length=20, blank=True)
    settled_reason = models.TextField(blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    settled = models.DateTimeField(null=True)

    class Meta:
        ordering = ["line"]


class KeptFile(models.Model):
    """A file a portfolio is decided with. Of a kind the newest counts; of event logs, the newest of each activity.

    ``figures`` is what it comes to: of a log what a process miner counts, of a case its outcome with its frame.
    """

    class Kind(models.TextChoices):
        """What a file tells."""

        ACTIVITIES = "activities"
        SITES = "sites"
        RATES = "rates"
        LOG = "log"
        CASE = "business case"

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200)
    activity = models.CharField(max_length=300, blank=True)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    figures = models.JSONField(null=True)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Tracking(models.Model):
    """An activity of a business case that an engagement delivers: its months are held against the case."""

    case = models.ForeignKey(KeptFile, models.CASCADE, related_name="tracked")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="tracked")
    service = models.CharField(max_length=200)
    activity = models.CharField(max_length=300)
    site = models.CharField(max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["engagement", "service"], name="tracked_once")]
