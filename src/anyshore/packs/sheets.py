"""What came of a run of a service as tables, in the words of its pack."""

from __future__ import annotations

from collections.abc import Iterator

from anyshore.base.telling import Part, Sheet
from anyshore.host.runs import Outcome
from anyshore.packs.reading import Pack
from anyshore.runtime.reports import Tally

ROWS = 15
"""Rows of a counted list that are shown."""


def summary(pack: Pack, found: Outcome, title: str, lang: str) -> Sheet:
    """How much came, how it ended, and the measures of the trade."""
    tally = found.tally
    counts = [
        ("Received", found.received, True), ("  not received", len(found.refused) + found.unnamed, False),
        ("  the same again", len(found.repeated), False), ("Cases", found.cases, True),
        *((f"  {pack.words.say(word, lang)}", count, True) for word, count in sorted(tally.outcomes.items())),
        ("  waiting", tally.waiting.total(), False), ("  incidents", tally.incidents, False),
        ("  still due", tally.undecided, False), ("  in the archive", found.archived, False),
    ]  # fmt: skip
    rows = [(name, f"{count:,}") for name, count, always in counts if count or always]
    if found.cases:
        share = 100 * tally.untouched / found.cases
        rows.append(("Without a person", f"{tally.untouched:,} ({share:.1f} %)"))
        rows += _figures(tally, lang)
        rows.append(("Time each", f"{1000 * found.seconds / found.cases:.1f} ms"))
    return Sheet(title, ("", "Count"), rows, right=(1,))


def _figures(tally: Tally, lang: str) -> Iterator[tuple[str, str]]:
    for name, measure in tally.report.measures.items():
        value = tally.figures[name].value
        if value is not None:
            text = f"{value:,.1f}" if measure.kind in ("share", "mean") else f"{value:,f}"
            yield measure.title[lang], f"{text} {measure.unit}".strip()


def details(pack: Pack, found: Outcome, lang: str) -> Iterator[Part]:
    """Why work waits, the counted lists of the report, and by name what was received before or not at all."""
    tally = found.tally
    waiting = [(pack.words.say(reason, lang), count) for reason, count in tally.waiting.most_common()]
    if waiting:
        yield Sheet("Waiting, by reason", ("Reason", "Count"), waiting, right=(1,))
    for name, detail in tally.report.details.items():
        counted = [(pack.words.say(word, lang), count) for word, count in tally.details[name].most_common(ROWS)]
        if counted:
            yield Sheet(detail.title[lang], ("", "Count"), counted, right=(1,))
    if found.repeated:
        rows = [(name, f"already here: case {number}") for name, number in found.repeated[:ROWS]]
        yield Sheet("The same again", ("Name", ""), rows)
    if found.refused:
        rows = [(name, problem.message) for name, problem in found.refused[:ROWS]]
        yield Sheet(f"Not received ({len(found.refused):,})", ("Name", "Why"), rows)
