"""Agent, manager and owner walk through a disputed invoice, a payment in part and a close, in a real browser."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.web.beginning import begin
from tests.web.conftest import NOON, Clock, World, build
from tests.web.test_browser import Visit, browser

from anyshore.activities.families import ACTIVITIES
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.kernel.state import ROOT
from anyshore.packs import reading
from anyshore.web.core.models import Assignment, Credential
from anyshore.web.engagements import actions as terms_actions
from anyshore.web.engine import running
from anyshore.web.engine.models import Instance

__all__ = ["browser"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400_000_000
ITEMS = b"id;partner;name;amount;currency;number\n1;K1;Nordwerk GmbH;1.190,00;EUR;RE-2026-0101\n"
STATEMENT = b""":20:STARTUMS
:25:DE17100500000123456789
:28C:1/1
:60F:C260204EUR1000,00
:61:2602050205CR400,00NTRFNONREF//B-1
:86:166?00SEPA-GUTSCHRIFT?10931?20SVWZ+Abschlag?32NORDWERK GMBH
:62F:C260205EUR1400,00
-
"""
JOURNAL = b"""entry;date;text;account;amount;currency
1;10.01.2026;Verkauf;1200;1.190,00;EUR
1;10.01.2026;Verkauf;8400;-1.190,00;EUR
"""
TASKS = b"id;title;working_day;owner;reviewer;after\nbank;Reconcile the bank;1;Ada;Cem;\n"


def engage(world: World, pack: str, **files: bytes) -> None:
    """The client's terms for another service, its reference data, and an agent who may work on it."""
    found = reading.named(pack)
    terms = (found.folder / "terms.yaml").read_text(encoding="utf-8")
    terms_actions.propose(world.people["manager"], world.provider, world.client, terms)
    terms_actions.accept(world.people["owner"], pack, 1)
    Credential.objects.create(
        person=world.people["agent"], kind="certificate", subject=pack, valid_from=datetime.date(2020, 1, 1),
        verified_by=world.people["manager"],
    )  # fmt: skip
    for name, content in files.items():
        kind = found.references[name.replace("_", "-")]
        reference_data.load(world.host, pack, kind.name, kind.read(content, kind.file), kind.file)
    engagement = terms_actions.Engagement.objects.get(key=pack)
    Assignment.objects.create(person=world.people["agent"], engagement=engagement)


def _finish(visit: Visit, world: World, heading: str, *checked: str, **filled: str) -> None:
    """Takes the next item, answers it and goes on; what is due is done."""
    page = visit.page
    page.goto(f"{visit.address}/work/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.wait_for_url("**/work/*/*/")
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name=heading).is_visible()
    for label in checked:
        page.get_by_label(label).check()
    for label, text in filled.items():
        page.get_by_label(label.replace("_", " ") + "?").fill(text)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")
    world.host.work()


def test_a_disputed_invoice_a_payment_in_part_and_a_close(live_server: Any, browser: Any) -> None:
    world = build(Clock(NOON + 40 * DAY))
    world.host = Host(world.host.store, ACTIVITIES, clock=world.clock, worker="test", report_of=reading.report_of)
    running.install(world.host)  # one that measures
    try:
        engage(world, "bank-reconciliation", open_item=ITEMS)
        engage(world, "period-close", ledger_entry=JOURNAL, close_task=TASKS)
        agent, manager = Visit(browser, live_server.url), Visit(browser, live_server.url)
        agent.sign_in("agent@example.org")
        manager.sign_in("manager@example.org")
        invoice = world.start("03-over-tolerance-ubl.xml")
        _disputed(agent, world, invoice)
        _part(agent, world)
        _close(agent, manager, world)
        _owner(live_server, browser, invoice)
        assert agent.complaints == manager.complaints == []
    finally:
        running.forget()


def _disputed(agent: Visit, world: World, invoice: int) -> None:
    """The price is not the one agreed: the sender gets the invoice back with the reason."""
    _finish(agent, world, "Clarify the invoice", "Return it to the sender", Why="The price is in dispute.")
    assert world.host.state(invoice).variables[ROOT]["outcome"] == "invoice returned"


def _part(agent: Visit, world: World) -> None:
    """400 of 1,190 are paid without a reference: the agent says for what, and 790 stay open."""
    statement = begin(world.people["manager"], "bank-reconciliation", "bank-reconciliation",
                      documents=[("statement.sta", STATEMENT)])  # fmt: skip
    world.host.work()
    page = agent.page
    page.goto(f"{agent.address}/work/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.wait_for_url("**/work/*/*/")
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="Clarify the line").is_visible()
    page.get_by_label("Book other open items").check()
    page.locator("input[name=items]").fill("1")
    page.get_by_label("Why?").fill("An instalment, said on the telephone.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    world.host.work()
    assert Instance.objects.get(pk=statement).status == "ended"


def _close(agent: Visit, manager: Visit, world: World) -> None:
    """A task is done and reviewed, the changes get their words, the manager closes January for good."""
    close = begin(world.people["manager"], "period-close", "period-close",
                  variables={"day": "2026-01-31", "ledger": "general"})  # fmt: skip
    world.host.work()
    _finish(agent, world, "Task of the close", What_was_done="Reconciled")
    _finish(manager, world, "Review the task", "Yes")
    for _account in range(2):
        _finish(agent, world, "Explain the change", Why_did_it_change="The first sale")
    _finish(manager, world, "Approve the close", "For good", Why="Complete")
    assert Instance.objects.get(pk=close).status == "ended"


def _owner(live_server: Any, browser: Any, invoice: int) -> None:
    """The client sees what became of it, the days it took to close, and the month on paper."""
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.sign_in("owner@example.org")
    page.goto(f"{live_server.url}/cases/{invoice}/")
    assert page.get_by_text("The price is in dispute.").first.is_visible()
    page.goto(f"{live_server.url}/engagements/period-close/")
    address = page.get_by_role("link", name="Period close (PDF)").get_attribute("href")
    answer = page.request.get(f"{live_server.url}{address}")
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
    page.goto(f"{live_server.url}/engagements/period-close/dashboard/period-close/?by=month")
    assert page.get_by_role("columnheader", name="Days to close").is_visible()
    assert "10.0 d" in page.locator("table").first.inner_text()
    assert visit.complaints == []
