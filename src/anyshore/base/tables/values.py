"""Values of cells as their column declares them; what a cell leaves open, the other cells of its column tell.

A numeral such as ``1.234`` or a date such as ``03/04/2026`` may be read in two ways. The first cell of the column that
can be read in one way only decides for all of it; a cell that contradicts is refused, and so is an open one where
nothing in the file decides.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from anyshore.base.tables import dates, numbers
from anyshore.base.tables.cells import Cell, Covered, Fault, Figure
from anyshore.base.tables.dates import Written
from anyshore.base.tables.headers import Found, keys
from anyshore.base.tables.numbers import Decimals, Numeral

_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
"""How exports keep a spreadsheet from dropping leading zeros: a formula that is a text."""
_FLAGS = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "j", "wahr", "x", "oui", "vrai", "si", "sí"), True),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "falsch", "non", "faux"), False),
}
_WORDS = {",": "comma", ".": "point"}


class Wrong(Exception):  # never leaves this room: it becomes a diagnostic with its place
    """What is wrong with a cell."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(slots=True)
class Reader:
    """Reads the cells of one column.

    Attributes:
        found: the column and where it stands.
        tell: looks through the whole file, so that every reader has seen what tells.
        unit: of its numbers: that of the column, or that of its header.
        decimal: its decimal sign, as soon as that is known.
        order: of its days and months, as soon as that is known.
        told_at: the line that told it; 0 where the column declares it.
        looked: whether the whole file was looked through.
        others: the decimal sign of the other columns, where they agree.
        point_is_usual: whether nothing in the file tells, and commas part its cells, as programs write.
        currency: of its amounts, as soon as one is seen.
        sign: the currency beside the amount read last, or empty.
        remarks: what was taken for granted for the cell read last.
    """

    found: Found
    tell: Callable[[], None]
    unit: str
    decimal: Decimals
    order: dates.Order
    told_at: int = 0
    looked: bool = False
    others: Decimals = ""
    point_is_usual: bool = False
    currency: str = ""
    sign: str = ""
    remarks: list[str] = field(default_factory=list)
    _remarked: set[str] = field(default_factory=set)

    remedy = "Write it so that it can be read in one way only."

    @property
    def is_text(self) -> bool:
        """Whether no other cell can tell how one is read."""
        return self.found.column.kind not in ("number", "money", "date", "datetime")

    def look(self, cell: Cell, line: int) -> None:
        """Takes from a cell what it tells about the column."""
        if not isinstance(cell, str) or not cell.strip():
            return
        if self.found.column.kind in ("number", "money"):
            if not self.decimal and (numeral := numbers.numeral(unwrapped(cell), self.unit)) and numeral.decimal:
                self.decimal, self.told_at = numeral.decimal, line
        elif not self.order and (written := dates.written(unwrapped(cell))) and written.told:
            self.order, self.told_at = written.order, line

    def read(self, cell: Cell, line: int) -> str | Decimal | date | datetime | bool | None:
        """The value of a cell; None where it is empty.

        Raises:
            Wrong: it cannot be read as its column declares.
        """
        column = self.found.column
        self.sign = ""
        if isinstance(cell, Covered):
            if column.kind in ("number", "money"):
                message = f"The cell is merged with others ({cell.area}); how much is for which row is not clear."
                raise Wrong("tables.merged-number", message, "Split the cells, and write a number in each.")
            cell = cell.value
        if isinstance(cell, Fault):
            raise Wrong(cell.code, cell.message, cell.hint)
        if isinstance(cell, str):
            cell = unwrapped(cell)
            if not cell:
                if column.required:
                    raise Wrong("tables.empty-cell", f"{column.name} is empty.", "Fill it in.")
                return None
        match column.kind:
            case "number" | "money":
                return self._number(cell, line)
            case "date" | "datetime":
                return self._date(cell, line)
            case "yes-no":
                return _flag(cell)
            case "code":
                return self._code(text_of(cell))
            case _:
                return self._text(cell)

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, str) and numbers.is_shortened(cell):
            self._remark(f"{cell!r} looks like a number a spreadsheet has shortened; it is read as text.")
        if isinstance(cell, date | time | timedelta):
            self._remark(f"The spreadsheet holds a date or time here; it is read as the text {text_of(cell)!r}.")
        return text_of(cell)

    def _remark(self, message: str) -> None:
        """Once for a column and kind of remark."""
        kind = re.sub(r"'.*?'", "", message)
        if kind not in self._remarked:
            self._remarked.add(kind)
            self.remarks.append(message)

    def _number(self, cell: Cell, line: int) -> Decimal:
        if isinstance(cell, Figure):
            self._check_currency(cell.currency if numbers.currencies(cell.currency) else "")
            return self._bounded(self._share(cell.value, cell.percent, shown=False))
        numeral = numbers.numeral(cell, self.unit) if isinstance(cell, str) else None
        if numeral is None:
            raise self._no_number(cell)
        self._check_currency(numeral.currency)
        value = numeral.value(self._sign(numeral, line, text_of(cell)))
        return self._bounded(self._share(value, numeral.percent, shown=True))

    def _no_number(self, cell: Cell) -> Wrong:
        if isinstance(cell, str) and numbers.is_shortened(cell):
            message = f"{cell!r} is a number a spreadsheet has shortened: digits are lost."
            return Wrong("tables.shortened", message, "Show the column as a number without exponent, and save again.")
        if isinstance(cell, date | time | timedelta):
            message = f"The spreadsheet holds a date or time here ({text_of(cell)}), not a number."
            return Wrong("tables.number", message, "Show the column as a number, and write the number again.")
        what = "amount" if self.found.column.kind == "money" else "number"
        hint = "Write digits, and beside them at most the unit: 1234.50 or 1.234,50."
        return Wrong("tables.number", f"{text_of(cell)[:60]!r} is no {what}.", hint)

    def _sign(self, numeral: Numeral, line: int, text: str) -> Decimals:
        if numeral.decimal:
            if not self.decimal:
                self.decimal, self.told_at = numeral.decimal, line
            elif self.decimal != numeral.decimal:
                where = f"line {self.told_at}" if self.told_at else "its declaration"
                message = f"{text!r} has a decimal {_WORDS[numeral.decimal]}; by {where} the column has a "
                message += f"decimal {_WORDS[self.decimal]}."
                raise Wrong("tables.mixed-numbers", message, "Write all numbers of the column alike.")
        if not numeral.open:
            return ""
        if not self.decimal and not self.looked:
            self.tell()
        return self.decimal or self._elsewhere(numeral, text)

    def _elsewhere(self, numeral: Numeral, text: str) -> Decimals:
        """The decimal sign of an open numeral whose own column does not tell it."""
        if self.others:
            shown = format(numeral.value(self.others), "f")
            self._remark(f"{text!r} is read as {shown!r}, as the other columns have a decimal {_WORDS[self.others]}.")
            return self.others
        if self.point_is_usual and "." in numeral.body:
            return "."
        message = f"{text!r} may be some thousands or a number with three decimals, and no other cell tells."
        raise Wrong("tables.open-number", message, "Write it without thousands separator, or with two decimals.")

    def _share(self, value: Decimal, percent: bool, *, shown: bool) -> Decimal:
        """A percentage as its column counts: 12.5 where its unit is ``%``, else 0.125."""
        if not percent:
            return value
        if self.found.column.kind == "money" or self.unit not in ("", "%"):
            expected = self.unit or "an amount"
            raise Wrong("tables.percent", f"The cell is a percentage, not {expected}.", "Write the number itself.")
        if (self.unit == "%") == shown:
            return value
        return value.scaleb(-2 if shown else 2)

    def _check_currency(self, sign: str) -> None:
        self.sign = sign
        if not sign:
            return
        if self.found.column.kind == "number":
            raise Wrong("tables.currency", f"The number is an amount in {sign}.", "Write a number without currency.")
        wanted = self.unit or self.currency
        if not wanted:
            self.currency = sign
        elif not set(numbers.currencies(sign)) & set(numbers.currencies(wanted)):
            message = f"The amount is in {sign}, the column in {wanted}."
            raise Wrong("tables.currency", message, "Convert it, or keep the currencies apart.")

    def _bounded(self, value: Decimal) -> Decimal:
        least = self.found.column.minimum
        if least is not None and value < least:
            raise Wrong("tables.too-small", f"{value:f} is below {least:f}.", f"Write a number from {least:f} on.")
        return value

    def _date(self, cell: Cell, line: int) -> date | datetime:
        moment = self.found.column.kind == "datetime"
        if isinstance(cell, str):
            written = dates.written(cell)
            if written is None:
                raise Wrong("tables.date", f"{cell[:60]!r} is no date.", "Write it as 2026-12-31 or 31.12.2026.")
            order = self._order(written, line, cell)
            if written.short:
                self._remark("Years of two digits are read as 1950 to 2049.")
            if moment:
                return written.moment(order)
            if written.clock not in (None, time()):
                raise Wrong("tables.date", f"{cell!r} is a time of a day, not a day.", "Write the day alone.")
            return written.day(order)
        if isinstance(cell, datetime):
            if not moment and cell.time() != time():
                raise Wrong("tables.date", f"{cell} is a time of a day, not a day.", "Write the day alone.")
            return cell if moment else cell.date()
        if isinstance(cell, date):
            return datetime.combine(cell, time()) if moment else cell
        message = f"The cell holds {text_of(cell)}, and is not shown as a date."
        raise Wrong("tables.date", message, "Show the column as a date, and check what it says then.")

    def _order(self, written: Written, line: int, text: str) -> dates.Order:
        if written.told:
            if not self.order:
                self.order, self.told_at = written.order, line
            elif self.order != written.order:
                where = f"line {self.told_at}" if self.told_at else "its declaration"
                message = f"{text!r} contradicts {where}, by which the {_first(self.order)} comes first."
                raise Wrong("tables.mixed-dates", message, "Write all dates of the column alike: 2026-12-31.")
        if not written.open:
            return written.order
        if not self.order and not self.looked:
            self.tell()
        if not self.order:
            message = f"{text!r} may begin with the day or the month, and no other cell of the column tells."
            raise Wrong("tables.open-date", message, "Write it as 2026-12-31 or 31.12.2026.")
        return self.order

    def _code(self, text: str) -> str:
        wanted = set(keys(text))
        for value, others in self.found.column.codes.items():
            if any(wanted.intersection(keys(one)) for one in (value, *others)):
                return value
        known = list(self.found.column.codes)
        near = difflib.get_close_matches(text.casefold(), known, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(known[:30])}."
        raise Wrong("tables.word", f"{text[:40]!r} is not known.", hint)


def reader(found: Found, tell: Callable[[], None]) -> Reader:
    """A reader for a column of a sheet."""
    column = found.column
    return Reader(found, tell, column.unit or found.unit, column.decimal, column.order)


def unit_problem(found: Found) -> str:
    """What is wrong with the unit in a header, or nothing."""
    column, unit = found.column, found.unit
    if not unit:
        return ""
    if column.kind == "money":
        wanted = numbers.currencies(column.unit)
        given = numbers.currencies(unit)
        if not given:
            return f"The header says {unit!r}, which is no currency."
        fits = not wanted or bool(set(wanted) & set(given))
    else:
        fits = unit.casefold() == column.unit.casefold() if column.unit else unit != "%"
    return "" if fits else f"The header says {unit!r}, the column is in {column.unit or 'plain numbers'!r}."


def unwrapped(text: str) -> str:
    """A text without blanks around it, and without the formula that keeps its leading zeros."""
    text = text.strip()
    found = _AS_TEXT.fullmatch(text) if text.startswith('="') else None
    return found[1].replace('""', '"').strip() if found else text


def text_of(cell: Cell) -> str:
    """A value of a cell as text."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Covered):
        return text_of(cell.value)
    if isinstance(cell, Fault):
        return cell.message
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _flag(cell: Cell) -> bool:
    found = cell if isinstance(cell, bool) else _FLAGS.get(text_of(cell).casefold())
    if found is None:
        raise Wrong("tables.yes-no", f"{text_of(cell)[:40]!r} is neither yes nor no.", "Write yes or no.")
    return found


def _first(order: dates.Order) -> str:
    return "month" if order == "mdy" else "day"
