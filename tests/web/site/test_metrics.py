"""Prometheus and probes see how an installation is: also while its worker is stopped."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from anyshore.web.engine import services
from anyshore.web.site import health, metrics

SECOND = 1_000_000


@pytest.fixture
def scraped(settings: Any) -> Any:
    settings.METRICS_TOKEN = "a secret"

    def scrape() -> dict[tuple[str, ...], float]:
        answer = Client().get("/metrics", headers={"Authorization": "Bearer a secret"})
        assert answer.status_code == 200
        return {
            (one.name, *one.labels.values()): one.value
            for family in text_string_to_metric_families(answer.content.decode())
            for one in family.samples
        }

    return scrape


def test_the_queue_grows_old_while_no_worker_works(world: Any, scraped: Any) -> None:
    pack = services.pack("payables")
    world.host.deploy(pack.id, pack.definitions)
    world.host.work()
    before = scraped()
    assert (before["anyshore_queue_depth",], before["anyshore_queue_age_seconds",]) == (0, 0)
    world.host.start("process:payables", {}, engagement="payables", service="payables")
    ages = []
    for _ in range(3):
        world.clock.now += 60 * SECOND
        ages.append(scraped()["anyshore_queue_age_seconds",])
    assert ages == [60, 120, 180]
    assert scraped()["anyshore_queue_depth",] == 1
    world.host.work()
    after = scraped()
    assert (after["anyshore_queue_depth",], after["anyshore_queue_age_seconds",]) == (0, 0)
    assert after["anyshore_ledger_head", "payables"] > before["anyshore_ledger_head", "payables"]
    assert {"anyshore_incidents", "anyshore_timers_late", "anyshore_timers_late_seconds", "anyshore_work_items"} <= {
        name for name, *_ in after
    }


def test_requests_and_batches_are_counted(world: Any, scraped: Any) -> None:
    browser = world.browser("manager")
    before = scraped()
    for _ in range(2):
        assert browser.get("/work/").status_code == 200
    metrics.batch(0.2, 7)
    after = scraped()

    def grown(*name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grown("anyshore_requests_total", "GET", "work/", "200") == 2
    assert grown("anyshore_request_seconds_count", "work/") == 2
    assert (grown("anyshore_commands_total"), grown("anyshore_batch_seconds_count")) == (7, 1)


@pytest.mark.django_db
def test_nobody_sees_figures_without_the_token(settings: Any) -> None:
    assert Client().get("/metrics").status_code == 404, "off by default"
    settings.METRICS_TOKEN = "a secret"
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic a secret"}):
        assert Client().get("/metrics", headers=headers).status_code == 401


@pytest.mark.django_db
def test_probes_are_answered_under_any_name() -> None:
    browser = Client(headers={"Host": "10.0.0.7"})
    assert browser.get("/health/live").json() == {"live": True}
    assert browser.get("/health/ready").json() == {"ready": True}


@pytest.mark.django_db
def test_tables_of_another_version_are_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_known", {})
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('engine', '0099_x', '2027-01-01')")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "code": "store.newer-schema"})
    assert Client().get("/health/live").status_code == 200
