"""The database host as the pages see it: states, deployments of other processes, the worker."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from anyshore.kernel import codec
from anyshore.web.core.errors import NotFound
from anyshore.web.engine import queries, running, services
from anyshore.web.engine.models import Inbox, Instance


def test_a_snapshot_that_lags_is_completed_from_the_log(busy: Any) -> None:
    row = busy.instance(2)
    whole = codec.encode_state(queries.state(row))
    row.state, row.covered = b"", 0
    assert codec.encode_state(queries.state(row)) == whole


def test_what_another_process_deployed_is_found(busy: Any) -> None:
    running.forget()
    fresh = running.host()
    assert fresh.catalogue.latest("process:payables").reference == "process:payables@1"
    assert running.host() is fresh


def test_the_worker_runs_what_is_due_and_stops_when_asked(world: Any) -> None:
    pack = services.pack("payables")
    world.host.deploy(pack.id, pack.definitions)
    number = world.host.start("process:payables", {}, engagement="payables")
    assert Inbox.objects.filter(instance=number).exists()
    call_command("worker", once=True)
    assert not Inbox.objects.filter(instance=number).exists()
    assert Instance.objects.get(pk=number).turns > 0


def test_a_definition_without_a_diagram_says_so(busy: Any) -> None:
    with pytest.raises(NotFound, match="no diagram"):
        queries.diagram("case:review@2")


def test_the_log_names_who_asked(busy: Any) -> None:
    first = queries.log(busy.instance(1))[-1]
    assert (first.person, type(first.command).__name__) == ("Manager Example", "Start")
    assert queries.outcome(busy.instance(1)) == "invoice booked"
    assert queries.outcome(busy.instance(2)) == ""


@pytest.mark.parametrize(("language", "words"), [("en", "Booked"), ("de", "Gebucht")])
def test_an_outcome_is_shown_in_the_words_of_its_pack(busy: Any, language: str, words: str) -> None:
    browser = busy.browser("manager")
    said = {"accept-language": language}
    listed = browser.get(reverse("instances"), headers=said).content.decode()
    assert f"<td>{words}</td>" in listed
    assert f"<b>{words}</b>" in browser.get(reverse("instance", args=[1]), headers=said).content.decode()
