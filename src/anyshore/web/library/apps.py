"""The app as Django knows it."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Service packs."""

    name = "anyshore.web.library"
    label = "library"
