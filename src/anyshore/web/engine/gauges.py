"""What there is to do, as figures: how much is due, for how long, and what stands still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from anyshore.kernel.state import INCIDENT, JOB, TIMER, WORK
from anyshore.web.engine.models import Inbox, LedgerHead, Wait

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure, or one per combination of labels.

    Attributes:
        name: without a prefix; of a time with its unit.
        help: what it says.
        values: values of the labels, and the figure.
        labels: their names.
    """

    name: str
    help: str
    values: Sequence[tuple[tuple[str, ...], float]]
    labels: tuple[str, ...] = ()


def look(now: int) -> Iterator[Gauge]:
    """All figures as of now, microseconds since 1970 UTC."""
    due = Inbox.objects.filter(due__lte=now).aggregate(count=Count("pk"), first=Min("due"))
    yield _one("queue_depth", "Commands that are due and not answered.", due["count"])
    yield _one("queue_age_seconds", "Age of the oldest command that is due.", _age(due["first"], now))
    late = Wait.objects.filter(kind=TIMER, due__lte=now).aggregate(count=Count("pk"), first=Min("due"))
    yield _one("timers_late", "Timers whose time has come and that have not fired.", late["count"])
    yield _one("timers_late_seconds", "How late the oldest of them is.", _age(late["first"], now))
    jobs = Wait.objects.filter(kind=JOB).aggregate(
        waiting=Count("pk", filter=Q(claimed_by=None)), running=Count("pk", filter=~Q(claimed_by=None)),
        first=Min("opened", filter=Q(claimed_by=None)),
    )  # fmt: skip
    states = [(("waiting",), jobs["waiting"]), (("running",), jobs["running"])]
    yield Gauge("jobs", "Automatic tasks that are open.", states, ("state",))
    yield _one("jobs_age_seconds", "Age of the oldest automatic task nobody has begun.", _age(jobs["first"], now))
    counts = dict(Wait.objects.filter(kind__in=(INCIDENT, WORK)).values_list("kind").annotate(Count("pk")))
    yield _one("incidents", "Incidents that wait for somebody.", counts.get(INCIDENT, 0))
    yield _one("work_items", "Tasks that wait for people.", counts.get(WORK, 0))
    heads = [((key,), sequence) for key, sequence in LedgerHead.objects.values_list("pk", "sequence")]
    yield Gauge("ledger_head", "Entries of an engagement's ledger.", heads, ("engagement",))


def _one(name: str, help: str, value: float) -> Gauge:
    return Gauge(name, help, [((), value)])


def _age(first: int | None, now: int) -> float:
    return 0.0 if first is None else max(0.0, (now - first) / SECOND)
