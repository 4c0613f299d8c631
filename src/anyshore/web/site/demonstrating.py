"""The whole line of work from decision to invoice, on real input: step by step, as it is told."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anyshore.base.commands import Lang, Progress, Told
from anyshore.packs import reading
from anyshore.packs.reading import Pack
from anyshore.sourcing import sheets as sourcing
from anyshore.terms import exports, months, recompute, sheets
from anyshore.terms.exports import Verification
from anyshore.terms.invoice import draft
from anyshore.web.engine import books
from anyshore.web.engine.running import host
from anyshore.web.site import care_week, demonstration, runs, services, story

SEARCH = 20.0
"""Seconds the search of the week's roster may take."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step begins."""

    title: str


class MissedError(Exception):
    """A changed byte was not found: a failure of the demonstration."""


def steps(data: Path | None, most: int | None, lang: Lang, progress: Progress) -> Iterator[Step | Told]:
    """Everything, one after the other; each step is also a command of its own.

    Args:
        data: folder of real files; None for the shipped samples alone.
        most: how many real files of each service at most.
        lang: of titles.
        progress: shows how far a run has come.

    Raises:
        MissedError: the ledger does not prove what it should.
    """
    yield Step("1. Decide: anyshore decide portfolio.csv")
    yield sourcing.of_decisions(demonstration.decided(), lang)
    yield from _months(lang)
    yield from _week(lang)
    yield Step("2. Engage: anyshore engage terms.yaml")
    packs = reading.shown()
    engaged, accounts = demonstration.engage_all(packs)
    yield (f"Engagement {one.key}: terms signed." for one in engaged)
    yield demonstration.sheet(accounts)
    for number, pack in enumerate(packs, 3):
        yield from _run(number, pack, data, most, lang, progress)
    for one in engaged:
        yield from _prove(3 + len(packs), one.key, lang)


def _months(lang: Lang) -> Iterator[Step | Told]:
    yield Step("Three months in two countries, told under a clock that is put back")
    for one in story.tell():
        found = books.book(one.key)
        for month in sorted(found.documents):
            yield f"{one.key} {month}: {', '.join(bill.number for bill in found.documents[month])}"
            yield sheets.of_scorecard(draft(found, month), lang, cases=False)


def _week(lang: Lang) -> Iterator[Step | Told]:
    yield Step("A week of calls and mails for two clients in two zones: planned, served, one objective missed, billed")
    begun = time.monotonic()
    week = care_week.tell(lambda: SEARCH - (time.monotonic() - begun))
    if week is None:
        return  # it was told before
    yield care_week.parts(week)
    for one in week.engagements.values():
        bill = draft(books.book(one.key), week.month)
        yield sheets.of_scorecard(bill, lang, cases=False)
        yield sheets.of_invoice(bill, lang)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / f"{one.key}.ledger.jsonl"
            books.export(one.key, target)
            sound = exports.verify_export(target)
        yield _told(sound)
        if sound.findings:
            raise MissedError(one.key)


def _run(
    number: int, pack: Pack, data: Path | None, most: int | None, lang: Lang, progress: Progress
) -> Iterator[Step | Told]:
    yield Step(f"{number}. Run {pack.kind.upper()}: anyshore run {pack.id}")
    ready = services.ready(pack.id)
    for shown, done in runs.demonstrated(ready, data, most, lambda title: progress(title, None)):
        yield runs.parts(pack, done, f"{pack.title[lang]}: {shown.title[lang]}", lang)
        yield done.outcome.problems


def _prove(number: int, key: str, lang: Lang) -> Iterator[Step | Told]:
    yield Step(f"{number}. Prove and bill: anyshore scorecard {key}, anyshore invoice {key}, anyshore ledger verify")
    found, now = books.book(key), host().clock()
    month = months.month_of(now, found.versions[-1].terms.time_zone)
    bill = draft(found, month, until=now + 1)
    yield sheets.of_scorecard(bill, lang, cases=False)
    yield sheets.of_invoice(bill, lang)
    yield bill.findings
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{key}.ledger.jsonl"
        entries, _hash = books.export(key, target)
        yield f"Ledger exported: {entries:,} entries. Every figure again, from the file alone:"
        sound = exports.verify_export(target)
        again = recompute.recompute(target, asked=[month])
        yield from (_told(sound), sheets.of_recomputation(again, lang), again.all_findings)
        yield again.verification.warnings
        yield sheets.of_verification(again.verification)
        place = _change(target)
        yield f"One bit of byte {place:,} changed; verified again:"
        changed = exports.verify_export(target)
        yield _told(changed)
        if sound.findings or again.all_findings or not changed.findings:
            raise MissedError(key)


def _told(found: Verification) -> list[Told]:
    return [*found.findings, *found.warnings, sheets.of_verification(found)]


def _change(target: Path) -> int:
    """Changes one bit in the middle of a file; gives the number of its byte."""
    content = bytearray(target.read_bytes())
    place = len(content) // 2
    content[place] ^= 1
    target.write_bytes(content)
    return place
