"""One payslip's figures: a function of the scheme, the day and the inputs; every figure opens to what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from anyshore import feel
from anyshore.base.locations import Location
from anyshore.params import shapes
from anyshore.payroll.schemes.scheme import BUILT_IN, Again, Chart, Dated, Figure, Formula, Scheme, SchemeError
from anyshore.payroll.wagetax import WageTax, WageTaxError

_MODES = {"half up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(5))
_ZERO = Decimal(0)

Charts = Sequence[WageTax]
"""The published flow charts at hand."""


@dataclass(frozen=True, slots=True)
class Operand:
    """What a figure was computed from.

    Attributes:
        name: as the formula says it.
        kind: ``input``, ``parameter`` or ``figure``.
        title: what people call it, by language.
        value: its value.
        source: of a parameter, the law it was taken from.
        valid_from: of a parameter, the first day of the value.
    """

    name: str
    kind: str
    title: Mapping[str, str]
    value: object
    source: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure opened: its formula, its law, and what it was computed from."""

    name: str
    title: Mapping[str, str]
    value: object
    unit: str
    formula: str
    law: str
    rounding: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Payslip:
    """The figures of one payslip, with everything they rest on.

    Attributes:
        scheme: what they were computed by.
        day: the day whose law and parameters hold.
        values: inputs, parameters and figures by name.
        charts: the flow charts at hand.
    """

    scheme: Scheme
    day: date
    values: Mapping[str, object]
    charts: Charts

    def figures(self) -> dict[str, object]:
        """The figures alone, in their order."""
        return {name: self.values[name] for name in self.scheme.figures if name in self.values}

    def amount(self, name: str) -> Decimal:
        """A figure that is a number.

        Raises:
            SchemeError: it is none.
        """
        value = self.values.get(name)
        if not isinstance(value, Decimal):
            raise SchemeError("payroll.no-number", f"'{name}' is no number: {value!r}.")
        return value

    def explain(self, name: str) -> Explanation:
        """A figure opened.

        Raises:
            SchemeError: there is no such figure.
        """
        figure = self.scheme.figures.get(name)
        if figure is None:
            hint = shapes.nearest(name, self.scheme.figures)
            raise SchemeError("payroll.no-figure", f"There is no figure '{name}'.", None, hint)
        texts, names, law = _read(figure, self.day)
        rounding = f"{figure.mode} {figure.places}" if figure.mode else ""
        operands = tuple(self._operand(one) for one in sorted(names))
        return Explanation(
            name, figure.title, self.values.get(name), figure.unit, "\n".join(texts), law, rounding, operands
        )

    def _operand(self, name: str) -> Operand:
        scheme, value = self.scheme, self.values.get(name)
        if name in scheme.parameters:
            parameter = scheme.parameters[name]
            dated = parameter.dated(self.day)
            described = dict.fromkeys(("en", "de"), parameter.description)
            return Operand(name, "parameter", described, value, dated.source, dated.valid_from)
        if name in scheme.figures:
            return Operand(name, "figure", scheme.figures[name].title, value)
        title = scheme.inputs[name].title if name in scheme.inputs else dict.fromkeys(("en", "de"), name)
        return Operand(name, "input", title, value)


def compute(
    scheme: Scheme,
    day: date,
    inputs: Mapping[str, object],
    charts: Charts = (),
    wanted: Sequence[str] | None = None,
) -> Payslip:
    """The figures of one payslip.

    Args:
        scheme: the country's.
        day: the day whose law and parameters hold, usually the last of the month.
        inputs: by name; amounts are ``Decimal`` or int in the scheme's currency.
        charts: published flow charts, where the scheme asks for one.
        wanted: the figures to compute, with those they rest on; all if left out.

    Raises:
        SchemeError: an input is not known or missing (all at once), or a figure has no value.
        WageTaxError: there is no flow chart for the day, or it cannot be computed with these inputs.
    """
    prepared = _prepared(scheme if wanted is None else _part(scheme, frozenset(wanted)), day)
    values = {**prepared.parameters, **prepared.defaults}
    values.update(_checked(scheme, inputs))
    run = feel.Run()
    for figure, source in prepared.steps:
        value = source.value(run, values, charts)
        if figure.mode:
            if not isinstance(value, Decimal):
                raise _no_value(figure, values)
            value = value.quantize(_QUANTA[figure.places], _MODES[figure.mode])
        elif value is None:
            raise _no_value(figure, values)
        values[figure.name] = value
    return Payslip(scheme, day, values, charts)


def _no_value(figure: Figure, values: Mapping[str, object]) -> SchemeError:
    source = figure.source
    names = sorted(source.formulas[-1].expression.free_names) if isinstance(source, Dated) else []
    absent = ", ".join(name for name in names if values.get(name) is None)
    message = f"'{figure.name}' has no value" + (f": {absent} is missing." if absent else ".")
    return SchemeError("payroll.no-value", message, figure.location, "Give what its formula reads.")


def _checked(scheme: Scheme, inputs: Mapping[str, object]) -> dict[str, object]:
    """The inputs as formulas read them."""
    unknown = [name for name in inputs if name not in scheme.inputs]
    missing = [name for name, one in scheme.inputs.items() if one.required and inputs.get(name) is None]
    if unknown or missing:
        parts = [f"unknown: {', '.join(unknown)}"] if unknown else []
        parts += [f"missing: {', '.join(missing)}"] if missing else []
        hint = shapes.nearest(unknown[0], scheme.inputs) if unknown else ""
        raise SchemeError("payroll.inputs", f"The inputs do not fit ({'; '.join(parts)}).", None, hint)
    found: dict[str, object] = {}
    for name, value in inputs.items():
        if value is None:
            continue
        if type(value) is int:
            value = Decimal(value)
        elif isinstance(value, float) or (isinstance(value, Decimal) and not value.is_finite()):
            raise SchemeError("payroll.inputs", f"{name}: {value!r} is no exact number.", Location(None, name))
        found[name] = value
    return found


@dataclass(slots=True)
class _Prepared:
    """What holds on one day: parameter values, defaults of inputs, and the steps."""

    parameters: dict[str, object]
    defaults: dict[str, object]
    steps: list[tuple[Figure, _Step]]


class _Step:
    """How one figure is computed on one day."""

    __slots__ = ()

    def value(self, run: feel.Run, values: dict[str, object], charts: Charts) -> object:
        raise NotImplementedError


class _Formula(_Step):
    __slots__ = ("_evaluate",)

    def __init__(self, formula: Formula) -> None:
        self._evaluate = formula.expression.evaluate_in

    def value(self, run: feel.Run, values: dict[str, object], charts: Charts) -> object:
        return self._evaluate(run, values)


class _Chart(_Step):
    __slots__ = ("_chart", "_day", "_given", "_inputs", "_when")

    def __init__(self, chart: Chart, day: date) -> None:
        self._chart, self._day = chart, day
        self._when = None if chart.when is None else _at(chart.when, day)
        self._inputs = {name: _at(one, day) for name, one in chart.inputs.items()}
        self._given: dict[str, tuple[str, ...]] = {}

    def value(self, run: feel.Run, values: dict[str, object], charts: Charts) -> object:
        if self._when is not None and self._when.evaluate_in(run, values) is not True:
            return dict.fromkeys(self._chart.outputs, _ZERO)
        tax = chart_of(charts, self._day)
        name = tax.chart.name
        if name not in self._given:
            self._given[name] = tuple(one for one in self._inputs if one in tax.chart.inputs)
        found: dict[str, Any] = {one: self._inputs[one].evaluate_in(run, values) for one in self._given[name]}
        outputs = tuple(one for one in self._chart.outputs if one in tax.chart.outputs)
        return dict.fromkeys(self._chart.outputs, _ZERO) | tax.compute(found, outputs)


class _Again(_Step):
    __slots__ = ("_again", "_day", "_inputs", "_scheme", "_when")

    def __init__(self, again: Again, scheme: Scheme, day: date) -> None:
        self._again, self._scheme = again, scheme
        self._when, self._day = _at(again.when, day), _at(again.day, day)
        self._inputs = {name: _at(one, day) for name, one in again.inputs.items()}

    def value(self, run: feel.Run, values: dict[str, object], charts: Charts) -> object:
        if self._when.evaluate_in(run, values) is not True:
            return dict.fromkeys(self._again.figures, _ZERO)
        day = feel.to_python(self._day.evaluate_in(run, values))
        if not isinstance(day, date):
            raise SchemeError("payroll.no-value", "The day of another computation is no date.", self._day.location)
        changed = {name: one.evaluate_in(run, values) for name, one in self._inputs.items()}
        same = {name: values[name] for name in self._scheme.inputs if values.get(name) is not None}
        found = compute(self._scheme, day, same | changed, charts, self._again.figures)
        return {name: found.values[name] for name in self._again.figures}


def _part(scheme: Scheme, wanted: frozenset[str]) -> Scheme:
    """The scheme with the wanted figures and those they rest on, on whatever day."""
    if wanted not in scheme.parts:
        needed = set(wanted)
        for name in reversed(list(scheme.figures)):
            if name in needed:
                needed |= scheme.figures[name].reads
        if unknown := sorted(wanted - set(scheme.figures)):
            raise SchemeError("payroll.no-figure", f"There is no figure '{unknown[0]}'.")
        figures = {name: one for name, one in scheme.figures.items() if name in needed}
        scheme.parts[wanted] = replace(scheme, figures=figures, days={}, parts={})
    return scheme.parts[wanted]


def chart_of(charts: Charts, day: date) -> WageTax:
    """The flow chart that holds on a day: the latest of its year that has begun.

    Raises:
        WageTaxError: there is none.
    """
    fitting = [one for one in charts if one.chart.valid_from <= day and one.chart.valid_from.year == day.year]
    if not fitting:
        hint = "Load the chart published for the year (Programmablaufplan as XML)."
        raise WageTaxError("wagetax.no-chart-of-year", f"There is no flow chart for {day}.", None, hint)
    return max(fitting, key=lambda one: one.chart.valid_from)


def _at(dated: Dated, day: date) -> feel.Expression:
    formula = dated.at(day)
    if formula is None:
        raise SchemeError(
            "payroll.no-law", f"There is no formula for {day} yet.", dated.formulas[0].expression.location
        )
    return formula.expression


def _prepared(scheme: Scheme, day: date) -> _Prepared:
    if day not in scheme.days:
        if len(scheme.days) > 400:
            scheme.days.clear()
        parameters: dict[str, object] = dict(scheme.parameters.at(day))
        parameters["day"] = feel.from_python(day)
        parameters["january"] = scheme.parameters.at(day.replace(month=1, day=1))
        steps: list[tuple[Figure, _Step]] = []
        for figure in scheme.figures.values():
            source = figure.source
            if isinstance(source, Chart):
                steps.append((figure, _Chart(source, day)))
            elif isinstance(source, Again):
                steps.append((figure, _Again(source, scheme, day)))
            elif (formula := source.at(day)) is None:
                message = f"'{figure.name}' has no formula for {day}."
                raise SchemeError("payroll.no-law", message, figure.location)
            else:
                steps.append((figure, _Formula(formula)))
        defaults = {name: one.default for name, one in scheme.inputs.items()}
        scheme.days[day] = _Prepared(parameters, defaults, steps)
    found: _Prepared = scheme.days[day]
    return found


def _read(figure: Figure, day: date) -> tuple[list[str], set[str], str]:
    """The formulas of a figure that hold on a day, the names they read, and the law."""
    texts: list[str] = []
    names: set[str] = set()
    law = figure.law
    for name, dated in figure.formulas.items():
        formula = dated.at(day)
        if formula is not None:
            texts.append(f"{name} = {formula.expression.source}" if name else formula.expression.source)
            names |= formula.expression.free_names
            law = formula.law or law
    return texts, names - set(BUILT_IN), law
