"""Tables of judgement work. Reviews live here and not in the variables of their case, so that no page, export or
search of the case can show one reviewer what the other answered."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from anyshore.web.core.models import Engagement, Person


def _secret() -> str:
    return secrets.token_hex(32)


class Kept(models.Model):
    """A row that is only ever added."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Never changed."""
        if self.pk is not None:
            raise TypeError("What was given stays as it is.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Never removed."""
        raise TypeError("What was given stays.")


class Review(models.Model):
    """The blinded review of a case: its questions as the playbook had them when it began, and whose places there are.

    A place is a blind role of the case; its name also stands for the person while nobody has taken it.
    """

    case = models.BigIntegerField(unique=True)
    engagement = models.CharField(max_length=100, db_index=True)
    service = models.CharField(max_length=200)
    playbook = models.CharField(max_length=64)
    questions = models.JSONField()
    places = models.JSONField(default=list)
    secret = models.CharField(max_length=64, default=_secret)
    created = models.BigIntegerField()
    concluded = models.BigIntegerField(null=True)


class Reviewer(models.Model):
    """Who answers in which place of a review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reviewers")
    place = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    finished = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "place"], name="review_place_once"),
            models.UniqueConstraint(fields=["review", "person"], name="review_person_once"),
        ]


class Draft(models.Model):
    """A reviewer's answer while it can still be changed. Only its author ever sees it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    question = models.CharField(max_length=200)
    value = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person", "question"], name="draft_once")]


class Answer(Kept):
    """A reviewer's answer as given."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    question = models.CharField(max_length=200)
    value = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person", "question"], name="answer_once")]


class Adjudication(Kept):
    """The decision between answers that differ; it stands beside them."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="adjudications")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    question = models.CharField(max_length=200)
    value = models.CharField(max_length=60)
    reason = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "question"], name="adjudication_once")]


class Suggestions(models.Model):
    """What a clause model suggests for a document: places to look at, never findings."""

    document = models.CharField(max_length=64)
    model = models.CharField(max_length=64)
    found = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "model"], name="suggestions_once")]


class Comment(Kept):
    """What somebody says about a case, one of its findings, tasks or places."""

    class Kind(models.TextChoices):
        """What it is about."""

        CASE = "case", _("the case")
        CLAIM = "claim", _("a finding")
        TASK = "task", _("a task")
        SPAN = "span", _("a place in a document")

    case = models.BigIntegerField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CASE)
    target = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    mentioned = models.ManyToManyField(Person, related_name="+")
    at = models.BigIntegerField()


class Checkpoint(models.Model):
    """A question to the client, and the answer."""

    case = models.BigIntegerField(db_index=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    question = models.TextField()
    at = models.BigIntegerField()
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.BigIntegerField(null=True)


class Notification(models.Model):
    """Something a person should know of. Its text is made when it is read, in the reader's language."""

    class Kind(models.TextChoices):
        """What happened."""

        MENTIONED = "mentioned", _("You were mentioned")
        ASKED = "asked", _("The experts have a question")
        ANSWERED = "answered", _("The client answered")
        ASSIGNED = "assigned", _("You were put on a case")
        DISAGREED = "disagreed", _("Two reviews differ")
        STALE = "stale", _("A source changed")

    person = models.ForeignKey(Person, models.CASCADE, related_name="notifications")
    case = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True)
    at = models.BigIntegerField()
    read = models.BigIntegerField(null=True)


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


class SetDocument(models.Model):
    """A document of a set."""

    set = models.ForeignKey(DocumentSet, models.CASCADE, related_name="documents")
    key = models.CharField(max_length=200)
    title = models.TextField(blank=True)
    text = models.TextField()
    family = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "key"], name="set_document_once")]


class Relevance(Kept):
    """A person's decision on a document; of several the last counts."""

    set = models.ForeignKey(DocumentSet, models.PROTECT, related_name="decisions")
    document = models.CharField(max_length=200)
    relevant = models.BooleanField()
    sampled = models.BooleanField(default=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.BigIntegerField()


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


class Profile(models.Model):
    """What staffing needs to know of a person beside their credentials."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="profile")
    shore = models.CharField(max_length=10, default="onshore")
    hours = models.FloatField(default=8.0, help_text="free hours per working day")
