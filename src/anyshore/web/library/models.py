"""Files somebody is checking before they are put to use."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Person


class Draft(models.Model):
    """A set of process, decision and case files; only who uploaded it sees it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed", "-pk"]


class DraftFile(models.Model):
    """One of its files."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["draft", "name"], name="draft_file_once")]
