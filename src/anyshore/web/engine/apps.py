"""The app as Django knows it."""

from django.apps import AppConfig
from django.conf import settings


class EngineConfig(AppConfig):
    """The database host."""

    name = "anyshore.web.engine"
    label = "engine"

    def ready(self) -> None:
        """Lets an existing task queue carry wake-ups, where the installation runs one; walls hide changes, too."""
        from anyshore.web.core import queries as core
        from anyshore.web.engine import queries

        core.KEPT_FROM.append(queries.changes_behind_walls)
        if hasattr(settings, "TASKS"):
            from anyshore.web.engine import tasks  # the tables of a queue are there only now
            from anyshore.web.engine.tables import due

            due.RINGS.append(tasks.kick)
