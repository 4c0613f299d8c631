"""Colours and density: as the device has them until somebody says otherwise, then theirs in every browser."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_pages_look_as_their_reader_chose(world: Any) -> None:
    browser = world.browser("owner")
    assert "data-theme" not in browser.get("/").content.decode()
    answer = browser.post("/account/", {"form": "look", "theme": "dark", "dense": "on"})
    assert answer.status_code == 302
    page = world.browser("owner").get("/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert "data-theme" not in world.browser("agent").get("/").content.decode()
    browser.post("/account/", {"form": "look", "theme": ""})
    page = browser.get("/").content.decode()
    assert "data-theme" not in page
    assert "data-density" not in page


def test_colours_that_are_none_are_refused(world: Any) -> None:
    assert world.browser("owner").post("/account/", {"form": "look", "theme": "pink"}).status_code == 422
