"""The app as Django knows it."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Queues, forms and cases."""

    name = "anyshore.web.work"
    label = "work"
