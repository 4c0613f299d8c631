from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.activities.memory import MemoryContext
from anyshore.activities.payables import orders
from anyshore.activities.payables.orders import COLUMNS, PurchaseOrder, read_orders
from anyshore.base.errors import DataError

HEADER = ",".join(column.name for column in COLUMNS if column.header or column.required)
GOOD = "PO-1,DE1,N,EUR,1,A,Paper,2,XBX,1.50,3.00"


def _read(*rows: str, header: str = HEADER) -> list[PurchaseOrder]:
    return read_orders("\n".join([header, *rows, ""]).encode(), "orders.csv")


def test_sample_is_read(samples: Path) -> None:
    found = {order.number: order for order in read_orders(samples / "purchase-orders.csv")}
    assert found["PO-4711"].net == Decimal("1309.40")
    assert [line.id for line in found["PO-4711"].lines] == ["1", "2"]
    assert found["PO-4714"].lines == ()
    assert found["PO-4714"].net == Decimal("3163.76")
    assert found["PO-4715"].lines[0].description == "Dedicated server, March"


def test_semicolons_and_byte_order_mark_are_read() -> None:
    text = "\ufeff" + "\n".join([HEADER, GOOD]).replace(",", ";")
    assert read_orders(text.encode())[0].lines[0].unit_price == Decimal("1.50")


def test_what_a_german_spreadsheet_saves_is_read() -> None:
    header = "Bestellnummer;USt-IdNr;Lieferant;Währung;Pos.;Artikel;Bezeichnung;Menge;Einheit;Einzelpreis;Netto (EUR)"
    row = "B-116;DE811907980;Havel Möbel GmbH;EUR;1;ST-1;Stühle;1.000;H87;50,00 €;50.000,00;"
    (order,) = read_orders(f"sep=;\r\n{header}\r\n{row}\r\n".encode("cp1252"))
    assert (order.seller_name, order.net, order.lines[0].quantity) == ("Havel Möbel GmbH", 50_000, 1_000)


def test_net_is_computed_where_left_out() -> None:
    assert _read("PO-1,DE1,N,EUR,1,A,Paper,3,XBX,0.335,")[0].net == Decimal("1.005")


@pytest.mark.parametrize(
    ("rows", "code", "line", "cell"),
    [
        (["PO-1,DE1,N,EUR,1,A,Paper,two,XBX,1.50,3.00"], "tables.number", 2, "quantity"),
        ([GOOD, "PO-1,DE1,N,EUR,2,A,Paper,2,XBX,'1,5'"], "tables.number", 3, "unit_price"),
        (["PO-1,DE1,N,EUR,1,A,Paper,2,XBX,1.50,4.00"], "orders.net", 2, "net"),
        (["PO-1,DE1,N,Euro,1,A,Paper,2,XBX,1.50,3.00"], "orders.currency", 2, "currency"),
        (["PO-1,DE1,,EUR,1,A,Paper,2,XBX,1.50,3.00"], "tables.empty-cell", 2, "seller_name"),
        ([",DE1,N,EUR,1,A,Paper,2,XBX,1.50,3.00"], "tables.empty-cell", 2, "order"),
        (["PO-1,DE1,N,EUR,,,Total,,,,"], "tables.empty-cell", 2, "net"),
        ([GOOD, GOOD], "orders.line-twice", 3, "line"),
        ([GOOD, "PO-1,DE2,N,EUR,2,A,Paper,2,XBX,1.50,3.00"], "orders.contradiction", 3, "seller_vat_id"),
        ([GOOD, "PO-1,DE1,N,USD,2,A,Paper,2,XBX,1.50,3.00"], "orders.contradiction", 3, "currency"),
        ([GOOD + ",more"], "tables.cells", 2, None),
        (["PO-1,DE1,N,USD,1,A,Paper,2,XBX,€ 1.50,3.00"], "orders.currency", 2, "unit_price"),
    ],
)
def test_problems_are_located(rows: list[str], code: str, line: int, cell: str | None) -> None:
    with pytest.raises(DataError) as caught:
        _read(*rows)
    problem = caught.value.diagnostics[0]
    assert (problem.code, problem.location.file, problem.location.line) == (code, "orders.csv", line)
    assert problem.location.element == cell


def test_all_problems_come_at_once_in_order() -> None:
    with pytest.raises(DataError) as caught:
        _read("PO-1,DE1,N,EUR,1,A,Paper,x,XBX,y,", "PO-2,DE1,N,eur,1,A,Paper,1,XBX,1,")
    assert [(d.location.line, d.code) for d in caught.value.diagnostics] == [
        (2, "tables.number"),
        (2, "tables.number"),
        (3, "orders.currency"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "tables.empty"),
        (HEADER.replace("net", "nett").encode(), "tables.unknown-column"),
        (f"{HEADER},net".encode(), "tables.column-twice"),
        (b"\xff\xfe", "tables.empty"),
        (f'{HEADER}\n"PO'.encode(), "tables.quotes"),
    ],
)
def test_unreadable_tables_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read_orders(content, "orders.csv")
    assert caught.value.code == code
    assert caught.value.location.line == (2 if code == "tables.quotes" else 1)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_orders(tmp_path / "none.csv")


def test_rows_hold_the_order(samples: Path) -> None:
    context = MemoryContext()
    found = read_orders(samples / "purchase-orders.csv")
    context.load(orders.KIND, orders.rows(found))
    assert [orders.from_record(r) for r in context.records(orders.KIND).rows.values()] == found


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(cells, max_size=12).map(",".join), max_size=4).map("\n".join))
def test_any_table_is_read_or_refused(body: str) -> None:
    found = _orders_or_error(f"{HEADER}\n{body}".encode())
    if isinstance(found, DataError):
        assert all(d.location.file == "orders.csv" and d.location.line for d in found.diagnostics)
    else:
        assert all(order.number for order in found)


def _orders_or_error(content: bytes) -> list[PurchaseOrder] | DataError:
    try:
        return read_orders(content, "orders.csv")
    except DataError as error:
        return error
