"""The app as Django knows it."""

from django.apps import AppConfig


class WallsConfig(AppConfig):
    """Walls, accesses and staff of cases."""

    name = "anyshore.web.walls"
    label = "walls"
