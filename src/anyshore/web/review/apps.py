"""The app as Django knows it."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Judgement work of several people."""

    name = "anyshore.web.review"
    label = "review"
