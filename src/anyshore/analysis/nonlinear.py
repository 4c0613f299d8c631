"""Nonlinear least squares: Levenberg and Marquardt with the model's own derivatives, then as many digits as it takes.

The step is found from the slopes with the damping below them (Moré 1978), the damping follows the gain (Nielsen 1999),
in doubles. Where fewer than seven digits are sure, Gauss-Newton steps in sixty digits go on from there, and the result
says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.analysis import orthogonal, sixty
from anyshore.analysis.expressions import Functions, Node, evaluate, names, parse
from anyshore.analysis.least_squares import SAFE, decimal
from anyshore.analysis.orthogonal import Factors, Matrix
from anyshore.base.errors import DataError

DOUBLES = Functions(number=float, exp=np.exp, log=np.log, sin=np.sin, cos=np.cos, arctan=np.arctan, sqrt=np.sqrt)
MOST_STEPS = 2_000
_MOST_LONG_STEPS = 60
_STILL = 1e-13
"""Relative step below which doubles stand still."""
_LONG_STILL = 1e-25
_HALVINGS = 30
_MOST_SETTLING = 300
_CONTRACTING = 0.95
"""A step of Gauss and Newton must be shorter than the one before by this, or it settles nothing."""
_BLOCKED = 1e-12
"""Relative step in sixty digits below which it does not matter that squares grow."""


@dataclass(frozen=True, slots=True)
class NonlinearFit:
    """A fitted model.

    Attributes:
        parameters: by name.
        errors: their standard errors, from the slopes at the solution; None without degrees of freedom.
        residual_squares: residual sum of squares.
        residual_freedom: observations less parameters.
        deviation: residual standard deviation; None without degrees of freedom.
        steps: how many were taken.
        digits: 16 where doubles carried, 60 where the longer arithmetic was used.
        safe_digits: digits of the double arithmetic that were sure.
    """

    parameters: Mapping[str, Decimal]
    errors: Mapping[str, Decimal] | None
    residual_squares: Decimal
    residual_freedom: int
    deviation: Decimal | None
    steps: int
    digits: int
    safe_digits: float


def fit(
    model: str, response: Sequence[Decimal], data: Mapping[str, Sequence[Decimal]], start: Mapping[str, Decimal],
    *, of_response: str = "",
) -> NonlinearFit:  # fmt: skip
    """Fits a model.

    Args:
        model: an expression of the parameters and the columns, :mod:`anyshore.analysis.expressions`.
        response: what is explained.
        data: the columns by name.
        start: where the search for each parameter begins.
        of_response: an expression of ``y`` where not the response itself is modelled, ``log(y)`` for example.

    Raises:
        DataError: the model cannot be read, names something that is no column and no parameter, there are too few
            observations, or the search finds no minimum from this start.
    """
    problem = _Problem.of(model, response, data, start, of_response)
    descended, steps = _descended(problem)
    at, factors, more, last = _settled(problem, descended)
    steps += more
    safe = _sure(problem, at, factors, last)
    if safe >= SAFE:
        values: Matrix = at
        digits = 16
    else:
        values, factors, more = _polished(problem, at)
        steps, digits = steps + more, sixty.DIGITS
    freedom = len(response) - len(start)
    residual = decimal((problem.residuals(values, digits) ** 2).sum())
    variance = residual / freedom if freedom else None
    errors = None
    if variance is not None:
        lengths = [decimal(one) for one in factors.inverse_lengths]
        errors = {name: (variance * one).sqrt() for name, one in zip(problem.names, lengths, strict=True)}
    return NonlinearFit(
        {name: decimal(value) for name, value in zip(problem.names, values, strict=True)}, errors, residual, freedom,
        None if variance is None else variance.sqrt(), steps, digits, safe,
    )  # fmt: skip


@dataclass(frozen=True)
class _Problem:
    """A model with its data in doubles and in sixty digits."""

    node: Node
    names: tuple[str, ...]
    start: NDArray[np.float64]
    short: Mapping[str, NDArray[np.float64]]
    long: Callable[[], tuple[Mapping[str, Matrix], Matrix]]
    response: NDArray[np.float64]

    @classmethod
    def of(
        cls, model: str, response: Sequence[Decimal], data: Mapping[str, Sequence[Decimal]],
        start: Mapping[str, Decimal], of_response: str,
    ) -> _Problem:  # fmt: skip
        node = parse(model)
        unknown = [name for name in names(node) if name not in data and name not in start]
        if unknown:
            hint = "Give it a column or a start."
            raise DataError("model.unknown", f"{unknown[0]!r} is neither a column nor a parameter.", hint=hint)
        if len(response) < len(start) or any(len(column) != len(response) for column in data.values()):
            message = f"{len(response)} observations do not fit {len(start)} parameters and their columns."
            raise DataError("analysis.observations", message, hint="Give a value per observation, and enough of them.")
        taken = parse(of_response or "y")

        def long() -> tuple[Mapping[str, Matrix], Matrix]:
            y = evaluate(taken, {"y": sixty.array(response)}, sixty.FUNCTIONS).value
            return {name: sixty.array(column) for name, column in data.items()}, y

        y = evaluate(taken, {"y": np.array([float(one) for one in response])}, DOUBLES).value
        short = {name: np.array([float(one) for one in column]) for name, column in data.items()}
        return cls(node, tuple(start), np.array([float(one) for one in start.values()]), short, long, y)

    def model(self, at: Matrix, functions: Functions) -> tuple[Matrix, Matrix, Matrix]:
        """Fitted values, slopes (observations × parameters) and response, in the numbers of ``at``."""
        data, y = (self.short, self.response) if functions is DOUBLES else self._long()
        with np.errstate(all="ignore"):  # a step too far is seen by its squares, and taken back
            found = evaluate(
                self.node, {**data, **dict(zip(self.names, at, strict=True))}, functions, frozenset(self.names)
            )
        zero = y * 0
        slopes = np.array([zero + found.slopes.get(name, 0) for name in self.names]).T
        return zero + found.value, slopes, y

    def _long(self) -> tuple[Mapping[str, Matrix], Matrix]:
        if not hasattr(self, "_kept"):
            object.__setattr__(self, "_kept", self.long())
        kept: tuple[Mapping[str, Matrix], Matrix] = self._kept  # type: ignore[attr-defined]  # just set
        return kept

    def residuals(self, at: Matrix, digits: int) -> Matrix:
        fitted, _slopes, y = self.model(at, DOUBLES if digits == 16 else sixty.FUNCTIONS)
        return y - fitted

    def factors(self, at: Matrix, functions: Functions) -> Factors:
        fitted, slopes, y = self.model(at, functions)
        root = np.sqrt if functions is DOUBLES else sixty.LONG.sqrt
        try:
            return orthogonal.factorised(slopes, y - fitted, root)
        except ZeroDivisionError as problem:
            raise _lost("the parameters depend on each other there") from problem


def _sure(problem: _Problem, at: NDArray[np.float64], factors: Factors, last: float) -> float:
    """How many digits of every parameter and of the residuals are sure in doubles.

    What rounding leaves of the gradient moves a parameter by ε |y| κ at most, in units of the scaled columns; the
    search itself stands as near as its last step was long.
    """
    level = float(np.linalg.norm(problem.response))
    rest = math.sqrt(float(factors.residual_squares))
    smallest = float(np.min(np.abs(at * factors.scales)))
    if not rest or not smallest or not math.isfinite(factors.condition):
        return 0.0
    error = max(orthogonal.EPSILON * max(level * factors.condition / smallest, level / rest, factors.condition), last)
    return max(0.0, -math.log10(error))


def _settled(problem: _Problem, start: NDArray[np.float64]) -> tuple[NDArray[np.float64], Factors, int, float]:
    """Gauss-Newton in doubles from where descent ends: sums of squares tell half the digits only, their gradient all.

    Returns:
        Where it stands, the factors there, how many steps, and how long the last was relative to the parameters.
    """
    at, before = start, math.inf
    factors = problem.factors(at, DOUBLES)
    for step in range(_MOST_SETTLING):
        try:
            move = factors.coefficients
        except ZeroDivisionError:
            return at, factors, step, 1.0
        length = _relative(move, at)
        if not length < before * _CONTRACTING:
            return at, factors, step, min(length, before) / (1 - _CONTRACTING)
        there = at + move
        following = problem.factors(there, DOUBLES)
        if not np.isfinite(following.rotated).all():
            return at, factors, step, length
        at, factors, before = there, following, length
    return at, factors, _MOST_SETTLING, before


def _descended(problem: _Problem) -> tuple[NDArray[np.float64], int]:
    """Levenberg and Marquardt from the start, in doubles."""
    at = problem.start.copy()
    fitted, slopes, y = problem.model(at, DOUBLES)
    squares = _squares(y - fitted)
    if not math.isfinite(squares):
        raise _lost("the model has no value at the start")
    widths = np.linalg.norm(slopes, axis=0)
    damping, growth = 1e-3, 2.0
    for step in range(1, MOST_STEPS + 1):
        widths = np.maximum(widths, np.linalg.norm(slopes, axis=0))
        scale = np.where(widths > 0, widths, 1.0)
        while True:  # ends: the damping grows until the squares fall or nothing moves
            move = _move(slopes, y - fitted, scale, damping)
            there = at + move
            fitted_there, slopes_there, _y = problem.model(there, DOUBLES)
            found = _squares(y - fitted_there)
            small = _relative(move, at) < _STILL
            if math.isfinite(found) and np.isfinite(slopes_there).all() and found <= squares:
                break
            if small or damping > 1e30:
                return at, step
            damping, growth = damping * growth, growth * 2
        gain = squares - found
        expected = float(move @ (damping * scale * scale * move + slopes.T @ (y - fitted)))
        ratio = min(gain / expected, 2.0) if expected > 0 else 1.0
        at, fitted, slopes, squares = there, fitted_there, slopes_there, found
        if small or (gain <= 1e-16 * squares and damping < 1e-8 and _relative(move, at) < 1e-9):
            return at, step
        damping, growth = max(damping * max(1 / 3, 1 - (2 * ratio - 1) ** 3), 1e-18), 2.0
    raise _lost(f"it does not stand still after {MOST_STEPS:,} steps")


def _move(slopes: Matrix, rest: Matrix, scale: Matrix, damping: float) -> NDArray[np.float64]:
    """The damped step: least squares of the slopes over the square root of the damping on the diagonal."""
    count = slopes.shape[1]
    above = np.vstack([slopes, np.diag(scale * math.sqrt(damping))])
    answer, *_rest = np.linalg.lstsq(above / scale, np.concatenate([rest, np.zeros(count)]), rcond=None)
    found: NDArray[np.float64] = answer / scale
    return found


def _polished(problem: _Problem, start: NDArray[np.float64]) -> tuple[Matrix, Factors, int]:
    """Gauss-Newton in sixty digits from where doubles came to."""
    at: Any = sixty.array(float(one) for one in start)
    factors = problem.factors(at, sixty.FUNCTIONS)
    if not math.isfinite(factors.condition):
        raise _lost("the parameters depend on each other there")
    squares = _long_squares(problem, at)
    for step in range(1, _MOST_LONG_STEPS + 1):
        try:
            move = factors.coefficients
        except ZeroDivisionError as trouble:
            raise _lost("the parameters depend on each other there") from trouble
        for _halving in range(_HALVINGS):
            there = at + move
            found = _long_squares(problem, there)
            if found <= squares:
                break
            move = move / 2
        else:
            if _relative(move.astype(np.float64) * 2.0**_HALVINGS, at.astype(np.float64)) > _BLOCKED:
                raise _lost("the squares do not fall along the slopes")
            return at, factors, step
        at, squares = there, found
        factors = problem.factors(at, sixty.FUNCTIONS)
        if _relative(move.astype(np.float64), at.astype(np.float64)) < _LONG_STILL:
            return at, factors, step
    raise _lost(f"it does not stand still after {_MOST_LONG_STEPS} steps in sixty digits")


def _long_squares(problem: _Problem, at: Matrix) -> Any:
    return (problem.residuals(at, sixty.DIGITS) ** 2).sum()


def _squares(rest: Matrix) -> float:
    with np.errstate(all="ignore"):
        return float(rest @ rest)


def _relative(move: Matrix, at: Matrix) -> float:
    return float(np.max(np.abs(move) / np.maximum(np.abs(at), 1e-300)))


def _lost(why: str) -> DataError:
    hint = "Begin elsewhere, or simplify the model."
    return DataError("analysis.no-minimum", f"No minimum was found: {why}.", hint=hint)
