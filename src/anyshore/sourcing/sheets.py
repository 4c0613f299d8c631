"""Sourcing decisions as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anyshore.base.telling import Part, Reasons, Sheet
from anyshore.sourcing.decide import Decision
from anyshore.sourcing.shores.sheets import of_ranking


def of_decisions(decisions: Sequence[Decision], lang: str) -> Iterator[Part]:
    """The decisions, then why each was taken; with the site ranked first where sites were."""
    sited = any(d.ranking for d in decisions)
    rows = [
        (d.activity.name, d.kind, f"{d.judgement.probability:.2f}", f"{d.judgement.low:.2f}–{d.judgement.high:.2f}",
         ", ".join(d.shores_allowed) or "–", d.shore or "–", *([d.site or "–"] if sited else []))
        for d in decisions
    ]  # fmt: skip
    columns = ("Activity", "Kind", "Judgement", "Interval", "Shores allowed", "Shore")
    yield Sheet("Sourcing", (*columns, *(["Site"] if sited else [])), rows, right=(2, 3))
    whys = (" ".join(reason.say(lang) for reason in (d.kind_reason, *d.shore_reasons)) for d in decisions)
    yield Reasons([f"{d.activity.name}: {why}" for d, why in zip(decisions, whys, strict=True)], whole=True)


def of_evidence(decisions: Sequence[Decision], lang: str) -> Iterator[Part]:
    """What each decision rests on: evidence, tasks like it, gates, criteria, questions, and what would flip it."""
    for d in decisions:
        yield from _evidence(d, lang)


def _evidence(d: Decision, lang: str) -> Iterator[Part]:
    name = d.activity.name
    pieces = [(s.source, f"{s.odds:+.2f}", f"{s.reliability.weight:g}", s.detail) for s in d.sources]
    yield Sheet(f"{name}: evidence", ("Source", "Log-odds", "Weight", "Rests on"), pieces, right=(1, 2))
    tasks = [(m.code, m.occupation, m.task, f"{m.similarity:.2f}", f"{m.judgement:.2f}") for m in d.name.matches]
    yield Sheet(f"{name}: tasks like it", ("Code", "Occupation", "Task", "Similar", "Judgement"), tasks, right=(3, 4))
    gates = [(g.gate, g.result, g.reason.say(lang), g.act or "–", g.since or "–") for g in d.gates]
    yield Sheet(f"{name}: gates", ("Gate", "Result", "Why", "Act", "Since"), gates)
    lines = [
        (r.criterion, r.value or "–", r.leans or "–", r.weight, r.source or "–", r.reason.say(lang) if r.reason else "")
        for r in d.criteria
    ]
    yield Sheet(f"{name}: criteria", ("Criterion", "Value", "Leans to", "Weight", "Source", "Why"), lines, right=(3,))
    asked = [(q.column, q.text.say(lang), ", ".join(q.answers), f"{q.value:.2f}") for q in d.questions]
    yield Sheet(f"{name}: worth asking", ("Column", "Question", "Answers", "Value"), asked, right=(3,))
    if d.ranking:
        yield from of_ranking(d.ranking, f"{name}: sites")
    flips = [(f.change.say(lang), f.kind) for f in d.flips]
    yield Sheet(f"{name}: what would flip it", ("If", "Then"), flips)
