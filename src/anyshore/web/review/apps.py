"""The app as Django knows it."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Blinded review."""

    name = "anyshore.web.review"
    label = "review"
