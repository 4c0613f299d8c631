"""The wake-up as a task of an existing queue: "advance what is due". What is due stands in rows; see ADR 0012.

A wake-up may be lost, doubled or late without harm. Each one queues its successor before it does anything, so that the
chain goes on when its worker is killed: within ``HEARTBEAT`` the next one gives back the jobs the dead one held.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus

from anyshore.web.engine.queues import QUEUE
from anyshore.web.engine.running import host

if connection.vendor == "postgresql":  # registers the task that Procrastinate runs
    from anyshore.web.engine import procrastinate_backend as procrastinate_backend

BATCH = 200
HEARTBEAT = timedelta(seconds=4)
KEPT = timedelta(hours=1)
"""How long done wake-ups are kept for people to look at."""


@task(queue_name=QUEUE)
def advance() -> int:
    """Does what is due until nothing is; how many commands were answered and jobs were run."""
    kick(timezone.now() + HEARTBEAT)
    runtime = host()
    runtime.recover()
    done = runtime.work(BATCH)
    with runtime.store.transaction() as tx:
        due = tx.next_due()
    if due is not None:
        kick(min(datetime.fromtimestamp(due / 1_000_000, UTC), timezone.now() + HEARTBEAT))
    _prune()
    return done


def kick(when: datetime | None = None) -> None:
    """Queues a wake-up in the caller's transaction, unless one is queued for then or earlier."""
    if _is_database():
        from django_tasks_db.models import DBTaskResult, get_date_max

        # A task for at once carries the last date there is.
        waiting = DBTaskResult.objects.filter(task_path=advance.module_path, status=TaskResultStatus.READY)
        if waiting.filter(Q(run_after__lte=when or timezone.now()) | Q(run_after=get_date_max())).exists():
            return
    (advance if when is None else advance.using(run_after=when)).enqueue()


def _is_database() -> bool:
    return connection.vendor == "sqlite"


def _prune() -> None:
    if _is_database():
        from django_tasks_db.models import DBTaskResult

        old = DBTaskResult.objects.filter(task_path=advance.module_path).exclude(status=TaskResultStatus.READY)
        old.filter(enqueued_at__lt=timezone.now() - KEPT).delete()
