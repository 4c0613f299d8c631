"""A production set as a ZIP: what goes out, its load files and hashes, and passages that are nowhere in it."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from functools import cache
from typing import Any

import pytest
import typst
from tests.activities.documents.test_documents import delivered, mail, ran

from anyshore.base.errors import DataError
from anyshore.knowledge import redaction

ADVICE = "settle for half"
CODES = "D0001: responsive\nD0003: responsive, confidential\nD0004: responsive, privileged; work product; notes"
LINE = f'D0002: "{ADVICE}"; attorney-client; advice of counsel'


@cache
def contract() -> bytes:
    markup = f"#set page(width: 10cm, height: 5cm)\nThe price is 10 EUR. Counsel says: {ADVICE}. Goods are bottles."
    return bytes(typst.compile(markup.encode(), format="pdf", ignore_system_fonts=True))


@cache
def files() -> dict[str, bytes]:
    return {
        "1.eml": mail("x", "See the draft.", ("draft.pdf", contract())),
        "2 þ.txt": b"Price list: 10 EUR", "3.txt": b"Notes for counsel",
    }  # fmt: skip


def packed(given: dict[str, bytes], first: str = CODES, **more: object) -> Any:
    items = delivered(given)["items"]
    values = {"items": items, "first": [first], "second": "", "prefix": "KM", **more}
    return ran("documents.pack", values, given)


def opened(outcome: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(outcome["content"]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(parts: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(parts["VOL001/DATA/VOL001.csv"].decode())))


def test_the_set_holds_what_goes_out_and_its_load_files_say_where() -> None:
    made = packed(files())
    parts = opened(made)
    found = rows(parts)
    assert made["name"] == "KM000001-KM000003.zip"
    assert [(one["BEGBATES"], one["BEGATTACH"], one["ENDATTACH"], one["FORM"]) for one in found] == [
        ("KM000001", "KM000001", "KM000002", "native"), ("KM000002", "KM000001", "KM000002", "native"),
        ("KM000003", "KM000003", "KM000003", "native"),
    ]  # fmt: skip
    assert found[2]["NATIVELINK"] == "NATIVES/KM000003_CONFIDENTIAL.txt"
    for one in found:
        assert hashlib.sha256(parts[f"VOL001/{one['NATIVELINK']}"]).hexdigest() == one["SHA256"]
    assert parts["VOL001/NATIVES/KM000001.eml"] == files()["1.eml"]
    assert b"See the draft." in parts["VOL001/TEXT/KM000001.txt"]
    assert not any(b"Notes for counsel" in content for content in parts.values())
    sums = dict(line.split("  ")[::-1] for line in parts.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    assert parts["privilege-log.csv"].decode().splitlines()[1].endswith("file,work product,notes")


def test_the_load_file_has_the_marks_of_its_kind_and_as_many_fields_in_every_line() -> None:
    dat = opened(packed(files()))["VOL001/DATA/VOL001.dat"].decode("utf-8-sig")
    lines = [line.split("\x14") for line in dat.split("\r\n")[:-1]]
    assert {len(line) for line in lines} == {16}
    assert all(value[0] == value[-1] == "\xfe" and "\xfe" not in value[1:-1] for line in lines for value in line)
    assert lines[3][9] == "\xfe2 th.txt\xfe"


def test_the_same_set_has_the_same_bytes() -> None:
    one, again = packed(files(), redactions=LINE), packed(dict(reversed(files().items())), redactions=LINE)
    assert one["content"] == again["content"]
    assert one["digest"] == hashlib.sha256(base64.b64decode(one["content"])).hexdigest()


def test_a_redacted_passage_is_in_no_file_of_the_set_nor_in_the_mail_it_came_with() -> None:
    parts = opened(packed(files(), redactions=LINE))
    found = rows(parts)
    assert [one["FORM"] for one in found] == ["text", "redacted", "native"]
    assert found[0]["NATIVELINK"] == ""
    assert found[1]["REDACTED"] == "Y"
    assert redaction.remains(parts["VOL001/NATIVES/KM000002.pdf"], "a.pdf") == []
    assert b"Counsel says: [REDACTED]. Goods" in b" ".join(parts["VOL001/TEXT/KM000002.txt"].split())
    assert not any(ADVICE.encode() in content for content in parts.values())
    assert "D0002,D0001,2025-03-24" in parts["privilege-log.csv"].decode()
    assert "redaction,attorney-client,advice of counsel" in parts["privilege-log.csv"].decode()


@pytest.mark.parametrize(
    ("more", "codes", "redactions", "told"),
    [
        ({}, CODES, 'D0002: "settle for all"; attorney-client', "D0002: passage 1 is not in it"),
        ({}, CODES, "D0002 settle for half", "redacts nothing: D0002 settle for half"),
        ({"4.txt": b"They would settle\nfor half."}, f"{CODES}\nD0005: responsive", LINE, "D0005: says a passage"),
        ({"4.pdf": contract()}, f"{CODES}\nD0005: responsive", LINE, "D0005: same content as D0002"),
        ({}, "D0001: responsive", None, "D0003: not coded"),
    ],
)
def test_a_set_against_which_something_stands_is_not_packed(
    more: dict[str, bytes], codes: str, redactions: str | None, told: str
) -> None:
    with pytest.raises(DataError, match=told):
        packed({**files(), **more}, codes, redactions=redactions)


def test_an_archive_goes_out_neither_whole_nor_with_what_is_redacted_in_it() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.txt", f"Counsel: {ADVICE}.")
        made.writestr("b.txt", "Price")
    parts = opened(packed({"all.zip": archive.getvalue()}, "D0001: responsive", redactions=LINE))
    assert [one["TITLE"] for one in rows(parts)] == ["a.txt", "b.txt"]
    assert not any(ADVICE.encode() in content for content in parts.values())


def test_a_document_that_is_not_the_reviewed_one_stops_the_set() -> None:
    items = delivered(files())["items"]
    with pytest.raises(DataError, match="not the one that was reviewed"):
        ran("documents.pack", {"items": items, "first": [CODES], "second": ""}, {**files(), "2 þ.txt": b"Other"})
