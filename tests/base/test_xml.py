"""Strangers' XML: nothing reaches outside the file, nothing grows, every refusal is typed and has its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base import xml
from anyshore.base.errors import BpmnError, DmnError

SUBSET = '[<!ENTITY x SYSTEM "file:///etc/hostname">]'
DOCTYPE = f"<!DOCTYPE a {SUBSET}><a>&x;</a>"
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY b "haha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("bcdefghi", "cdefghij", strict=True))
    + "]><a>&j;</a>"
)


def refused(source: bytes | str | Path) -> DmnError:
    with pytest.raises(DmnError) as found:
        xml.parse(source, "x.dmn", error=DmnError)
    (problem,) = found.value.diagnostics
    assert problem.location.file == "x.dmn"
    assert problem.hint
    assert "\n" not in problem.message
    return found.value


@pytest.mark.parametrize(
    "source",
    [
        DOCTYPE.encode(), DOCTYPE, DOCTYPE.lower().encode(), LAUGHS.encode(), DOCTYPE.encode("utf-16"),
        DOCTYPE.encode("utf-16-le"), DOCTYPE.encode("utf-16-be"), DOCTYPE.encode("utf-32"),
        f'<?xml version="1.0" encoding="utf-7"?>{DOCTYPE}'.encode(), b"\xef\xbb\xbf" + DOCTYPE.encode(),
        f"<?p <!-- ?>{DOCTYPE[:-4]}<!-- --></a>".encode(), f"<!-- <!-- -->{DOCTYPE}".encode(),
        f"<!-- <![CDATA[ -->{DOCTYPE[:-4]}<!-- ]]> --></a>".encode(), b"<!DOCTYPE html><a/>",
    ],
)  # fmt: skip
def test_a_document_type_is_refused_however_it_is_hidden(source: bytes | str) -> None:
    assert refused(source).code in ("xml.doctype", "xml.malformed")


def test_words_that_look_like_a_document_type_are_let_pass() -> None:
    text = "<a b='&lt;!DOCTYPE a>'><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]></a>"
    assert xml.parse(text, error=DmnError).root.get("b") == "<!DOCTYPE a>"


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        (b"", 1, 1), (b"PK\x03\x04", 1, 1), (b"\x00<a/>", 1, 1), (b"<a>\x00</a>", 1, 4), (b"<a>\xff</a>", 1, 4),
        (b"<a>\n  &x;</a>", 2, 6), (b"<a/>\n<b/>", 2, 1), (b"<a b='1' b='2'/>", 1, 15), (b"<x:a/>", 1, 6),
        (b"<a>\n" * 100_000, 257, 4), (b"<a b='" + b"x" * 20_000_000 + b"'/>", 1, None),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", 1, None), ("<a>\ud800</a>", 1, 4),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", 1, None),
        ("<?xml version='1.0' encoding='cp037'?><a/>".encode("cp037"), 1, 1),
    ],
)  # fmt: skip
def test_what_is_no_xml_or_too_much_of_it_is_refused_at_its_place(
    source: bytes | str, line: int, column: int | None
) -> None:
    place = refused(source).location
    assert place.line == line
    assert column is None or abs((place.column or 0) - column) <= 1


def test_a_file_that_is_too_large_or_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MAX_BYTES", 10)
    assert refused(b"<a>123456789</a>").code == "xml.too-large"
    for path in (tmp_path, tmp_path / "absent", Path("\0")):
        assert refused(path).code == "file.unreadable"


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("<a>\n  <b id='here'/></a>", (2, 3)),
        ("<?xml version='1.0' encoding='utf-16'?><a><b id='here'/></a>", (1, 43)),
        ("\ufeff<a><b id='here'/></a>", (1, 4)),
        (b"\xef\xbb\xbf<a><b id='here'/></a>", (1, 4)),
        ("<?xml version='1.0' encoding='iso-8859-1'?>\n<a>ä<b id='here'/></a>".encode("latin-1"), (2, 5)),
        ("<?xml version='1.0' encoding='gb18030'?>\n<a>中\n<b id='here'/></a>".encode("gb18030"), (3, None)),
        ("<a>\n<b id='here'/></a>".encode("utf-16"), (2, 1)),
    ],
)
def test_an_element_knows_its_place_whatever_the_encoding(source: bytes | str, place: tuple[int, int | None]) -> None:
    document = xml.parse(source, "x.dmn", error=DmnError)
    found = document.locate(document.root[0])
    assert (found.file, found.element) == ("x.dmn", "here")
    assert (found.line, found.column) == place


def test_includes_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    text = f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret}" parse="text"/></a>'
    assert "secret" not in "".join(map(str, xml.parse(text, error=DmnError).root.itertext()))


def test_problems_of_a_document_are_collected_and_only_errors_refuse_it() -> None:
    document = xml.parse("<a><b id='x'/></a>", "x.bpmn", error=BpmnError)
    problems = xml.Problems(document)
    problems.warn(document.root, "test.odd", "It is odd.")
    problems.add(document.root[0], "test.wrong", "It is wrong.", "Mend it.")
    assert [problem.code for problem in problems.found] == ["test.odd", "test.wrong"]
    assert [str(problem) for problem in problems.errors] == [
        "x.bpmn:1:4, x: error: It is wrong. [test.wrong]\n    Mend it."
    ]


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_whatever_it_is_it_is_read_or_refused(source: bytes | str) -> None:
    try:
        xml.parse(source, error=DmnError)
    except DmnError:
        return
