"""The agent's way through the queue, operations, and the REST API for both."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.web.conftest import PAYABLES

from anyshore.web.engine import queries as engine
from anyshore.web.engine.models import Instance, LedgerEntry, Wait
from anyshore.web.work import documents


def test_the_agent_pulls_decides_and_is_done(busy: Any) -> None:
    browser = busy.browser("agent")
    assert "1</p>" in browser.get("/work/").content.decode()
    item = browser.post("/work/next/").headers["Location"]
    page = browser.get(item).content.decode()
    assert "What shall happen?" in page
    assert "RE-2026-" in page, "the invoice is shown as people know it"
    reason = engine.variables(busy.instance(2))["disposition"]
    assert reason["text en"] in page
    browser.post("/language/", {"language": "de"})
    assert reason["text de"] in browser.get(item).content.decode()
    assert browser.post("/work/next/").headers["Location"] == item, "what is in hand comes first"
    answer = browser.post(item, {"decision": "return", "note": "No order number.", "next": "yes"})
    assert answer.headers["Location"] == "/work/"
    busy.host.work()
    row = busy.instance(2)
    assert (row.status, row.outcome) == ("ended", "completed")
    types = list(LedgerEntry.objects.filter(instance=2).order_by("sequence").values_list("type", flat=True))
    assert types == ["instance.started", "work.opened", "work.taken", "work.completed", "instance.completed"]
    assert browser.get(item).status_code == 404


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"note": "x"}, "An answer is needed."),
        ({"decision": "keep", "note": "x"}, "Choose one of the answers."),
        ({"decision": "return"}, "An answer is needed."),
        ({"decision": "return", "note": "x" * 2001}, "At most 2000 characters fit."),
    ],
)
def test_a_wrong_answer_is_shown_at_its_question(busy: Any, answers: dict[str, str], message: str) -> None:
    browser = busy.browser("agent")
    item = browser.post("/work/next/").headers["Location"]
    answer = browser.post(item, answers)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert busy.instance(2).status == "active"


def test_without_the_certificate_the_queue_gives_nothing(busy: Any) -> None:
    wait = busy.open_item()
    busy.people["agent"].credentials.all().delete()
    browser = busy.browser("agent")
    page = browser.get("/work/").content.decode()
    assert "Work you could do with more" in page
    assert browser.post("/work/next/").headers["Location"] == "/work/"
    assert browser.post(f"/work/2/{wait.wait}/take/").status_code == 403


def test_two_people_never_have_the_same_item(busy: Any) -> None:
    wait = busy.open_item()
    browser = busy.browser("agent")
    browser.post("/work/next/")
    assert browser.post(f"/work/2/{wait.wait}/complete", {}).status_code == 404
    busy.people["idle"].assignments.create(engagement=busy.engagement)
    busy.people["idle"].credentials.create(kind="certificate", subject="payables", valid_from="2020-01-01")
    assert busy.browser("idle").post(f"/work/2/{wait.wait}/take/").status_code == 409
    assert busy.browser("manager").post(f"/work/2/{wait.wait}/give-back/").status_code == 302
    assert busy.browser("idle").post(f"/work/2/{wait.wait}/take/").status_code == 302


def test_starting_from_documents(busy: Any) -> None:
    sample = PAYABLES / "samples" / "02-matching-cii.xml"
    with sample.open("rb") as file:
        answer = busy.browser("manager").post(
            "/engagements/payables/start/", {"service": "payables", "documents": [file]}
        )
    assert answer.status_code == 302
    busy.host.work()
    assert Instance.objects.get(reference=sample.name).status == "ended"


def test_starting_without_a_document_says_so(busy: Any) -> None:
    answer = busy.browser("manager").post("/engagements/payables/start/", {"service": "payables"})
    assert answer.status_code == 422


def test_the_same_content_starts_once_by_rest(busy: Any) -> None:
    browser = busy.browser("manager")
    content = base64.b64encode((PAYABLES / "samples" / "12-two-rates-cii.xml").read_bytes()).decode()
    body = {"service": "payables", "reference": "R-1", "documents": [{"name": "a.xml", "content": content}]}
    first = browser.post("/api/engagements/payables/work", body, content_type="application/json")
    again = browser.post("/api/engagements/payables/work", body, content_type="application/json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["instance"] == again.json()["instance"]
    assert [one["status"] for one in (*first.json()["receipts"], *again.json()["receipts"])] == [
        "accepted",
        "duplicate",
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"service": "nothing"}, "input.invalid"),
        ({}, "request.malformed"),
        ({"service": "payables", "documents": [{"name": "a", "content": "%%%"}]}, "input.invalid"),
    ],
)
def test_rest_names_what_is_wrong(busy: Any, body: dict[str, Any], code: str) -> None:
    answer = busy.browser("manager").post("/api/engagements/payables/work", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["problems"]


def test_the_agents_way_by_rest(busy: Any) -> None:
    browser = busy.browser("agent")
    item = browser.post("/api/work/next").json()
    assert [field["id"] for field in item["fields"]] == ["decision", "order", "earlier", "numbers", "note"]
    address = f"/api/work/{item['instance']}/{item['wait']}/complete"
    wrong = browser.post(address, {"answers": {}}, content_type="application/json").json()
    assert {one["element"] for one in wrong["problems"]} == {"decision", "note"}
    right = {"answers": {"decision": "reject", "note": "Sent twice"}}
    assert browser.post(address, right, content_type="application/json").status_code == 204
    busy.host.work()
    assert browser.get("/api/instances/2").json()["status"] == "ended"


def test_an_incident_is_shown_and_can_be_cancelled(busy: Any) -> None:
    browser = busy.browser("manager")
    page = browser.get("/operations/").content.decode()
    assert "there.is.no.such" in page
    stuck = Wait.objects.get(kind="incident")
    assert browser.post(f"/operations/4/{stuck.wait}/retry/", {"name": "x", "value": "1 +"}).status_code == 422
    assert browser.post(f"/operations/4/{stuck.wait}/retry/", {"name": "x", "value": "1 + 1"}).status_code == 302
    assert browser.post("/cases/4/cancel/", {"reason": " "}).status_code == 422
    assert browser.post("/cases/4/cancel/", {"reason": "cannot be helped"}).status_code == 302
    assert busy.instance(4).status == "ended"
    assert "there.is.no.such" not in browser.get("/operations/").content.decode()


def test_an_instance_can_be_held_and_released(busy: Any) -> None:
    browser = busy.browser("manager")
    browser.post("/cases/2/hold/", {"held": "yes"})
    assert busy.instance(2).status == "suspended"
    browser.post("/cases/2/hold/", {"held": "no"})
    assert busy.instance(2).status == "active"


def test_the_diagram_has_its_file_and_counts(busy: Any) -> None:
    page = busy.browser("owner").get("/processes/process:payables@1/").content.decode()
    assert '"validate": {"passed": 2' in page
    assert '<th scope="row">Validate by EN 16931</th>' in page, "the table has names"
    assert '"clarify": {"active": 1' in page
    assert b"bpmndi:BPMNDiagram" in busy.browser("owner").get("/processes/process:payables@1/file/").content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n", "image/png"),
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"a\0b", "application/octet-stream"),
    ],
)
def test_a_document_is_what_its_bytes_say(content: bytes, kind: str) -> None:
    assert documents.content_type(content) == kind
    answer = documents.response(documents.Document(digest="0" * 64, name='../x";\r\n.html', content=content))
    assert answer.headers["Content-Type"] == kind
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "\n" not in answer.headers["Content-Disposition"]
    assert ".." not in answer.headers["Content-Disposition"]


def test_the_api_describes_itself_without_the_network(busy: Any) -> None:
    page = busy.browser("agent").get("/api/docs").content.decode()
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "https://" not in page.replace('href="https://', "")
    schema = busy.browser("agent").get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.1")


def test_a_digest_gives_nobody_another_clients_document(world: Any) -> None:
    own = world.start("01-matching-ubl.xml")
    digest = next(iter(engine.documents(world.instance(own))))
    elsewhere = world.host.start(
        "process:payables", {"document": digest, "name": "guessed"}, engagement="rival-payables", service="payables",
        reference="guess",
    )  # fmt: skip
    with world.host.store.transaction() as tx:
        assert tx.document("rival-payables", digest) is None
    assert engine.documents(world.instance(elsewhere)) == {}
