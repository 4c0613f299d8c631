"""The app as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who comes in."""

    name = "anyshore.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Second factors that come and go, and failures of theirs, are noted like everything about coming in."""
        from anyshore.web.accounts import factors

        factors.listen()
