"""Django's task interface over Procrastinate, so that one task code runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from procrastinate import exceptions
from procrastinate.contrib.django import app

NAME = "anyshore.run"


@app.task(name=NAME)
def run(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Runs a task by the path of its function."""
    import_string(path).call(*args, **kwargs)


class ProcrastinateBackend(BaseTaskBackend):
    """Queues tasks in the caller's transaction. The same wake-up for the same second is queued once."""

    supports_defer = True

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """See ``BaseTaskBackend``."""
        self.validate_task(task)
        second = int(task.run_after.timestamp()) if task.run_after else 0
        job = app.configure_task(
            NAME, queue=task.queue_name, schedule_at=task.run_after, queueing_lock=f"{task.module_path}:{second}"
        )
        try:
            # A savepoint: the refusal of a second one must not end the caller's transaction.
            with transaction.atomic():
                number = str(job.defer(path=task.module_path, args=list(args), kwargs=dict(kwargs)))
        except exceptions.AlreadyEnqueued:
            number = ""
        return TaskResult(
            task=task, id=number, status=TaskResultStatus.READY, enqueued_at=datetime.now(UTC), started_at=None,
            finished_at=None, last_attempted_at=None, args=list(args), kwargs=dict(kwargs), backend=self.alias,
            errors=[], worker_ids=[],
        )  # fmt: skip
