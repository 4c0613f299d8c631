"""The app as Django knows it."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Where everybody begins."""

    name = "anyshore.web.home"
    label = "home"
