"""Queues with the columns of their form, and what stands beside a document so that people decide on the page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from anyshore.web.core.templatetags.show import moment
from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Wait
from anyshore.web.work import actions, queries, queues
from anyshore.web.work.queues import Asked

QUEUE = "payables:invoice-exception"
SAMPLES = (
    "03-over-tolerance-ubl.xml",
    "04-no-order-ubl.xml",
    "05-unknown-seller-cii.xml",
    "14-changed-account-ubl.xml",
)
FIRST, NONE, UNKNOWN, ACCOUNT = "RE-2026-0117", "RE-2026-0123", "SK-88213", "RE-2026-0140"


@pytest.fixture
def many(world: Any) -> Any:
    """Four exceptions wait, and one more that is a duplicate."""
    for sample in SAMPLES:
        world.start(sample)
        world.clock.now += 60_000_000
    return world


ALL = Asked()


def shown(world: Any, asked: Asked = ALL) -> list[queues.Row]:
    desk = queries.desk(world.people["agent"])
    [queue] = queues.queues(desk.waiting, desk.fitness, asked)
    return list(queue.rows)


def column(rows: list[queues.Row], name: str) -> list[str]:
    return [next(cell.text for cell in row.cells if cell.column.id == name) for row in rows]


def test_a_queue_shows_the_columns_of_its_form(many: Any) -> None:
    rows = shown(many)
    assert [cell.heading for cell in rows[0].cells] == ["Supplier", "Number", "Amount", "To be paid by", "Why"]
    assert column(rows, "amount")[0] == "4,698.12 EUR"
    assert column(rows, "supplier")[2] == "Schnellkontor Handels UG"
    page = many.browser("agent").get("/work/").content.decode()
    assert "Schnellkontor Handels UG" in page
    browser = many.browser("agent")
    browser.post("/language/", {"language": "de"})
    page = browser.get("/work/").content.decode()
    assert "4.698,12 EUR" in page
    assert "Lieferant" in page
    assert "Der Absender ist nicht freigegeben." in page


def test_it_is_sorted_by_any_of_them_and_turned_round(many: Any) -> None:
    amounts = [float(one.split()[0].replace(",", "")) for one in column(shown(many, Asked(sort="amount")), "amount")]
    assert amounts == sorted(amounts)
    assert column(shown(many, Asked(sort="-amount")), "amount")[0] == "4,698.12 EUR"
    suppliers = column(shown(many, Asked(sort="supplier")), "supplier")
    assert suppliers == sorted(suppliers, key=str.casefold)
    oldest = [row.item.row.instance for row in shown(many)]
    assert oldest == sorted(oldest)
    assert [row.item.row.instance for row in shown(many, Asked(sort="-opened"))] == oldest[::-1]
    assert [row.item.row.instance for row in shown(many, Asked(sort="nonsense"))] == oldest


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(text="schnellkontor"), [UNKNOWN]),
        (Asked(text="4,698"), [FIRST]),
        (Asked(text="4698.12"), [FIRST]),
        (Asked(text="nordlicht account"), [ACCOUNT]),
        (Asked(text="03-over"), [FIRST]),
        (Asked(text="nordlicht", column="number"), []),
        (Asked(text="sk-", column="number"), [UNKNOWN]),
    ],
)
def test_it_is_searched_in_all_columns_or_one(many: Any, asked: Asked, found: list[str]) -> None:
    assert column(shown(many, asked), "number") == found


def test_work_is_due_by_the_clock_of_the_terms(many: Any) -> None:
    rows = shown(many)
    hour = 3_600_000_000
    # Started on Monday, 5 January, at 12:00: eight business hours of 09:00-17:00 are over on Tuesday at 12:00.
    assert rows[0].due == rows[0].item.row.opened + 24 * hour
    assert not rows[0].overdue
    page = many.browser("agent").get("/work/").content.decode()
    assert moment(rows[0].due, "Europe/Berlin") in page
    assert "12:00" in moment(rows[0].due, "Europe/Berlin")
    many.clock.now += 25 * hour
    assert [row.overdue for row in shown(many)] == [True] * 4
    assert shown(many, Asked(sort="due"))[0].item == rows[0].item


def test_one_queue_has_sheets_and_the_choice_stays(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "FIRST", 3)
    browser = many.browser("agent")
    page = browser.get("/work/").content.decode()
    assert "Show all of this queue" in page
    address = f"/work/?queue={QUEUE}&sort=-amount&text=e"
    first = browser.get(address).content.decode()
    assert re.search(r'rel="next"\s+href="\?[^"]*page=2', first)
    second = browser.get(f"{address}&page=2").content.decode()
    assert 'aria-sort="descending"' in second
    assert f'hx-get="/work/?queue={QUEUE.replace(":", "%3A")}' in second or f'hx-get="/work/?queue={QUEUE}' in second
    numbers = [set(re.findall("|".join((FIRST, NONE, UNKNOWN, ACCOUNT)), one)) for one in (first, second)]
    assert len(numbers[0]) == 3
    assert len(numbers[1]) == 1
    assert not numbers[0] & numbers[1]
    assert "Nothing waits in this queue" in browser.get("/work/?queue=payables:other").content.decode()


def test_by_rest_the_same(many: Any) -> None:
    found = many.browser("agent").get(f"/api/work?queue={QUEUE}&sort=-amount&text=nordlicht").json()["waiting"]
    assert [one["columns"]["number"] for one in found] == [FIRST, NONE, ACCOUNT]
    assert found[0]["columns"]["amount"] == "4698.12"
    assert found[0]["columns"]["payable"] == "2026-04-08"
    assert found[0]["due"] > many.clock.now
    assert (found[0]["queue"], found[0]["overdue"], found[0]["without"]) == (QUEUE, False, [])


def beside(world: Any, instance: int, person: str = "agent") -> dict[str, queries.Beside]:
    wait = Wait.objects.get(instance=instance, kind="work")
    one, row, _engagement = queries.item(world.people[person], instance, wait.wait)
    return {two.compared.what.id: two for two in queries.counterparts(world.people[person], one, row)}


def differing(two: queries.Beside) -> list[str]:
    found = two.compared
    return [p.title["en"] for p in [*found.pairs, *(p for line in found.lines for p in line.pairs)] if not p.same]


def test_the_order_stands_line_by_line_beside_the_invoice(many: Any) -> None:
    found = beside(many, 1)
    assert differing(found["ordered"]) == ["Net", "Price", "Net"]
    assert differing(found["account"]) == []
    page = many.browser("agent").get(f"/work/1/{Wait.objects.get(instance=1, kind='work').wait}/").content.decode()
    plain = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "Net 3,948.00 3,468.00 ≠" in plain
    assert "Price 329.00 289.00 ≠" in plain
    assert "Quantity 12 12 =" in plain
    assert "2 differences" in plain
    assert "Net amount of all invoices of the line 3,948.00 3,468.00 ≠" in plain
    assert page.count('class="differs"') == 6, "three beside the order, three beyond their tolerance"


def test_the_account_on_record_stands_beside_that_of_the_invoice(many: Any) -> None:
    found = beside(many, 4)
    assert differing(found["account"]) == ["Account to pay to"]
    assert differing(found["ordered"]) == []


def test_what_there_is_not_is_said(many: Any) -> None:
    found = beside(many, 3)
    assert not found["account"].compared.found
    page = many.browser("agent").get(f"/work/3/{Wait.objects.get(instance=3, kind='work').wait}/").content.decode()
    assert "This supplier is not on record." in page
    assert "There is no such order on record." in page


def test_an_earlier_invoice_is_shown_with_its_case_to_whom_may_see_it(world: Any) -> None:
    world.start("01-matching-ubl.xml")
    number = world.start("09-duplicate-of-01-ubl.xml")
    found = beside(world, number)["earlier"]
    assert found.case is not None
    assert found.case.reference == "01-matching-ubl.xml"
    assert differing(found) == ["Number", "Date"]
    page = world.browser("agent").get(f"/work/{number}/{world.open_item().wait}/").content.decode()
    assert 'href="/cases/1/"' in page
    rest = world.browser("agent").get(f"/api/work/{number}/{world.open_item().wait}").json()
    earlier = next(one for one in rest["counterparts"] if one["id"] == "earlier")
    assert (earlier["instance"], earlier["differences"]) == (1, 2)
    assert earlier["fields"][0] == {
        "title": {"en": "Number", "de": "Nummer"}, "document": "re 2026/101", "counterpart": "RE-2026-0101",
        "equal": False,
    }  # fmt: skip


def test_an_order_number_is_needed_to_match_with_an_order(many: Any) -> None:
    browser = many.browser("agent")
    wait = Wait.objects.get(instance=2, kind="work").wait
    actions.take(many.people["agent"], 2, wait)
    address = f"/work/2/{wait}/"
    page = browser.get(address).content.decode()
    assert re.search(r'id="o_order"[^>]*>optional<', page)
    marks = browser.post(f"{address}needed/", {"decision": "match"}).content.decode()
    assert re.search(r'id="o_order"\s+hx-swap-oob="true"\s*>needed<', marks)
    assert "o_note" not in marks, "only what depends on other answers"
    answer = browser.post(address, {"decision": "match", "note": "It is theirs"})
    assert answer.status_code == 422
    assert answer.content.decode().count("An answer is needed.") == 1
    assert engine.variables(many.instance(2)).get("clarification") is None
    body = {"answers": {"decision": "match", "note": "It is theirs"}}
    problems = browser.post(f"/api/work/2/{wait}/complete", body, content_type="application/json").json()["problems"]
    assert [one["element"] for one in problems] == ["order"]
    assert browser.post(address, {"decision": "match", "order": "PO-4713", "note": "It is theirs"}).status_code == 302
    many.host.work()
    assert engine.variables(many.instance(2))["match"]["order"] == "PO-4713"


def test_a_program_reads_what_a_field_depends_on(many: Any) -> None:
    wait = Wait.objects.get(instance=2, kind="work").wait
    fields = many.browser("agent").get(f"/api/work/2/{wait}").json()["fields"]
    assert [(one["id"], one["required"], one["required_if"]) for one in fields] == [
        ("decision", True, None), ("order", False, 'decision = "match"'), ("earlier", False, None),
        ("numbers", False, 'earlier = "named"'), ("note", True, None)
    ]  # fmt: skip


def test_work_that_comes_back_keeps_its_place_and_its_age(many: Any) -> None:
    agent = many.people["agent"]
    first = shown(many)[0].item.row
    before = shown(many)[0].since
    actions.take(agent, first.instance, first.wait)
    many.clock.now += 3_600_000_000
    answers = {"decision": "match", "order": "PO-0000", "note": "It is of another order."}
    actions.complete(agent, first.instance, first.wait, answers)
    many.host.work()
    again = shown(many)[0]
    assert again.item.row.instance == first.instance
    assert again.item.row.wait != first.wait
    assert again.item.row.opened > before
    assert again.since == before
    assert [row.item.row.instance for row in shown(many, Asked(sort="-opened"))][-1] == first.instance
    page = many.browser("agent").get(f"/work/{first.instance}/{again.item.row.wait}/").content.decode()
    assert moment(before, "Europe/Berlin") in page
