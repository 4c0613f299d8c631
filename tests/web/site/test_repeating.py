"""``Idempotency-Key``: sent twice, done once; another request under the key is refused and says what differs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from anyshore.web.accounts import tokens
from anyshore.web.accounts.models import Sent
from anyshore.web.core.models import AuditEntry
from anyshore.web.site import repeating

ADDRESS = "/api/people/{}/credentials"
BODY = {"kind": "language", "subject": "de", "level": "C1"}


def send(browser: Client, address: str, body: dict[str, Any], key: str = "k-1", **headers: str) -> Any:
    said = {"idempotency-key": key, **headers}
    return browser.post(address, json.dumps(body), content_type="application/json", headers=said)


def done() -> int:
    return AuditEntry.objects.filter(action="credential.verified").count()


@pytest.fixture
def address(world: Any) -> str:
    return ADDRESS.format(world.people["agent"].pk)


def test_the_second_time_nothing_is_done_and_the_answer_is_the_same(world: Any, address: str) -> None:
    first, second = (send(world.browser("manager"), address, BODY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first.headers.get(repeating.REPLAYED), second.headers[repeating.REPLAYED]) == (None, "true")
    assert done() == 1
    send(world.browser("manager"), address, BODY, "k-2")
    assert done() == 2
    Sent.objects.update(at=timezone.now() - repeating.KEPT - timedelta(seconds=1))
    send(world.browser("manager"), address, BODY)
    assert done() == 3, "it is remembered for a day"


def test_another_request_under_the_key_is_refused_and_says_what_differs(world: Any, address: str) -> None:
    browser = world.browser("manager")
    send(browser, address, BODY)
    answer = send(browser, address, BODY | {"level": "C2", "subject": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (409, "request.key-reused")
    assert [one["element"] for one in answer.json()["problems"]] == ["body.level", "body.subject"]
    assert "body.level, body.subject" in answer.json()["message"]
    other = send(browser, ADDRESS.format(world.people["expert"].pk), BODY)
    assert [one["element"] for one in other.json()["problems"]] == ["path"]
    assert done() == 1


def test_what_was_refused_may_be_corrected_under_its_key(world: Any, address: str) -> None:
    browser = world.browser("manager")
    assert send(browser, address, BODY | {"level": "Z9"}).status_code == 422
    assert send(browser, address, BODY).status_code == 201
    assert done() == 1


def test_a_key_is_its_senders_alone(world: Any, address: str) -> None:
    manager = world.people["manager"]
    send(world.browser("manager"), address, BODY)
    assert send(world.browser("owner"), address, BODY).status_code == 403
    reads = {"authorization": f"Bearer {tokens.issue(manager, 'r', ['read'])}"}
    assert send(Client(), address, BODY, **reads).status_code == 403, "no answer of another token's request"
    assert send(Client(), address, BODY, authorization="Bearer any_nobody").status_code == 401


def test_while_it_is_being_answered_it_is_not_done_again(world: Any, address: str) -> None:
    browser = world.browser("manager")
    send(browser, address, BODY)
    Sent.objects.update(status=0)
    answer = send(browser, address, BODY)
    assert (answer.status_code, answer.json()["code"]) == (409, "request.in-progress")
    Sent.objects.update(at=timezone.now() - repeating.ANSWERED_WITHIN - timedelta(seconds=1))
    assert send(browser, address, BODY).status_code == 201, "one that has no answer counts as lost"


@pytest.mark.parametrize("key", [" ", "k" * 256])
def test_what_is_no_key(world: Any, address: str, key: str) -> None:
    assert send(world.browser("manager"), address, BODY, key).status_code == 400
    assert done() == 0


@pytest.mark.parametrize("body", ["", "{", "[]", '{"a": 1e400}', "\xff", '"x"'])
def test_a_body_of_any_kind_is_told_from_another(world: Any, address: str, body: str) -> None:
    for _ in range(2):
        headers = {"idempotency-key": "k"}
        answer = world.browser("manager").post(address, body, content_type="application/json", headers=headers)
        assert 400 <= answer.status_code < 500
