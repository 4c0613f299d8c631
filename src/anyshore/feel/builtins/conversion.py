"""Functions that make a value of one type from others. Source: DMN 1.5, 10.3.4.1."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from anyshore.base import temporal
from anyshore.base.decimals import CONTEXT
from anyshore.base.errors import FeelError
from anyshore.base.locations import Location
from anyshore.base.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.feel import nodes, types
from anyshore.feel.comparison import order
from anyshore.feel.formatting import to_string
from anyshore.feel.lexer import tokenize
from anyshore.feel.names import Names
from anyshore.feel.origin import Origin
from anyshore.feel.parser import Parser
from anyshore.feel.run import Run
from anyshore.feel.signatures import (
    CLOCK,
    DATE,
    DATE_AND_TIME,
    DAY,
    DAYS_DURATION,
    NOT_NULL,
    NUMBER,
    STRING,
    TIME,
    Kind,
    P,
    Row,
)
from anyshore.feel.values import Range
from anyshore.feel.values import number as to_number

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _parsed(read: Callable[[str], object]) -> Callable[[Run, str], object]:
    """A function of one string that is null where the string cannot be read."""

    def parse(run: Run, text: str) -> object:
        run.spend(len(text) >> 6)
        try:
            return read(text)
        except ValueError as error:
            return run.fail("{}", error)

    return parse


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value() or value.adjusted() > 20:
        raise ValueError(f"{value} is no whole number of that size")
    return int(value)


def date_of(run: Run, moment: DateTime | Date) -> Date:
    """The date of a date and time."""
    return moment.date if isinstance(moment, DateTime) else moment


def date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> object:
    """The date of a year, month and day."""
    try:
        return Date(_whole(year), _whole(month), _whole(day))
    except ValueError as error:
        return run.fail("{}", error)


def time_of(run: Run, moment: DateTime | Time | Date) -> Time:
    """The time of a date and time; of a date, midnight in UTC."""
    if isinstance(moment, Date):
        return Time(0, 0, 0, 0, 0)
    return moment.time if isinstance(moment, DateTime) else moment


def time_of_parts(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None) -> object:
    """The time of an hour, minute and second (with a fraction), and an offset from UTC."""
    try:
        if not 0 <= second < 60:
            raise ValueError(f"there is no second {second}")
        nanos = int(CONTEXT.multiply(second, Decimal(NANOS)))
        seconds = None if offset is None else offset.nanoseconds // NANOS
        return Time(_whole(hour), _whole(minute), nanos // NANOS, nanos % NANOS, seconds)
    except ValueError as error:
        return run.fail("{}", error)


def moment_of(run: Run, moment: DateTime) -> DateTime:
    """A date and time stays itself."""
    return moment


def date_and_time(run: Run, date: Date | DateTime, time: Time) -> DateTime:
    """A date (or that of a date and time) and a time of day."""
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


def years_and_months_duration(run: Run, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """The whole months from one date to another; times of day do not count."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration(months)


def number(run: Run, text: str, grouping: str | None, decimal: str | None) -> object:
    """A number from a string, with the separators it uses."""
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", ".") or (decimal and grouping == decimal):
        return run.fail("the separators of a number are “ ”, “,” or “.”, and differ")
    run.spend(len(text) >> 6)
    if grouping:
        text = text.replace(grouping, "")
    if decimal:
        text = text.replace(decimal, ".") if decimal == "." or "." not in text else ""
    value = to_number(text) if len(text) < 10_000 and _NUMBER.fullmatch(text) else None
    return run.fail("not a number: {}", text) if value is None else value


def string(run: Run, value: object) -> object:
    """Any value as a string; a string stays itself."""
    text = to_string(value, run.limits.string, run.spend)
    run.check_string(len(text))
    return text


# What reading an expression takes, in turns of a loop.
_PARSE = 15
_RANGE_ENDS = {
    "date": Date.parse,
    "time": Time.parse,
    "date and time": DateTime.parse,
    "duration": temporal.parse_duration,
}


_END_NAMES = Names(_RANGE_ENDS)


def range_of(run: Run, text: str) -> object:
    """A range from its written form; the ends are literals only."""
    run.spend(_PARSE + (len(text) >> 2))
    try:
        if (one := _one_ended(text)) is not None:
            return one
        tree = Parser(Origin(text, Location()), _END_NAMES).parse_expression()
        if not isinstance(tree, nodes.Interval):
            raise ValueError(f"not a range: {text!r}")
        start, end = _end(tree.low), _end(tree.high)
        if start is None or end is None:
            if start is None and end is None:
                raise ValueError("a range has at least one end")
        elif (sign := order(start, end)) is None or sign > 0:
            raise ValueError("the ends of a range are of one kind and rise")
    except (FeelError, ValueError) as error:
        return run.fail("{}", error)
    return Range(start, end, tree.start_included, tree.end_included)


def _one_ended(text: str) -> Range | None:
    """The range of a text with one end (grammar rules 66 b and c), equal to that of ``(>= 2)``; None if it has two.

    The side without an end is open, as there is nothing it could include.
    """
    tokens = tokenize(text)
    kinds = tokens.kinds[:-1]
    if len(kinds) < 4:
        return None
    if kinds[0] in ("(", "]") and kinds[1] == "..":
        operators, inside = {"]": "<=", ")": "<", "[": "<"}, text[tokens.ends[1] : tokens.starts[-2]]
        operator = operators.get(kinds[-1])
    elif kinds[-1] in (")", "[") and kinds[-2] == "..":
        operators, inside = {"[": ">=", "(": ">", "]": ">"}, text[tokens.ends[0] : tokens.starts[-3]]
        operator = operators.get(kinds[0])
    else:
        return None
    end = _end(Parser(Origin(inside, Location()), _END_NAMES).parse_expression())
    if operator is None or end is None or order(end, end) is None:
        raise ValueError(f"not a range: {text!r}")
    return Range.by_operator(operator, end)


def _end(node: nodes.Node) -> object:
    if isinstance(node, nodes.Literal):
        return node.value
    match node:
        case nodes.Call(function=nodes.Name(name=name), arguments=(nodes.Literal(value=str(text)),), names=None) if (
            name in _RANGE_ENDS
        ):
            return _RANGE_ENDS[name](text)
    raise ValueError("the ends of a range are literals")


_FROM = "from"
_TEXT = (P(_FROM, STRING),)
_MOMENT = Kind("a string or date and time", DATE_AND_TIME.python | DATE.python)
_OFFSET = P("offset", DAYS_DURATION, optional=True, nullable=True)

ROWS = (
    Row("date", _TEXT, _parsed(Date.parse), types.DATE),
    Row("date", (P(_FROM, _MOMENT),), date_of, types.DATE),
    Row("date", (P("year", NUMBER), P("month", NUMBER), P("day", NUMBER)), date_of_parts, types.DATE),
    Row("time", _TEXT, _parsed(Time.parse), types.TIME),
    Row("time", (P(_FROM, Kind("a string, time or date and time", CLOCK.python | DATE.python)),), time_of, types.TIME),
    Row("time", (P("hour", NUMBER), P("minute", NUMBER), P("second", NUMBER), _OFFSET), time_of_parts, types.TIME),
    Row("date and time", _TEXT, _parsed(DateTime.parse), types.DATE_AND_TIME),
    Row("date and time", (P(_FROM, DATE_AND_TIME),), moment_of, types.DATE_AND_TIME),
    Row("date and time", (P("date", DAY), P("time", TIME)), date_and_time, types.DATE_AND_TIME),
    Row("duration", _TEXT, _parsed(temporal.parse_duration)),
    Row("years and months duration", (P(_FROM, DAY), P("to", DAY)), years_and_months_duration, types.MONTHS_DURATION),
    Row(
        "number",
        (
            P(_FROM, STRING),
            P("grouping separator", STRING, nullable=True),
            P("decimal separator", STRING, nullable=True),
        ),
        number,
        types.NUMBER,
    ),
    Row("number", _TEXT, lambda run, text: number(run, text, None, None), types.NUMBER),
    Row("string", (P(_FROM, NOT_NULL),), string, types.STRING),
    Row("range", _TEXT, range_of, types.ANY_RANGE),
)
