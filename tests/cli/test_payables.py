"""Runs of accounts payable over folders, on a host in memory."""

from __future__ import annotations

import shutil
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from anyshore.cli.payables import Report

from anyshore.activities.einvoice import read
from anyshore.activities.families import ACTIVITIES
from anyshore.cli import payables
from anyshore.host.driver import Host
from anyshore.host.memory import MemoryStore
from anyshore.host.ports import Page
from anyshore.packs import reading

SAMPLES = reading.named("payables").folder / "samples"
NOW = 1_767_258_000_000_000  # 1 January 2026


@pytest.fixture
def host() -> Host:
    return Host(MemoryStore(rollback=False), ACTIVITIES, clock=lambda: NOW, worker="test")


def run(host: Host, folder: Path, *, simulate: bool = False) -> Report:
    return payables.run(host, "mill", "Europe/Berlin", folder, simulate=simulate)


def instances(host: Host) -> list[str]:
    with host.store.transaction() as tx:
        return sorted(row.reference for row in tx.instances(Page(engagement="mill", limit=1000)))


def folder_with(path: Path, **files: str) -> Path:
    path.mkdir()
    for name in ("purchase-orders.csv", "sellers.csv"):
        shutil.copy(SAMPLES / name, path)
    for name, sample in files.items():
        shutil.copy(SAMPLES / sample, path / f"{name}.xml")
    return path


def test_the_samples_end_as_their_readme_says_and_again(host: Host) -> None:
    first = run(host, SAMPLES)
    assert (first.received, dict(first.outcomes), sum(first.waiting.values())) == (15, {"booked": 6, "returned": 3}, 6)
    again = run(host, SAMPLES)
    assert (again.outcomes, again.waiting, again.worked) == (first.outcomes, first.waiting, 0)
    assert len(instances(host)) == 15


def test_other_documents_under_the_same_names_are_decided_too(host: Host, tmp_path: Path) -> None:
    one = folder_with(tmp_path / "one", a="01-matching-ubl.xml", b="06-wrong-total-ubl.xml")
    two = folder_with(tmp_path / "two", a="02-matching-cii.xml", b="06-wrong-total-ubl.xml")
    assert run(host, one).outcomes == Counter(booked=1, returned=1)
    assert run(host, two).outcomes == Counter(booked=1, returned=1)
    assert len(instances(host)) == 3, "the same content is the same document"
    shutil.copy(SAMPLES / "12-two-rates-cii.xml", two / "b.xml")  # the sender corrected it
    assert run(host, two).received == 2
    assert run(host, two).worked == 0
    assert run(host, one).worked == 0
    found = instances(host)
    assert found == ["a.xml", "a.xml", "b.xml", "b.xml"], "a name is no identity"


def test_a_file_that_cannot_be_received_does_not_stop_the_others(host: Host, tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml", b="08-not-xml.xml")
    (folder / "c.docx").write_bytes(b"x" * 60_000)
    (folder / "d.xml").symlink_to("nowhere")
    report = run(host, folder)
    assert report.outcomes == Counter(booked=1, returned=1)
    assert [problem.code for problem in report.problems] == ["intake.ending", "file.unreadable"]
    assert [problem["file"] for problem in report.as_dict()["problems"]] == ["c.docx", "d.xml"]


def test_simulated_orders_reach_every_branch_and_are_named_as_such(host: Host, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for sample in SAMPLES.glob("*.xml"):
        shutil.copy(sample, folder)
    report = run(host, folder, simulate=True)
    assert report.simulated
    assert report.outcomes["booked"] > 0
    assert report.undecided == report.incidents == 0


def test_an_invoice_that_collects_for_third_parties_goes_to_a_person(host: Host, tmp_path: Path) -> None:
    """XRechnung extension: it is valid, and more is to be paid than was bought."""
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml")
    text = (folder / "a.xml").read_text(encoding="utf-8")
    extension = (
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
        "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    )
    payment = '<cac:PrepaidPayment><cbc:PaidAmount currencyID="EUR">7.00</cbc:PaidAmount></cac:PrepaidPayment>'
    due = read(text.encode(), "a.xml").totals.due
    for old, new in (
        ("urn:cen.eu:en16931:2017<", f"{extension}<"), ("<cac:TaxTotal>", f"{payment}<cac:TaxTotal>"),
        (f">{due}</cbc:PayableAmount>", f">{due + 7}</cbc:PayableAmount>"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    (folder / "a.xml").write_text(text, encoding="utf-8")
    assert run(host, folder).waiting == Counter({"third parties": 1})


def test_a_run_waits_for_what_another_worker_has_taken(host: Host, tmp_path: Path, monkeypatch) -> None:
    """The other one takes all the work there is, and does it while this run looks on."""
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml", b="06-wrong-total-ubl.xml")
    monkeypatch.setattr(payables, "WAIT", 0.0)
    looks, work = count(1), host.work
    monkeypatch.setattr(host, "work", lambda **_: 0 if next(looks) < 4 else work())
    assert run(host, folder).outcomes == Counter(booked=1, returned=1)


def test_a_run_ends_with_what_is_there_when_nobody_gets_on(host: Host, tmp_path: Path, monkeypatch) -> None:
    folder = folder_with(tmp_path / "in", a="01-matching-ubl.xml")
    monkeypatch.setattr(payables, "WAIT", 0.0)
    monkeypatch.setattr(host, "work", lambda **_: 0)
    report = run(host, folder)
    assert (report.received, report.undecided, report.worked) == (1, 1, 0)


def test_one_file_alone(host: Host) -> None:
    report = run(host, SAMPLES / "01-matching-ubl.xml")
    assert (report.received, report.outcomes) == (1, Counter(booked=1)), "with the reference data beside it"
    assert instances(host) == ["01-matching-ubl.xml"]
