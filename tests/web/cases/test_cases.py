"""The expert's case: a plan that is changed with reasons, findings that stand in their source, a signature."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.web.conftest import CONTRACT

from anyshore.web.cases import boards, deliverable, findings, signing
from anyshore.web.engine.models import LedgerEntry, Wait

CASE = 3


def digest(busy: Any) -> str:
    return next(iter(findings.sources(busy.instance(CASE))))


def sign(busy: Any, statement: str) -> int:
    """The expert signs what the page shows."""
    browser, address = busy.browser("expert"), f"/cases/{CASE}/sign/"
    page = browser.get(address).content.decode()
    shown = re.search(r'name="shown"\s+value="([^"]*)"', page)
    assert shown is not None
    return int(browser.post(address, {"statement": statement, "shown": shown[1]}).status_code)


def finding(busy: Any, **changes: Any) -> dict[str, Any]:
    return {
        "document": digest(busy), "quote": "governed by the laws of Ireland", "text": "Irish law applies.",
        "topic": "Governing law", "confidence": "0.95",
    } | changes  # fmt: skip


def test_the_board_shows_stages_and_their_tasks(busy: Any) -> None:
    shown = boards.case(busy.instance(CASE), busy.people["expert"])
    assert [column.name for column in shown["columns"]] == ["Take in", "Read and judge"]
    assert [(one.name, one.state) for one in shown["columns"][0].tickets] == [("Check the brief", "active")]
    page = busy.browser("expert").get(f"/cases/{CASE}/").content.decode()
    assert "Check the brief" in page
    assert "laws of Ireland" in page


def test_finishing_a_stage_opens_the_next(busy: Any) -> None:
    browser = busy.browser("expert")
    wait = Wait.objects.get(instance=CASE, kind="work")
    browser.post(f"/work/{CASE}/{wait.wait}/take/")
    assert browser.post(f"/work/{CASE}/{wait.wait}/", {"stop": "yes"}).status_code == 302
    shown = boards.case(busy.instance(CASE), busy.people["expert"])
    assert [column.state for column in shown["columns"]] == ["completed", "active"]
    assert shown["columns"][0].tickets[0].state == "completed"
    assert [offer.name for offer in shown["offers"]] == ["Ask for a second opinion"]
    assert "Ask for a second opinion" in browser.get(f"/cases/{CASE}/").content.decode()
    offer = shown["offers"][0]
    body = {"verb": "plan", "element": offer.item, "node": offer.stage, "reason": "The clause is unusual"}
    assert browser.post(f"/cases/{CASE}/plan/", body).status_code == 302
    page = browser.get(f"/cases/{CASE}/").content.decode()
    assert "The clause is unusual" in page


def test_an_expert_adds_a_task_with_a_reason(busy: Any) -> None:
    browser = busy.browser("expert")
    page = browser.get(f"/cases/{CASE}/tasks/add/").content.decode()
    assert "Take in" in page
    stage = next(one.node for one in boards.case(busy.instance(CASE), busy.people["expert"])["stages"])
    body = {"name": "Ask the tax adviser", "stage": stage, "reason": " "}
    assert browser.post(f"/cases/{CASE}/tasks/add/", body).status_code == 422
    assert browser.post(f"/cases/{CASE}/tasks/add/", body | {"reason": "VAT clause"}).status_code == 302
    column = boards.case(busy.instance(CASE), busy.people["expert"])["columns"][0]
    assert [(one.name, one.added) for one in column.tickets][-1] == ("Ask the tax adviser", True)
    assert "VAT clause" in browser.get(f"/cases/{CASE}/").content.decode()


def test_a_finding_is_marked_in_its_source(busy: Any) -> None:
    browser = busy.browser("expert")
    assert browser.post(f"/cases/{CASE}/findings/add/", finding(busy)).status_code == 302
    page = browser.get(f"/cases/{CASE}/").content.decode()
    assert ">governed by the laws of Ireland</mark>" in page
    assert "Irish law applies." in page
    assert LedgerEntry.objects.filter(instance=CASE, type="case.finding").count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quote": "governed by the laws of France"}, "does not say this"),
        ({"quote": "agreement"}, "places"),
        ({"document": "0" * 64}, "Select a valid choice"),
        ({"confidence": "2"}, "less than or equal to 1"),
        ({"text": ""}, "required"),
    ],
)
def test_what_does_not_stand_in_the_source_is_refused(busy: Any, changes: dict[str, str], message: str) -> None:
    answer = busy.browser("expert").post(f"/cases/{CASE}/findings/add/", finding(busy, **changes))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert findings.claims_of(busy.instance(CASE)) == []


def test_the_signature_covers_the_content(busy: Any) -> None:
    browser = busy.browser("expert")
    assert sign(busy, "I stand for it") == 409
    browser.post(f"/cases/{CASE}/findings/add/", finding(busy))
    assert sign(busy, "I stand for it") == 302
    assert sign(busy, "Again") == 409
    row, engagement = busy.instance(CASE), busy.engagement
    first = deliverable.report(row, engagement)
    assert [one.person for one in first.composed.deliverable.signoffs] == ["Expert Example"]
    more = finding(busy, quote="ninety (90) days written notice", text="Notice is 90 days.", topic="Termination")
    browser.post(f"/cases/{CASE}/findings/add/", more)
    second = deliverable.report(busy.instance(CASE), engagement)
    assert second.composed.content != first.composed.content
    assert second.composed.deliverable.signoffs == ()
    assert len(second.outdated) == 1
    pdf = browser.get(f"/cases/{CASE}/deliverable/")
    assert pdf.content.startswith(b"%PDF")
    assert LedgerEntry.objects.filter(instance=CASE, type="case.signed").count() == 1


def test_what_changed_since_it_was_in_view_is_not_signed_but_shown(busy: Any) -> None:
    browser, address = busy.browser("expert"), f"/cases/{CASE}/sign/"
    browser.post(f"/cases/{CASE}/findings/add/", finding(busy))
    row = busy.instance(CASE)
    shown = signing.in_view(row, deliverable.report(row, busy.engagement))
    more = finding(busy, quote="ninety (90) days written notice", text="Notice is 90 days.", topic="Termination")
    browser.post(f"/cases/{CASE}/findings/add/", more)
    answer = browser.post(address, {"statement": "I stand for it", "shown": shown})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<ins>Notice is 90 days.</ins>" in page
    assert "<del>" not in page
    assert deliverable.signatures(busy.instance(CASE)) == []
    assert sign(busy, "I stand for it") == 302


def test_only_the_qualified_sign(busy: Any) -> None:
    browser = busy.browser("expert")
    browser.post(f"/cases/{CASE}/findings/add/", finding(busy))
    busy.people["expert"].credentials.all().delete()
    assert sign(busy, "I stand for it") == 403


def test_overlapping_evidence_is_cut_at_every_edge() -> None:
    class Span:
        def __init__(self, start: int, end: int) -> None:
            self.document, self.parts = "d", ((start, end),)

    class Claim:
        def __init__(self, name: str, start: int, end: int) -> None:
            self.id, self.evidence = name, (Span(start, end),)

    pieces = boards.marked(CONTRACT, "d", [Claim("F1", 0, 10), Claim("F2", 5, 15)])
    assert [(piece.claims, piece.first) for piece in pieces] == [
        (("F1",), True), (("F1", "F2"), True), (("F2",), False), ((), False),
    ]  # fmt: skip
    assert "".join(piece.text for piece in pieces) == CONTRACT
