"""The app as Django knows it."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Static files, base templates, commands."""

    name = "anyshore.web.site"
    label = "site"
