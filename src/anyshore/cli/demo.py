"""``anyshore demo``: the whole line of work from decision to invoice, on real input."""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.rule import Rule

from anyshore.cli import contract_review, decide, engagements, ledger, output, payables, run, system, terms
from anyshore.packs import reading
from anyshore.sourcing import portfolio
from anyshore.sourcing.decide import Rules
from anyshore.terms import months
from anyshore.terms.invoice import draft

CONTRACTS = 60
"""Contracts of the real data the demonstration reviews."""


def demo(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of real files; the shipped samples alone if left out.")
    ] = None,
    contracts: Annotated[int, typer.Option(help="How many of the real contracts to review.")] = CONTRACTS,
    lang: output.Language = "en",
) -> None:
    """Decide, engage, run both kinds of work, prove and bill: each step is also a command of its own."""
    system.start()
    if data is not None and not data.is_dir():
        output.out.print(f"No real files at {data}: the shipped samples are used.", highlight=False)
        data = None
    with output.failing():
        _decide(lang)
        payables_key, review_key = _engage()
        _payables(data)
        _contract_review(data, contracts)
        for key in (payables_key, review_key):
            _prove(key, lang)


def _step(title: str) -> None:
    output.out.print()
    output.out.print(Rule(title, align="left"))


def _decide(lang: str) -> None:
    _step("1. Decide: anyshore decide portfolio.csv")
    content = files("anyshore.sourcing").joinpath("samples", "portfolio.csv").read_bytes()
    rules = Rules()
    decide.show([rules.decide(a) for a in portfolio.read(content, "portfolio.csv").activities], lang, reasons=False)


def _engage() -> tuple[str, str]:
    _step("2. Engage: anyshore engage terms.yaml")
    keys = []
    for name in ("payables", "contract-review"):
        path = reading.named(name).terms
        assert path is not None
        key, accounts, _ = engagements.sign(path.read_text(encoding="utf-8"))
        output.out.print(f"Engagement {key}: terms signed.", highlight=False)
        keys.append(key)
    engagements.show_accounts(accounts)
    from anyshore.web.core.models import Engagement
    from anyshore.web.site import demonstration

    demonstration.decide_sample(Engagement.objects.get(key=keys[0]))
    return keys[0], keys[1]


def _payables(data: Path | None) -> None:
    _step("3. Run BPO: anyshore run payables")
    host, key, zone = engagements.ready(payables.SERVICE, None)
    samples = run.payables_folder(None)
    payables.show(payables.run(host, key, zone, samples, simulate=False), "Accounts payable: shipped samples")
    if data is not None and (data / "einvoice").is_dir():
        report = payables.run(host, key, zone, data / "einvoice", simulate=True)
        payables.show(report, "Accounts payable: real files")


def _contract_review(data: Path | None, contracts: int) -> None:
    _step("4. Run KPO: anyshore run contract-review")
    host, key, zone = engagements.ready(contract_review.SERVICE, None)
    contract_review.demonstrate(host, key, zone, data, contracts)


def _prove(key: str, lang: str) -> None:
    _step(f"5. Prove and bill: anyshore scorecard {key}, anyshore invoice {key}, anyshore ledger verify")
    from anyshore.web.engine.books import book

    found = book(key)
    host = system.host()
    month = months.month_of(host.clock(), found.versions[-1].terms.time_zone)
    bill = draft(found, month, until=host.clock() + 1)
    engagements.show_scorecard(bill, lang, cases=False)
    engagements.show_invoice(bill, lang, cases=False)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{key}.ledger.jsonl"
        entries, _ = ledger.write(key, target)
        output.out.print(f"Ledger exported: {entries:,} entries. Every figure again, from the file alone:")
        terms.verify(target)
        terms.recompute(target, month=[str(month)], lang=lang)
        _tamper(target)


def _tamper(target: Path) -> None:
    """Changes one byte in the middle of the export and shows that it is found."""
    content = bytearray(target.read_bytes())
    place = len(content) // 2
    content[place] ^= 1
    target.write_bytes(content)
    output.out.print(f"One bit of byte {place:,} changed; verified again:", highlight=False)
    try:
        terms.verify(target)
    except typer.Exit:
        return
    raise typer.Exit(1)  # a changed byte that is not found is a failure of the demonstration
