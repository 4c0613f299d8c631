"""Dated parameters: values of law or contract, each with the day it is valid from, its unit and its source.

The habit is OpenFisca's: a value is never changed, a new one is added with its day and its legal reference, and a
calculation for an old month goes on finding the old value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.files import read_text
from anyshore.base.locations import Location
from anyshore.params import marked, shapes
from anyshore.params.shapes import Schema


class ParamsError(DefinitionError):
    """A parameter file cannot be used, or has no value for the day asked for."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter.

    Attributes:
        valid_from: first day the value holds.
        value: ``Decimal`` for every number, str, bool, list or dict of those; None when abolished from this day.
        source: law and section, or the document the value was taken from.
        location: where it stands in its file.
        url: web address of the source, or empty.
        note: remark, or empty.
    """

    valid_from: date
    value: object
    source: str
    location: Location
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named parameter with all its values, oldest first."""

    name: str
    description: str
    unit: str
    values: tuple[DatedValue, ...]
    location: Location

    def dated(self, day: date) -> DatedValue:
        """The value valid on a day, with its source.

        Raises:
            ParamsError: no value is valid yet on that day.
        """
        index = bisect_right(self.values, day, key=lambda value: value.valid_from)
        if index == 0:
            first = self.values[0].valid_from
            raise ParamsError(
                "params.no-value", f"'{self.name}' has no value on {day}, its first is of {first}", self.location,
                f"add a value valid on {day} with its source",
            )  # fmt: skip
        return self.values[index - 1]

    def at(self, day: date) -> object:
        """The plain value valid on a day; None when the parameter is abolished.

        Raises:
            ParamsError: no value is valid yet on that day.
        """
        return self.dated(day).value

    def number(self, day: date) -> Decimal:
        """The number valid on a day.

        Raises:
            ParamsError: no value is valid yet, or the value is not a number.
        """
        found = self.dated(day)
        if not isinstance(found.value, Decimal):
            message = f"'{self.name}' is {shapes.shown(found.value)} on {day}, not a number"
            raise ParamsError("params.not-a-number", message, found.location)
        return found.value


class Parameters(Mapping[str, Parameter]):
    """The parameters of one or several files, by name."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._parameters[name]
        except KeyError:
            hint = shapes.nearest(name, self._parameters)
            raise ParamsError("params.unknown", f"there is no parameter '{name}'", None, hint) from None

    def __contains__(self, name: object) -> bool:
        return name in self._parameters

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def at(self, day: date) -> dict[str, object]:
        """All values valid on a day, by name; parameters not valid yet or abolished are left out."""
        found = {n: p.at(day) for n, p in self._parameters.items() if p.values[0].valid_from <= day}
        return {name: value for name, value in found.items() if value is not None}

    def merged(self, other: Parameters) -> Parameters:
        """These and the other parameters together.

        Raises:
            ParamsError: a name stands in both.
        """
        both = [name for name in other if name in self]
        if both:
            where = self[both[0]].location
            message = f"the parameter '{both[0]}' stands in two files, also at {where}"
            raise ParamsError("params.repeated", message, other[both[0]].location, "give one of them another name")
        return Parameters({**self._parameters, **other._parameters})


@cache
def schema() -> Schema:
    """The published JSON Schema of parameter files."""
    return shapes.load_schema(files(__package__).joinpath("schema.json").read_text(encoding="utf-8"))


def read(path: str | Path) -> Parameters:
    """Read a parameter file.

    Raises:
        ParamsError: with every problem of the file, located.
    """
    return loads(read_text(path, error=ParamsError), file=str(path))


def loads(text: str, *, file: str | None = None) -> Parameters:
    """Read parameters from a YAML text.

    Raises:
        ParamsError: with every problem of the text, located.
    """
    document, problems = marked.load(text, file)
    if not problems or document.data is not None:
        problems += shapes.check(document, schema())
    if problems:
        raise ParamsError.of(problems)
    data = document.data
    assert isinstance(data, dict)
    parameters = {name: _parameter(name, body, document, problems) for name, body in data["parameters"].items()}
    if problems:
        raise ParamsError.of(problems)
    return Parameters(parameters)


def _parameter(name: str, body: dict[str, object], document: marked.Document, problems: list[Diagnostic]) -> Parameter:
    path: marked.Path = ("parameters", name)
    rows = body["values"]
    assert isinstance(rows, list)
    values = [_dated(row, document.at((*path, "values", index))) for index, row in enumerate(rows)]
    for index, (earlier, later) in enumerate(pairwise(values), start=1):
        if later.valid_from <= earlier.valid_from:
            message = f"the value of {later.valid_from} stands after that of {earlier.valid_from}"
            place = document.at((*path, "values", index, "from"))
            problems.append(Diagnostic("params.order", message, place, "list values by day, oldest first, one per day"))
    return Parameter(name, str(body["description"]), str(body["unit"]), tuple(values), document.at(path, key=True))


def _dated(row: dict[str, object], location: Location) -> DatedValue:
    valid_from = row["from"]
    assert isinstance(valid_from, date)
    url, note = str(row.get("url", "")), str(row.get("note", ""))
    return DatedValue(valid_from, _numbers(row["value"]), str(row["source"]), location, url, note)


def _numbers(value: object) -> object:
    """The value with every number as an exact ``Decimal``."""
    match value:
        case bool():
            return value
        case int():
            return Decimal(value)
        case list():
            return [_numbers(item) for item in value]
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case _:
            return value
