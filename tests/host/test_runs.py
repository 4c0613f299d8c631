"""Many pieces of work at once, on a host in memory: invoices from folders, and requests that wait for anything."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from anyshore.activities.einvoice import read
from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import Diagnostic
from anyshore.host import runs
from anyshore.host.driver import Host
from anyshore.host.intake import folders, reference_data
from anyshore.host.intake.parcels import Parcel, Place, Receipt
from anyshore.host.intake.receiving import receive
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import Page
from anyshore.host.runs import Outcome, Steps, Work
from anyshore.kernel.commands import Resolve
from anyshore.packs import reading
from anyshore.packs.reading import Pack

PACK = reading.named("payables")
NOW = 1_767_258_000_000_000  # 1 January 2026
REFERENCES = folders.names(kind.file for kind in PACK.references.values())


@pytest.fixture
def host() -> Host:
    return Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: NOW, worker="test")


def run(host: Host, folder: Path, steps: Steps | None = None) -> Outcome:
    host.deploy(PACK.id, PACK.definitions)
    for kind in PACK.references.values():
        path = folder / kind.file
        if path.is_file():
            reference_data.load(host, "mill", kind.name, kind.read(path.read_bytes(), kind.file), kind.file)
    return started(host, PACK, folders.parcels(folder, leave=REFERENCES), steps)


def started(host: Host, pack: Pack, parcels: Iterator[Parcel] | list[Parcel], steps: Steps | None = None) -> Outcome:
    receipts = receive(host, pack, Place("mill", pack.id, "Europe/Berlin"), parcels)
    return runs.run(host, Work("mill", pack.id, pack.report), receipts, steps)


def folder_with(path: Path, **samples: str) -> Path:
    path.mkdir()
    for name in ("purchase-orders.csv", "sellers.csv"):
        shutil.copy(PACK.samples / name, path)
    for name, sample in samples.items():
        shutil.copy(PACK.samples / sample, path / f"{name}.xml")
    return path


def work_of(host: Host) -> list[tuple[int, int]]:
    with host.store.transaction() as tx:
        return [(row.instance, row.wait) for row in tx.waits(Page(kind="work", engagement="mill", limit=100))]


def test_the_samples_end_as_their_readme_says_and_again(host: Host) -> None:
    first = run(host, PACK.samples)
    assert (first.received, first.cases, first.fresh) == (17, 17, 17)
    assert (dict(first.tally.outcomes), first.tally.waiting.total()) == (
        {"invoice booked": 7, "invoice returned": 3},
        7,
    )
    assert (first.tally.untouched, first.sound) == (10, True)
    assert first.tally.details["rules"] == Counter({"XSD": 1, "BR-CO-15": 1})
    again = run(host, PACK.samples)
    assert (again.tally, again.received, again.cases) == (first.tally, first.received, first.cases)
    assert (again.fresh, again.worked) == (0, 0)


def test_what_is_the_same_in_one_run_is_one_piece_of_work_and_named(host: Host, tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml", b="06-wrong-total-ubl.xml", c="01-matching-ubl.xml")
    for _ in range(2):
        outcome = run(host, folder)
        assert (outcome.received, outcome.cases) == (3, 2)
        assert [name for name, _number in outcome.repeated] == ["c.xml"]
        assert outcome.tally.outcomes == Counter({"invoice booked": 1, "invoice returned": 1})


def test_what_is_not_taken_in_is_named_and_stops_nothing(host: Host, tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml")
    (folder / "b.docx").write_bytes(b"x")
    (folder / "c.xml").symlink_to("nowhere")
    outcome = run(host, folder)
    assert [name for name, _problem in outcome.refused] == ["b.docx", "c.xml"]
    assert (outcome.tally.outcomes, outcome.sound) == (Counter({"invoice booked": 1}), False)


def test_names_beyond_what_is_kept_are_counted(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "NAMED", 2)
    problem = Diagnostic("intake.ending", "no")
    receipts = [Receipt(str(number), "refused", None, problem) for number in range(5)]
    outcome = runs.run(host, Work("mill", "x", PACK.report), receipts)
    assert (len(outcome.refused), outcome.unnamed, outcome.received) == (2, 3, 5)


def test_work_of_a_person_is_no_straight_through(host: Host, tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml", b="04-no-order-ubl.xml")
    assert run(host, folder).tally.waiting == Counter({"no order reference": 1})
    ((instance, wait),) = work_of(host)
    answers = {"decision": "return", "order": None, "note": "It names no order"}
    host.execute(instance, Resolve(at=NOW, by="ada", wait=wait, variables=answers))
    tally = run(host, folder).tally
    assert (tally.outcomes, tally.untouched) == (Counter({"invoice booked": 1, "invoice returned": 1}), 1)


def test_steps_see_every_piece_of_work_before_and_after(host: Host, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    def before(numbers: object) -> None:
        seen.append(("before", len(list(numbers)), len(work_of(host))))  # type: ignore[call-overload]

    def after(numbers: object) -> list[Diagnostic]:
        seen.append(("after", len(list(numbers)), len(work_of(host))))  # type: ignore[call-overload]
        return [Diagnostic("play.x", "something")]

    folder = folder_with(tmp_path / "in", a="04-no-order-ubl.xml", b="06-wrong-total-ubl.xml")
    outcome = run(host, folder, Steps(before, after))
    assert seen == [("before", 2, 0), ("after", 2, 1)]
    assert ([one.code for one in outcome.problems], outcome.sound) == (["play.x"], False)


def test_a_run_waits_for_what_another_worker_has_taken(host: Host, tmp_path: Path, monkeypatch) -> None:
    """The other one takes all the work there is, and does it while this run looks on."""
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml", b="06-wrong-total-ubl.xml")
    monkeypatch.setattr(runs, "WAIT", 0.0)
    looks, work = count(1), host.work
    monkeypatch.setattr(host, "work", lambda **_: 0 if next(looks) < 4 else work())
    assert run(host, folder).tally.outcomes == Counter({"invoice booked": 1, "invoice returned": 1})


def test_a_run_ends_with_what_is_there_when_nobody_gets_on(host: Host, tmp_path: Path, monkeypatch) -> None:
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml")
    monkeypatch.setattr(runs, "WAIT", 0.0)
    monkeypatch.setattr(host, "work", lambda **_: 0)
    outcome = run(host, folder)
    assert (outcome.cases, outcome.tally.undecided, outcome.worked, outcome.sound) == (1, 1, 0, False)


def test_an_invoice_that_collects_for_third_parties_goes_to_a_person(host: Host, tmp_path: Path) -> None:
    """XRechnung extension: it is valid, and more is to be paid than was bought."""
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml")
    text = (folder / "a.xml").read_text(encoding="utf-8")
    extension = (
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
        "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    )
    payment = (
        '<cac:PrepaidPayment><cbc:ID>1</cbc:ID><cbc:PaidAmount currencyID="EUR">7.00</cbc:PaidAmount>'
        "<cbc:InstructionID>Tickets of the ferry line</cbc:InstructionID></cac:PrepaidPayment>"
    )
    contact = (
        "<cac:Contact><cbc:Name>Buchhaltung</cbc:Name><cbc:Telephone>+49 431 1234567</cbc:Telephone>"
        "<cbc:ElectronicMail>rechnung@example.org</cbc:ElectronicMail></cac:Contact>"
    )
    process = "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>"
    reference = "<cbc:BuyerReference>04011000-12345-34</cbc:BuyerReference>"
    seller = "</cac:PartyLegalEntity>\n    </cac:Party>\n  </cac:AccountingSupplierParty>"
    due = read(text.encode(), "a.xml").totals.due
    for old, new in (
        ("urn:cen.eu:en16931:2017<", f"{extension}<"), ("<cac:TaxTotal>", f"{payment}<cac:TaxTotal>"),
        ("</cbc:CustomizationID>", f"</cbc:CustomizationID>{process}"),
        ("<cac:OrderReference>", f"{reference}<cac:OrderReference>"),
        (seller, seller.replace("\n    <", f"{contact}\n    <", 1)),
        (f">{due}</cbc:PayableAmount>", f">{due + 7}</cbc:PayableAmount>"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    (folder / "a.xml").write_text(text, encoding="utf-8")
    assert run(host, folder).tally.waiting == Counter({"third parties": 1})


PARENT = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn"
             id="d" targetNamespace="https://example.org/d">
  <message id="m" name="answer"/>
  <process id="outer" isExecutable="true">
    <startEvent id="s"/><callActivity id="call" calledElement="inner"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="call"/><sequenceFlow id="f2" sourceRef="call" targetRef="e"/>
  </process>
  <process id="inner" isExecutable="true">
    <startEvent id="is"/>{task}<endEvent id="ie"/>
    <sequenceFlow id="g1" sourceRef="is" targetRef="t"/><sequenceFlow id="g2" sourceRef="t" targetRef="ie"/>
  </process>
</definitions>"""
WAITS = {
    "person": '<userTask id="t"/>',
    "message": '<intermediateCatchEvent id="t"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>',
    "timer": '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>P2D</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>",
}


@pytest.mark.parametrize(("kind", "place"), [("person", "t"), ("message", "answer"), ("timer", "t")])
def test_what_was_called_waits_for_the_one_that_called_it(host: Host, tmp_path: Path, kind: str, place: str) -> None:
    (tmp_path / "pack.yaml").write_text(
        "id: calls\nkind: bpo\ntitle: {en: C, de: C}\nsummary: {en: C, de: C}\nstarts: process:outer\n"
    )
    (tmp_path / "d.bpmn").write_text(PARENT.format(task=WAITS[kind]), encoding="utf-8")
    pack = reading.read(tmp_path)
    host.deploy(pack.id, pack.definitions)
    outcome = started(host, pack, [Parcel("a.txt", b"a"), Parcel("b.txt", b"b")])
    assert outcome.tally.waiting == Counter({place: 2})
    if kind == "person":
        for instance, wait in work_of(host):
            host.execute(instance, Resolve(at=NOW, by="ada", wait=wait))
        tally = started(host, pack, [Parcel("a.txt", b"a"), Parcel("b.txt", b"b")]).tally
        assert (tally.ended, tally.untouched) == (2, 0), "a person worked on what was called"


def test_an_incident_in_what_was_called_is_one_of_the_work(host: Host, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        "id: calls\nkind: bpo\ntitle: {en: C, de: C}\nsummary: {en: C, de: C}\nstarts: process:outer\n"
    )
    task = '<serviceTask id="t" anyshore:activity="einvoice.read"/>'
    (tmp_path / "d.bpmn").write_text(PARENT.format(task=task), encoding="utf-8")
    pack = reading.read(tmp_path)
    host.deploy(pack.id, pack.definitions)
    outcome = started(host, pack, [Parcel("a.txt", b"a")])
    assert (outcome.tally.incidents, outcome.sound) == (1, False)


def test_what_left_the_store_is_told_apart(host: Host, tmp_path: Path) -> None:
    outcome = Outcome(runs.Tally(PACK.report))
    runs.summarise(host, Work("mill", PACK.id, PACK.report), [7, 8], outcome)
    assert (outcome.archived, outcome.tally.ended) == (2, 0)
