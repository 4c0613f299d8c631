"""Guessing locks out who guesses, and not whose account it is."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import PASSWORD

from anyshore.web.accounts import throttle
from anyshore.web.core.models import AuditEntry, SignInFailure

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def attempt(browser: Client, password: str, address: str, email: str = "owner@example.org") -> int:
    return browser.post("/sign-in/", {"email": email, "password": password}, REMOTE_ADDR=address).status_code


def guess(times: int, address: str) -> None:
    for _ in range(times):
        attempt(Client(), "wrong", address)


def test_a_stranger_locks_out_himself_alone(world: Any) -> None:
    guess(throttle.MAX_FAILURES, ELSEWHERE)
    assert attempt(Client(), PASSWORD, ELSEWHERE) == 422
    assert attempt(Client(), PASSWORD, HOME) == 302


def test_a_known_browser_comes_in_whoever_guesses_beside_it(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_FOR_ACCOUNT", 12)
    known = Client()
    assert attempt(known, PASSWORD, HOME) == 302
    known.post("/sign-out/")
    guess(throttle.MAX_FAILURES, HOME)
    guess(throttle.MAX_FAILURES, ELSEWHERE)
    assert attempt(Client(), PASSWORD, "192.0.2.1") == 422, "from very many places: closed to browsers nobody knows"
    assert attempt(known, PASSWORD, HOME) == 302
    known.post("/sign-out/")
    for _ in range(throttle.MAX_FAILURES):
        attempt(known, "wrong", HOME)
    assert attempt(known, PASSWORD, HOME) == 422, "it is counted for itself"


def test_the_browser_of_one_person_is_nobody_elses(world: Any) -> None:
    known = Client()
    attempt(known, PASSWORD, HOME, "agent@example.org")
    known.post("/sign-out/")
    guess(throttle.MAX_FAILURES, HOME)
    assert attempt(known, PASSWORD, HOME) == 422


def test_a_manager_unlocks_and_it_is_noted(world: Any) -> None:
    for _ in range(throttle.MAX_FAILURES):
        attempt(Client(), "wrong", HOME, "agent@example.org")
    assert attempt(Client(), PASSWORD, HOME, "agent@example.org") == 422
    agent = world.people["agent"]
    assert world.browser("manager").post(f"/people/{agent.pk}/unlock/").status_code == 302
    assert attempt(Client(), PASSWORD, HOME, "agent@example.org") == 302
    actions = list(AuditEntry.objects.filter(object=agent.email).order_by("id").values_list("action", flat=True))
    expected = ["sign-in.failed"] * (throttle.MAX_FAILURES - 1) + ["sign-in.locked", "sign-in.unlocked", "sign-in"]
    assert actions == expected


def test_what_happens_stands_in_the_log_and_no_secret_with_it(world: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "anyshore.security"):
        attempt(Client(), "my guess at a secret", HOME)
        attempt(Client(), "my guess at a secret", HOME, "nobody@example.org")
        attempt(Client(), PASSWORD, HOME)
    lines = [json.loads(one.message) for one in caplog.records if one.name == "anyshore.security"]
    assert [(one["event"], one["subject"]) for one in lines] == [
        ("sign-in.failed", "owner@example.org"), ("sign-in.failed", "nobody@example.org"),
        ("sign-in", "owner@example.org"),
    ]  # fmt: skip
    assert {one["address"] for one in lines} == {HOME}
    assert "guess" not in caplog.text
    assert PASSWORD not in caplog.text
    assert not AuditEntry.objects.filter(object="nobody@example.org").exists(), "strangers fill no table of ours"


def test_guesses_from_unknown_browsers_are_forgotten_in_time(world: Any) -> None:
    guess(throttle.MAX_FAILURES, HOME)
    SignInFailure.objects.update(at=SignInFailure.objects.first().at - throttle.WINDOW)
    assert attempt(Client(), PASSWORD, HOME) == 302
    assert SignInFailure.objects.count() == 0
