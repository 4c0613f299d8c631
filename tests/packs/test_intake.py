"""What a pack says about what arrives: read whole, every problem with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.base.errors import DataError, PackError
from anyshore.packs import checking, reading
from anyshore.packs.references import of_file

TEMPLATE = reading.SHIPPED / "_template"
TEXTS = "title: {en: A, de: A}"


def pack(tmp_path: Path, *sections: str) -> Path:
    """The template with other sections in the place of its intake."""
    folder = tmp_path / "template"
    folder.mkdir(parents=True)
    for path in (one for one in TEMPLATE.iterdir() if one.is_file()):
        (folder / path.name).write_bytes(path.read_bytes())
    head = (folder / "pack.yaml").read_text(encoding="utf-8").partition("intake:")[0]
    (folder / "pack.yaml").write_text("\n".join([head, *sections, ""]), encoding="utf-8")
    (folder / "scenarios.yaml").unlink()
    return folder


def codes(folder: Path) -> list[tuple[str, str]]:
    found = [one for one in checking.check(folder) if one.code != "pack.untested"]
    return [(one.code, one.location.element or "") for one in found]


def test_a_kind_is_read_with_all_it_says(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        f"""
intake:
  letter:
    {TEXTS}
    files: {{endings: [.PDF, .xml], largest: 1.5 MB}}
    unpack: [zip, mail, {{xml: ["{{urn:x}}a", b]}}]
    rows: {{columns: {{number: {{aliases: [Nummer]}}, size: {{kind: money, unit: EUR}}}}}}
    form: ask
    payload: {{properties: {{number: {{type: string}}}}}}
    mails: true
    variables: {{document: parcel.digest, from: parcel.sender}}
    documents: [document]
    reference: number
    identity: [number, parcel.sender]
""",
    )
    assert codes(folder) == []
    kind = reading.read(folder).intake["letter"]
    assert (kind.endings, kind.largest, kind.form, kind.mails) == ((".pdf", ".xml"), 1_500_000, "ask", True)
    assert (kind.unpack.zip, kind.unpack.gzip, kind.unpack.mails) == (True, False, True)
    assert kind.unpack.elements == {"{urn:x}a", "b"}
    assert [one.source for one in kind.identity] == ["number", "parcel.sender"]
    assert kind.table is not None
    rows, problems = kind.table.rows("Nummer;size\nR-1;1.234,50 €\n".encode(), "a.csv")
    assert (rows, problems) == ([(2, {"number": "R-1", "size": Decimal("1234.50")})], [])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{}", [("pack.intake-empty", "intake.a")]),
        ("{files: {endings: [pdf]}}", [("yaml.pattern", "intake.a.files.endings[0]")]),
        ("{files: {largest: big}}", [("pack.size", "intake.a.files.largest")]),
        ("{form: asks}", [("pack.unknown-form", "intake.a.form")]),
        ("{files: {}, unpack: [rar]}", [("yaml.value", "intake.a.unpack[0]")]),
        ("{files: {}, unpack: [{xml: ['{a']}]}", [("pack.element", "intake.a.unpack[0].xml[0]")]),
        ("{files: {}, reference: 'parcel.'}", [("feel.syntax", "intake.a.reference")]),
        ("{files: {}, reference: naem}", [("pack.unknown-variable", "intake.a.reference")]),
        ("{files: {}, identity: [size]}", [("pack.unknown-variable", "intake.a.identity[0]")]),
        ("{files: {}, identity: nothing}", [("yaml.value", "intake.a.identity")]),
        ("{files: {}, variables: {x: parcel.name}, documents: [document]}",
         [("pack.unknown-variable", "intake.a.documents[0]")]),
        ("{rows: {columns: {a: {kind: amount}}}}", [("yaml.value", "intake.a.rows.columns.a.kind")]),
        ("{rows: {columns: {a: {}, b: {aliases: [A]}}}}", [("tables.alike-columns", "intake.a.rows.columns")]),
        ("{payload: {properties: {a: {type: text}}}}", [("yaml.value", "intake.a.payload.properties.a.type")]),
        ("{payload: {properties: {a: {anyOf: []}}}}", [("yaml.unknown-key", "intake.a.payload.properties.a.anyOf")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, said: str, expected: list[tuple[str, str]]) -> None:
    section = said.replace("{", f"{{{TEXTS}, ", 1).replace(", }", "}")
    found = codes(pack(tmp_path, f"intake:\n  a: {section}"))
    assert [(code.replace("feel.parse", "feel.syntax"), place) for code, place in found] == expected


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    folder = pack(tmp_path, f"intake:\n  a: {{{TEXTS}, files: {{largest: x}}, reference: '1 +'}}\n  b: {{{TEXTS}}}")
    with pytest.raises(PackError) as caught:
        reading.read(folder)
    assert len(caught.value.diagnostics) == 3
    assert all(one.location.line for one in caught.value.diagnostics)


ORDERS = f"""
references:
  order:
    {TEXTS}
    file: Orders.csv
    key: [number]
    group: [item, price]
    columns:
      number: {{required: true}}
      seller: {{}}
      item: {{}}
      price: {{kind: number}}
"""


def test_rows_of_one_key_become_one_record(tmp_path: Path) -> None:
    kinds = reading.read(pack(tmp_path, ORDERS)).references
    kind = of_file(kinds, "orders.CSV")
    assert kind is not None
    content = "number;seller;item;price\n1;A;x;1,5\n1;A;y;2\n2;B;x;3\n".encode("cp1252")
    assert kind.read(content, "o.csv") == [
        ("1", {"number": "1", "seller": "A", "lines": [
            {"item": "x", "price": Decimal("1.5")}, {"item": "y", "price": Decimal(2)},
        ]}),
        ("2", {"number": "2", "seller": "B", "lines": [{"item": "x", "price": Decimal(3)}]}),
    ]  # fmt: skip
    assert of_file(kinds, "sellers.csv") is None


def test_a_file_that_contradicts_itself_is_refused_with_its_lines(tmp_path: Path) -> None:
    kind = reading.read(pack(tmp_path, ORDERS)).references["order"]
    with pytest.raises(DataError) as caught:
        kind.read(b"number,seller,item,price\n1,A,x,1\n1,B,y,2\n,C,z,3\n", "o.csv")
    assert [(one.code, one.location.line) for one in caught.value.diagnostics] == [
        ("references.contradiction", 3), ("tables.empty-cell", 4),
    ]  # fmt: skip
    single = reading.read(pack(tmp_path / "x", ORDERS.replace("    group: [item, price]\n", ""))).references["order"]
    with pytest.raises(DataError, match="stands on line 2 already"):
        single.read(b"number,seller\n1,A\n1,A\n", "o.csv")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("key: [number]", "key: [nummer]", "pack.unknown-column"), ("    key: [number]\n", "", "pack.reference-key"),
        ("    key: [number]\n", "    key: [number]\n    reader: payables.orders\n", "pack.reference"),
        ("  order:", "  posting:", "pack.reference-written"), ("Orders.csv", "a/Orders.csv", "yaml.pattern"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_reference_data(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in ORDERS
    assert [found for found, _ in codes(pack(tmp_path, ORDERS.replace(old, new)))] == [code]


def test_a_reader_nobody_has_and_a_file_of_two_kinds(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        f"""
references:
  a: {{{TEXTS}, file: x.csv, reader: payables.order}}
  b: {{{TEXTS}, file: X.csv, reader: payables.orders}}
""",
    )
    assert sorted(code for code, _ in codes(folder)) == ["pack.reference-file", "pack.unknown-reader"]
