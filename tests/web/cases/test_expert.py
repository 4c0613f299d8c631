"""The expert's case: conflicts of interest, added tasks, quotations by mouse, findings beside the memo."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from tests.web.contract import PACK, SAMPLE, Desk
from tests.web.routed import HOST, Browser, chromium

from anyshore.base.errors import CommandRejected
from anyshore.web.cases import added, boards, deliverable, findings, signing
from anyshore.web.engine.models import Notification, Wait
from anyshore.web.walls.models import Declaration, Wall
from anyshore.web.work import actions as work
from anyshore.web.work import conflicts
from anyshore.web.work.models import Handled

pytestmark = pytest.mark.django_db
DIGEST = hashlib.sha256((PACK / "samples" / SAMPLE).read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def stage(desk: Desk) -> int:
    found = boards.case(desk.case(), desk.person("lead"))["stages"]
    return next(one.node for one in found if one.state == "active" and one.node)


def test_the_conflict_check_names_the_parties_and_keeps_what_its_person_says(desk: Desk) -> None:
    assert [(one.person.name, one.clear, one.parties) for one in Declaration.objects.all()] == [
        ("Lead Expert", True, ["Musterbau GmbH"])
    ]
    lead = desk.world.browser("lead")
    named = {"parties": "Liftwerk Service AG\n\nMusterbau GmbH"}
    assert lead.post(reverse("case-parties", args=[desk.number]), named).status_code == 302
    assert conflicts.parties(desk.case(), desk.world.client.bought.get(key="contract-review")) == [
        "Musterbau GmbH", "Liftwerk Service AG",
    ]  # fmt: skip


def test_each_person_answers_for_themselves_before_their_first_item(desk: Desk) -> None:
    second, wait = desk.person("second"), desk.wait("second_review")
    work.take(second, desk.number, wait)
    browser, page = desk.world.browser("second"), reverse("work-conflicts", args=[desk.number, wait])
    assert browser.get(reverse("review-desk", args=[desk.number, wait])).url == page
    assert "Musterbau GmbH" in browser.get(page).content.decode()
    with pytest.raises(CommandRejected, match="free of conflicts of interest with: Musterbau GmbH"):
        work.resolve(second, desk.case(), wait, lambda _held: {})
    assert browser.post(page, {}).status_code == 422
    assert browser.post(page, {"clear": "no"}).status_code == 422, "who is not free says why"
    assert browser.post(page, {"clear": "yes"}).status_code == 302
    assert browser.get(reverse("review-desk", args=[desk.number, wait])).status_code == 200
    conflicts.name_parties(desk.person("lead"), desk.number, ["Liftwerk Service AG"])
    assert browser.get(reverse("review-desk", args=[desk.number, wait])).url == page, "a new party is asked about"


def test_who_is_not_free_is_kept_from_the_case(desk: Desk) -> None:
    wait = desk.wait("second_review")
    work.take(desk.person("second"), desk.number, wait)
    answer = desk.world.browser("second").post(
        f"/api/work/{desk.number}/{wait}/conflicts", {"clear": False, "reason": "Shares"},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 204
    assert Wall.objects.get().reason == "Shares"
    assert Wait.objects.get(instance=desk.number, wait=wait).claimed_by is None
    assert desk.world.browser("second").get(f"/cases/{desk.number}/").status_code == 404


def test_the_check_of_somebody_who_is_not_free_goes_to_somebody_else(busy: Any) -> None:
    from tests.web.contract import scene
    from tests.web.test_machine_numbers import _another

    desk = Desk(busy, _another(scene(busy).world, "other.txt"))
    wait = desk.take("lead", "check_conflicts")
    work.complete(desk.person("lead"), desk.number, wait, {"clear": "no"})
    held = Wait.objects.get(instance=desk.number, wait=wait)
    assert held.claimed_by is None
    assert Wall.objects.get(person=desk.person("lead")).case == desk.number


def test_an_added_task_has_a_name_a_person_a_day_a_description_and_a_result(desk: Desk) -> None:
    browser = desk.world.browser("lead")
    asked = {
        "name": "Ask the tax “adviser”", "stage": stage(desk), "reason": "VAT clause", "person": "judge@example.org",
        "description": "Is the fee\nsubject to VAT?", "due": "2026-02-03",
    }  # fmt: skip
    page = reverse("case-add-task", args=[desk.number])
    assert "Judge Expert" in browser.get(page).content.decode()
    assert browser.post(page, asked).status_code == 302
    held = Wait.objects.get(instance=desk.number, element="ask_the_tax_adviser")
    assert held.claimed_by == "judge@example.org"
    assert Notification.objects.filter(person=desk.person("judge"), kind="assigned").exists()
    ticket = next(
        one
        for column in boards.case(desk.case(), desk.person("lead"))["columns"]
        for one in column.tickets
        if one.added
    )
    assert (ticket.name, ticket.holder, str(ticket.due)) == ("Ask the tax “adviser”", "Judge Expert", "2026-02-03")
    told = browser.get(f"/cases/{desk.number}/").content.decode()
    assert "added_" not in told
    assert "Ask the tax “adviser”: VAT clause" in told
    conflicts.answer(desk.person("judge"), desk.number, held.wait, clear=True)
    judge = desk.world.browser("judge")
    item = judge.get(reverse("work-item", args=[desk.number, held.wait])).content.decode()
    assert "subject to VAT?" in item
    done = {"result": "It is.", "minutes": "1:30", "stop": "yes"}
    assert judge.post(reverse("work-item", args=[desk.number, held.wait]), done | {"result": ""}).status_code == 422
    assert judge.post(reverse("work-item", args=[desk.number, held.wait]), done).status_code == 302
    assert added.results(desk.case()) == [{"task": "Ask the tax “adviser”", "result": "It is."}]
    assert "It is." in browser.get(f"/cases/{desk.number}/").content.decode()
    assert Handled.objects.get(wait=held.wait, instance=desk.number).spent == 90 * 60


def test_a_task_is_for_nobody_whom_it_cannot_be_for(desk: Desk) -> None:
    row = {"name": "Ask", "stage": stage(desk), "reason": "Why not", "due": datetime.date(2026, 2, 3)}
    assert desk.person("agent") not in added.people(desk.case(), desk.person("lead"))
    answer = desk.world.browser("lead").post(
        reverse("case-add-task", args=[desk.number]), row | {"person": "agent@example.org"}
    )
    assert answer.status_code == 422
    assert not Wait.objects.filter(instance=desk.number, element="ask").exists()


def test_nobody_signs_before_the_reviews_are_given(desk: Desk) -> None:
    assert signing.unreviewed(desk.case())
    page = desk.world.browser("lead").get(f"/cases/{desk.number}/").content.decode()
    assert reverse("case-sign", args=[desk.number]) not in page
    desk.review("lead", "first_review")
    desk.review("second", "second_review")
    assert not signing.unreviewed(desk.case())


def test_the_memo_is_written_beside_its_findings_and_words_are_quoted_by_mouse(desk: Desk, browser: Browser) -> None:
    desk.review("lead", "first_review")
    desk.review("second", "second_review")
    wait = desk.take("lead", "write_memo")

    def memo(page: Any) -> tuple[str, str]:
        page.goto(f"{HOST}/work/{desk.number}/{wait}/", wait_until="networkidle")
        assert page.locator("#findings").get_by_text("This Agreement is governed by the laws").is_visible()
        assert page.evaluate("document.activeElement.name") == "memo"
        page.get_by_role("button", name="Take over into the text").first.press("Enter")
        return page.locator("[name=memo]").input_value(), page.locator("[data-minutes]").input_value()

    client = desk.world.browser("lead")
    text, minutes = browser.walk(client, memo)
    assert text == "Governing Law: Another law"
    assert minutes.startswith("0:0")

    def quoted(page: Any) -> dict[str, str]:
        page.goto(f"{HOST}/cases/{desk.number}/", wait_until="networkidle")
        page.evaluate(
            """() => {
              const box = document.querySelector("pre.source");
              const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
              let node; while ((node = walker.nextNode()) && !node.data.includes("standstill within four hours"));
              const start = node.data.indexOf("standstill within four hours");
              const range = document.createRange();
              range.setStart(node, start); range.setEnd(node, start + "standstill within four hours".length);
              const chosen = window.getSelection(); chosen.removeAllRanges(); chosen.addRange(range);
              box.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
            }"""
        )
        page.wait_for_function("document.querySelector('[data-finding] [name=quote]').value")
        form = page.locator("[data-finding]")
        kept = {name: form.locator(f"[name={name}]").input_value() for name in ("quote", "near", "document")}
        page.reload(wait_until="networkidle")
        assert page.locator("[data-finding] [name=quote]").input_value() == kept["quote"], "what is written stays"
        last = page.locator(".stage").last.bounding_box()
        assert last is not None
        assert last["x"] + last["width"] <= 1280 or page.locator(".board-frame.more").count() == 1
        return kept

    sent = browser.walk(client, quoted)
    assert sent["quote"] == "standstill within four hours"
    given = sent | {"text": "Four hours to answer.", "topic": "Service", "confidence": "0.9"}
    assert client.post(reverse("case-add-finding", args=[desk.number]), given).status_code == 302
    span = findings.claims_of(desk.case())[-1].evidence[0]
    assert (span.document, span.quote) == (DIGEST, "standstill within four hours")
    assert deliverable.signatures(desk.case()) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_stage_of_the_board_is_reached(desk: Desk, browser: Browser, width: int) -> None:
    def walk(page: Any) -> list[float]:
        page.goto(f"{HOST}/cases/{desk.number}/", wait_until="networkidle")
        for link in page.locator("nav.stages a").all():
            link.press("Enter")
            target = page.locator(link.get_attribute("href")).bounding_box()
            assert target is not None
            assert -1 <= target["x"] <= width - 100, link.inner_text()
        return [one.bounding_box()["width"] for one in page.locator(".stage").all()]

    assert min(browser.walk(desk.world.browser("lead"), walk, width=width)) > 120
