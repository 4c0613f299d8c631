"""A request as the pages and the API get it: its sender is known."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from anyshore.web.core.models import Person


class Request(HttpRequest):
    """What every view gets that is not marked otherwise: the sign-in stands before it.

    Attributes:
        user: who sends it.
        htmx: whether a part of a page asks, and for what.
        malformed: whether the API could not read it.
    """

    user: Person
    htmx: HtmxDetails
    malformed: bool
