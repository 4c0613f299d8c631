"""The app as Django knows it."""

from django.apps import AppConfig


class TalkConfig(AppConfig):
    """What people say about cases."""

    name = "anyshore.web.talk"
    label = "talk"
