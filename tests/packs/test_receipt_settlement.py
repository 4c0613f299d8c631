"""Goods received are settled through the payables service: proposed, checked, approved by another, booked, paid."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packs.test_payment_run import FILES, PACK, PLACE, _finish, _variables

from anyshore.activities.families import ACTIVITIES
from anyshore.base.errors import CommandRejected
from anyshore.host.driver import Host
from anyshore.host.intake import reference_data
from anyshore.host.intake.parcels import Parcel
from anyshore.host.intake.receiving import receive
from anyshore.host.memory import MemoryStore

ORDER = (
    "order,seller_vat_id,seller_name,currency,line,item,description,quantity,unit,unit_price,net,evaluated,vat_rate\n"
    "PO-1,DE136695976,Spree Möbel GmbH,EUR,1,CH-1,Chair,100,H87,50.00,,yes,19\n"
)
DAYS = {"day": "2026-03-31", "until": "2026-03-31"}


def _host(received: str) -> Host:
    host = Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: 1_774_000_000_000_000, worker="test")
    host.deploy(PACK.id, PACK.definitions)
    files = FILES | {"purchase-order": ORDER, "goods-receipt": f"receipt,order,line,quantity\n{received}"}
    for kind, text in files.items():
        reference_data.load(host, "e", kind, PACK.references[kind].read(text.encode(), kind), kind)
    return host


def _begin(host: Host, kind: str, **values: str) -> int:
    (found,) = receive(host, PACK, PLACE, [Parcel("request", None, "test", payload=values, kind=kind)])
    host.work()
    assert found.instance is not None
    return found.instance


def test_goods_received_are_settled_and_paid_without_an_invoice() -> None:
    host = _host("W-1,PO-1,1,40\n")
    number = _begin(host, "receipts", **DAYS)
    _finish(host, number, "agree", "ada", decision="settle", note=None)
    with pytest.raises(CommandRejected) as caught:
        _finish(host, number, "release_settlement", "ada", decision="settle", note=None)
    assert caught.value.code == "work.kept-apart"
    _finish(host, number, "release_settlement", "mia", decision="settle", note=None)
    found = _variables(host, number)
    assert found["outcome"] == "receipts settled"
    assert [(one["number"], str(one["gross"])) for one in found["settled_receipts"]["stated"]] == [
        ("GS-2026-00001", "2380.00")
    ]
    run = _begin(host, "payment-run", day="2026-04-01", until="2026-04-10")
    assert [(one["number"], str(one["amount"])) for one in _variables(host, run)["proposal"]["items"]] == [
        ("GS-2026-00001", "2380.00")
    ]
    assert _variables(host, _begin(host, "receipts", **DAYS))["outcome"] == "no receipts to settle"


def test_who_does_not_agree_holds_it_back() -> None:
    host = _host("W-1,PO-1,1,40\n")
    number = _begin(host, "receipts", **DAYS)
    _finish(host, number, "agree", "ada", decision="hold", note="The goods are damaged")
    found: dict[str, Any] = _variables(host, number)
    assert found["outcome"] == "receipts held back"
    with host.store.transaction() as tx:
        assert tx.find_references("e", "posting", {}) == []
