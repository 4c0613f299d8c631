"""The app as Django knows it."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Help for what is stuck."""

    name = "anyshore.web.operations"
    label = "operations"
