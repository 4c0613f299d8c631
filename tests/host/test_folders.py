"""What a folder of a stranger gives: every readable file once, the rest with its reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from anyshore.cli.intake import MAX_NAME, invoices

from anyshore.base import xml
from anyshore.base.errors import DataError
from anyshore.packs import reading

SAMPLES = reading.named("payables").folder / "samples"
UBL = (SAMPLES / "01-matching-ubl.xml").read_bytes()
CII = (SAMPLES / "02-matching-cii.xml").read_bytes()
INNER_UBL, INNER_CII = (content.split(b"?>", 1)[1] for content in (UBL, CII))


def references(folder: Path) -> list[str]:
    return [one.reference for one in invoices(folder)]


def test_files_below_the_folder_in_order_of_path(tmp_path: Path) -> None:
    (tmp_path / "sub" / "folder.xml").mkdir(parents=True)
    for name in ("b.xml", "a.PDF", "sub/c.XML", "sub/readme.txt", "sub/folder.xml/d.xml"):
        (tmp_path / name).write_bytes(UBL)
    assert references(tmp_path) == ["a.PDF", "b.xml", "sub/c.XML", "sub/folder.xml/d.xml"]
    found = invoices(tmp_path)
    assert [list(found), list(found)][1] == list(found), "each pass reads anew"


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b'<testSet xmlns="http://difi.no/xsd/vefa/validator/1.0"><test><assert/>%b<!-- end --></test></testSet>', 1),
        (b'<testSet xmlns="http://difi.no/xsd/vefa/validator/1.0"><test/><test>%b%b</test></testSet>', 2),
        (b"<!--" + b"x" * 9000 + b"--><batch>%b</batch>", 1),
        (b'<s:StandardBusinessDocument xmlns:s="urn:s"><s:StandardBusinessDocumentHeader/>%b</s:StandardBusinessDocument>', 1),  # noqa: E501
    ],
)  # fmt: skip
@pytest.mark.parametrize("inner", [INNER_UBL, INNER_CII], ids=["UBL", "CII"])
def test_a_collection_gives_every_invoice_in_it(tmp_path: Path, content: bytes, number: int, inner: bytes) -> None:
    (tmp_path / "all.xml").write_bytes(content.replace(b"%b", inner))
    found = list(invoices(tmp_path))
    assert [one.reference for one in found] == [f"all.xml#{place}" for place in range(1, number + 1)]
    for one in found:
        root = xml.parse(one.content, error=DataError).root
        assert root.getnext() is None
        assert len(root) == len(xml.parse(UBL if inner is INNER_UBL else CII, error=DataError).root)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"<a", b"Dear Sir", b"<testSet/>", UBL[: len(UBL) // 2], b"%PDF-1.4",
     b"<!DOCTYPE a><a>" + INNER_UBL + b"</a>", b"<a>" + b"<b>" * 5000],
)  # fmt: skip
def test_what_is_no_collection_is_one_document_for_the_process_to_judge(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "one.xml").write_bytes(content)
    ((one),) = invoices(tmp_path)
    assert (one.reference, one.content) == ("one.xml", content)


def test_files_that_cannot_be_received_are_told_and_the_rest_goes_on(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a.xml").write_bytes(UBL)
    (tmp_path / "b.xml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.xml").write_bytes(UBL + b" " * 100)
    (tmp_path / "d.xml").write_bytes(UBL)
    monkeypatch.setattr(xml, "MAX_BYTES", len(UBL) + 50)
    found = invoices(tmp_path)
    assert [one.reference for one in found] == ["a.xml", "d.xml"]
    assert [(p.code, Path(p.location.file or "").name) for p in found.problems] == [
        ("intake.unreadable", "b.xml"), ("intake.too-large", "c.xml"),
    ]  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX alone")
def test_every_name_of_a_file_becomes_a_text_that_can_be_kept(tmp_path: Path) -> None:
    for name in (
        b"bad\xff.xml",
        b"new\nline.xml",
        "ünïcode 発票.xml".encode(),
        b"x" * 220 + b".xml",
        b"x" * 221 + b".xml",
    ):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as stream:
            stream.write(UBL)
    found = references(tmp_path)
    assert len(set(found)) == 5
    assert {"bad\\xff.xml", "new\\nline.xml", "ünïcode 発票.xml"} < set(found)
    assert all(name.encode() and name.isprintable() and len(name) <= MAX_NAME for name in found)


def test_no_folder_and_no_file(tmp_path: Path) -> None:
    for folder, code in ((tmp_path / "absent", "intake.folder"), (tmp_path, "intake.empty")):
        with pytest.raises(DataError) as caught:
            invoices(folder)
        assert caught.value.code == code
