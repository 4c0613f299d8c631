"""Whatever bytes arrive: an invoice, or a typed error that names the file. Nothing else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.einvoice import Invoice, Validation, read, validate
from anyshore.base.errors import DataError

SAMPLES = Path(__file__).resolve().parents[3] / "src/anyshore/services/bpo/payables/samples"
FILES = {file.name: file.read_bytes() for file in SAMPLES.iterdir() if file.name[:2].isdigit()}
XML = sorted(name for name in FILES if name.endswith(".xml"))
TOKENS = [b"<", b">", b"&", b"]]>", b"<!--", b"\x00", b"\xff\xfe", b"<!DOCTYPE a>", b"&#0;", b'"', b"<cbc:ID>", b"-1"]
quick = settings(max_examples=examples(60))


@st.composite
def mutated(draw: st.DrawFn, names: list[str]) -> bytes:
    content = bytearray(FILES[draw(st.sampled_from(names))])
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(["cut", "insert", "byte", "repeat", "end"])):
            case "cut":
                del content[start : start + draw(st.integers(1, 200))]
            case "insert":
                content[start:start] = draw(st.sampled_from(TOKENS))
            case "byte":
                content[start : start + 1] = bytes([draw(st.integers(0, 255))])
            case "repeat":
                content[start:start] = content[start : start + draw(st.integers(1, 400))]
            case "end":
                del content[start:]
    return bytes(content)


def _read(content: bytes) -> None:
    result = _invoice_or_error(content)
    if isinstance(result, DataError):
        assert result.diagnostics
        assert all((d.location.file or "").startswith("in.xml") for d in result.diagnostics)
        assert all(d.code and d.message for d in result.diagnostics)


def _invoice_or_error(content: bytes) -> Invoice | DataError:
    try:
        return read(content, "in.xml")
    except DataError as error:
        return error


@quick
@given(mutated(XML))
def test_mutated_xml(content: bytes) -> None:
    _read(content)


@quick
@given(mutated(["15-factur-x.pdf"]))
def test_mutated_pdf(content: bytes) -> None:
    _read(content)


@quick
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    _read(content)


@settings(quick, max_examples=examples(25))
@given(mutated(XML))
def test_mutated_xml_is_checked_or_refused(content: bytes) -> None:
    try:
        result = validate(content, "in.xml")
    except DataError:
        return
    assert isinstance(result, Validation)
    assert all(v.rule and v.text and v.location.file == "in.xml" for v in result.violations)


@pytest.mark.parametrize("encoding", ["no-such-encoding", "utf-7", "shift_jis", "utf-32", "ebcdic-cp-us"])
def test_odd_encoding_declarations(encoding: str) -> None:
    _read(FILES["01-matching-ubl.xml"].replace(b'encoding="UTF-8"', f'encoding="{encoding}"'.encode()))
    _read(f'<?xml version="1.0" encoding="{encoding}"?><Invoice/>'.encode())
