"""The app as Django knows it."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long data is kept."""

    name = "anyshore.web.retention"
    label = "retention"

    def ready(self) -> None:
        """Lets a work item delete documents and cases."""
        from anyshore.web.retention import by_task  # the tables are there only now
        from anyshore.web.work import acts

        acts.ACTS[by_task.ERASE] = by_task.ACT
