"""Every time says by which clock it is told; whoever lives by another is told theirs, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.web.conftest import NOON, World

from anyshore.web.core import reader
from anyshore.web.core.actions import choose_zone
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Person
from anyshore.web.core.templatetags.show import moment


def told(zone: str, own: str) -> str:
    with reader.lives_in(lambda: own):
        return str(moment(NOON, zone))


def test_a_time_names_its_clock() -> None:
    shown = told("Europe/Berlin", "")
    assert "2026-01-01 12:00 <abbr>CET</abbr>" in shown
    assert 'datetime="2026-01-01T11:00:00+00:00"' in shown
    assert "your time" not in shown


def test_a_reader_elsewhere_is_told_both() -> None:
    assert "16:30 IST your time" in told("Europe/Berlin", "Asia/Kolkata")
    assert "2026-01-02 00:00 NZDT your time" in told("Europe/Berlin", "Pacific/Auckland")


def test_clocks_that_show_the_same_are_told_once() -> None:
    assert "your time" not in told("Europe/Berlin", "Europe/Paris")


def test_a_zone_without_a_name_is_told_by_its_distance() -> None:
    assert "<abbr>UTC-03</abbr>" in told("America/Sao_Paulo", "")


def test_what_belongs_to_no_engagement_is_told_by_the_reader_s_clock() -> None:
    assert "16:30 <abbr>IST</abbr>" in told("", "Asia/Kolkata")


@pytest.mark.parametrize("name", ["instances", "instance", "work-item", "received", "engagement-terms"])
def test_no_page_shows_a_time_without_its_clock(busy: World, name: str) -> None:
    wait = busy.open_item()
    given: dict[str, dict[str, Any]] = {
        "instance": {"number": 2}, "work-item": {"instance": wait.instance, "wait": wait.wait},
        "received": {"key": "payables"}, "engagement-terms": {"key": "payables"},
    }  # fmt: skip
    Person.objects.filter(pk=busy.people["manager"].pk).update(zone="Asia/Kolkata")
    page = busy.browser("manager").get(reverse(name, kwargs=given.get(name, {}))).content.decode()
    assert page.count("2026-01-05 12:") == page.count('Berlin">2026-01-05 12:') + page.count('Kolkata">2026-01-05 12:')
    if name in ("instance", "work-item"):
        assert "IST your time" in page


def test_a_person_chooses_their_clock(world: World) -> None:
    browser = world.browser("agent")
    browser.post(reverse("account"), {"form": "clock", "zone": "Asia/Manila"})
    assert Person.objects.get(pk=world.people["agent"].pk).zone == "Asia/Manila"
    answer = browser.post(reverse("account"), {"form": "clock", "zone": "Atlantis"})
    assert answer.status_code == 422
    assert "There is no such time zone" in answer.content.decode()
    with pytest.raises(Invalid):
        choose_zone(world.people["agent"], "Atlantis")


def test_signing_in_takes_the_browser_s_clock_once(world: World, client: Any) -> None:
    from tests.web.conftest import PASSWORD

    given = {"email": "agent@example.org", "password": PASSWORD, "zone": "Asia/Manila"}
    client.post(reverse("sign-in"), given)
    client.post(reverse("sign-out"))
    client.post(reverse("sign-in"), given | {"zone": "Europe/Berlin"})
    assert Person.objects.get(email="agent@example.org").zone == "Asia/Manila"
