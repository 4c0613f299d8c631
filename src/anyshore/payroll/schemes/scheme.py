"""What a country's payslip is computed from: inputs, figures with their formulas and laws, and dated parameters.

A country is a folder of two files, ``figures.yaml`` and ``parameters.yaml``; the code knows none by name. A formula is
FEEL over inputs, parameters and the figures before it. Where a law changed, a figure has a formula per day it holds
from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from anyshore import feel, params
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.locations import Location
from anyshore.params import Parameters, marked, shapes

Texts = Mapping[str, str]
"""By language (``en``, ``de``)."""

BUILT_IN = ("day", "january")
"""What every formula may read besides: the day, and the parameters of the first of January of its year."""


class SchemeError(DefinitionError):
    """A country's files cannot be used, or not with these inputs."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the first day it holds; ``law`` where it differs from the figure's."""

    valid_from: date
    expression: feel.Expression
    law: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """The formulas of one value, oldest first."""

    formulas: tuple[Formula, ...]

    def at(self, day: date) -> Formula | None:
        """The formula that holds on a day; None before the first."""
        index = bisect_right(self.formulas, day, key=lambda one: one.valid_from)
        return self.formulas[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Input:
    """What is given for a payslip.

    Attributes:
        name: what formulas call it.
        title: what people call it.
        unit: EUR, percent …, or empty.
        default: its value where none is given.
        required: whether there is no default.
        summed: input or figure of which it is the sum over earlier payslips; empty where it is not.
        over: ``months before`` of the year, or ``year before``.
    """

    name: str
    title: Texts
    unit: str
    default: object
    required: bool
    summed: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Where a figure comes from a published flow chart."""

    when: Dated | None
    inputs: Mapping[str, Dated]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Where figures are computed once more, as of another day."""

    when: Dated
    day: Dated
    inputs: Mapping[str, Dated]
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        name: what formulas call it.
        title: what people call it.
        law: where its rule stands.
        unit: EUR, percent …, or empty.
        mode: ``half up``, ``down``, ``up``; empty where it is not rounded.
        places: decimal places it is rounded to.
        source: its formulas, a flow chart, or a computation as of another day.
        location: where it stands in its file.
    """

    name: str
    title: Texts
    law: str
    unit: str
    mode: str
    places: int
    source: Dated | Chart | Again
    location: Location

    @property
    def formulas(self) -> dict[str, Dated]:
        """All its formulas: by name what is given to a flow chart or to another day, the figure's own under no name."""
        source = self.source
        if isinstance(source, Dated):
            return {"": source}
        if isinstance(source, Chart):
            return {**({"when": source.when} if source.when else {}), **source.inputs}
        return {"when": source.when, "day": source.day, **source.inputs}

    @property
    def reads(self) -> set[str]:
        """Every name any of its formulas reads."""
        found = {n for dated in self.formulas.values() for one in dated.formulas for n in one.expression.free_names}
        return found | set(self.source.figures) if isinstance(self.source, Again) else found


@dataclass(frozen=True, slots=True)
class Scheme:
    """A country's payroll.

    Attributes:
        country: ISO 3166-1 code.
        title: what it is called.
        currency: ISO 4217 code of its amounts.
        inputs: by name.
        figures: by name, in the order they are computed in.
        parameters: dated, with their sources.
        checks: figures that are true where a person has to look.
        days: by day what `anyshore.payroll.schemes.computing` prepared for it.
        parts: by wanted figures the scheme of them and what they rest on.
    """

    country: str
    title: Texts
    currency: str
    inputs: Mapping[str, Input]
    figures: Mapping[str, Figure]
    parameters: Parameters
    checks: tuple[str, ...] = ()
    days: dict[date, Any] = field(default_factory=dict, repr=False, compare=False)
    parts: dict[frozenset[str], Scheme] = field(default_factory=dict, repr=False, compare=False)


@cache
def schema() -> shapes.Schema:
    """The published JSON Schema of ``figures.yaml``."""
    return shapes.load_schema(files(__package__).joinpath("schema.json").read_text(encoding="utf-8"))


def countries() -> list[str]:
    """The codes of the countries that come with this distribution."""
    folder = files("anyshore.payroll").joinpath("countries")
    return sorted(one.name.upper() for one in folder.iterdir() if one.joinpath("figures.yaml").is_file())


@cache
def country(code: str) -> Scheme:
    """The scheme of a country that comes with this distribution.

    Raises:
        SchemeError: there is none.
    """
    if code not in countries():
        hint = f"Known are: {', '.join(countries())}. See docs/add for a folder of your own."
        raise SchemeError("payroll.no-country", f"There is no payroll of {code!r}.", None, hint)
    return load(files("anyshore.payroll").joinpath("countries", code.lower()))


def load(folder: Traversable) -> Scheme:
    """A scheme from the folder of a country.

    Raises:
        SchemeError: with every problem of ``figures.yaml``, located.
        ParamsError: with every problem of ``parameters.yaml``.
    """
    parameters = params.loads(folder.joinpath("parameters.yaml").read_text("utf-8"), file="parameters.yaml")
    return loads(folder.joinpath("figures.yaml").read_text("utf-8"), parameters, file="figures.yaml")


def loads(text: str, parameters: Parameters, *, file: str | None = None) -> Scheme:
    """A scheme from the text of ``figures.yaml``.

    Raises:
        SchemeError: with every problem of the text, located.
    """
    document, problems = marked.load(text, file)
    if not problems or document.data is not None:
        problems += shapes.check(document, schema())
    if problems:
        raise SchemeError.of(problems)
    reader = _Reader(document, parameters)
    found = reader.scheme()
    if reader.problems:
        raise SchemeError.of(reader.problems)
    return found


@dataclass(slots=True)
class _Reader:
    document: marked.Document
    parameters: Parameters
    problems: list[Diagnostic] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def scheme(self) -> Scheme:
        data: Any = self.document.data
        self.known = {*BUILT_IN, *self.parameters}
        inputs: dict[str, Input] = {}
        for name, body in data["inputs"].items():
            self.claim(name, ("inputs", name))
            default = body.get("default")
            default = Decimal(default) if type(default) is int else default
            summed = body.get("sum", {})
            inputs[name] = Input(
                name, body["title"], body.get("unit", ""), default, "default" not in body,
                summed.get("of", ""), summed.get("over", ""),
            )  # fmt: skip
        figures: dict[str, Figure] = {}
        for name, body in data["figures"].items():
            found = self.figure(name, body, figures)
            self.claim(name, ("figures", name))
            if found is not None:
                figures[name] = found
        for index, name in enumerate(data.get("checks", [])):
            if name not in figures:
                self.problem("payroll.unknown", f"there is no figure '{name}'", ("checks", index))
        checks = tuple(data.get("checks", ()))
        return Scheme(data["country"], data["title"], data["currency"], inputs, figures, self.parameters, checks)

    def claim(self, name: str, path: marked.Path) -> None:
        if name in self.known:
            self.problem("payroll.name", f"'{name}' names an input, parameter or figure already", path)
        self.known.add(name)

    def problem(self, code: str, message: str, path: marked.Path, hint: str = "") -> None:
        self.problems.append(Diagnostic(code, message, self.document.at(path, key=True), hint))

    def figure(self, name: str, body: Mapping[str, Any], before: Mapping[str, Figure]) -> Figure | None:
        path: marked.Path = ("figures", name)
        ways = [key for key in ("of", "chart", "again") if key in body]
        if len(ways) != 1:
            self.problem("payroll.source", f"'{name}' needs one of 'of', 'chart' and 'again'", path)
            return None
        source: Dated | Chart | Again
        if ways == ["of"]:
            source = self.dated(body["of"], (*path, "of"))
        elif ways == ["chart"]:
            source = self.chart(body["chart"], (*path, "chart"))
        else:
            source = self.again(body["again"], (*path, "again"), before)
        mode, _, places = body.get("round", " 0").rpartition(" ")
        return Figure(
            name, body["title"], body["law"], body.get("unit", ""), mode.strip(), int(places), source,
            self.document.at(path, key=True),
        )  # fmt: skip

    def chart(self, body: Mapping[str, Any], path: marked.Path) -> Chart:
        when = self.dated(body["when"], (*path, "when")) if "when" in body else None
        return Chart(when, self.each(body["inputs"], (*path, "inputs")), tuple(body["outputs"]))

    def again(self, body: Mapping[str, Any], path: marked.Path, before: Mapping[str, Figure]) -> Again:
        for name in body["figures"]:
            if name not in before:
                self.problem("payroll.order", f"there is no figure '{name}' before this one", (*path, "figures"))
        when, day = (self.dated(body[key], (*path, key)) for key in ("when", "day"))
        return Again(when, day, self.each(body["inputs"], (*path, "inputs")), tuple(body["figures"]))

    def each(self, body: Mapping[str, Any], path: marked.Path) -> dict[str, Dated]:
        return {name: self.dated(value, (*path, name)) for name, value in body.items()}

    def dated(self, value: object, path: marked.Path) -> Dated:
        if not isinstance(value, list):
            return Dated(tuple(self.formula(date.min, value, "", path)))
        found = [
            formula
            for index, row in enumerate(value)
            for formula in self.formula(row["from"], row["formula"], row.get("law", ""), (*path, index, "formula"))
        ]
        if [one.valid_from for one in found] != sorted({one.valid_from for one in found}):
            self.problem("payroll.order", "formulas stand by day, oldest first, one per day", path)
        return Dated(tuple(found))

    def formula(self, day: date, text: object, law: str, path: marked.Path) -> Iterable[Formula]:
        place = self.document.at(path)
        try:
            expression = feel.compile(str(text), location=place)
        except DefinitionError as problem:
            self.problems += problem.diagnostics
            return
        for name in sorted(expression.free_names - self.known):
            hint = shapes.nearest(name, self.known)
            message = f"'{name}' is no input, no parameter and no figure before this one"
            self.problems.append(Diagnostic("payroll.unknown", message, place, hint))
        yield Formula(day, expression, law)
