"""The app as Django knows it."""

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    """Contracts, service levels, invoices."""

    name = "anyshore.web.engagements"
    label = "engagements"
