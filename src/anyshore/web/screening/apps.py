"""The app as Django knows it."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Walls around cases, and the interests they come from."""

    name = "anyshore.web.screening"
    label = "screening"
