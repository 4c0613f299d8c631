"""A payment run through the payables service: proposed, signed by two, ordered, answered by the bank."""

from __future__ import annotations

from typing import Any

import pytest
from tests.activities.building import Line, ubl

from anyshore import feel
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

FILES = {
    "purchase-order": "order,seller_vat_id,seller_name,currency,line,item,description,quantity,unit,unit_price,net\n"
    "PO-1,DE136695976,Spree Möbel GmbH,EUR,,,Works,,,,1000.00\n",
    "approved-seller": "vat_id,name,iban,expense_account\nDE136695976,Spree Möbel GmbH,DE02120300000000202051,6815\n",
    "own-company": "name\nMusterbau GmbH\n",
    "paying-account": "name,iban\nMusterbau GmbH,DE89370400440532013000\n",
}
PACK = reading.named("payables")
DAYS = {"day": "2026-04-01", "until": "2026-04-10"}
PLACE = Place("e", PACK.id, "UTC")


def _host() -> Host:
    host = Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: 1_774_000_000_000_000, worker="test")
    host.deploy(PACK.id, PACK.definitions)
    for kind, text in FILES.items():
        reference_data.load(host, "e", kind, PACK.references[kind].read(text.encode(), kind), kind)
    list(receive(host, PACK, PLACE, [Parcel("a.xml", ubl(lines=[Line("1", "1000.00")]), "test")]))
    host.work()
    return host


def _run(host: Host) -> int:
    values = {name: feel.compile(f'date("{day}")').evaluate({}) for name, day in DAYS.items()}
    number = host.start(
        f"process:{PACK.starts.partition(':')[2]}", {"task": "payment run", **values}, engagement="e", service=PACK.id
    )
    host.work()
    return number


def _variables(host: Host, number: int) -> dict[str, Any]:
    return dict(host.state(number).variables.get(ROOT, {}))


def _finish(host: Host, number: int, element: str, by: str, **answers: object) -> None:
    (wait,) = [one for one in host.state(number).waits.values() if one.data.get("element") == element]
    host.execute(number, Resolve(at=host.clock(), by=by, wait=wait.id, variables=answers))
    host.work()


def _answered(host: Host, run: dict[str, Any], status: str) -> int:
    text = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr/><OrgnlGrpInfAndSts>'
        f"<OrgnlMsgId>{run['message']}</OrgnlMsgId><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )
    (found,) = receive(host, PACK, PLACE, [Parcel("answer.xml", text.encode(), "test")])
    host.work()
    assert found.instance is not None
    return found.instance


def test_two_people_sign_and_the_bank_answers() -> None:
    host = _host()
    number = _run(host)
    _finish(host, number, "first", "ada", decision="sign", note=None)
    with pytest.raises(CommandRejected) as caught:
        _finish(host, number, "second", "ada", decision="sign", note=None)
    assert caught.value.code == "work.kept-apart"
    _finish(host, number, "second", "mia", decision="sign", note=None)
    found = _variables(host, number)
    assert (found["outcome"], found["run"]["total"]) == ("payments ordered", 1190)
    assert "<EndToEndId>" in found["run"]["file"]
    answer = _variables(host, _answered(host, found["run"], "ACSC"))
    assert (answer["outcome"], answer["bank"]["settled"]) == ("bank answer read", 1)
    assert _variables(host, _run(host))["proposal"]["items"] == []


def test_a_name_that_does_not_fit_waits_for_a_person() -> None:
    host = _host()
    number = _run(host)
    _finish(host, number, "first", "ada", decision="sign", note=None)
    _finish(host, number, "second", "mia", decision="sign", note=None)
    answer = _answered(host, _variables(host, number)["run"], "RVNM")
    _finish(host, answer, "doubt", "mia", decision="withdraw", note="Their name changed")
    assert _variables(host, answer)["withdrawn"] == 1
    assert len(_variables(host, _run(host))["proposal"]["items"]) == 1


def test_who_does_not_sign_holds_everything_back() -> None:
    host = _host()
    number = _run(host)
    _finish(host, number, "first", "ada", decision="hold", note="Not before Monday")
    assert _variables(host, number)["outcome"] == "payments held back"


def test_a_message_that_is_neither_is_returned() -> None:
    host = _host()
    (found,) = receive(host, PACK, PLACE, [Parcel("other.xml", b"<letter>Dear Sir</letter>", "test")])
    host.work()
    assert found.instance is not None
    assert _variables(host, found.instance)["outcome"] == "invoice returned"
