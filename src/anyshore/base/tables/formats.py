"""What a number of a workbook means by the format it is shown in: a date, a share, an amount (ECMA-376, 18.8.30)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from anyshore.base.tables.cells import Cell, Fault, Figure

Shown = Literal["number", "date", "time", "elapsed"]
_BUILTIN: dict[int, Shown] = {
    **dict.fromkeys((*range(14, 18), 22, *range(27, 37), *range(50, 59)), "date"),
    **dict.fromkeys((*range(18, 22), 45, 47), "time"),
    46: "elapsed",
}
_PERCENT = (9, 10)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|[_*].')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LEADING = re.compile(r"0{2,}")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)?T?(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?\d*Z?")
_LONGEST = 2_958_466
"""Serial number of the day after 9999-12-31."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Format:
    """How numbers are shown.

    Attributes:
        shown: as what.
        percent: whether as a percentage.
        currency: the sign or code beside them.
        digits: leading zeros fill them up to so many digits.
    """

    shown: Shown = "number"
    percent: bool = False
    currency: str = ""
    digits: int = 0


GENERAL = Format()


def read_format(number: int, code: str | None) -> Format:
    """The format with a number, and the code the workbook gives for it, where it does."""
    if code is None:
        return Format(_BUILTIN.get(number, "number"), percent=number in _PERCENT)
    first = code.split(";")[0]
    signs = "".join(_CURRENCY.findall(first)) or "".join(a or b for a, b in _QUOTED.findall(first))
    bare = _QUOTED.sub("", _CURRENCY.sub("", first))
    if _ELAPSED.search(bare):
        return Format("elapsed")
    bare = re.sub(r"\[[^\]]*\]", "", bare).lower()
    if "general" not in bare and re.search(r"[ydhs]|m", bare.replace("e+", "").replace("e-", "")):
        return Format("date" if re.search(r"[yd]", bare) or "mmm" in bare else "time")
    currency = next((sign for sign in (signs.strip(), *re.findall(r"[€$£¥₹]", first)) if sign), "")
    digits = len(bare) if _LEADING.fullmatch(bare) else 0
    return Format(percent="%" in bare, currency=currency, digits=digits)


def typed(text: str, form: Format, *, from_1904: bool) -> Cell:
    """The value of a numeric cell.

    Args:
        text: as stored.
        form: in which it is shown.
        from_1904: whether days count from 1904, as on old Macintoshes.
    """
    try:
        number = float(text)
    except ValueError:
        return Fault("tables.broken-cell", f"The cell holds {text[:40]!r} for a number.", "Write the number again.")
    if form.shown == "number":
        # A spreadsheet computes with 15 significant digits; what is stored beyond is noise (0.1 + 0.2).
        figure = Decimal(f"{number:.15g}")
        if not figure.is_finite():
            return Fault("tables.broken-cell", "The cell holds no finite number.", "Write the number again.")
        return Figure(figure, form.percent, form.currency, form.digits)
    if form.shown == "elapsed":
        return timedelta(milliseconds=round(number * 86_400_000)) if abs(number) < _LONGEST else _no_date(text)
    return _moment(number, text, form.shown, 1462 if from_1904 else 0)


def _moment(number: float, text: str, shown: Shown, shift: int) -> Cell:
    if not 0 <= number + shift < _LONGEST:
        return _no_date(text)
    milliseconds = round(number * 86_400_000)
    days, rest = divmod(milliseconds, 86_400_000)
    clock = timedelta(milliseconds=rest)
    if shown == "time" and days == 0:
        return (datetime.combine(date(1900, 1, 1), time()) + clock).time()
    days += shift
    if days == 60:
        return _no_date(text)  # 29 February 1900, which Lotus 1-2-3 invented and nobody dares to remove
    if days == 0 and shown == "date":
        return _no_date(text)
    found = datetime.combine(date(1899, 12, 31 if days < 60 else 30), time()) + days * _DAY + clock
    return found if rest or shown == "time" else found.date()


def _no_date(text: str) -> Fault:
    message = f"The cell is shown as a date or time, but {text[:40]} is none."
    return Fault("tables.date", message, "Write the date again, or show the cell as a number.")


def iso(text: str) -> Cell:
    """The value of a cell that holds a date as ISO 8601 has it (the strict form of the standard)."""
    found = _ISO.fullmatch(text.strip())
    try:
        if found and found[1]:
            moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
            return moment if found[2] else moment.date()
        if found and found[2]:
            return time.fromisoformat(found[2])
    except ValueError:
        return _no_date(text)
    return _no_date(text)
