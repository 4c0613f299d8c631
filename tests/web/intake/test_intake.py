"""Every door is the same way in: files, values and rows from browser and REST, receipts, reference data, channels."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.conftest import PAYABLES, World
from tests.web.library.test_processes import FILES, PACK, agree

from anyshore.host.intake import reference_data
from anyshore.web.core.models import AuditEntry
from anyshore.web.engine.models import Instance, Receipt
from anyshore.web.intake import actions, channels, secrets
from anyshore.web.library import draft_actions as drafts

SAMPLES = PAYABLES / "samples"
UBL = (SAMPLES / "01-matching-ubl.xml").read_bytes()
CII = (SAMPLES / "02-matching-cii.xml").read_bytes()
TWO = b"<batch>" + UBL.split(b"?>", 1)[1] + CII.split(b"?>", 1)[1] + b"</batch>"
WORK = "/api/engagements/payables/work"


def upload(world: World, *files: tuple[str, bytes]) -> str:
    """The page after a manager has handed files over."""
    given = {"service": "payables", "documents": [SimpleUploadedFile(name, content) for name, content in files]}
    answer = world.browser("manager").post("/engagements/payables/start/", given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def send(world: World, *files: tuple[str, bytes], **more: Any) -> Any:
    documents = [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]
    body = {"service": "payables", "documents": documents} | more
    return world.browser("manager").post(WORK, body, content_type="application/json")


def statuses() -> list[tuple[str, str]]:
    return list(Receipt.objects.order_by("id").values_list("name", "status"))


def test_a_second_file_of_a_known_name_is_new_work_by_browser(world: World) -> None:
    upload(world, ("a.xml", UBL))
    upload(world, ("a.xml", CII))
    page = upload(world, ("b.xml", UBL), ("c.docx", b"?"))
    assert statuses() == [("a.xml", "accepted"), ("a.xml", "accepted"), ("b.xml", "duplicate"), ("c.docx", "refused")]
    first = Instance.objects.order_by("id").first()
    assert first is not None
    assert f"b.xml is here already: case {first.pk}." in page
    assert "Files that end in .docx are not taken in." in page
    assert "Taken in are .xml, .pdf, .zip, .gz, .eml, " in page


def test_a_second_file_of_a_known_name_is_new_work_by_rest(world: World) -> None:
    first, second, same = send(world, ("a.xml", UBL)), send(world, ("a.xml", CII)), send(world, ("b.xml", UBL))
    assert [one.status_code for one in (first, second, same)] == [201, 201, 200]
    assert same.json()["instance"] == first.json()["instance"] != second.json()["instance"]
    assert same.json()["receipts"][0]["status"] == "duplicate"
    refused = send(world, ("c.docx", b"?"))
    assert (refused.status_code, refused.json()["code"]) == (422, "intake.ending")
    listed = world.browser("owner").get("/api/engagements/payables/received?status=refused").json()
    assert [(one["name"], one["reason"]["code"]) for one in listed] == [("c.docx", "intake.ending")]


@pytest.mark.parametrize("door", [upload, send])
def test_a_file_of_two_invoices_is_two_pieces_of_work_by_every_door(world: World, door: Any) -> None:
    door(world, ("two.xml", TWO))
    assert statuses() == [("two.xml#1", "accepted"), ("two.xml#2", "accepted")]
    world.host.work()
    assert list(Instance.objects.values_list("status", flat=True)) == ["ended", "ended"]


@pytest.mark.parametrize("door", [upload, send])
@pytest.mark.parametrize(("name", "code"), [("junk.bin", "intake.ending"), ("junk.pdf", "intake.belied")])
def test_what_is_no_document_is_refused_by_every_door_with_a_reason(
    world: World, door: Any, name: str, code: str
) -> None:
    door(world, (name, bytes(range(256))))
    assert not Instance.objects.exists()
    listed = world.browser("manager").get("/api/engagements/payables/received?status=refused").json()
    assert [(one["name"], one["reason"]["code"]) for one in listed] == [(name, code)]


def test_several_files_of_one_request_are_each_answered_for(world: World) -> None:
    answer = send(world, ("a.xml", UBL), ("b.xml", CII), ("c.txt", b"Dear Sir"))
    assert answer.status_code == 201
    assert [one["status"] for one in answer.json()["receipts"]] == ["accepted", "accepted", "refused"]


def test_values_alone_are_no_invoice(world: World) -> None:
    answer = send(world, variables={"amount": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "yaml.missing-key")
    assert not Instance.objects.exists()


def test_what_was_received_is_shown_and_can_be_narrowed(world: World) -> None:
    upload(world, ("a.xml", UBL), ("b.docx", b"?"))
    address = reverse("received", args=["payables"])
    owner = world.browser("owner")
    assert {"a.xml", "b.docx"} <= set(owner.get(address).content.decode().replace("<", ">").split(">"))
    only = owner.get(f"{address}?status=refused").content.decode()
    assert "b.docx" in only
    assert "a.xml" not in only
    german = world.browser("manager").get(address, headers={"accept-language": "de"}).content.decode()
    assert "abgelehnt" in german


def test_reference_data_is_loaded_and_compared_in_the_browser(world: World) -> None:
    address = reverse("reference", args=["payables", "payables", "approved-seller"])
    manager = world.browser("manager")
    whole = (SAMPLES / "sellers.csv").read_bytes()
    less = b"\n".join(whole.splitlines()[:-1])
    same = manager.post(address, {"file": SimpleUploadedFile("sellers.csv", whole)}, follow=True)
    assert "Nothing changed: version 1 holds the same rows." in same.content.decode()
    changed = manager.post(address, {"file": SimpleUploadedFile("less.csv", less)}, follow=True)
    page = changed.content.decode()
    assert "Version 2 is in force." in page
    assert "manager@example.org" in page
    broken = manager.post(address, {"file": SimpleUploadedFile("x.csv", b"name;iban\nA;DE00\n")})
    assert broken.status_code == 422
    assert "The file was not loaded; nothing changed." in broken.content.decode()
    assert len(reference_data.versions(world.host, "payables", "approved-seller")) == 2
    assert b"purchase-orders.csv" in world.browser("owner").get(reverse("references", args=["payables"])).content
    refused = world.browser("owner").post(address, {"file": SimpleUploadedFile("less.csv", less)})
    assert refused.status_code == 403


def test_reference_data_by_rest(world: World) -> None:
    address = "/api/engagements/payables/references/payables/purchase-order"
    manager = world.browser("manager")
    content = (SAMPLES / "purchase-orders.csv").read_bytes()
    lines = content.splitlines(keepends=True)
    given = {"name": "orders.csv", "content": base64.b64encode(b"".join(lines[:2])).decode()}
    first = manager.post(address, given, content_type="application/json")
    again = manager.post(address, given, content_type="application/json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["version"], first.json()["by"]) == (2, "manager@example.org")
    assert first.json()["removed"] > 0
    versions = manager.get(address).json()
    assert [one["version"] for one in versions] == [2, 1]
    assert len(manager.get(f"{address}/2").json()["removed"]) == first.json()["removed"]
    force = {
        one["kind"]: one["in_force"]["version"] for one in manager.get("/api/engagements/payables/references").json()
    }
    others = dict.fromkeys(("approved-seller", "own-company", "goods-receipt", "matching-rule", "paying-account"), 1)
    assert force == {"purchase-order": 2, **others}


def test_a_changed_order_and_a_second_account_reach_the_work_that_follows(world: World) -> None:
    """The order is larger and the seller has another account: what waited for a person before is booked now."""
    manager = world.people["manager"]
    orders = (SAMPLES / "purchase-orders.csv").read_text(encoding="utf-8")
    number = world.start("04-no-order-ubl.xml")
    assert Instance.objects.get(pk=number).status == "active"
    actions.load(manager, "payables", "payables", "purchase-order", "none.csv", orders.splitlines()[0].encode())
    late = world.start("01-matching-ubl.xml")
    assert Instance.objects.get(pk=late).status == "active", "its order is not in force any more"
    actions.load(manager, "payables", "payables", "purchase-order", "all.csv", orders.encode())
    assert Instance.objects.get(pk=world.start("02-matching-cii.xml")).status == "ended"


def test_channels_are_managed_on_a_page_and_the_password_is_not_in_the_database(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    address = reverse("channels", args=["payables"])
    manager = world.browser("manager")
    mailbox = {
        "do": "mailbox", "service": "payables", "host": "mail.example.org", "port": "993", "user": "desk",
        "password": "very secret", "mailbox": "INBOX", "security": "tls",
    }  # fmt: skip
    assert "desk · mail.example.org" in manager.post(address, mailbox, follow=True).content.decode()
    clear = manager.post(address, mailbox | {"security": "none"})
    assert clear.status_code == 422
    assert "not read without encryption" in clear.content.decode()
    for name, status in (("../../etc", 422), ("post", 302)):
        given = {"do": "folder", "service": "payables", "path": name, "kind": "folder"}
        assert manager.post(address, given).status_code == status
    first, second = channels.of("payables")
    assert secrets.read(first.row.id) == "very secret"
    assert (tmp_path / secrets.NAME).stat().st_mode & 0o777 == 0o600
    assert b"very secret" not in bytes(first.row.settings)
    assert Path(second.settings["path"]) == tmp_path / "inbox" / "payables" / "post"
    (Path(second.settings["path"]) / "a.xml").write_bytes(UBL)
    assert channels.source(second.row).check().startswith("1 files")
    assert manager.post(address, {"do": "look", "channel": second.row.id}).status_code == 302
    for one in (first, second):
        assert manager.post(address, {"do": "remove", "channel": one.row.id}).status_code == 302
    assert channels.of("payables") == []
    assert json.loads((tmp_path / secrets.NAME).read_text(encoding="utf-8")) == {}
    assert manager.post(address, {"do": "remove", "channel": "1x"}).status_code == 404


def test_a_watched_folder_starts_work_by_the_pack(world: World, tmp_path: Path) -> None:
    for name in ("in", "mails"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "a.xml").write_bytes(UBL)
    channels.add(world.engagement, "payables", "folder", {"path": str(tmp_path / "in"), "quiet": 0})
    world.clock.now += 10**16  # the files were written long ago, as far as this world is concerned
    assert channels.poller().work() == 1
    world.host.work()
    assert statuses() == [("a.xml", "accepted")]
    assert Instance.objects.get().status == "ended"
    assert (tmp_path / "in" / "done" / "a.xml").is_file()


@pytest.fixture
def visas(world: World) -> World:
    """An engagement under a pack of the provider's own: the template, with its rows, payload and start form."""
    drafts.deploy(world.people["manager"], world.provider, dict(FILES) | {"pack.yaml": PACK})
    agree(world)
    return world


def test_rows_and_values_of_a_program_are_each_a_piece_of_work(visas: World) -> None:
    manager = visas.browser("manager")

    def send(**given: Any) -> Any:
        body = {"service": "visas"} | given
        return manager.post("/api/engagements/visas/work", body, content_type="application/json")

    rows = send(rows=[{"number": "R-1", "amount": 20.5}, {"number": "R-2", "amount": 1234.5}, {"amount": 1}])
    assert rows.status_code == 201
    assert [one["status"] for one in rows.json()["receipts"]] == ["accepted", "accepted", "refused"]
    assert send(variables={"number": "R-1", "amount": 20.5}).status_code == 200, "its number is its identity"
    wrong = send(variables={"number": "R-3", "amount": "much", "colour": "red"})
    assert wrong.status_code == 422
    assert {one["code"] for one in wrong.json()["problems"]} == {"yaml.type"}
    assert "colour" in wrong.json()["problems"][0]["message"]
    table = b"Nummer;Betrag\nR-4;12,50\n"
    assert send(documents=[{"name": "a.csv", "content": base64.b64encode(table).decode()}]).status_code == 201
    visas.host.work()
    assert sorted(Instance.objects.filter(service="visas").values_list("reference", "status")) == [
        ("R-1", "ended"), ("R-2", "active"), ("R-4", "ended"),
    ]  # fmt: skip


def test_other_content_under_a_known_identity_is_refused_and_what_differs_is_named(visas: World) -> None:
    manager = visas.browser("manager")

    def send(*rows: dict[str, Any], **variables: Any) -> Any:
        body = {"service": "visas", "rows": rows, "variables": variables}
        return manager.post("/api/engagements/visas/work", body, content_type="application/json")

    assert send(number="R-1", amount=20.5).status_code == 201
    for _ in range(2):  # while its first turn waits, and after it
        other = send(number="R-1", amount=999)
        assert (other.status_code, other.json()["code"]) == (409, "intake.differs")
        assert other.json()["title"].endswith("different are: amount.")
        assert send(number="R-1", amount=20.5).status_code == 200
        visas.host.work()
    both = send({"number": "R-1", "amount": 7}, {"number": "R-2", "amount": 8})
    assert both.status_code == 201, "one of them is new"
    assert [(one["status"], (one["reason"] or {}).get("code")) for one in both.json()["receipts"]] == [
        ("duplicate", "intake.differs"), ("accepted", None),
    ]  # fmt: skip
    assert Instance.objects.filter(service="visas").count() == 2


def test_a_start_form_is_filled_in_in_the_browser(visas: World) -> None:
    manager = visas.browser("manager")
    start = manager.get(reverse("work-start", args=["visas"])).content.decode()
    address = reverse("work-start-form", args=["visas", "visas", "ask"])
    assert address in start
    page = manager.get(address, headers={"accept-language": "de"}).content.decode()
    assert "Nummer der Anfrage" in page
    empty = manager.post(address, {"number": "", "amount": "x"})
    assert empty.status_code == 422
    assert "An answer is needed." in empty.content.decode()
    done = manager.post(address, {"number": "R-7", "amount": "20"}, follow=True).content.decode()
    assert "1 started." in done
    again = manager.post(address, {"number": "R-7", "amount": "20"}, follow=True).content.decode()
    assert "is here already" in again


def test_channels_are_managed_by_rest(world: World, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    manager, place = world.browser("manager"), "/api/engagements/payables/channels"

    def post(address: str, **given: Any) -> Any:
        return manager.post(address, json.dumps(given), content_type="application/json")

    made = post(place, service="payables", kind="folder", path="scans")
    number = made.json()["id"]
    assert (made.status_code, made.json()["paused"]) == (201, False)
    mailbox = {"service": "payables", "kind": "mailbox", "host": "mail.example.org", "user": "desk"}
    assert "very secret" not in post(place, **mailbox, password="very secret").content.decode()
    assert post(place, service="payables", kind="pigeon").status_code == 422
    (tmp_path / "inbox" / "payables" / "scans" / "a.xml").write_bytes(UBL)
    assert post(f"{place}/{number}/pause").json()["paused"] is True
    world.clock.now += 10**16
    assert channels.poller().work() == 0, "one of the two is paused, and the other cannot be reached"
    assert post(f"{place}/{number}/look").json()["paused"] is False
    assert channels.poller().work() == 1
    assert [one["status"] for one in manager.get("/api/engagements/payables/received?channel=folder").json()] == [
        "accepted"
    ]
    assert manager.get("/api/engagements/payables/received?channel=rest").json() == []
    assert manager.get(f"{place}/{number}").json()["looked"] is not None
    assert manager.delete(f"{place}/{number}").status_code == 204
    assert [one["kind"] for one in manager.get(place).json()] == ["mailbox"]
    assert manager.get(f"{place}/{number}").status_code == 404
    acts = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert [one for one in acts if one.startswith("channel.")] == [
        "channel.added", "channel.added", "channel.paused", "channel.resumed", "channel.removed",
    ]  # fmt: skip


def test_a_channel_is_paused_on_its_page(world: World, tmp_path: Path) -> None:
    made = channels.add(world.engagement, "payables", "folder", {"path": str(tmp_path)})
    manager, address = world.browser("manager"), reverse("channels", args=["payables"])
    shown = manager.post(address, {"do": "pause", "channel": made.row.id}, follow=True).content.decode()
    assert "paused" in shown
    assert "Go on" in shown
    assert (
        'value="pause"' in manager.post(address, {"do": "look", "channel": made.row.id}, follow=True).content.decode()
    )
