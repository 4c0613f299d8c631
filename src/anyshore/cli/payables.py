"""``anyshore run payables``: electronic invoices from a folder to decisions, and what came of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from anyshore.activities import reference_files
from anyshore.activities.einvoice import read as read_invoice
from anyshore.activities.payables import orders, sellers
from anyshore.activities.payables.identity import seller_key
from anyshore.activities.payables.simulated_orders import simulate_orders
from anyshore.base.errors import DefinitionError, Diagnostic, HostError
from anyshore.cli import output
from anyshore.cli.intake import Received, invoices
from anyshore.host import listing
from anyshore.host.driver import Host, NewWork
from anyshore.host.jobs import StoredRecords
from anyshore.host.ports import Page
from anyshore.kernel.state import ROOT
from anyshore.packs import reading

SERVICE = "payables"
CHUNK = 200
"""Documents that are looked up at a time."""
PAGE = 500
"""Instances that are read at a time for the report."""
WAIT = 1.0
"""Seconds between two looks at what another worker does."""
PATIENCE = 30
"""Looks without any progress after which a run ends with what is there."""


@dataclass(slots=True)
class Report:
    """What came of a run, read from the store: the same after any number of restarts.

    Attributes:
        received: documents of this run.
        outcomes: how many ended how (booked, returned, rejected).
        straight_through: booked or returned without any person.
        waiting: open work items by reason.
        rules: violated rules of returned invoices: how many invoices each.
        unreadable: problem codes of documents that are no readable invoice.
        incidents: open incidents.
        undecided: neither ended nor waiting for a person: work that is still due.
        seconds: wall-clock time of this run.
        worked: commands and jobs done in this run.
        simulated: whether orders and sellers were made up.
        problems: files that could not be received.
    """

    received: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    straight_through: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    incidents: int = 0
    undecided: int = 0
    seconds: float = 0.0
    worked: int = 0
    simulated: bool = False
    problems: list[Diagnostic] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        per_invoice = round(1000 * self.seconds / self.received, 1) if self.received else None
        return {
            "received": self.received, "outcomes": dict(self.outcomes), "straight_through": self.straight_through,
            "straight_through_rate": round(self.straight_through / self.received, 4) if self.received else None,
            "exceptions": dict(self.waiting.most_common()), "rules": dict(self.rules.most_common()),
            "unreadable": dict(self.unreadable.most_common()), "incidents": self.incidents,
            "undecided": self.undecided, "seconds": round(self.seconds, 2), "ms_per_invoice": per_invoice,
            "worked": self.worked, "simulated_orders_and_sellers": self.simulated,
            "problems": [problem.as_dict() for problem in self.problems],
        }  # fmt: skip


def run(host: Host, engagement: str, zone: str, folder: Path, *, simulate: bool) -> Report:
    """Receives every invoice of a folder once and works until nothing is due.

    Args:
        host: the host.
        engagement: id of the engagement it is done under.
        zone: its time zone.
        folder: the files, or one of them; ``purchase-orders.csv`` and ``sellers.csv`` in it are the reference data.
        simulate: make orders and sellers up from the invoices themselves.

    Raises:
        DataError: the folder or the reference data cannot be used.
    """
    begun = time.monotonic()
    pack = reading.named(SERVICE)
    host.deploy(pack.id, pack.definitions)
    found = invoices(folder)
    load_references(host, engagement, found.folder)
    if simulate:
        _simulate(host, engagement, found)
    with output.progress("Receiving", None) as advance:
        documents = _named_apart(host, engagement, found)
        ids = host.start_all((_new(pack.starts, engagement, zone, one) for one in documents), progress=advance)
    host.recover()
    with output.progress("Deciding, jobs and commands done", None) as advance:
        worked = host.work(progress=advance)
    report, more = _settled(host, engagement, set(ids))
    worked += more
    report.seconds, report.worked, report.simulated = time.monotonic() - begun, worked, simulate
    report.problems = found.problems
    return report


def _settled(host: Host, engagement: str, instances: set[int]) -> tuple[Report, int]:
    """The report once all is decided, and what was worked for it: another worker may have taken a part of it.

    Waits as long as the other one gets on.
    """
    report, worked, still = summarise(host, engagement, instances), 0, 0
    while report.undecided and still < PATIENCE:
        time.sleep(WAIT)
        worked += host.work()
        before, report = report.undecided, summarise(host, engagement, instances)
        still = still + 1 if report.undecided >= before else 0
    return report, worked


def _named_apart(host: Host, engagement: str, found: Iterable[Received]) -> Iterator[Received]:
    """The documents, each under a reference of its own.

    A reference is started once. Where another document was received under the same path before (another folder, a
    corrected file), the digest tells the two apart.
    """
    remaining = iter(found)
    while chunk := list(islice(remaining, CHUNK)):
        with host.store.transaction() as tx:
            known = tx.find_started(engagement, SERVICE, [one.reference for one in chunk])
        for one in chunk:
            if one.reference in known and _document_of(host, known[one.reference]) not in (None, one.digest):
                one = replace(one, reference=f"{one.reference} ({one.digest[:8]})")
            yield one


def _document_of(host: Host, instance: int) -> str | None:
    """The digest of the document an instance is about; None where it is in the archive or held by a worker."""
    try:
        return host.state(instance).variables.get(ROOT, {}).get("document")
    except HostError:
        return None


def _new(target: str, engagement: str, zone: str, one: Received) -> NewWork:
    return NewWork(
        target, {"document": one.digest, "name": one.reference}, engagement=engagement, service=SERVICE,
        reference=one.reference, zone=zone, documents={one.digest: (one.reference, one.content)},
    )  # fmt: skip


def load_references(host: Host, engagement: str, folder: Path) -> None:
    """Loads the reference data of a folder: orders and approved sellers. A row that is known already stays.

    Raises:
        DataError: with every problem of a file.
    """
    for name, kind in reference_files.FILES.items():
        path = folder / name
        if path.is_file():
            table = StoredRecords(host.store, engagement, kind)
            table.put_all(reference_files.READERS[kind](path.read_bytes(), str(path)))


def _simulate(host: Host, engagement: str, received: Iterable[Received]) -> None:
    found = []
    approved: dict[str, sellers.Seller] = {}
    for one in received:
        try:
            invoice = read_invoice(one.content, one.reference)
        except DefinitionError:
            continue  # the process itself says what is wrong with it
        found.append(invoice)
        accounts = tuple(means.account for means in invoice.payment if means.account)
        known = approved.get(seller_key(invoice.seller))
        if known is not None:
            accounts = tuple(dict.fromkeys((*known.accounts, *accounts)))
        party = invoice.seller
        approved[seller_key(party)] = sellers.Seller(party.name, party.vat_id, accounts, "4900")
    StoredRecords(host.store, engagement, orders.KIND).put_all(orders.rows(simulate_orders(found)))
    rows = [(key, row) for key, (_, row) in zip(approved, sellers.rows(approved.values()), strict=True)]
    StoredRecords(host.store, engagement, sellers.KIND).put_all(rows)


def summarise(host: Host, engagement: str, instances: set[int]) -> Report:
    """What came of these instances."""
    report = Report()
    page = Page(engagement=engagement, service=SERVICE, limit=PAGE)
    waits = [(wait.instance, wait.kind) for wait in listing.waits(host.store, page) if wait.instance in instances]
    open_work = {instance for instance, kind in waits if kind == "work"}
    troubled = {instance for instance, kind in waits if kind == "incident"}
    for row in listing.instances(host.store, page):
        if row.id not in instances:
            continue
        report.received += 1
        try:
            variables = host.state(row.id).variables.get(ROOT, {})
        except HostError:  # another worker has it
            report.undecided += 1
            continue
        if row.status == "ended":
            _ended(report, row.outcome, variables)
        elif row.id in open_work:
            report.waiting[(variables.get("disposition") or {}).get("reason", "unknown")] += 1
        elif row.id in troubled:
            report.incidents += 1
        else:
            report.undecided += 1
    return report


def _ended(report: Report, end: str | None, variables: dict[str, Any]) -> None:
    outcome = variables.get("outcome") or end or "?"
    report.outcomes[outcome] += 1
    if "clarification" not in variables:
        report.straight_through += 1
    if outcome == "returned":
        report.rules.update(variables.get("rules") or [])
        if variables.get("problems"):
            report.unreadable.update({problem["code"]: 1 for problem in variables["problems"]})


def show(report: Report, title: str) -> None:
    """Prints the report as tables."""
    share = Decimal(100 * report.straight_through) / report.received if report.received else Decimal(0)
    rows = [
        ("Received", report.received),
        *((f"  {name}", count) for name, count in sorted(report.outcomes.items())),
        ("  waiting for a person", sum(report.waiting.values())),
        *((("  incidents", report.incidents),) if report.incidents else ()),
        *((("  still due", report.undecided),) if report.undecided else ()),
        ("Straight through", f"{report.straight_through} ({share:.1f} %)"),
        ("Time per invoice", f"{1000 * report.seconds / max(report.received, 1):.1f} ms"),
    ]
    output.table(title, ("Invoices", "Count"), rows, right=(1,))
    if report.simulated:
        output.out.print("Orders and approved sellers were made up from the invoices themselves (--simulate-orders).")
    if report.waiting:
        output.table("Exceptions by reason", ("Reason", "Count"), report.waiting.most_common(), right=(1,))
    if report.rules:
        title = "Returned: violated rules (first 15)"
        output.table(title, ("Rule", "Invoices"), report.rules.most_common(15), right=(1,))
    if report.unreadable:
        output.table("Returned: not readable", ("Problem", "Count"), report.unreadable.most_common(), right=(1,))
