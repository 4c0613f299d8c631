"""What an engagement agreed on how long data is kept; every version stays."""

from __future__ import annotations

from django.db import models

from anyshore.web.core.models import Engagement, Kept, Person


class Rules(Kept):
    """A version of an engagement's rules: a file of dated parameters. The last one counts."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="retention")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: who runs the installation

    class Meta:
        ordering = ["-id"]
