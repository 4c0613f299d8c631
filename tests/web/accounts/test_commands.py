"""``anyshore bootstrap`` and ``anyshore person``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.web.accounts.models import Link
from anyshore.web.core.models import Person
from anyshore.web.site import system


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "start", lambda: None)  # the tests' database is there already


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_bootstrap_prints_one_link_and_invents_nobody(db: None) -> None:
    done = run("bootstrap", "Südwind", "mia@suedwind.example", "Mia", "--site", "https://any.example/", "--json")
    assert done.exit_code == 0, done.output
    link = json.loads(done.stdout)["link"]
    assert link.startswith("https://any.example/links/")
    assert not Person.objects.exists()
    assert link.split("/")[4] not in str(Link.objects.values())
    browser = Client()
    browser.get(link.removeprefix("https://any.example"))
    assert browser.post("/links/", {"password": "another long phrase"}).status_code == 302
    assert Person.objects.get().memberships.get().role == "manager"
    again = run("bootstrap", "Südwind", "other@suedwind.example", "Other")
    assert again.exit_code == 1
    assert "has a manager" in again.output
    assert run("bootstrap", "Südwind", "no address", "").exit_code == 1


def test_a_person_is_told_and_erased(world: Any) -> None:
    told = json.loads(run("person", "export", "Expert@example.org").stdout)
    assert told["core.Person"][0]["email"] == "expert@example.org"
    kept = json.loads(run("person", "erase", "expert@example.org", "--reason", "asked", "--json").stdout)["kept_as"]
    assert Person.objects.get(email=kept).is_active is False
    assert run("person", "export", "expert@example.org").exit_code == 1
