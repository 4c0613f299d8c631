"""``anyshore demo``: the whole line of work from decision to invoice, on real input."""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.rule import Rule

from anyshore.cli import engagements, ledger, output, run, system, terms
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
    packs = _shown()
    _decide(lang)
    keys = _engage(packs)
    for number, pack in enumerate(packs, 3):
        _run(number, pack, data, most, lang)
    for key in keys:
        _prove(3 + len(packs), key, lang)


def _shown() -> list[Pack]:
    """The packs that have something to show, in their order."""
    packs = [(pack.demonstration.order, pack) for pack in map(reading.read, reading.find()) if pack.demonstration]
    return [pack for _order, pack in sorted(packs, key=lambda one: (one[0], one[1].id))]


def _step(title: str) -> None:
    output.out.print()
    output.out.print(Rule(title, align="left"))


def _decide(lang: Lang) -> None:
    _step("1. Decide: anyshore decide portfolio.csv")
    content = files("anyshore.sourcing").joinpath("samples", "portfolio.csv").read_bytes()
    rules = Rules()
    found = [rules.decide(activity) for activity in portfolio.read(content, "portfolio.csv").activities]
    output.told(sourcing.of_decisions(found, lang))


def _engage(packs: list[Pack]) -> list[str]:
    _step("2. Engage: anyshore engage terms.yaml")
    keys = []
    for pack in packs:
        assert pack.terms is not None  # its check says so
        key, accounts, _ = engagements.sign(pack.terms.read_text(encoding="utf-8"))
        output.out.print(f"Engagement {key}: terms signed.", highlight=False)
        keys.append(key)
    output.told([engagements.sheet_of(accounts)])
    from anyshore.web.core.models import Engagement
    from anyshore.web.site import demonstration

    demonstration.decide_sample(Engagement.objects.get(key=keys[0]))
    return keys


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
    from anyshore.web.engine.books import book

    found = book(key)
    host = system.host()
    month = months.month_of(host.clock(), found.versions[-1].terms.time_zone)
    bill = draft(found, month, until=host.clock() + 1)
    output.told(sheets.of_scorecard(bill, lang, cases=False))
    output.told(sheets.of_invoice(bill, lang))
    output.problems(bill.findings)
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
