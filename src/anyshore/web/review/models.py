"""Tables of blinded reviews. They live here and not in the variables of their case, so that no page, export or
search of the case can show one reviewer what the other answered."""

from __future__ import annotations

import secrets

from django.db import models

from anyshore.web.core.models import Kept, Person


def _secret() -> str:
    return secrets.token_hex(32)


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
