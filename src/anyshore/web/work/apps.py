"""The app as Django knows it."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Queues and work items."""

    name = "anyshore.web.work"
    label = "work"

    def ready(self) -> None:
        """Lets a work item delete documents."""
        from anyshore.web.work import acts, erasing  # the tables are there only now

        acts.ACTS[erasing.ERASE] = erasing.ACT
