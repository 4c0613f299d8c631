"""The app as Django knows it."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Telling others what happened."""

    name = "anyshore.web.webhooks"
    label = "webhooks"
