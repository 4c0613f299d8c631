"""Figures for Prometheus: what this installation has to do, and how quickly it answers.

Off unless ``ANYSHORE_METRICS_TOKEN`` is set; a scrape gives it as its bearer token. Counters of all processes of one
``anyshore serve``, its worker included, are added up through files (``PROMETHEUS_MULTIPROC_DIR``); what the database
knows is asked when somebody scrapes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from anyshore.web.engine import gauges
from anyshore.web.engine.running import now

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds."""

Answer = Callable[[HttpRequest], HttpResponse]


@cache
def _measures() -> dict[str, Any]:
    from prometheus_client import Counter, Histogram

    return {
        "requests": Counter("anyshore_requests", "Requests answered.", ("method", "route", "status")),
        "seconds": Histogram("anyshore_request_seconds", "Seconds a request took.", ("route",), buckets=BUCKETS),
        "batches": Histogram("anyshore_batch_seconds", "Seconds a worker's batch took.", buckets=BUCKETS),
        "commands": Counter("anyshore_commands", "Commands and timers that workers answered."),
    }


def scrape(request: HttpRequest) -> HttpResponse:
    """All figures as Prometheus reads them; 404 where they are off, 401 without the token."""
    token = settings.METRICS_TOKEN
    if not token:
        return HttpResponse(status=404)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(given, token):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    close_old_connections()
    _measures()
    registry = CollectorRegistry()
    registry.register(_Asked())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    else:
        text = generate_latest(registry) + generate_latest(REGISTRY)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class _Asked:
    """What is asked of the database."""

    def collect(self) -> Iterator[Any]:
        """The gauges, each with its labels."""
        from prometheus_client.core import GaugeMetricFamily

        for one in gauges.look(now()):
            family = GaugeMetricFamily(f"anyshore_{one.name}", one.help, labels=one.labels)
            for labels, value in one.values:
                family.add_metric(labels, value)
            yield family


def counted(answer: Answer) -> Answer:
    """Counts requests and how long they took, by the pattern of their address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.METRICS_TOKEN:
            return answer(request)
        began = time.monotonic()
        response = answer(request)
        match = request.resolver_match
        route = match.route if match is not None else "(none)"
        found = _measures()
        found["requests"].labels(request.method, route, response.status_code).inc()
        found["seconds"].labels(route).observe(time.monotonic() - began)
        return response

    return middleware


def batch(seconds: float, answered: int) -> None:
    """Counts a batch of a worker."""
    if settings.METRICS_TOKEN:
        found = _measures()
        found["batches"].observe(seconds)
        found["commands"].inc(answered)
