"""The decision paper for a board (two pages) and the ten differences (one page) as PDF/A through Typst.

The template is fixed and the texts reach it as data; the same input gives the same bytes. Letters the fonts that Typst
carries do not have are set in fonts of the system, and the file is then plain PDF. What does not fit on two pages is
counted, not squeezed: the activities that are worth most come first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from anyshore.sourcing.comparison.differences import Language
from anyshore.sourcing.comparison.infographic import infographic
from anyshore.sourcing.comparison.placing import Placed, Unit
from anyshore.sourcing.comparison.portfolio_map import portfolio_map
from anyshore.sourcing.comparison.words import words

_TEMPLATE = Path(__file__).with_name("paper.typ")
_ROWS, _DOUBTS, _SOURCES = 28, 6, 8
_NAME, _SHORT, _TEXT, _SOURCE, _CLIENT, _SIGNED = 62, 28, 74, 110, 60, 40


@dataclass(frozen=True, slots=True)
class Money:
    """What a business case says, for the paper.

    Attributes:
        currency: ISO 4217.
        years: of the case.
        discount: share per year.
        p10: of the net present value.
        p50: likewise.
        p90: likewise.
        gains: share of draws above zero.
        draws: how many.
        source: file, digest of the baseline, seed.
    """

    currency: str
    years: int
    discount: float
    p10: float
    p50: float
    p90: float
    gains: float
    draws: int
    source: str


def paper(
    client: str, day: date, activities: Sequence[Placed], language: Language, *, unit: Unit = "hours",
    money: Money | None = None, sources: Sequence[str] = (), signatures: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """The decision paper as PDF.

    Args:
        client: whose decision it is.
        day: of the paper.
        activities: all of the portfolio.
        language: of the paper.
        unit: of the values.
        money: what it brings; left out, the paper says that it decides no money.
        sources: on what it rests, one line each.
        signatures: who decides; two empty lines where nobody is named.
    """
    word = words(language)
    ordered = sorted(activities, key=lambda one: (not one.goes_out, -(one.value or 0.0), one.name))
    doubtful = sorted((one for one in ordered if one.goes_out), key=_doubt)[:_DOUBTS]
    told = [*sources, *([money.source] if money else [])]
    return _compiled(
        {
            "kind": "paper", "title": word["paper"], "proposal": _proposal(activities, word),
            "rows": [_row(one, word, language) for one in ordered[:_ROWS]],
            "more": word["more"].format(n=len(ordered) - _ROWS) if len(ordered) > _ROWS else "",
            "money": _money(money, word, language),
            "drawing": portfolio_map(ordered, language, unit), "work": word[f"work {unit}"],
            "doubts": [
                [_cut(one.name, _SHORT), _interval(one, language), _cut(one.reason, _TEXT),
                 _cut("; ".join(one.flips) or word["no_flips"], _TEXT)]
                for one in doubtful
            ],
            "sources": [_cut(one, _SOURCE) for one in told[:_SOURCES]],
            "signatures": [_cut(one, _SIGNED) for one in signatures[:2]] or ["", ""],
        },
        client, day, language, word,
    )  # fmt: skip


def comparison(client: str, day: date, activities: Sequence[Placed], language: Language) -> bytes:
    """The ten differences as PDF, on one page."""
    word = words(language)
    drawing = infographic(activities, language)
    data = {"kind": "comparison", "title": word["title"], "drawing": drawing}
    return _compiled(data, client, day, language, word)


def _compiled(data: dict[str, Any], client: str, day: date, language: Language, word: dict[str, str]) -> bytes:
    import typst

    shown = f"{day:%d.%m.%Y}" if language == "de" else day.isoformat()
    data |= {
        "client": _cut(client, _CLIENT), "date": shown, "language": language, "words": word,
        "ymd": [day.year, day.month, day.day],
    }  # fmt: skip
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    at = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    template = _TEMPLATE.read_bytes()
    try:
        pdf = typst.compile(
            template, format="pdf", sys_inputs=inputs, timestamp=at, ignore_system_fonts=True, pdf_standards=["a-2b"]
        )
    except typst.TypstError as problem:
        if "could not be displayed" not in str(problem):
            raise
        # PDF/A takes no letter without a glyph; without it, a name in another script can be read.
        pdf = typst.compile(template, format="pdf", sys_inputs=inputs, timestamp=at)
    return bytes(pdf)


def _proposal(activities: Sequence[Placed], word: dict[str, str]) -> str:
    kinds = [one.kind for one in activities]
    bpo, kpo = kinds.count("BPO"), kinds.count("KPO")
    return word["proposed"].format(
        all=len(kinds), bpo=bpo, kpo=kpo, rest=len(kinds) - bpo - kpo, settled=sum(one.settled for one in activities)
    )


def _row(one: Placed, word: dict[str, str], language: Language) -> list[str]:
    share = "–" if one.judgement is None else _percent(one.judgement, language)
    hours = "–" if one.value is None else _number(one.value, language)
    kind = word.get(one.kind, one.kind) + (" ✓" if one.settled else "")
    return [_cut(one.name, _NAME), kind, word.get(one.shore, "–"), share, hours]


def _money(money: Money | None, word: dict[str, str], language: Language) -> str:
    if money is None:
        return word["no_case"]
    p10, p50, p90 = (f"{_number(one, language)} {money.currency}" for one in (money.p10, money.p50, money.p90))
    return word["case"].format(
        years=money.years, rate=_percent(money.discount, language), p10=p10, p50=p50, p90=p90,
        gains=_percent(money.gains, language), draws=_number(money.draws, language),
    )  # fmt: skip


def _interval(one: Placed, language: Language) -> str:
    if one.low is None or one.high is None:
        return "–" if one.judgement is None else _percent(one.judgement, language)
    return f"{_percent(one.low, language)} – {_percent(one.high, language)}"


def _doubt(one: Placed) -> tuple[float, str]:
    """The least sure first: nearest to the middle between rules and judgement."""
    return abs((0.5 if one.judgement is None else one.judgement) - 0.5), one.name


def _percent(value: float, language: Language) -> str:
    return f"{value:.0%}".replace("%", " %") if language == "de" else f"{value:.0%}"


def _number(value: float, language: Language) -> str:
    return f"{value:,.0f}".replace(",", ".") if language == "de" else f"{value:,.0f}"


def _cut(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
