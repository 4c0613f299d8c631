"""The app as Django knows it."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """The database host."""

    name = "anyshore.web.engine"
    label = "engine"
