"""The app as Django knows it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Processes and cases, and what experts do with them."""

    name = "anyshore.web.cases"
    label = "cases"
