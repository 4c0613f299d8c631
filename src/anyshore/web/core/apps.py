"""The app as Django knows it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Organisations, people and roles."""

    name = "anyshore.web.core"
    label = "core"
