"""``anyshore demo``: the whole line of work from decision to invoice, on real input."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.rule import Rule

from anyshore.cli import output, run, terms
from anyshore.cli.shared import Lang
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.sourcing import sheets as sourcing
from anyshore.terms import months, sheets
from anyshore.terms.invoice import draft
from anyshore.web.site import system

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of real files; the shipped samples alone if left out.")
]
SEARCH = 20.0
"""Seconds the search of the week's roster may take."""
Most = Annotated[int | None, typer.Option("--most", min=1, help="At most so many real files of each service.")]


def demo(data: Data = None, most: Most = None, lang: Lang = "en") -> None:
    """Decide, engage, run both kinds of work, prove and bill: each step is also a command of its own."""
    system.start()
    from anyshore.web.site import demonstration

    if data is not None and not data.is_dir():
        output.out.print(f"No real files at {data}: the shipped samples are used.", highlight=False)
        data = None
    _step("1. Decide: anyshore decide portfolio.csv")
    output.told(sourcing.of_decisions(demonstration.decided(), lang))
    _tell(lang)
    _week(lang)
    _step("2. Engage: anyshore engage terms.yaml")
    packs = reading.shown()
    engaged, accounts = demonstration.engage_all(packs)
    output.told([*(f"Engagement {one.key}: terms signed." for one in engaged), demonstration.sheet(accounts)])
    for number, pack in enumerate(packs, 3):
        _run(number, pack, data, most, lang)
    for one in engaged:
        _prove(3 + len(packs), one.key, lang)


def _step(title: str) -> None:
    output.out.print()
    output.out.print(Rule(title, align="left"))


def _tell(lang: Lang) -> None:
    _step("Three months in two countries, told under a clock that is put back")
    from anyshore.web.engine import books
    from anyshore.web.site import story

    for one in story.tell():
        found = books.book(one.key)
        for month in sorted(found.documents):
            output.out.print(f"{one.key} {month}: {', '.join(bill.number for bill in found.documents[month])}")
            output.told(sheets.of_scorecard(draft(found, month), lang, cases=False))


def _week(lang: Lang) -> None:
    _step("A week of calls and mails for two clients in two zones: planned, served, one objective missed, billed")
    from anyshore.web.engine import books
    from anyshore.web.site import care_week

    begun = time.monotonic()
    week = care_week.tell(lambda: SEARCH - (time.monotonic() - begun))
    if week is None:
        return  # it was told before
    output.told(care_week.parts(week))
    for one in week.engagements.values():
        bill = draft(books.book(one.key), week.month)
        output.told([*sheets.of_scorecard(bill, lang, cases=False), *sheets.of_invoice(bill, lang)])
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / f"{one.key}.ledger.jsonl"
            books.export(one.key, target)
            terms.verify(target)


def _run(number: int, pack: Pack, data: Path | None, most: int | None, lang: Lang) -> None:
    from anyshore.web.site import runs, services

    _step(f"{number}. Run {pack.kind.upper()}: anyshore run {pack.id}")
    for shown, done in runs.demonstrated(services.ready(pack.id), data, most, run.progress):
        output.told(runs.parts(pack, done, f"{pack.title[lang]}: {shown.title[lang]}", lang))
        output.problems(done.outcome.problems)


def _prove(number: int, key: str, lang: Lang) -> None:
    _step(f"{number}. Prove and bill: anyshore scorecard {key}, anyshore invoice {key}, anyshore ledger verify")
    from anyshore.web.engine import books

    found, now = books.book(key), system.host().clock()
    month = months.month_of(now, found.versions[-1].terms.time_zone)
    bill = draft(found, month, until=now + 1)
    output.told([*sheets.of_scorecard(bill, lang, cases=False), *sheets.of_invoice(bill, lang)])
    output.problems(bill.findings)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{key}.ledger.jsonl"
        entries, _hash = books.export(key, target)
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
