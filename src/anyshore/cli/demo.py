"""``anyshore demo``: the whole line of work from decision to invoice, on real input."""

from __future__ import annotations

import tempfile
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.rule import Rule

from anyshore.cli import engagements, output, run, system, terms
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.sourcing import portfolio
from anyshore.sourcing import sheets as sourcing
from anyshore.sourcing.decide import Rules
from anyshore.terms import months, sheets
from anyshore.terms.invoice import draft
from anyshore.terms.messages import Lang


def demo(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of real files; the shipped samples alone if left out.")
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", min=1, help="At most so many real files of each service.")
    ] = None,
    lang: output.Language = "en",
) -> None:
    """Decide, engage, run both kinds of work, prove and bill: each step is also a command of its own."""
    system.start()
    if data is not None and not data.is_dir():
        output.out.print(f"No real files at {data}: the shipped samples are used.", highlight=False)
        data = None
    packs = reading.shown()
    _decide(lang)
    _tell(lang)
    keys = _engage(packs)
    for number, pack in enumerate(packs, 3):
        _run(number, pack, data, most, lang)
    for key in keys:
        _prove(3 + len(packs), key, lang)


def _step(title: str) -> None:
    output.out.print()
    output.out.print(Rule(title, align="left"))


def _decide(lang: Lang) -> None:
    _step("1. Decide: anyshore decide portfolio.csv")
    content = files("anyshore.sourcing").joinpath("samples", "portfolio.csv").read_bytes()
    rules = Rules(date.today())  # noqa: DTZ011 - decided where the demonstration runs
    found = [rules.decide(activity) for activity in portfolio.read(content, "portfolio.csv").activities]
    output.told(sourcing.of_decisions(found, lang))


def _tell(lang: Lang) -> None:
    _step("Three months in two countries, told under a clock that is put back")
    from anyshore.web.engine import books
    from anyshore.web.site import story

    for one in story.tell():
        found = books.book(one.key)
        for month in sorted(found.documents):
            output.out.print(f"{one.key} {month}: {', '.join(bill.number for bill in found.documents[month])}")
            output.told(sheets.of_scorecard(draft(found, month), lang, cases=False))


def _engage(packs: list[Pack]) -> list[str]:
    _step("2. Engage: anyshore engage terms.yaml")
    from anyshore.web.site import demonstration

    engaged = []
    for pack in packs:
        assert pack.terms is not None  # its check says so
        made, accounts, _signed = demonstration.engage(pack.terms.read_text(encoding="utf-8"))
        output.told([f"Engagement {made.key}: terms signed."])
        engaged.append(made)
    output.told([engagements.sheet_of(accounts)])
    demonstration.decide_sample(engaged[0])
    return [one.key for one in engaged]


def _run(number: int, pack: Pack, data: Path | None, most: int | None, lang: Lang) -> None:
    from anyshore.web.site import runs, services

    assert pack.demonstration is not None
    _step(f"{number}. Run {pack.kind.upper()}: anyshore run {pack.id}")
    ready = services.ready(pack.id)
    for shown in pack.demonstration.runs:
        source = runs.source(ready, (), None, None)
        if shown.data is not None:
            found = runs.shown_source(data, shown, most) if data is not None else None
            if found is None:
                continue
            source = found
        done = runs.run(ready, source, runs.Options(shown.play, shown.simulate, None, run.progress))
        run.show(pack, done, f"{pack.title[lang]}: {shown.title[lang]}", lang)


def _prove(number: int, key: str, lang: Lang) -> None:
    _step(f"{number}. Prove and bill: anyshore scorecard {key}, anyshore invoice {key}, anyshore ledger verify")
    from anyshore.web.engine import books

    found = books.book(key)
    host = system.host()
    month = months.month_of(host.clock(), found.versions[-1].terms.time_zone)
    bill = draft(found, month, until=host.clock() + 1)
    output.told(sheets.of_scorecard(bill, lang, cases=False))
    output.told(sheets.of_invoice(bill, lang))
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
