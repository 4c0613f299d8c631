"""Files as other modellers write them are read, run and kept."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from anyshore import bpmn, feel
from anyshore.base.errors import BpmnError
from anyshore.base.xml import parse
from anyshore.bpmn import vendors
from anyshore.kernel.commands import Fail, Resolve
from tests.bpmn.vendors.dialects import HEAD, SAMPLES, SECOND, SPACES, start


def test_an_order_from_camunda_7_runs_to_its_end() -> None:
    process = bpmn.read(SAMPLES / "camunda7-order.bpmn").process("order")
    process.decide = lambda decision, given, now, zone: Decimal(10)
    order = {"id": 7, "article": "bolt", "quantity": 3, "price": 20}
    instance = start(
        process, order=order, customer="Ada", region="south", amount=12, country="DE", requester="ada", items=[1, 2, 3]
    )
    stock = instance.wait("stock", "job")
    assert (stock.name, stock.data) == ("check-stock", {
        "article": "bolt", "note": "Order 7 of Ada", "places": ["north", "south"], "options": {"dry run": False},
    })  # fmt: skip
    instance.resolve("stock", "job", available=Decimal(3))
    assert instance.variables["inStock"] is True

    approve = instance.wait("approve")
    assert (approve.name, approve.data["role"]) == ("approve", "sales")
    timer = instance.wait("approve", "timer")
    assert timer.due == 10 * SECOND
    instance.do(Resolve(at=10 * SECOND, wait=timer.id))
    remind = instance.wait("remind", "job")
    assert (remind.name, remind.data) == ("mailer.remind", {"argument1": "ada", "argument2": Decimal(7)})
    instance.resolve("remind", "job", result="sent")
    assert instance.variables["mail"] == "sent"

    instance.resolve("approve")
    assert (instance.variables["total"], instance.variables["discount"], instance.variables["net"]) == (60, 10, 54)
    for item in (1, 2):
        assert instance.wait("pack", "job").name == "packItem"
        assert [
            node for node in instance.nodes("pack") if instance.state.variables.get(node.id, {}).get("item") == item
        ]
        instance.resolve("pack", "job")
    call = instance.wait("ship", "child")
    assert call.data["variables"] == {"parcel": feel.from_python(order), "number": 8}
    instance.resolve("ship", "child", tracking="T-1", secret="s")
    assert instance.outcome == "completed"
    assert instance.variables["tracking"] == "T-1"
    assert "secret" not in instance.variables


def test_an_error_from_camunda_7_puts_its_code_into_the_variable() -> None:
    process = bpmn.read(SAMPLES / "camunda7-order.bpmn").process("order")
    process.decide = lambda decision, given, now, zone: Decimal(0)
    instance = start(
        process, order={"id": 1, "quantity": 1, "price": 1}, customer="", region="", amount=1, country="", items=[]
    )
    instance.resolve("stock", "job", available=Decimal(0))
    call = instance.wait("ship", "child")
    instance.do(Fail(at=0, wait=call.id, code="LOST", message="fell off"))
    assert instance.outcome == "completed"
    assert (instance.variables["code"], instance.variables["message"]) == ("LOST", "fell off")


def test_a_claim_from_camunda_8_runs_to_its_end() -> None:
    process = bpmn.read(SAMPLES / "camunda8-claim.bpmn").process("claim")
    process.decide = lambda decision, given, now, zone: "high" if decision == "assessment" else None
    claim = {"id": "C-1", "amount": 100, "reason": "hail", "positions": [60, 40]}
    instance = start(process, claim=claim, parties=["a", "b"], patience="P2D")
    review = instance.wait("review")
    assert (review.name, review.data["role"]) == ("review-claim", "claims")
    assert review.data["inputs"] == {"form": {"amount": 100, "reason": "hail"}}
    instance.resolve("review", decision="pay", noise=1)
    assert instance.variables["review"] == "pay"
    assert "noise" not in instance.variables
    assert instance.variables["payout"] == 100
    jobs = instance.waits("letters", "job")
    assert [(job.name, job.data) for job in jobs] == [("write-letter", {"to": "a"}), ("write-letter", {"to": "b"})]
    for job in jobs:
        instance.do(Resolve(at=0, wait=job.id, variables={"letter": f"Dear {job.data['to']}"}))
    assert instance.variables["letters"] == ["Dear a", "Dear b"]
    (message,) = instance.waits(kind="message")
    assert (message.name, message.key) == ("answer", "C-1")
    (timer,) = instance.waits(kind="timer")
    assert timer.due == 2 * 86_400 * SECOND
    instance.do(Resolve(at=SECOND, wait=message.id))
    given = instance.wait("pay", "child").data["variables"]
    assert (given["amount"], given["claim"]["id"]) == (100, "C-1")
    instance.resolve("pay", "child", receipt="R")
    assert instance.wait("told", "job").name == "tell-customer"
    instance.resolve("told", "job")
    assert instance.outcome == "completed"
    assert instance.variables["receipt"] == "R"


def test_a_leave_request_from_flowable_runs_to_its_end() -> None:
    process = bpmn.read(SAMPLES / "flowable-leave.bpmn").process("leave")
    process.decide = lambda decision, given, now, zone: {"entitled": Decimal(30)}
    instance = start(process, employee="eve", days=5, colleagues=["a", "b"], reminder="1970-01-03T00:00:00Z")
    decide = instance.wait("decide")
    assert (decide.name, decide.data["role"]) == ("leave-decision", "managers")
    instance.resolve("decide", approved=True)
    book = instance.wait("book", "job")
    assert (book.name, book.data) == ("org.example.hr.BookDays", {"calendar": "staff", "days": 5})
    instance.resolve("book", "job")
    assert len(instance.waits("tell")) == 2
    for wait in instance.waits("tell"):
        assert wait.data["role"] == "lead"
        instance.do(Resolve(at=0, wait=wait.id))
    timer = instance.wait("before", "timer")
    assert timer.due == 2 * 86_400 * SECOND
    instance.do(Resolve(at=timer.due, wait=timer.id))
    assert instance.wait("handover", "child").data["variables"] == {"from": "eve"}
    instance.resolve("handover", "child", done=True)
    assert instance.variables["handedOver"] is True
    assert instance.outcome == "completed"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.bpmn")), ids=lambda path: path.stem)
def test_the_file_itself_is_left_alone(sample: Path) -> None:
    document = parse(sample, error=BpmnError)
    before = etree.tostring(document.root, method="c14n")
    translated, _ = vendors.translate(document)
    assert etree.tostring(document.root, method="c14n") == before
    assert etree.tostring(bpmn.read(sample).document.root, method="c14n") == before
    left = [name for element in translated.root.iter(etree.Element) for name in (element.tag, *element.attrib)
            if etree.QName(str(name)).namespace in SPACES.values()]  # fmt: skip
    assert left == []


def test_a_file_without_a_dialect_is_not_copied() -> None:
    document = parse(f'{HEAD}<process id="p"/></definitions>', error=BpmnError)
    assert vendors.translate(document) == (document, [])
    assert vendors.translate(document)[0] is document


def test_a_drawing_is_not_translated() -> None:
    content = f'{HEAD}<process id="p"><task id="t" camunda:nonsense="1"/></process></definitions>'
    assert vendors.translate(parse(content, error=BpmnError))[1] == []


def test_the_real_files_of_camunda_8_are_read(data_dir: Path) -> None:
    for name in ("C.9.0.bpmn", "C.9.2.bpmn"):
        assert bpmn.read(data_dir / "bpmn-miwg" / name).processes


def test_a_file_whose_nodes_list_no_flows_is_read_where_an_engine_wrote_it() -> None:
    text = (
        f'{HEAD}<process id="p" isExecutable="true"><startEvent id="s" flowable:initiator="who"/>'
        '<userTask id="t" flowable:candidateGroups="a"/><exclusiveGateway id="x" default="no"/>'
        '<endEvent id="e"/><endEvent id="f"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="x"/><sequenceFlow id="no" sourceRef="x" targetRef="e"/>'
        '<sequenceFlow id="yes" sourceRef="x" targetRef="f"><conditionExpression xsi:type="tFormalExpression">'
        "${ok}</conditionExpression></sequenceFlow>MORE</process></definitions>"
    )
    instance = start(bpmn.read(text.replace("MORE", "").encode()).process("p"))
    instance.resolve("t", ok=True)
    assert instance.outcome == "completed"
    with pytest.raises(BpmnError, match="leads nowhere"):
        bpmn.read(text.replace("MORE", '<startEvent id="lost"/>').encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_drawing_of_signavio_in_any_encoding_says_nothing(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:signavio="http://www.signavio.com"'
        ' expressionLanguage="http://www.w3.org/TR/XPath" targetNamespace="http://www.signavio.com">'
        '<process id="p" isExecutable="true" isClosed="false" processType="None"><extensionElements/>'
        '<startEvent id="s" name=""><extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue=""/>'
        '</extensionElements><outgoing>f</outgoing></startEvent><endEvent id="e" name="Prüfung"><incoming>f</incoming>'
        '</endEvent><sequenceFlow id="f" name="" sourceRef="s" targetRef="e"/></process></definitions>'
    )
    found = bpmn.read(text.encode(encoding))
    assert found.diagnostics == ()
    assert found.process("p").elements["e"].label == "Prüfung"
    assert start(found.process("p")).outcome == "completed"
