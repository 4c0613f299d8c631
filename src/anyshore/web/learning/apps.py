"""The app as Django knows it."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Tests, certificates, who knows what."""

    name = "anyshore.web.learning"
    label = "learning"
