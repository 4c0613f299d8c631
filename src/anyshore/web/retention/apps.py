"""The app as Django knows it."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long data is kept."""

    name = "anyshore.web.retention"
    label = "retention"
