"""The ten differences as a drawing, with a client's activities as numbered dots where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from anyshore.base import svg
from anyshore.base.svg import Svg
from anyshore.sourcing.comparison.differences import DIFFERENCES, Difference, Language
from anyshore.sourcing.comparison.placing import Placed
from anyshore.sourcing.comparison.words import words

WIDTH = 1080
_TOP, _ROW, _MIDDLE = 92, 74, WIDTH / 2
_SIDE, _GAP, _DOT = 30, 4, 9
_PER_LINE = 5
_LEGEND_COLUMNS, _LEGEND_LINE = 3, 20
MOST = 60
"""Activities with a number of their own; the rest are counted."""
SEA, VIOLET, INK, SOFT, LINE, PALE_SEA, PALE_VIOLET = (
    "#17677a", "#5b4a96", "#15232d", "#5b6b75", "#dce3e7", "#e8f2f4", "#efecf7",
)  # fmt: skip
_WRAP, _NAME = 33, 44


def infographic(activities: Sequence[Placed], language: Language) -> Svg:
    """The drawing; without activities it shows the ten differences alone.

    Args:
        activities: those to place, in the order of their numbers.
        language: of all words.
    """
    word = words(language)
    numbered = activities[:MOST]
    legend = -(-len(numbered) // _LEGEND_COLUMNS) * _LEGEND_LINE + (44 if numbered else 0)
    height = _TOP + _ROW * len(DIFFERENCES) + legend + 16
    parts = [
        svg.element("rect", width=WIDTH, height=height, fill="#ffffff"),
        _text(word["title"], _SIDE, 38, size=24, weight="bold"),
        _text(word["bpo"], _SIDE + 118, 76, size=15, weight="bold", fill=SEA),
        _text(word["kpo"], WIDTH - _SIDE, 76, size=15, weight="bold", fill=VIOLET, anchor="end"),
    ]
    if numbered:
        parts.append(_text(word["yours"], _MIDDLE + 59, 76, size=12, fill=SOFT, anchor="middle"))
    for row, difference in enumerate(DIFFERENCES):
        parts += _row(row, difference, numbered, language)
    parts += _legend(numbered, len(activities), _TOP + _ROW * len(DIFFERENCES) + 30, word)
    return svg.drawing(WIDTH, height, word["title"], *parts, font_family="system-ui, sans-serif", font_size=12)


def _row(row: int, difference: Difference, activities: Sequence[Placed], language: Language) -> Iterator[Svg]:
    basis, bpo, kpo = difference.in_language(language)
    top = _TOP + row * _ROW
    yield svg.element("rect", x=_SIDE + 110, y=top, width=415, height=_ROW - _GAP, rx=6, fill=PALE_SEA)
    yield svg.element(
        "rect", x=_SIDE + 529, y=top, width=WIDTH - 2 * _SIDE - 529, height=_ROW - _GAP, rx=6, fill=PALE_VIOLET
    )
    yield _text(basis, _SIDE, top + _ROW / 2, size=13, weight="bold")
    yield from _wrapped(bpo, _SIDE + 120, top, "start")
    yield from _wrapped(kpo, WIDTH - _SIDE - 10, top, "end")
    sides = {"BPO": (_SIDE + 345, SEA), "KPO": (_SIDE + 540, VIOLET)}
    for side, (left, colour) in sides.items():
        here = [n for n, one in enumerate(activities, 1) if one.leans.get(difference.criterion) == side]
        yield from _dots(here, left, top, colour, activities)


def _dots(numbers: Sequence[int], left: float, top: float, colour: str, activities: Sequence[Placed]) -> Iterator[Svg]:
    """Numbered dots in lines of a few; where they do not fit the last says how many more there are."""
    room = _PER_LINE * 3
    shown = numbers if len(numbers) <= room else numbers[: room - 1]
    for at, number in enumerate(shown):
        x, y = left + 18 + (at % _PER_LINE) * 32, top + 14 + (at // _PER_LINE) * 21
        dot = svg.element("circle", cx=x, cy=y, r=_DOT, fill=colour)
        label = _text(str(number), x, y + 3.5, size=9.5, fill="#ffffff", anchor="middle")
        yield svg.element("g", svg.title(activities[number - 1].name), dot, label)
    if len(numbers) > len(shown):
        x, y = left + 18 + (_PER_LINE - 1) * 32, top + 14 + 2 * 21
        yield _text(f"+{len(numbers) - len(shown)}", x, y + 3.5, size=10, fill=colour, anchor="middle")


def _legend(activities: Sequence[Placed], total: int, top: float, word: dict[str, str]) -> Iterator[Svg]:
    lines = -(-len(activities) // _LEGEND_COLUMNS)
    width = (WIDTH - 2 * _SIDE) / _LEGEND_COLUMNS
    for at, one in enumerate(activities):
        x, y = _SIDE + (at // max(lines, 1)) * width, top + (at % max(lines, 1)) * _LEGEND_LINE
        name = one.name if len(one.name) <= _NAME else one.name[: _NAME - 1] + "…"
        label = _text(f"{at + 1}  {name}", x, y, size=11.5)
        yield svg.element("a", label, href=one.link) if one.link else label
    if total > len(activities):
        text = word["more"].format(n=total - len(activities))
        yield _text(text, _SIDE, top + lines * _LEGEND_LINE, size=11.5, fill=SOFT)


def _wrapped(text: str, x: float, top: float, anchor: str) -> Iterator[Svg]:
    """Two lines, of which the second may be empty: a drawing has the same parts whatever the language."""
    lines = [*wrap(text, _WRAP), ""]
    for at, line in enumerate((lines[0], " ".join(lines[1:]).strip())):
        yield _text(line, x, top + (_ROW - _GAP) / 2 - 4 + 16 * at, size=12.5, anchor=anchor)


def _text(
    text: str, x: float, y: float, *, size: float, weight: str | None = None, fill: str = INK, anchor: str | None = None
) -> Svg:  # fmt: skip
    return svg.element("text", text, x=x, y=y, font_size=size, font_weight=weight, fill=fill, text_anchor=anchor)
