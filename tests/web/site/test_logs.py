"""A line of the log is an object that names the request and the instance it is about."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.host.fixtures import FILES, Clock, Echo

from anyshore.host import batch
from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.web.site import logs

log = logging.getLogger("anyshore.test")


class Lines(logging.Handler):
    """Keeps the lines as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.Json())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    handler, root, access = Lines(), logging.getLogger(), logging.getLogger("anyshore.access")
    root.addHandler(handler)
    before = access.level
    access.setLevel(logging.INFO)
    yield handler.lines
    access.setLevel(before)
    root.removeHandler(handler)


def test_what_is_said_while_an_instance_is_in_hand_names_it(
    lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = batch.advance

    def told(*arguments: Any, **named: Any) -> Any:
        log.warning("advancing")
        return advance(*arguments, **named)

    monkeypatch.setattr(batch, "advance", told)
    echo = Echo()
    echo.failures = 1
    host = Host(MemoryStore(), {"test.echo": echo}, clock=Clock())
    host.deploy("test", {"job.bpmn": FILES["job"].encode()})
    numbers = [host.start("process:job", {"x": Decimal(n)}) for n in range(2)]
    host.work()
    log.warning("nothing in hand")
    assert [one["instance"] for one in lines if one["message"] == "advancing"][:2] == numbers
    assert [one["instance"] for one in lines if one["logger"] == "anyshore.host.jobs"] == [numbers[0]]
    assert "instance" not in lines[-1]


def test_a_request_has_a_line_and_an_id(world: Any, lines: list[dict[str, Any]]) -> None:
    answer = world.browser("manager").get("/work/", headers={"X-Request-ID": "from-the-proxy.7"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy.7"
    (line,) = [one for one in lines if one["logger"] == "anyshore.access"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/work/", 200)
    assert (line["request"], line["person"]) == ("from-the-proxy.7", world.people["manager"].pk)
    assert line["milliseconds"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "x" * 65, 'a"b', "a b"])
def test_what_is_no_id_is_replaced(given: str) -> None:
    made = Client().get("/sign-in/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert made != given
    assert len(made) == 32


def test_a_fault_brings_its_place(lines: list[dict[str, Any]]) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        log.exception("it failed")
    assert "KeyError: 'x'" in lines[-1]["exception"]
