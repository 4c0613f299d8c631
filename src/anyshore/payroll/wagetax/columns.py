"""A flow chart over columns: 64-bit integers through numpy, and row by row what would not fit in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from anyshore.payroll.wagetax import programs
from anyshore.payroll.wagetax.wagetax import WageTax

LARGEST = 10**11
"""Scaled amounts up to this (ten million euros in a hundredth of a cent) go over columns; rows beyond, one by one."""
_WATCHED = 2.0**62
_BLOCK = 8192
"""Rows at a time: what is computed between stays in the processor's cache."""


def compute_columns(tax: WageTax, inputs: Mapping[str, Any], outputs: Sequence[str]) -> dict[str, tuple[Any, int]]:
    """The outputs of a flow chart for many rows at once.

    Args:
        tax: the flow chart.
        inputs: by name an array of int64 in the units of the chart, or ``(array, places)`` where its integers stand
            for decimals, or one number for all rows. At least one is an array; all have one length, n.
        outputs: the names wanted.

    Returns:
        By name an array of int64, shape (n,), and its decimal places: what is withheld has none, in cents.

    Raises:
        WageTaxError: an input is not known or no exact number, or a row cannot be computed.
    """
    import numpy as np

    wanted = tax.wanted(outputs)
    arrays, fixed, places = _split(tax, inputs)
    size = len(next(iter(arrays.values())))
    key = (tuple(places.items()), tuple(fixed.items()), wanted)
    if key not in tax.over_columns:
        made = programs.translate(
            tax.chart, places, wanted, columns=True, fixed=fixed, bounds=dict.fromkeys(arrays, LARGEST)
        )
        tax.over_columns[key] = made, compile(made.source, tax.chart.file, "exec")
    program, code = tax.over_columns[key]
    results = {name: np.zeros(size, dtype=np.int64) for name in wanted}
    for start in range(0, size, _BLOCK):
        block = {name: array[start : start + _BLOCK] for name, array in arrays.items()}
        bad = _run(np, program, code, [block[name] for name in places if name in block], results, start)
        for row in map(int, np.flatnonzero(bad)):
            values = {name: int(array[row]) for name, array in block.items()} | fixed
            _one(tax, places, values, program, results, start + row)
    return {name: (one, program.outputs[name]) for name, one in results.items()}


def _run(np: Any, program: programs.Program, code: Any, columns: list[Any], results: dict[str, Any], start: int) -> Any:
    """Computes a block of rows into the results; gives which of them have to be computed one by one."""
    bad = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        bad |= np.abs(column) > LARGEST
    names: dict[str, Any] = {
        "quotient": partial(_quotient, np, bad), "element": partial(_element, np, bad),
        "watched": partial(_watched, np, bad), "where": np.where, "least": np.minimum, "most": np.maximum,
    }  # fmt: skip
    names |= {name: np.array(table, dtype=np.int64) for name, table in program.tables.items()}
    exec(code, names)  # noqa: S102
    with np.errstate(all="ignore"):  # what overflows is in rows that are marked, or on a side that is not taken
        found = names["run"](*columns)
    for name, one in zip(results, found, strict=True):
        results[name][start : start + len(bad)] = one
    return bad


def _split(tax: WageTax, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, int], dict[str, int]]:
    """Arrays and fixed numbers by name, and the decimal places of both."""
    import numpy as np

    arrays: dict[str, Any] = {}
    fixed: dict[str, int] = {}
    places: dict[str, int] = {}
    for name, given in inputs.items():
        value, scale = given if isinstance(given, tuple) else (given, 0)
        if isinstance(value, np.ndarray):
            if name not in tax.chart.inputs or value.dtype != np.int64 or value.ndim != 1:
                raise tax.refused(name, "a column is a known input of int64")
            if tax.chart.inputs[name].kind == "int" and scale:
                raise tax.refused(name, "it has no decimal places")
            arrays[name], places[name] = value, scale
        else:
            scales, numbers = tax.scaled({name: value})
            fixed[name], places[name] = numbers[0], scales[name]
    if not arrays or len({len(one) for one in arrays.values()}) != 1:
        raise tax.refused(next(iter(inputs), "?"), "columns of one length are needed")
    return arrays, fixed, places


def _one(
    tax: WageTax, places: Mapping[str, int], values: Mapping[str, int], program: programs.Program,
    results: dict[str, Any], row: int,
) -> None:  # fmt: skip
    found = tax.compute({name: Decimal(values[name]).scaleb(-places[name]) for name in places}, tuple(program.outputs))
    for name, scale in program.outputs.items():
        results[name][row] = int(found[name].scaleb(scale))


def _quotient(np: Any, bad: Any, number: Any, by: Any, mode: str, mask: Any) -> Any:
    """Integers divided by integers and rounded; rows that cannot be are marked."""
    zero = by == 0
    bad |= mask & zero
    by = np.where(zero, 1, by) if isinstance(by, np.ndarray) else by
    number, by = (np.where(by < 0, -number, number), np.abs(by)) if isinstance(by, np.ndarray) else (number, by)
    if mode == "DOWN" and not _negative(number):
        return number // by
    amount = np.abs(number)
    found = amount // by
    rest = amount - found * by
    if mode == "UNNECESSARY":
        bad |= mask & (rest != 0)
    elif mode != "DOWN":
        found = found + _upward(np, mode, number, found, rest, by)
    return np.where(number < 0, -found, found)


def _negative(number: Any) -> bool:
    return bool((number < 0).any()) if hasattr(number, "any") else number < 0


def _upward(np: Any, mode: str, number: Any, found: Any, rest: Any, by: Any) -> Any:
    """Where the amount is rounded away from zero, as ``java.math.RoundingMode`` says."""
    if mode == "UP":
        return rest != 0
    if mode in ("FLOOR", "CEILING"):
        return (rest != 0) & ((number < 0) if mode == "FLOOR" else (number > 0))
    twice = 2 * rest
    if mode == "HALF_UP":
        return twice >= by
    return (twice > by) | ((twice == by) & (found % 2 == 1)) if mode == "HALF_EVEN" else twice > by


def _element(np: Any, bad: Any, table: Any, index: Any, mask: Any) -> Any:
    outside = (index < 0) | (index >= len(table))
    bad |= mask & outside
    return table[np.where(outside, 0, index)]


def _watched(np: Any, bad: Any, operator: str, left: Any, right: Any, mask: Any) -> Any:
    """A sum, difference or product; rows whose result leaves 62 bits are marked."""
    if operator == "*":
        bad |= mask & (np.abs(np.asarray(left, dtype=float)) * np.abs(np.asarray(right, dtype=float)) >= _WATCHED)
        return left * right
    bad |= mask & (np.abs(np.asarray(left, dtype=float)) + np.abs(np.asarray(right, dtype=float)) >= _WATCHED)
    return left + right if operator == "+" else left - right
