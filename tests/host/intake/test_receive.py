"""Every thing that arrives is answered for by name, and the same thing is one piece of work."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from anyshore import feel
from anyshore.base.errors import Diagnostic
from anyshore.forms import Field, Form
from anyshore.host.driver import Host
from anyshore.host.intake import receiving
from anyshore.host.intake.parcels import ANYTHING, Kind, Parcel, Place, Unpacking
from anyshore.host.intake_ports import ReceiptPage
from anyshore.host.memory import MemoryStore
from anyshore.host.names import shown
from anyshore.host.ports import Page
from anyshore.kernel.state import ROOT
from anyshore.packs.payloads import Payload
from tests.host.intake.deliveries import (
    ALL_WAYS,
    LETTER,
    PLACE,
    ROWS,
    deliver,
    deploy,
    file,
    mail,
    packed,
    service,
    zipped,
)

PDF = b"%PDF-1.7\n..."


@pytest.fixture
def desk() -> Host:
    return Host(MemoryStore(rollback=False), clock=lambda: 1_767_258_000_000_000, worker="test")


def answers(host: Host, pack: Any, *parcels: Parcel) -> list[tuple[str, str]]:
    return [(one.name, one.status) for one in deliver(host, pack, *parcels)]


def variables(host: Host, instance: int | None) -> dict[str, Any]:
    host.work()
    assert instance is not None
    return dict(host.state(instance).variables[ROOT])


def test_a_second_file_of_a_known_name_is_new_work_and_the_same_content_is_not(host: Host) -> None:
    """On every store; the fixture is the one of the whole host."""
    pack = service(LETTER)
    first, second, same = deliver(
        host, pack, file("a.xml", b"<a>1</a>"), file("a.xml", b"<a>2</a>"), file("b.xml", b"<a>1</a>")
    )
    assert [one.status for one in (first, second, same)] == ["accepted", "accepted", "duplicate"]
    assert same.instance == first.instance != second.instance
    (again,) = deliver(host, pack, file("c.xml", b"<a>2</a>"))
    assert (again.status, again.instance) == ("duplicate", second.instance)
    with host.store.transaction() as tx:
        assert sorted(row.reference for row in tx.instances(Page(engagement="mill"))) == ["a.xml", "a.xml"]
    kept = receiving.receipts(host, ReceiptPage(engagement="mill"))
    assert [(one.name, one.status) for one in kept] == [
        ("c.xml", "duplicate"), ("b.xml", "duplicate"), ("a.xml", "accepted"), ("a.xml", "accepted"),
    ]  # fmt: skip


def test_what_is_not_taken_in_is_refused_by_name(desk: Host) -> None:
    found = deliver(
        desk, service(LETTER), file("a.docx", b"PK"), file("b"), file("c.XML"), file("d.txt", b"Dear Sir"),
        file("e.dat", PDF), file("f.xml", b""), file("g.pdf", b"x" * 100_001), file("in/.DS_Store", b"\0"),
        file("h.xml", None, problem=Diagnostic("file.unreadable", "No.")),
    )  # fmt: skip
    assert [(one.name, one.reason.code if one.reason else one.status) for one in found] == [
        ("a.docx", "intake.ending"), ("b", "accepted"), ("c.XML", "duplicate"), ("d.txt", "intake.ending"),
        ("e.dat", "accepted"), ("f.xml", "intake.empty"), ("g.pdf", "intake.too-large"),
        ("in/.DS_Store", "intake.system-file"), ("h.xml", "file.unreadable"),
    ]  # fmt: skip
    reason = found[0].reason
    assert reason is not None
    assert reason.hint == "Taken in are .xml, .pdf, .zip, .gz, .eml."


def test_archives_mails_and_collections_give_their_things(desk: Host) -> None:
    two = b'<all xmlns:x="urn:x"><x:letter>1</x:letter><x:letter>2</x:letter></all>'
    inner = zipped({"deep/a.xml": b"<a>7</a>", "readme.md": b"hello"})
    letter = mail(("b.pdf", PDF), ("c.zip", inner), ("logo.png", b"\x89PNG\r\n"))
    assert answers(
        desk, service(LETTER), file("two.xml", two), file("d.xml.gz", packed(b"<a>8</a>")), file("m.eml", letter),
        file("empty.eml", mail()), file("one.xml", b'<letter xmlns="urn:x"/>'), file("bad.zip", b"PK\x03\x04zzz"),
    ) == [
        ("two.xml#1", "accepted"), ("two.xml#2", "accepted"), ("d.xml.gz/d.xml", "accepted"),
        ("m.eml/b.pdf", "accepted"), ("m.eml/c.zip/deep/a.xml", "accepted"), ("m.eml/c.zip/readme.md", "refused"),
        ("m.eml/logo.png", "refused"), ("empty.eml", "refused"), ("one.xml", "accepted"), ("bad.zip", "refused"),
    ]  # fmt: skip


def test_the_mail_itself_is_kept_beside_its_attachment(desk: Host) -> None:
    letter = mail(("b.pdf", PDF))
    (one,) = deliver(desk, service(LETTER), file("m.eml", letter))
    found = variables(desk, one.instance)
    assert (found["sender"], found["subject"], found["text"]) == ("ada@example.org", "Letters", "Dear all")
    with desk.store.transaction() as tx:
        assert tx.document("mill", found["document"]) == ("m.eml/b.pdf", PDF)
        assert tx.document("mill", receiving.digest(letter)) == ("m.eml", letter)
    (same,) = deliver(desk, service(LETTER), file("n.eml", mail(("b.pdf", PDF), subject="Again", id="<2@x>")))
    assert same.status == "duplicate", "the attachment is the work, not the mail around it"


def test_a_mail_is_work_where_the_pack_says_so_and_no_attachment_is(desk: Host) -> None:
    pack = service(LETTER, Kind(name="question", mails=True))
    question = mail(("photo.png", b"\x89PNG\r\n"), text="It does not work", subject="Help", id="<9@x>")
    first, again, other = deliver(
        desk, pack, file("a.eml", question), file("copy.eml", b"Received: by x\n" + question),
        file("b.eml", mail(text="It does not work", subject="Help", id="<10@x>")),
    )  # fmt: skip
    assert [one.status for one in (first, again, other)] == ["accepted", "duplicate", "accepted"]
    found = variables(desk, first.instance)
    assert (found["subject"], found["text"]) == ("Help", "It does not work")
    assert [one["name"] for one in found["documents"]] == ["a.eml", "a.eml/photo.png"]
    assert answers(desk, pack, file("c.eml", mail(("x.xml", b"<a>3</a>")))) == [("c.eml/x.xml", "accepted")]


def test_what_arrives_together_is_one_piece_of_work_where_the_pack_says_so(desk: Host) -> None:
    pack = service(replace(LETTER, together=True))
    found = deliver(desk, pack, Parcel("a.xml", b"<a/>", "rest", (("b.pdf", PDF), ("c.doc", b"?"))))
    assert [(one.name, one.status) for one in found] == [("c.doc", "refused"), ("a.xml", "accepted")]
    held = variables(desk, found[1].instance)["documents"]
    assert [one["name"] for one in held] == ["a.xml", "b.pdf"]
    alone = deliver(desk, service(LETTER), Parcel("a.xml", b"<a/>", "rest", (("b.pdf", PDF),)))
    assert [one.status for one in alone] == ["accepted", "accepted"]


def test_rows_are_work_each_by_its_line(desk: Host) -> None:
    table = "number;amount\nR-1;1,50\nR-2;viel\n;3\nR-1;1,50\n".encode("cp1252")
    found = deliver(desk, service(ROWS), file("requests.csv", table))
    assert [(one.name, one.status) for one in found] == [
        ("requests.csv:2", "accepted"), ("requests.csv:3", "refused"), ("requests.csv:4", "refused"),
        ("requests.csv:5", "duplicate"),
    ]  # fmt: skip
    assert variables(desk, found[0].instance) == {"number": "R-1", "amount": Decimal("1.50")}
    assert found[1].reason is not None
    assert found[1].reason.location.line == 3
    headless = deliver(
        desk, service(ROWS), file("wrong.csv", b"nummer,amount\n1,2\n"), file("none.csv", b"number,amount\n")
    )
    assert [(one.name, one.status) for one in headless] == [("wrong.csv", "refused"), ("none.csv", "refused")]


def test_a_pack_says_what_makes_work_the_same_and_what_it_is_called(desk: Host) -> None:
    kind = replace(
        ROWS, identity=(feel.compile("number"),), reference=feel.compile('"Request " + number'),
        variables={"size": feel.compile("if parcel.row.amount > 10 then \"large\" else \"small\"")},
    )  # fmt: skip
    found = deliver(desk, service(kind), file("a.csv", b"number,amount\nR-1,5\nR-1,50\n"))
    assert [one.status for one in found] == ["accepted", "duplicate"]
    assert variables(desk, found[0].instance) == {"number": "R-1", "amount": Decimal(5), "size": "small"}
    with desk.store.transaction() as tx:
        assert [row.reference for row in tx.instances(Page(engagement="mill"))] == ["Request R-1"]
    nameless = replace(LETTER, identity=(feel.compile("parcel.sender"),))
    (lost,) = deliver(desk, service(nameless), file("x.xml"))
    assert lost.reason is not None
    assert (lost.status, lost.reason.code) == ("refused", "intake.no-identity")
    assert answers(desk, service(replace(LETTER, repeats=True)), file("y.xml"), file("y.xml"))[1][1] == "accepted"


FORM = Form("ask", {"en": "Ask"}, fields=(Field("number", "text", {"en": "Number"}, required=True),))


def test_a_form_and_a_payload_start_work(desk: Host) -> None:
    schema = {
        "required": ["number"],
        "properties": {"number": {"type": "string"}, "day": {"type": "string", "format": "date"}},
    }
    kind = Kind(name="ask", form="ask", payload=Payload(schema), identity=(feel.compile("number"),))
    pack = service(kind, forms={"ask": FORM})
    found = deliver(
        desk, pack, Parcel("Ask", None, "browser", form={"number": "7"}),
        Parcel("Ask", None, "rest", payload={"number": "7"}), Parcel("Ask", None, "browser", form={}),
        Parcel("Ask", None, "rest", payload={"number": 7}),
        Parcel("Ask", None, "rest", payload={"number": "8", "day": "2026-02-30"}),
        Parcel("Ask", None, "rest", payload={"number": "9", "day": "2026-02-28"}),
    )  # fmt: skip
    assert [one.status for one in found] == ["accepted", "duplicate", "refused", "refused", "refused", "accepted"]
    assert str(variables(desk, found[5].instance)["day"]) == "2026-02-28"
    assert found[4].reason is not None
    assert "day" in str(found[4].reason)


def test_a_service_that_starts_with_a_file_takes_no_values_alone(desk: Host) -> None:
    found = deliver(
        desk, service(LETTER), Parcel("x", None, "rest", payload={"a": 1}), file("a.xml", payload={"a": 1}),
        file("b.xml", kind="parcel"), Parcel("y", None, "browser", form={"a": "1"}),
    )  # fmt: skip
    codes = [one.reason.code for one in found if one.reason]
    assert codes == ["intake.no-payload", "intake.no-payload", "intake.unknown-kind", "intake.no-form"]


def test_a_pack_that_says_nothing_takes_anything(desk: Host) -> None:
    pack = service()
    first, again, other = deliver(
        desk, pack, Parcel("x", None, "rest", payload={"a": 1.5}), Parcel("x", None, "rest", payload={"a": 1.5}),
        Parcel("a.bin", b"\0\1", "rest", (("b.bin", b"\2"),), payload={"a": 2}),
    )  # fmt: skip
    assert [one.status for one in (first, again, other)] == ["accepted"] * 3, "values alone are not said to be the same"
    assert variables(desk, first.instance) == {"a": Decimal("1.5")}
    found = variables(desk, other.instance)
    assert (found["name"], len(found["documents"]), found["a"]) == ("a.bin", 2, Decimal(2))
    named = [Parcel("x", None, "rest", payload={"a": 1}, reference="R-1")] * 2
    assert [one.status for one in deliver(desk, pack, *named)] == ["accepted", "duplicate"]
    assert ANYTHING.documents == ("document",)


def test_an_expression_that_fails_refuses_the_thing_and_no_other(desk: Host) -> None:
    deep = feel.compile("for i in 1..100000000 return i")
    found = answers(desk, service(replace(LETTER, variables={"x": deep})), file("a.xml"), file("b.docx"))
    assert found == [("a.xml", "refused"), ("b.docx", "refused")]


def test_large_deliveries_are_stored_part_by_part(desk: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "CHUNK", 3)
    many = zipped({f"{n}.xml": f"<a>{n}</a>".encode() for n in range(10)})
    deploy(desk)
    reading = receiving.receive(desk, service(LETTER), PLACE, [file("many.zip", many)])
    for _ in range(3):
        next(reading)
    reading.close()  # who is stopped here has what was answered, and begins again
    found = deliver(desk, service(LETTER), file("many.zip", many))
    assert [one.status for one in found] == ["duplicate"] * 3 + ["accepted"] * 7


def test_the_second_engagement_has_work_of_its_own(desk: Host) -> None:
    pack = service(LETTER)
    deliver(desk, pack, file("a.xml"))
    (other,) = deliver(desk, pack, file("a.xml"), place=Place("bakery", "letters", "UTC"))
    assert other.status == "accepted"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("bad\udcff.xml", "bad\\xff.xml"), ("new\nline.xml", "new\\nline.xml"), ("ünï 発票.xml", "ünï 発票.xml"),
        ("\ud800.xml", "\\ud800.xml"), ("\u202egpj.xml", "\\u202egpj.xml"), ("a\0.xml", "a\\x00.xml"),
    ],
)  # fmt: skip
def test_every_name_becomes_a_text_that_can_be_kept(name: str, kept: str) -> None:
    assert shown(name) == kept
    long = shown("x" * 400 + name)
    assert len(long) < 300
    assert long != shown("x" * 400 + "other")


def test_unpacking_is_what_a_kind_says(desk: Host) -> None:
    plain = replace(LETTER, unpack=Unpacking())
    assert answers(desk, service(plain), file("a.zip", zipped({"a.xml": b"<a/>"}))) == [("a.zip", "refused")]
    assert ALL_WAYS.zip
