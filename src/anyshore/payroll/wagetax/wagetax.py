"""Wage tax by a published flow chart: for one row, and step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore.base.locations import Location
from anyshore.payroll.wagetax import programs, scaled
from anyshore.payroll.wagetax.programs import Program
from anyshore.payroll.wagetax.reading import Chart, Given, WageTaxError

_PLACES = {"BigDecimal": 2, "double": 3, "int": 0}
"""Decimal places an input is given at the least, by its type, so that few translations serve all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One assignment of a computation.

    Attributes:
        line: where it stands in the file.
        text: the assignment as published.
        name: the variable.
        value: what it was given.
    """

    line: int
    text: str
    name: str
    value: Decimal


@dataclass(slots=True)
class WageTax:
    """A flow chart that can be computed.

    Translations are made when inputs of their kind first come, and kept; computing is a function of its inputs.

    Attributes:
        chart: the flow chart.
        over_columns: translations for columns, by what they are for.
    """

    chart: Chart
    over_columns: dict[Any, Any] = field(default_factory=dict, repr=False)
    _rows: dict[Any, tuple[Callable[..., tuple[int, ...]], Program]] = field(default_factory=dict, repr=False)

    def compute(self, inputs: Mapping[str, Given], outputs: Sequence[str] | None = None) -> dict[str, Decimal]:
        """The outputs for one row of inputs.

        Args:
            inputs: by name, in the units the chart says (amounts in cents); those left out have their default.
            outputs: the names wanted; all if left out.

        Returns:
            Exact values, in the units the chart says.

        Raises:
            WageTaxError: an input is not known or no exact number, or a division does not end.
        """
        wanted = self.wanted(outputs)
        places, numbers = self.scaled(inputs)
        key = (tuple(places.items()), wanted)
        if key not in self._rows:
            self._rows[key] = self._row(places, wanted, steps=False)
        run, program = self._rows[key]
        found = self._ran(run, *numbers)
        return {
            name: Decimal(one).scaleb(-scale) for (name, scale), one in zip(program.outputs.items(), found, strict=True)
        }

    def explain(self, inputs: Mapping[str, Given]) -> list[Step]:
        """Every assignment of a computation in its order, as `compute` takes inputs.

        Raises:
            WageTaxError: as `compute`.
        """
        places, numbers = self.scaled(inputs)
        run, program = self._row(places, tuple(self.chart.outputs), steps=True)
        found: list[Step] = []

        def step(number: int, value: int, scale: int) -> None:
            one = program.steps[number]
            found.append(Step(one.line, one.text, one.name, Decimal(value).scaleb(-scale)))

        self._ran(run, *numbers, step)
        return found

    def wanted(self, outputs: Sequence[str] | None) -> tuple[str, ...]:
        """The names of outputs, all where none are named."""
        for name in outputs or ():
            if name not in self.chart.outputs:
                raise self.refused(name, "there is no such output")
        return tuple(self.chart.outputs) if outputs is None else tuple(outputs)

    def scaled(self, inputs: Mapping[str, Given]) -> tuple[dict[str, int], list[int]]:
        """Decimal places and integers of inputs, in their order."""
        places: dict[str, int] = {}
        numbers: list[int] = []
        for name, value in inputs.items():
            variable = self.chart.inputs.get(name)
            if variable is None:
                raise self.refused(name, "there is no such input")
            least = _PLACES[variable.kind]
            if type(value) is int:
                places[name] = least
                numbers.append(value * 10**least)
                continue
            if not isinstance(value, Decimal) or not value.is_finite():
                raise self.refused(name, f"{value!r} is no exact number")
            needed = max(-int(value.as_tuple().exponent), 0)
            if variable.kind == "int" and needed:
                raise self.refused(name, f"{value} is no whole number")
            places[name] = max(needed, least)
            numbers.append(int(value.scaleb(places[name])))
        return places, numbers

    def refused(self, name: str, why: str) -> WageTaxError:
        """The error for an input."""
        hint = f"{self.chart.name} takes {', '.join(self.chart.inputs)}."
        return WageTaxError("wagetax.input", f"{name}: {why}.", Location(self.chart.file, name), hint)

    def _row(
        self, places: Mapping[str, int], outputs: Sequence[str], *, steps: bool
    ) -> tuple[Callable[..., tuple[int, ...]], Program]:
        program = programs.translate(self.chart, places, outputs, steps=steps)
        names: dict[str, Any] = {"quotient": _quotient, "element": _element, "least": min, "most": max}
        exec(compile(program.source, self.chart.file, "exec"), names | program.tables, names)  # noqa: S102
        return names["run"], program

    def _ran(self, run: Callable[..., tuple[int, ...]], *values: Any) -> tuple[int, ...]:
        try:
            return run(*values)
        except (ArithmeticError, IndexError) as problem:
            message = f"These inputs cannot be computed: {problem}."
            raise WageTaxError("wagetax.arithmetic", message, Location(self.chart.file), "Check the inputs.") from None


def _quotient(number: int, by: int, mode: str) -> int:
    if by == 0:
        raise ArithmeticError("a division by zero")
    return scaled.rounded(number, by, mode) if by > 0 else scaled.rounded(-number, -by, mode)


def _element(table: Sequence[int], index: int) -> int:
    if not 0 <= index < len(table):
        raise IndexError(f"the table has no element {index}")
    return table[index]
