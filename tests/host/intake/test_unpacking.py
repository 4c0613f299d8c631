"""Nothing a stranger sends is unpacked without bounds, and nothing in it vanishes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore.host.intake import kinds_of_files, mails, unpacking
from anyshore.host.intake.parcels import Unpacking
from anyshore.host.intake.unpacking import Budget, Leaf, Refused, Unpacker, collected
from anyshore.host.names import shown
from tests.draws import examples
from tests.host.intake.deliveries import ALL_WAYS, mail, packed, zipped


def opened(name: str, content: bytes, *, largest: int = 100_000, budget: Budget | None = None) -> list[Leaf | Refused]:
    unpacker = Unpacker(ALL_WAYS, lambda *_: False, largest, budget or Budget())
    return list(unpacker.open(name, content))


def told(found: list[Leaf | Refused]) -> list[tuple[str, str]]:
    return [(one.name, one.problem.code if isinstance(one, Refused) else "leaf") for one in found]


def test_a_bomb_is_read_no_further_than_is_allowed() -> None:
    bomb = zipped({"bomb.xml": b"\0" * 50_000_000, "small.xml": b"<a/>"})
    assert len(bomb) < 60_000
    assert told(opened("b.zip", bomb)) == [("b.zip/bomb.xml", "intake.too-large"), ("b.zip/small.xml", "leaf")]
    assert told(opened("b.gz", packed(b"\0" * 50_000_000))) == [("b.gz/b", "intake.too-large")]


def test_many_small_ones_together_are_bounded_too() -> None:
    budget = Budget(members=100, bytes=250_000)
    found = opened("b.zip", zipped({f"{n}.txt": b"x" * 90_000 for n in range(5)}), budget=budget)
    assert [code for _, code in told(found)] == ["leaf"] * 2 + ["intake.too-large"] * 3
    few = opened("b.zip", zipped({f"{n}.txt": b"x" for n in range(5)}), budget=Budget(members=3))
    assert [code for _, code in told(few)] == ["leaf"] * 3 + ["intake.too-many"]


def test_nesting_is_bounded() -> None:
    content, letter = b"<a/>", mail(("a.pdf", b"%PDF-"))
    for depth in range(unpacking.MAX_DEPTH + 1):
        content, letter = zipped({f"{depth}.zip": content}), mail((f"{depth}.eml", letter))
    for found in (opened("a.zip", content), opened("a.eml", letter)):
        assert [code for _, code in told(found)] == ["intake.too-deep"]


def test_what_cannot_be_opened_is_refused_by_name() -> None:
    good = zipped({"a.xml": b"<a/>" * 100, "b.xml": b"<b/>"})
    assert told(opened("t.zip", good[: len(good) // 2])) == [("t.zip", "intake.damaged")]
    broken = bytearray(good)
    broken[45] ^= 0xFF
    assert told(opened("c.zip", bytes(broken))) == [("c.zip/a.xml", "intake.damaged"), ("c.zip/b.xml", "leaf")]
    locked = bytearray(good)
    for place in (6, good.index(b"PK\x01\x02") + 8):
        locked[place] |= 1
    assert told(opened("p.zip", bytes(locked)))[0] == ("p.zip/a.xml", "intake.protected")
    assert told(opened("e.zip", zipped({"folder/": b""}))) == [("e.zip", "intake.empty")]
    assert told(opened("x.gz", packed(b"<a/>")[:-4])) == [("x.gz/x", "intake.damaged")]


HOSTILE = st.one_of(
    st.sampled_from(["../../etc/passwd", "/etc/passwd", "C:\\x.xml", "a\0b", "a\nb", "\u202e.xml", "." * 300, "", "~"]),
    st.text(min_size=1, max_size=40),
)  # fmt: skip


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


@given(st.dictionaries(HOSTILE, st.binary(max_size=40), max_size=6))
def test_hostile_names_are_only_names(files: dict[str, bytes]) -> None:
    """Nothing is written anywhere; each file that was packed comes out, under a name that can be kept and shown."""
    out = io.BytesIO()
    members = 0
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            if info.filename not in archive.namelist() and not _has_surrogates(info.filename):
                archive.writestr(info, content)
                members += not info.filename.endswith("/")
    found = opened("h.zip", out.getvalue())
    assert len(found) >= members
    for one in found:
        assert one.name.isprintable()
        assert len(one.name) <= 300


SEEDS = [
    zipped({"a.xml": b"<a/>", "b/c.eml": mail(("x.zip", zipped({"y.xml": b"<y/>"})))}), packed(zipped({"a": b"b"})),
    mail(("a.pdf", b"%PDF-1"), ("b.eml", mail(("c.xml", b"<c/>")))), b"From x\nMIME-Version: 1.0\nFrom: a\n\n",
]  # fmt: skip
HEADERS = st.text(max_size=200).map(lambda text: f"Subject: {text}\nFrom: {text}\n\n{text}".encode("utf-8", "replace"))


@settings(max_examples=examples(300))
@given(st.data())
def test_no_bytes_break_unpacking(data: Any) -> None:
    """Whatever is flipped, cut or put in: every way ends, and gives leaves and refusals alone."""
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    for name in ("x.zip", "x.eml", "x"):
        for one in opened(name, bytes(content), budget=Budget(members=50, bytes=200_000)):
            assert isinstance(one, Leaf | Refused)
            assert one.name.startswith("x")


@given(st.binary(max_size=200) | HEADERS)
def test_no_mail_breaks_reading(content: bytes) -> None:
    found = opened("x.eml", content)
    assert found
    assert all(isinstance(one, Leaf | Refused) for one in found)


def test_a_mail_is_read_as_people_see_it() -> None:
    content = (
        b"From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nSubject: =?utf-8?q?Rechnung?=\r\n =?utf-8?q?_Mai?=\r\n"
        b"Message-ID: <5@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
        b"--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>Hallo</p><p>Welt</p>\r\n"
        b"--r\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n\r\npng\r\n--r--\r\n"
        b"--b\r\nContent-Type: application/pdf; name*=utf-8''Rechn%C3%BCng.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n"
        b"--b\r\nContent-Type: application/xml\r\nContent-Disposition: attachment\r\n\r\n<a/>\r\n"
        b"--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nxx\r\n--b--\r\n"
    )
    letter = mails.read(content, "m.eml")
    assert (letter.sender, letter.subject, letter.id) == ("j@example.org", "Rechnung Mai", "<5@x>")
    assert letter.text.split() == ["Hallo", "Welt"]
    assert [(name, inside) for name, inside in letter.attachments] == [
        ("Rechnüng.pdf", b"%PDF-"), ("attachment-4.xml", b"<a/>"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7", ".pdf"), (b"\r\n  %PDF-1.4", ".pdf"), (b"PK\x03\x04", ".zip"), (zipped({"a": b""}), ".zip"),
        (zipped({"xl/workbook.xml": b""}), ".xlsx"), (zipped({"word/document.xml": b""}), ".docx"),
        (b"\x1f\x8b\x08", ".gz"), (b"<?xml version='1.0'?>", ".xml"), (b"\xef\xbb\xbf  <a/>", ".xml"),
        ("<?xml version='1.0'?>".encode("utf-16"), ".xml"), (b"<!DOCTYPE html><p>", ".html"), (b"<html>", ".html"),
        (mail(), ".eml"), (b"Dear Sir,\nthis: is a letter\n", ""), (b"", ""), (b"a,b\n1,2\n", ""),
        (b"\x89PNG\r\n\x1a", ".png"), (b"\xff\xd8\xff\xe0", ".jpg"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".ole"),
        (b"< 5", ""),
    ],
)  # fmt: skip
def test_bytes_tell_what_a_file_is(content: bytes, ending: str) -> None:
    assert kinds_of_files.told(content) == ending


@pytest.mark.parametrize("name", [".DS_Store", "a/Thumbs.db", "__MACOSX/a.xml", "z.zip/__MACOSX/._a.xml", "~$a.xlsx"])
def test_files_an_operating_system_leaves_behind(name: str) -> None:
    assert kinds_of_files.is_of_the_system(name)
    assert not kinds_of_files.is_of_the_system(f"x{name.rpartition('/')[2]}")


DOCTYPE = b"<!DOCTYPE a><a><letter xmlns='urn:x'/></a>"


@pytest.mark.parametrize("content", [b"", b"<a", b"Dear Sir", b"<all/>", DOCTYPE, b"<a>" + b"<b>" * 5000])
def test_what_is_no_collection_is_one_document(content: bytes) -> None:
    assert collected(content, frozenset({"{urn:x}letter"})) == []


def test_an_element_within_an_element_is_part_of_it() -> None:
    content = b"<x:all xmlns:x='urn:x'><x:letter><x:letter/></x:letter><!-- c --><x:letter/></x:all>"
    assert len(collected(content, frozenset({"{urn:x}letter"}))) == 2
    assert Unpacking().elements == frozenset()
    assert shown("a") == "a"
