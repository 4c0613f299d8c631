"""The app as Django knows it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Walls, accesses and staff of cases."""

    name = "anyshore.web.cases"
    label = "cases"
