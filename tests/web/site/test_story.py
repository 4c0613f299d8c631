"""The story of the demonstration: figures that add up, something for each role to do, and cards to sign in by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anyshore.terms.months import Month
from anyshore.terms.recompute import recompute
from anyshore.web.accounts import cards
from anyshore.web.core.models import Engagement, Person
from anyshore.web.engagements import queries, settling
from anyshore.web.engine import books, running
from anyshore.web.engine.models import Wait
from anyshore.web.site import demonstration, story
from anyshore.web.walls.models import Wall

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 20, tzinfo=UTC)
MONTHS = [Month(2026, month) for month in (8, 9, 10)]


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield tmp_path
    running.forget()


def test_three_months_are_told_with_the_right_figures(home: Path) -> None:
    payables, contracts = story.tell(NOW, per_month=4)
    assert {one.client.name for one in (payables, contracts)} == {"Rheinwerk Maschinen AG", "Shannon Dairy plc"}
    assert {one.zone for one in (payables, contracts)} == {"Europe/Berlin", "Europe/Dublin"}
    found = {month: queries.card(_owner(payables), payables.key, str(month)) for month in MONTHS}
    assert [found[month].scores[0].status for month in MONTHS] == ["met", "missed", "met"]
    credit = [line for line in found[MONTHS[1]].invoice.lines if line.kind == "credit"]  # type: ignore[union-attr]
    assert [line.amount < 0 for line in credit] == [True]
    for month in MONTHS:
        assert found[month].invoice.findings == []  # type: ignore[union-attr]
        assert all(cost.saving > 0 for cost in queries.arbitrage(found[month]))
    assert [one.state for one in settling.sent(payables)] == ["paid", "overdue", "open"]
    assert [one.document.number for one in settling.sent(contracts)] == ["shannon-contracts-0001"]
    assert not any(one.missing for some in (payables, contracts) for one in settling.sent(some))
    _asks_somebody(payables, contracts)
    for engagement in (payables, contracts):
        file = home / f"{engagement.key}.jsonl"
        books.export(engagement.key, file)
        assert recompute(file).all_findings == []
    assert [one.key for one in story.tell(NOW)] == ["rheinwerk-payables", "shannon-contracts"]  # it is told once
    _cards(home)


def _owner(engagement: Engagement) -> Person:
    return Person.objects.get(memberships__organisation=engagement.client, memberships__role="owner")


def _asks_somebody(payables: Engagement, contracts: Engagement) -> None:
    assert Wait.objects.filter(engagement=payables.key, kind="incident").count() == 1
    assert Wait.objects.filter(engagement=payables.key, kind="work").count() == 1
    assert len(set(Wait.objects.filter(engagement=contracts.key, kind="work").values_list("instance", flat=True))) == 2
    assert Wall.objects.count() == 1
    [proposed] = payables.terms.filter(accepted=None)
    assert (proposed.version, "price: 3.20" in proposed.text) == (2, True)
    running.forget()
    stamp = max(entry.at for entry in books.entries(payables.key))
    assert stamp <= NOW.timestamp() * 1_000_000  # nothing is told of what is still to come


def _cards(home: Path) -> None:
    """Nearby one signs in by a card; from elsewhere there are none, and no password is on the page."""
    drawn = json.loads((home / cards.FILE).read_text(encoding="utf-8"))
    near, far = Client(), Client()
    page = near.get("/sign-in/", headers={"host": "localhost"}).content.decode()
    for told in ("Service owner", "Delivery manager", "Agent", "Expert", "Rheinwerk Maschinen AG"):
        assert told in page
    for options in (
        {"headers": {"host": "testserver"}},
        {"headers": {"host": "localhost", "x-forwarded-for": "9.9.9.9"}},
    ):
        other = far.get("/sign-in/", **options).content.decode()
        assert "This is the demonstration" not in other
        assert not any(word in other for word in drawn.values())
    assert (
        "This is the demonstration"
        not in far.get("/sign-in/", REMOTE_ADDR="10.0.0.9", headers={"host": "localhost"}).content.decode()
    )
    email = "olga@rheinwerk-maschinen-ag.example"
    answer = near.post("/sign-in/", {"email": email, "password": drawn[email]}, headers={"host": "localhost"})
    assert answer.status_code == 302
    first = near.get("/", headers={"host": "localhost"}).content.decode()
    assert "Three steps to begin with" in first
    bill = "/engagements/rheinwerk-payables/documents/rheinwerk-payables-0002/"  # a number of many letters
    assert near.get(bill, headers={"host": "localhost"}).status_code == 200
    for address in ("objectives", "terms", "proof"):
        assert f"/engagements/rheinwerk-payables/{address}/" in first
        assert near.get(f"/engagements/rheinwerk-payables/{address}/", headers={"host": "localhost"}).status_code == 200


def test_prices_and_baseline_of_the_story_save(home: Path) -> None:
    """By hand: 3.40 against 6.40 is 3.00 less, 46.9 %."""
    text = story._text("invoices", MONTHS[0].first)
    assert "price: 3.40" in text
    assert round((Decimal("6.40") - Decimal("3.40")) / Decimal("6.40") * 100, 1) == Decimal("46.9")
    assert demonstration.engage(text)[0].key == "rheinwerk-payables"
