"""A file of work as one batch: the same figures as if every row had gone alone, and exceptions that people pull."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from anyshore import feel
from anyshore.base import canonical
from anyshore.host.batched import contents, living, placing
from anyshore.host.bulk import deciding
from anyshore.host.bulk.deciding import Handed
from anyshore.host.bulk_ports import DONE, BatchRow
from anyshore.host.driver import Host, NewWork
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import Page
from anyshore.kernel.commands import Resolve
from anyshore.kernel.state import WORK
from anyshore.terms.book import Book
from anyshore.terms.corrections import as_issued, correction
from anyshore.terms.figures import figures
from anyshore.terms.invoice import draft
from anyshore.terms.ledger import Entry, verify_chain
from anyshore.terms.months import parse
from tests.draws import seeds
from tests.host.bulk_rows import frame, parquet, service
from tests.host.fixtures import SECOND, Clock

HOUR = 3_600 * SECOND
NOON = round(datetime(2027, 1, 12, 12, tzinfo=UTC).timestamp()) * SECOND
TERMS = """
id: acme
version: 1
client: {name: Acme, countries: [DE]}
provider: {name: Shore, countries: [PL]}
currency: EUR
start: 2027-01-01
time_zone: Europe/Berlin
shores: [nearshore]
services:
  payables:
    kind: bpo
    name: Payables
    prices:
      - {per: instance, name: Paid, outcomes: [paid, approve], tiers: [{up_to: 100, price: 1.85}, {price: 0.92}]}
      - {per: instance, name: Others, outcomes: [refused, later, ask], price: 0.31}
    objectives:
      decided: {measure: duration, name: In time, from: instance.started, to: instance.completed, within: {hours: 8},
                target: 99}
      paid: {measure: share, name: Paid, of: instance.completed, good: {outcome: [paid, approve]}, target: 90}
    credits: {at_risk: 10, bands: {decided: [{below: 99, credit: 3}], paid: [{below: 90, credit: 2}]}}
vat: {category: S, rate: 19}
"""


def ready(store: Any = None, name: str = "payables") -> Host:
    host = Host(store or MemoryStore(rollback=False), {}, clock=Clock(NOON))
    host.deploy("payables", service(name))
    with host.store.transaction() as tx:
        chain = LedgerWriter(tx, "acme")
        chain.add(NOON - 5 * HOUR, "engagement.signed", {"terms": TERMS})
        chain.write()
    return host


def handed(path: Path) -> Handed:
    return Handed("acme", "payables", "process:payable", path.name, deciding.digest_of(path), reference="reference")


def in_bulk(host: Host, path: Path) -> BatchRow:
    row, _ = deciding.begin(host, handed(path))
    deciding.decide(host, row.id, path)
    placing.place(host, row.id)
    host.work()
    with host.store.transaction() as tx:
        found = tx.batch(row.id)
    assert found is not None
    assert found.status == DONE
    return found


def alone(host: Host, rows: Iterable[dict[str, Any]]) -> None:
    host.start_all(
        NewWork(
            "process:payable", {name: feel.from_python(value) for name, value in row.items()}, engagement="acme",
            service="payables", reference=row["reference"],
        )
        for row in rows
    )  # fmt: skip
    host.work()


def work_on(host: Host, references: Iterable[str]) -> None:
    """Somebody takes the items of these pieces of work and finishes them."""
    wanted = set(references)
    with host.store.transaction() as tx:
        found = [row for row in tx.waits(Page(kind=WORK, limit=100_000)) if row.reference in wanted]
        for row in found:
            living.pull(host, tx, row.instance)
    for row in found:
        host.execute(row.instance, Resolve(at=host.clock(), by="ann@example.org", wait=row.wait))
    host.work()


def entries(host: Host) -> list[Entry]:
    with host.store.transaction() as tx:
        return [Entry(**json.loads(row.line)) for row in tx.ledger("acme")]


def billed(host: Host, month: str = "2027-01") -> dict[str, Any]:
    """A month as it is billed, without the digests of the cases: they have other numbers."""
    told = figures(draft(Book.of(entries(host)), parse(month)))
    for line in told["lines"]:
        del line["digest"]
    for one in told["objectives"]:
        del one["cases"], one["missed"]
    return told


@pytest.mark.parametrize("name", ["payables", "payroll", "segments"])
def test_the_invoice_is_that_of_every_row_alone(tmp_path: Path, name: str) -> None:
    """So are scorecard and credits, at every moment: before exceptions are worked, while they are, and afterwards."""
    path, given = parquet(tmp_path, 600), frame(600)
    one, other = ready(name=name), ready(name=name)
    row = in_bulk(one, path)
    alone(other, given.iter_rows(named=True))
    assert (row.rows, row.through + row.waiting + row.alone) == (600, 600)
    assert row.through > 200
    assert (row.waiting > 80, row.alone > 80) == (name != "segments", name == "payables")
    assert billed(one) == billed(other)
    approving = [called for called, zone, amount in given.iter_rows() if zone == "EU" and amount > 200]
    for host in (one, other):
        host.clock.now += HOUR  # type: ignore[attr-defined]
        work_on(host, approving[:70])
        host.clock.now += 9 * HOUR  # type: ignore[attr-defined]
        work_on(host, approving[70:90])
    assert billed(one) == billed(other)
    objective = billed(one)["objectives"][0]
    assert (objective["met"] < objective["counted"]) == (row.waiting > 0)
    assert verify_chain(entries(one)) == []


def test_the_records_of_an_exception_are_those_of_a_row_alone(tmp_path: Path) -> None:
    path, given = parquet(tmp_path, 60), frame(60)
    one, other = ready(), ready()
    in_bulk(one, path)
    alone(other, given.iter_rows(named=True))
    with one.store.transaction() as tx, other.store.transaction() as others:
        for wait in list(tx.waits(Page(kind=WORK, limit=100))):
            assert living.pull(one, tx, wait.instance)
            assert not living.pull(one, tx, wait.instance)
            same = next(row for row in others.waits(Page(kind=WORK, limit=100)) if row.reference == wait.reference)
            mine, its = tx.turns(wait.instance), others.turns(same.instance)
            assert [(turn.at, turn.command, turn.records) for turn in mine] == [
                (turn.at, turn.command, turn.records) for turn in its
            ]
            again = tx.find_wait(wait.instance, wait.wait)
            assert again is not None
            assert (again.data, again.opened, again.name) == (same.data, same.opened, same.name)


def test_a_time_that_comes_makes_an_instance(tmp_path: Path) -> None:
    host = ready()
    row = in_bulk(host, parquet(tmp_path, 100))
    waiting = next(one for one in contents.read(row).classes if one.element == "later").rows
    with host.store.transaction() as tx:
        assert dict(tx.still_waiting(row.id))["later"] == waiting
        before = tx.look(range(row.id * 10**9, row.id * 10**9 + 101))
    host.clock.now += HOUR + SECOND  # type: ignore[attr-defined]
    host.work()
    with host.store.transaction() as tx:
        assert "later" not in dict(tx.still_waiting(row.id))
        after = tx.look(range(row.id * 10**9, row.id * 10**9 + 101))
    fresh = [one for number, one in after.items() if number not in before]
    assert [one.status for one in fresh] == ["ended"] * waiting
    assert {one.ended for one in fresh} == {host.clock()}


def test_the_same_file_again_is_the_same_batch(tmp_path: Path) -> None:
    host = ready()
    path = parquet(tmp_path, 50)
    first, size = in_bulk(host, path), len(entries(host))
    again, fresh = deciding.begin(host, handed(path))
    assert (again.id, fresh) == (first.id, False)
    in_bulk(host, path)
    assert len(entries(host)) == size


def test_rows_no_plan_moves_go_as_instances_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anyshore.columnar.routes.MOST_ROUTES", 2)
    host = ready()
    row = in_bulk(host, parquet(tmp_path, 40))
    assert (row.rows, row.alone, row.waiting, row.through) == (40, 40, 0, 0)
    with host.store.transaction() as tx:
        numbers = range(row.id * 10**9 + 1, row.id * 10**9 + 41)
        assert len(tx.look(numbers)) == 40


@pytest.mark.drawn
@pytest.mark.parametrize("seed", seeds(4, 200))
def test_interrupted_anywhere_it_goes_on_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every commit may be the last of a process: nothing is lost, nothing stands twice."""
    monkeypatch.setattr("anyshore.host.batched.documents.GROUP", 32)
    monkeypatch.setattr("anyshore.host.batched.documents.PART", 128)
    path = parquet(tmp_path, 600)
    whole = ready()
    in_bulk(whole, path)
    host, dying = ready(MemoryStore()), Random(seed)
    alive = host.store
    host.store = Dying(alive, dying)
    for _ in range(200):
        try:
            in_bulk(host, path)
        except Killed:
            continue
        break
    host.store = alive
    assert [canonical.encode(one.data) for one in entries(host) if one.type == "batch.decided"] == [
        canonical.encode(one.data) for one in entries(whole) if one.type == "batch.decided"
    ]
    assert billed(host) == billed(whole)
    for kind in ("work", "timer", "message"):
        with host.store.transaction() as tx, whole.store.transaction() as others:
            found, wanted = (
                sorted((row.instance, row.element, row.reference) for row in one.waits(Page(kind=kind, limit=1_000)))
                for one in (tx, others)
            )
            assert found == wanted


class Killed(BaseException):
    """The process ends."""


class Dying:
    """A store whose process ends at some of its commits, right before or right after."""

    def __init__(self, store: Any, random: Random) -> None:
        self.store, self.random, self.shared = store, random, False
        self.release, self.advancing = store.release, store.advancing

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        fate = self.random.random()
        with self.store.transaction() as tx:
            yield tx
            if fate < 0.04:
                raise Killed
        if fate > 0.96:
            raise Killed


def test_a_row_that_is_through_is_looked_at_by_itself_and_opened_again(tmp_path: Path) -> None:
    """It is a case of its own then: first as it ended, and once it is opened again as one that has not ended."""
    host = ready()
    row = in_bulk(host, parquet(tmp_path, 100))
    through = [at for at, (_, zone, amount) in enumerate(frame(100).iter_rows(), 1) if zone == "EU" and amount <= 200]
    before = billed(host)
    first, number = (row.id * 10**9 + at for at in through[:2])
    with host.store.transaction() as tx:
        assert living.pull(host, tx, first)
        assert tx.look([first])[first].status == "ended"
    assert billed(host) == before
    with host.store.transaction() as tx:
        told = figures(draft(Book.of(entries(host)), parse("2027-01")))
        chain = LedgerWriter(tx, "acme")
        chain.add(host.clock(), "invoice.issued", {"number": "1", "month": "2027-01", "figures": told})
        chain.write()
    host.clock.now += 40 * 24 * HOUR  # type: ignore[attr-defined]
    with host.store.transaction() as tx:
        living.reopen(host, tx, number, "max@example.org", "The amount was wrong.", {"amount": Decimal(700)})
        wait = next(one for one in tx.waits(Page(kind=WORK, limit=1_000)) if one.instance == number)
    book, january = Book.of(entries(host)), parse("2027-01")
    assert [late.instance for late in book.late_for(january, book.documents[january][0])] == [str(number)]
    assert as_issued(book, january).net == Decimal(told["net"])
    correcting = correction(book, january)
    assert Decimal(correcting.difference["net"]["amount"]) < 0
    host.execute(number, Resolve(at=host.clock(), by="ann@example.org", wait=wait.wait))
    assert billed(host, "2027-02")["lines"][0]["quantity"] == "1"
    assert host.state(number).variables[1]["amount"] == Decimal(700)


def test_every_store_keeps_batches_alike(tmp_path: Path, store: Any) -> None:
    host, twin = ready(store), ready()
    path = parquet(tmp_path, 300)
    row, wanted = in_bulk(host, path), in_bulk(twin, path)
    with host.store.transaction() as tx, twin.store.transaction() as others:
        for kind in ("work", "timer", "message"):
            page = Page(kind=kind, limit=1_000)
            assert {(one.instance, one.wait): one for one in tx.waits(page)} == {
                (one.instance, one.wait): one for one in others.waits(page)
            }
        assert tx.still_waiting(row.id) == others.still_waiting(wanted.id)
        later = host.clock() + HOUR
        assert sorted(tx.rows_due(later, 1_000)) == sorted(others.rows_due(later, 1_000))
        assert tx.rows_due(later - 1, 10) == []
        found = tx.waiting_rows(row.id, "approve", 0, 5)
        assert list(found) == list(others.waiting_rows(wanted.id, "approve", 0, 5))
        assert [one.id for one in tx.batches("acme")] == [row.id]
        assert tx.batches("acme", unfinished=True) == tx.batches("another") == []
        assert tx.batch(row.id) == wanted
        assert living.pull(host, tx, found[0])
        assert not living.pull(host, tx, found[0])
        assert sum(number for _, number in tx.still_waiting(row.id)) == row.waiting - 1
    assert entries(host)[1].data == entries(twin)[1].data
