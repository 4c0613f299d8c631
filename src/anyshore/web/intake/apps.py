"""The app as Django knows it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """What arrives."""

    name = "anyshore.web.intake"
    label = "intake"
