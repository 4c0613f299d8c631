"""The app as Django knows it."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Queues and work items."""

    name = "anyshore.web.work"
    label = "work"
