"""Settings of an existing task queue that carries wake-ups, where an installation runs one (``ANYSHORE_QUEUE=1``).

On SQLite the queue of ``django-tasks-db``, on PostgreSQL Procrastinate. Read by the settings, so it imports no models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

QUEUE = "anyshore"


def _postgresql(database: Mapping[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("postgresql")


def apps(database: Mapping[str, Any]) -> list[str]:
    """The apps to install."""
    if _postgresql(database):
        return ["django_tasks", "procrastinate.contrib.django"]
    return ["django_tasks", "django_tasks_db"]


def backends(database: Mapping[str, Any]) -> dict[str, Any]:
    """``TASKS``."""
    backend = (
        "anyshore.web.engine.procrastinate_backend.ProcrastinateBackend"
        if _postgresql(database)
        else "django_tasks_db.DatabaseBackend"
    )
    return {"default": {"BACKEND": backend, "QUEUES": [QUEUE]}}
