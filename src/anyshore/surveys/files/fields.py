"""The data of a Triple-S survey: fixed columns or comma-separated fields turned into values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from anyshore.base.errors import Diagnostic
from anyshore.base.locations import Location
from anyshore.surveys.files.model import Code, Value, Variable

_NOTED = 1000
"""Problems told of one file; the rest is of the same kind."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a variable stands.

    Attributes:
        variable: its definition.
        start: first column, or field, counted from 1.
        finish: last one.
        subfields: codes that follow each other in the field of a multiple; 0 where it is a string of bits.
        width: characters of each; 0 where it follows from the largest code.
    """

    variable: Variable
    start: int
    finish: int
    subfields: int
    width: int


def values_of(
    text: str, layouts: Sequence[Layout], form: str, skip: int, file: str
) -> tuple[list[list[Value]], list[Diagnostic]]:
    """Columns of values, and what was odd.

    Args:
        text: of the data file.
        layouts: of its variables.
        form: ``fixed`` or ``csv``.
        skip: lines before the first case.
        file: its name in messages.
    """
    columns: list[list[Value]] = [[] for _ in layouts]
    problems: list[Diagnostic] = []
    readers = [_reader(layout, fixed=form != "csv") for layout in layouts]
    for number, fields in _records(text, layouts, form, skip):
        for column, layout, reader, raw in zip(columns, layouts, readers, fields, strict=True):
            try:
                value = reader(raw)
            except ValueError:
                value = None
                _note(problems, f"{raw.strip()!r} is no {layout.variable.kind} value.", file, number, layout)
            else:
                if not _known(layout.variable, value):
                    _note(problems, f"The code {raw.strip()!r} is not among the answers.", file, number, layout)
            column.append(value)
    return columns, problems


def _records(text: str, layouts: Sequence[Layout], form: str, skip: int) -> list[tuple[int, list[str]]]:
    if form == "csv":
        rows = list(csv.reader(io.StringIO(text, newline="")))[skip:]
        return [
            (number, [_joined(row[one.start - 1 : one.finish], one) for one in layouts])
            for number, row in enumerate(rows, skip + 1) if row
        ]  # fmt: skip
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a").split("\n")[skip:]
    return [
        (number, [line[one.start - 1 : one.finish] for one in layouts])
        for number, line in enumerate(lines, skip + 1) if line.strip()
    ]  # fmt: skip


def _joined(fields: list[str], layout: Layout) -> str:
    """One field; where a multiple is spread over several of them, each is brought to the width of a code."""
    if len(fields) < 2:
        return fields[0] if fields else ""
    return "".join(field.rjust(width_of(layout)) for field in fields)


def width_of(layout: Layout) -> int:
    """Characters of a subfield."""
    if layout.width:
        return layout.width
    codes = [answer.code for answer in layout.variable.answers] + [span.high for span in layout.variable.spans]
    return max((len(str(code)) for code in codes), default=1)


def _reader(layout: Layout, *, fixed: bool) -> Callable[[str], Value]:
    variable = layout.variable
    if variable.kind == "multiple":
        return _spread(layout) if layout.subfields else _bits
    if variable.kind == "character":
        return (lambda raw: raw.rstrip() or None) if fixed else (lambda raw: raw or None)
    if variable.kind == "single":
        return (lambda raw: raw.strip() or None) if variable.literal else _single(variable)
    return {"quantity": _quantity, "logical": _logical, "date": _date, "time": _time}[variable.kind]


def _single(variable: Variable) -> Callable[[str], Value]:
    zero = _known(variable, 0)

    def read(raw: str) -> Value:
        text = raw.strip()
        code = int(text) if text else None
        # Zero fills fields of those who were not asked, where no answer has it.
        return None if code == 0 and not zero else code

    return read


def _quantity(raw: str) -> Value:
    text = raw.strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except ArithmeticError as odd:
        raise ValueError(text) from odd
    if not value.is_finite():
        raise ValueError(text)
    return value


def _logical(raw: str) -> Value:
    text = raw.strip()
    if not text:
        return None
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _date(raw: str) -> Value:
    digits = "".join(sign for sign in raw if sign not in " -/.")
    if not digits.strip("0"):
        return None
    if len(digits) != 8:
        raise ValueError(raw)
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _time(raw: str) -> Value:
    digits = raw.replace(":", "").strip()
    if not digits:
        return None
    if len(digits) not in (4, 6) or not digits.isdigit():
        raise ValueError(raw)
    return time(int(digits[:2]), int(digits[2:4]), int(digits[4:] or 0))


def _bits(raw: str) -> Value:
    """A string of bits: the first stands for code 1. All blank: no answer; all zero: none of the answers."""
    if not raw.strip():
        return None
    if raw.strip("01 "):
        raise ValueError(raw)
    return tuple(place for place, bit in enumerate(raw, 1) if bit == "1")


def _spread(layout: Layout) -> Callable[[str], Value]:
    width = width_of(layout)

    def read(raw: str) -> Value:
        if not raw.strip():
            return None
        codes: list[Code] = []
        for number in range(layout.subfields):
            part = raw[number * width : (number + 1) * width].strip()
            if layout.variable.literal:
                codes += [part] if part and part.strip("0") else []
            elif part and int(part):
                codes.append(int(part))
        return tuple(dict.fromkeys(codes))

    return read


def _known(variable: Variable, value: Value) -> bool:
    """Whether the codes of a value are among the answers; other kinds are not looked at."""
    if variable.kind not in ("single", "multiple") or value is None:
        return True
    codes = value if isinstance(value, tuple) else (value,)
    named = {answer.code for answer in variable.answers}
    return all(code in named or any(span.has(code) for span in variable.spans) for code in codes)


def _note(problems: list[Diagnostic], message: str, file: str, row: int, layout: Layout) -> None:
    if len(problems) < _NOTED:
        place = Location(file, element=layout.variable.name, line=row)
        problems.append(Diagnostic("triple-s.value", message, place, severity="warning"))
