"""The app as Django knows it."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    """Sourcing decisions."""

    name = "anyshore.web.portfolio"
    label = "portfolio"
