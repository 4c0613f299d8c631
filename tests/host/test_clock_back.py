"""A clock that is put back dates no entry before its predecessor, and a ledger in which one is is found out."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from anyshore.host import ledgers
from anyshore.host.driver import Host, NewWork
from anyshore.host.ledgers import LedgerWriter
from anyshore.terms import ledger
from tests.host.fixtures import DAY, SECOND, Clock, outcome


def entries(host: Host) -> list[ledger.Entry]:
    with host.store.transaction() as tx:
        return [msgspec.json.decode(row.line, type=ledger.Entry) for row in tx.ledger("a")]


def test_no_entry_is_dated_before_its_predecessor(host: Host, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    before = clock()
    host.start("process:scripts", {"x": Decimal(1)}, engagement="a")
    host.work()
    clock.now -= 40 * DAY
    with caplog.at_level(logging.WARNING):
        later = host.start("process:scripts", {"x": Decimal(1)}, engagement="a")
        host.work()
    assert outcome(host, later) == "completed"
    assert "behind the ledger" in caplog.text
    found = entries(host)
    assert {one.at for one in found} == {before}
    assert not ledger.verify_chain(found)
    clock.now = before + SECOND
    host.start_all([NewWork("process:scripts", {"x": Decimal(1)}, engagement="a")], at_once=True)
    assert entries(host)[-1].at == before + SECOND


def test_the_ledger_keeps_the_time_it_is_asked_for(store: Any) -> None:
    with store.transaction() as tx:
        writer = LedgerWriter(tx, "a")
        writer.add(5, "x", {})
        writer.add(9, "x", {})
        writer.write()
        assert [tx.ledger_time("a", sequence) for sequence in (0, 1, 2, 3)] == [0, 5, 9, 0]
        assert tx.ledger_time("b", 1) == 0


def test_an_entry_dated_back_is_found() -> None:
    chain, head = [], ledger.EMPTY
    for at in (5, 9, 7, 8, 9):
        head, line = ledgers.chain(head, "a", at, "x", "", "1", "", {})
        chain.append(msgspec.json.decode(line, type=ledger.Entry))
    checked = ledger.Chain()
    assert not [finding for entry in chain for finding in checked.check(entry)], "the chain is whole"
    assert [(one.code, one.severity, one.location.element) for one in checked.dated_back] == [
        ("ledger.dated-back", "warning", "entry 3"), ("ledger.dated-back", "warning", "entry 4"),
    ]  # fmt: skip
