"""The app as Django knows it."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Sets of documents, of which the relevant ones are to be found."""

    name = "anyshore.web.discovery"
    label = "discovery"
