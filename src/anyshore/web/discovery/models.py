"""Sets of documents, and what people decided about each."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Engagement, Kept, Person


class DocumentSet(models.Model):
    """Documents of which the relevant ones are to be found."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    question = models.TextField()
    case = models.BigIntegerField(null=True)
    target = models.FloatField(default=0.95)
    seed = models.IntegerField(default=0)
    created = models.BigIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sample = models.JSONField(default=list)
    sampled_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "review_documentset"


class SetDocument(models.Model):
    """A document of a set."""

    set = models.ForeignKey(DocumentSet, models.CASCADE, related_name="documents")
    key = models.CharField(max_length=200)
    title = models.TextField(blank=True)
    text = models.TextField()
    family = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "review_setdocument"
        constraints = [models.UniqueConstraint(fields=["set", "key"], name="set_document_once")]


class Relevance(Kept):
    """A person's decision on a document; of several the last counts."""

    set = models.ForeignKey(DocumentSet, models.PROTECT, related_name="decisions")
    document = models.CharField(max_length=200)
    relevant = models.BooleanField()
    sampled = models.BooleanField(default=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.BigIntegerField()

    class Meta:
        db_table = "review_relevance"
