"""Tables of a page as they are taken out: what a reader sees of them, as rows of texts and numbers.

A table is read from the page that shows it. So there is one way for all, a page needs no second list, and nobody is
handed a row, a column or a figure that the page would not show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import get_format
from lxml import html
from lxml.etree import _Element

from anyshore.base.tables.writing import Cell

_UNSAID = frozenset({"script", "style", "svg", "template", "button", "form", "details"})
"""Elements of a cell that say nothing of the row: what can be done with it, and drawings."""
_BLANKS = re.compile(r"\s+")
_NONE = frozenset({"", "–", "-"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: what it is called on its page.
        rows: its cells; the first row is the head. A number is one where its column is one of numbers.
    """

    name: str
    rows: Sequence[Sequence[Cell]]


def table(page: str, number: int) -> Table | None:
    """The table with a number on a page, counted from 1; None where there is no such table."""
    # The text is what we made ourselves; the parser loads nothing.
    root = html.document_fromstring(page)
    found = list(root.iter("table"))
    if not 1 <= number <= len(found):
        return None
    rows = [_cells(row) for row in found[number - 1].iter("tr")]
    shown = [row for row in rows if row and not _is_empty(row)]
    columns = _columns(shown)
    texts = [[_text(row[column]) if column < len(row) else "" for column in columns] for row in shown]
    right = [_is_number(column, shown) for column in columns]
    return Table(_name(found[number - 1]), _typed(texts, right))


def _cells(row: _Element) -> list[_Element | None]:
    """A cell per column: one that spans several is followed by none."""
    found: list[_Element | None] = []
    for cell in row:
        if cell.tag in ("td", "th"):
            span = cell.get("colspan", "1")
            found += [cell, *([None] * (min(int(span), 100) - 1 if span.isdecimal() else 0))]
    return found


def _is_empty(row: Sequence[_Element | None]) -> bool:
    """Whether a row says that there are none."""
    return "empty" in (row[0].get("class") or "").split() if row[0] is not None else False


def _columns(rows: Sequence[Sequence[_Element | None]]) -> list[int]:
    """The columns that say something: not those of ticks and buttons, whose title is for the ear alone."""
    head = rows[0] if rows else []
    return [
        place
        for place, cell in enumerate(head)
        if cell is None or not (cell.find('.//*[@class="visually-hidden"]') is not None and _text(cell) == "")
    ]


def _is_number(column: int, rows: Sequence[Sequence[_Element | None]]) -> bool:
    return any(
        cell is not None and "number" in (cell.get("class") or "").split()
        for row in rows[1:]
        for cell in row[column : column + 1]
    )


def _text(cell: _Element | None) -> str:
    return "" if cell is None else _BLANKS.sub(" ", "".join(_said(cell))).strip()


def _said(element: _Element) -> Iterator[str]:
    """What an element says to the eye, its fields with what stands in them."""
    if not isinstance(element.tag, str) or element.tag in _UNSAID or element.get("class") == "visually-hidden":
        return
    if element.tag == "input":
        if element.get("type", "text") not in ("hidden", "checkbox", "radio", "submit"):
            yield element.get("value") or ""
        return
    if element.tag == "select":
        yield from ((one.text or "") for one in element.iter("option") if one.get("selected") is not None)
        return
    apart = element.tag in ("br", "li", "p", "div", "small", "dt", "dd")
    yield " " if apart else ""
    yield element.text or ""
    for inside in element:
        yield from _said(inside)
        yield inside.tail or ""
    yield " " if apart else ""


def _name(found: _Element) -> str:
    """What a table is called: its caption, its label, else the heading before it."""
    caption = found.find("caption")
    if caption is not None and _text(caption):
        return _text(caption)
    if found.get("aria-label"):
        return str(found.get("aria-label"))
    heads = found.xpath("(preceding::h1 | preceding::h2 | preceding::h3)[last()]")
    return _text(heads[0]) if isinstance(heads, list) and heads and isinstance(heads[0], _Element) else ""


def _typed(texts: Sequence[Sequence[str]], right: Sequence[bool]) -> list[list[Cell]]:
    """The same with numbers where a whole column holds such in one unit, which is told in its head then."""
    rows: list[list[Cell]] = [list(row) for row in texts]
    for place, numeric in enumerate(right):
        read = [None if row[place] in _NONE else _amount(row[place]) for row in texts[1:]]
        units = {one[1] for one in read if one is not None}
        unread = any(one is None and row[place] not in _NONE for one, row in zip(read, texts[1:], strict=True))
        if not numeric or unread or len(units) != 1:
            continue
        [unit] = units
        rows[0][place] = f"{texts[0][place]} ({unit})" if unit else texts[0][place]
        for row, amount in zip(rows[1:], read, strict=True):
            row[place] = "" if amount is None else amount[0]
    return rows


def _amount(text: str) -> tuple[Decimal, str] | None:
    """A number as this reader's pages write it, and its unit: a currency, or per cent."""
    point, group = (re.escape(get_format(name)) for name in ("DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR"))
    known = re.fullmatch(rf"([-+−]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}(\d+))?(?: ?([A-Z]{{3}}|%))?", text)
    if known is None:
        return None
    sign, whole, rest, unit = known.groups()
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{'-' if sign in ('-', '−') else ''}{digits}{'.' + rest if rest else ''}"), unit or ""
