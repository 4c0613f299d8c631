"""Whom a wall keeps from a case is told neither of it nor of the wall, whatever door they ask at."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from tests.web.conftest import PAYABLES

from anyshore.web.operations import actions as operations
from anyshore.web.screening import actions as walls
from anyshore.web.walls import actions as known

SAMPLE = "04-no-order-ubl.xml"


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_changes_tell_nothing_of_a_case_behind_a_wall(world: Any, role: str) -> None:
    number = world.start(SAMPLE)
    other = "manager" if role == "owner" else "owner"
    operations.hold(world.people["manager"], number, held=True)
    assert "case put on hold" in world.browser(role).get("/changes/").content.decode()
    walls.declare(world.people["manager"], number, world.people[role].email, "Held shares")
    page = world.browser(role).get("/changes/").content.decode()
    assert "wall declared" not in page
    assert "case put on hold" not in page
    assert "Held shares" not in page
    shown = world.browser(other).get("/changes/").content.decode()
    assert "wall declared" in shown
    assert f"case: {number}" in shown


def test_who_hands_in_what_is_behind_their_wall_is_told_no_number(world: Any) -> None:
    number = world.start(SAMPLE)
    known.screen(world.people["manager"], number, "declared", "Held shares", "test", world.clock.now)
    content = (PAYABLES / "samples" / SAMPLE).read_bytes()
    body = {"service": "payables", "documents": [{"name": "again.xml", "content": base64.b64encode(content).decode()}]}
    answer = world.browser("manager").post(
        "/api/engagements/payables/work", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["code"] == "intake.not-taken"
    assert str(number) not in answer.content.decode()
