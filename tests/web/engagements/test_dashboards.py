"""The dashboard of a service on its page and over REST; tasks taken and given back stand in the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.host import hands
from anyshore.web.engine import people
from anyshore.web.engine.books import entries
from anyshore.web.engine.models import Wait
from anyshore.web.work import actions

pytestmark = pytest.mark.django_db
PAGE = "/engagements/payables/dashboard/payables/"
REST = "/api/engagements/payables/services/payables/dashboard"


def told(kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in entries("payables") if entry.type == kind]


def test_a_task_taken_and_given_back_stands_in_the_ledger_once(busy: Any) -> None:
    agent, host = busy.people["agent"], busy.host
    row = Wait.objects.filter(kind="work", engagement="payables").first()
    if row.claimed_by is not None:
        actions.give_back(agent, row.instance, row.wait)
    before = len(told(hands.TAKEN))
    for _ in range(2):
        actions.take(agent, row.instance, row.wait)
    busy.clock.now += 600_000_000
    actions.give_back(agent, row.instance, row.wait)
    taken = told(hands.TAKEN)[before:]
    assert [(one["wait"], people.address(one["by"])) for one in taken] == [(row.wait, agent.email)]
    assert told(hands.RETURNED)[-1]["element"] == row.element
    with host.store.transaction() as tx:
        assert not hands.take(tx, busy.clock(), row.instance, 9_999, agent.email)
        back = len(told(hands.RETURNED))
        hands.give_back(tx, busy.clock(), row.instance, row.wait)
    assert len(told(hands.RETURNED)) == back, "nobody had it"


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_the_page_shows_pictures_and_the_table_they_are_drawn_from(busy: Any, by: str) -> None:
    text = busy.browser("owner").get(PAGE, {"by": by}).content.decode()
    assert text.count("<svg") >= 3
    assert 'role="img"' in text
    assert "What one costs" in text
    german = busy.browser("owner").get(PAGE, {"by": by}, headers={"accept-language": "de"}).content.decode()
    assert "Ohne einen Menschen" in german


def test_rest_and_page_tell_the_same_and_money_only_to_those_who_may_see_it(busy: Any) -> None:
    owner = busy.browser("owner").get(REST, {"by": "month"}).json()
    assert owner["by"] == "month"
    assert sum(one["received"] for one in owner["periods"]) > 0
    assert "costs" in owner
    assert "costs" not in busy.browser("expert").get(REST).json()
    assert busy.browser("owner").get(REST, {"by": "year"}).status_code == 404
    assert (
        busy.browser("owner")
        .get(PAGE.replace("/payables/dashboard/payables/", "/payables/dashboard/payroll/"))
        .status_code
        == 404
    )


def test_the_scorecard_leads_to_it(busy: Any) -> None:
    assert PAGE in busy.browser("owner").get("/engagements/payables/").content.decode()
