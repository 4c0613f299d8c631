"""What the payables service does with each kind of invoice, on its own process, rules and activities."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.activities.building import EN_16931, Line, cii, ubl

from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import CommandRejected
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.intake.parcels import Parcel, Place
from anyshore.host.intake.receiving import receive
from anyshore.host.memory import MemoryStore
from anyshore.kernel.commands import Resolve
from anyshore.kernel.state import ROOT
from anyshore.packs import reading

HEADER = "order,seller_vat_id,seller_name,currency,line,item,description,quantity,unit,unit_price,net\n"
SELLER = "PO-1,DE136695976,Spree Möbel GmbH,EUR"
BY_LINE = f"{SELLER},1,CH-1,Chair,100,H87,50.00,\n{SELLER},2,TA-1,Table,10,H87,200.00,\n"
BY_TOTAL = f"{SELLER},,,Works,,,,1000.00\n"
SELLERS = "vat_id,name,iban,expense_account\nDE136695976,Spree Möbel GmbH,DE02120300000000202051,6815\n"
BUYERS = "name\nMusterbau GmbH\n"


def _reasons(
    orders: str, *documents: bytes, together: bool = False, receipts: str = "", rules: str = "", columns: str = ""
) -> list[str]:
    """What became of documents, that come in one after the other or together: booked, or why a person is asked."""
    host, started = _received(orders, *documents, together=together, receipts=receipts, rules=rules, columns=columns)
    return [_reason(host, instance) for instance in started]


def _received(
    orders: str, *documents: bytes, together: bool = False, receipts: str = "", rules: str = "", columns: str = ""
) -> tuple[Host, list[int]]:
    """A host on which documents came in and everything was done that needs nobody, and their instances."""
    pack = reading.named("payables")
    host = Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: 1_774_000_000_000_000, worker="test")
    host.deploy(pack.id, pack.definitions)
    files = (
        ("purchase-order", HEADER.replace("\n", f"{columns}\n") + orders), ("approved-seller", SELLERS),
        ("own-company", BUYERS), ("goods-receipt", "receipt,order,line,quantity\n" + receipts),
        ("matching-rule", rules or "order,receipt\n"),
    )  # fmt: skip
    for kind, text in files:
        reference_data.load(host, "e", kind, pack.references[kind].read(text.encode(), kind), kind)
    started = []
    for place, content in enumerate(documents):
        parcel = Parcel(f"{place}.xml", content, "test")
        started += [one.instance for one in receive(host, pack, Place("e", pack.id, "UTC"), [parcel])]
        if not together:
            host.work()
    host.work()
    return host, [instance for instance in started if instance is not None]


def _reason(host: Host, instance: int) -> str:
    variables = host.state(instance).variables.get(ROOT, {})
    outcome = variables.get("outcome")
    return str(outcome) if outcome is not None else str(variables["disposition"]["reason"])


CHAIRS = Line("10", "50.00", order_line="1")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([CHAIRS], "invoice booked"),
        ([Line("10", "51.00", order_line="1")], "invoice booked"),
        ([Line("10", "100.00", order_line="1")], "price"),
        ([CHAIRS, Line("1", "5.00", name="Lamp")], "unmatched line"),
        ([Line("11", "200.00", order_line="2")], "quantity"),
        ([Line("1", "50.00", "XBX", order_line="1")], "unit"),
        ([CHAIRS, Line("-1", "5.00", name="Discount")], "invoice booked"),
    ],
)
def test_each_line_is_held_against_the_order(lines: Sequence[Line], reason: str) -> None:
    assert _reasons(BY_LINE, ubl(lines=lines)) == [reason]


@pytest.mark.parametrize(
    ("receipts", "rules", "columns", "reason"),
    [
        ("", "", "", "invoice booked"),
        ("", "seller_name,receipt\nSpree Möbel GmbH,yes\n", "", "not received"),
        ("W-1,PO-1,1,9\n", "", "receipt", "not received"),
        ("W-1,PO-1,1,9\nW-2,PO-1,1,1\n", "", "receipt", "invoice booked"),
        ("W-1,PO-1,1,10\n", "", "evaluated", "settled by receipt"),
        ("", "totals_percent\n0\n", "", "invoice booked"),
    ],
)
def test_what_has_to_be_received_first(receipts: str, rules: str, columns: str, reason: str) -> None:
    order = BY_LINE.replace(",\n", ",,yes\n") if columns else BY_LINE
    named = f",{columns}" if columns else ""
    assert _reasons(order, ubl(lines=[CHAIRS]), receipts=receipts, rules=rules, columns=named) == [reason]


def test_who_decided_does_not_approve_too() -> None:
    """Above the limit a second person agrees; whoever clarified it is refused, whatever they may do elsewhere."""
    host, (instance,) = _received(BY_TOTAL, ubl(lines=[Line("1", "6000.00")]))
    _finish(host, instance, "clarify", "ada", {"decision": "book", "order": None, "note": "Agreed by telephone"})
    with pytest.raises(CommandRejected) as caught:
        _finish(host, instance, "approve", "ada", {"decision": "approve", "note": None})
    assert caught.value.code == "work.kept-apart"
    _finish(host, instance, "approve", "mia", {"decision": "refuse", "note": "Who agreed?"})
    assert _reason(host, instance) == "not approved"
    _finish(host, instance, "clarify", "bob", {"decision": "book", "order": None, "note": "The client did, in writing"})
    _finish(host, instance, "approve", "ada", {"decision": "approve", "note": None})
    assert _reason(host, instance) == "invoice booked"


def _finish(host: Host, instance: int, element: str, by: str, answers: dict[str, object]) -> None:
    (wait,) = [one for one in host.state(instance).waits.values() if one.data.get("element") == element]
    host.execute(instance, Resolve(at=host.clock(), by=by, wait=wait.id, variables=answers))
    host.work()


def test_tolerances_of_a_client_are_those_of_its_file() -> None:
    dear = ubl(lines=[Line("10", "54.00", order_line="1")])
    assert _reasons(BY_LINE, dear) == ["price"]
    assert _reasons(BY_LINE, dear, rules="item,price_percent\nCH-1,8\n") == ["invoice booked"]


def test_invoices_of_one_run_share_their_order() -> None:
    documents = [
        ubl(f"R-{letter}", [Line("1", price)]) for letter, price in (("A", "1000"), ("K", "1001"), ("X", "1002"))
    ]
    assert sorted(_reasons(BY_TOTAL, *documents, together=True)) == [
        "invoice booked",
        "over tolerance",
        "over tolerance",
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (ubl(kind="384", preceding="R-0"), "corrected invoice"),
        (ubl(preceding="R-0"), "earlier invoice"),
        (ubl(kind="381", preceding="R-0"), "invoice booked"),
        (cii(kind="503"), "invoice booked"),
        (ubl(kind="386"), "invoice booked"),
        (ubl(prepaid="50.00"), "down payment"),
        (ubl(kind="325"), "no invoice"),
        (ubl(kind="211"), "no invoice"),
        (ubl(kind="71"), "no invoice"),
        (ubl(buyer="Fremde Handels AG"), "other buyer"),
        (ubl(specification="urn:peppol:pint:billing-1@sg-1", scheme="GST"), "specification not supported"),
        (ubl(specification=f"{EN_16931}#conformant#urn:example.org:own"), "specification not supported"),
        (ubl(account="NL91ABNA0417164300"), "unknown account"),
    ],
)
def test_what_is_no_plain_invoice(document: bytes, reason: str) -> None:
    assert _reasons(BY_TOTAL, document) == [reason]


def test_a_down_payment_is_seen_by_the_final_invoice() -> None:
    first, final = ubl("R-A", [Line("1", "300.00")], kind="386"), ubl("R-X", [Line("1", "700.00")])
    assert _reasons(BY_TOTAL, first, final) == ["invoice booked", "down payment"]
