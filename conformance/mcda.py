"""Worked examples of multi-criteria methods: ``mcda/examples.json`` and files of the same shape.

An example names its method with options (``TOPSIS(normalizations.vector_normalization)``) or a row of steps
(``["VectorScaler(target=\\"matrix\\")", "TOPSIS()"]``). It passes when its ranks are equal and its figures are equal to
the digits printed, or within 1e-6 where more are printed.

A paper computes from the numbers it has and prints those rounded. So a figure also passes where it is off by no more
than the rounding of the printed input can make of it: each input with decimals stands for half a unit of its last place
up and down, to first order. The last line counts these as ``input_rounding``. Ranks must be equal in any case.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anyshore.sourcing.shores import methods
from conformance import folders, mcda_methods, mcda_steps
from conformance.scores import Score

FINEST = 1e-6
SENSES = {"max": 1.0, "min": -1.0, 1: 1.0, -1: -1.0}
PUBLISHED: dict[tuple[str, str], Any] = {
    ("Dezert", "bounds"): [[-5, 12], [-6, 10], [-8, 5]],
    ("Cables", "range_t"): [[23, 60], [0, 15], [0, 10], [1, 3], [1, 3], [1, 5]],
    ("Cables", "ref_s"): [[30, 35], [10, 15], [0, 0], [3, 3], [3, 3], [4, 5]],
    ("Shyur", "ref"): [80] * 7,
    ("Shyur", "reference_points"): [80] * 7,
    ("Zavadskas", "xopt"): [15, 50, 24.5, 400, 0.05, 5],
    ("Farag", "property_limits"): [10_000, 14, 0.0015, 3.5, 2.3, 9.0],
    ("Farag", "property_types"): [1, 1, -1, -1, 0, -1],
    ("Yazdani", "lambda_value"): 0.5,
    ("Munier", "b"): [None, 500, None, None],
}
"""What an example names without giving it, as its paper prints it: by a word of the reference and the name."""
PREFERENCES = {
    "score", "similarity", "utility", "utility_scores", "performance", "q_k", "method_1_score", "method_2_score",
    "ratio_score", "refpoint_score", "fmf_score",
}  # fmt: skip
"""Figures that are preferences; what is printed beside them (parts, thresholds, matrices) does not decide."""
MAXIMISED = {"ARAS", "CODAS", "CoCoSo", "MABAC", "WASPASModel", "WeightedProductModel", "WeightedSumModel"}
"""Methods that take criteria in which more is better: where no step turns the others round, they are inverted first."""
TURNING = {
    "BenefitCostInverter", "CenitDistance", "CenitDistanceMatrixScaler", "InvertMinimize", "MinMaxInverter",
    "NegateMinimize",
}  # fmt: skip


def run(data: Path) -> Score:
    """Runs every example of every JSON file below ``mcda``, or below the folder given."""
    score = Score("mcda", 0, 0, extra={"input_rounding": 0})
    root = folders.of_suite(data, "mcda")
    for file in folders.files(root, ".json"):
        examples = folders.told(lambda file=file: json.loads(file.read_text(encoding="utf-8")), str)
        if not isinstance(examples, list):
            score.total += 1
            score.failed.append(f"{file.relative_to(root)}: no list of examples ({str(examples)[:120]})")
            continue
        for number, example in enumerate(examples):
            name = example.get("id", number) if isinstance(example, dict) else number
            problem = folders.told(lambda example=example: check(example, score), str)
            score.total += 1
            score.passed += problem is None
            if problem is not None:
                score.failed.append(f"{file.stem} {name}: {problem}")
    return score


@dataclass
class Computed:
    """What a method gives and what is printed: ranks (None where none are), and figures by name with their digits."""

    ranks: list[Any] | None
    figures: dict[str, Any]


def check(example: dict[str, Any], score: Score) -> str | None:
    """What is wrong with an example; None where it passes."""
    compute = _by_steps if isinstance(example["method"], list) else _by_method
    numbers = _numbers(example)
    found, printed = compute(example, *numbers), _printed_of(example)
    if printed.ranks is not None and list(found.ranks or ()) != list(printed.ranks):
        return f"ranks {found.ranks} where {printed.ranks} is printed"
    missing = [name for name in printed.figures if name not in found.figures]
    if missing:
        return f"{missing[0]} is not computed"
    digits = example.get("digits")
    wrong = {name: differs(name, found.figures[name], one, digits) for name, one in printed.figures.items()}
    problem = next((one for one in wrong.values() if one), None)
    if problem and _explained(lambda *changed: compute(example, *changed).figures, example, found, printed, wrong):
        score.extra["input_rounding"] += 1
        return None
    return problem


def _printed_of(example: dict[str, Any]) -> Computed:
    if not isinstance(example["method"], list):
        ranked = example.get("expected_kind") in ("rank", "ranking")
        return Computed(example["expected"], {}) if ranked else Computed(None, {"preference": example["expected"]})
    _method, _alternatives, ranks, *more = example["expected"]
    figures = (dict(more[0]) if more else {}) | (example.get("expected_kw") or {}).get("extra", {})
    return Computed(ranks, {name: one for name, one in figures.items() if name in PREFERENCES})


def _by_method(example: dict[str, Any], matrix: Any, weights: Any, senses: Any) -> Computed:
    name, args, options = _read(ast.parse(example["method"], mode="eval").body, example)
    if name not in mcda_methods.METHODS:
        raise LookupError(f"there is no method {name}")
    method, less = mcda_methods.METHODS[name]
    found = np.asarray(method(matrix, weights, senses, *args, **options), dtype=float)
    return Computed(methods.ranks(found, less_is_better=less), {"preference": found})


def _by_steps(example: dict[str, Any], matrix: Any, weights: Any, senses: Any) -> Computed:
    problem = mcda_steps.Problem(matrix, weights, senses)
    *steps, (name, args, options) = [_read(ast.parse(one, mode="eval").body, example) for one in example["method"]]
    named = {step for step, _args, _options in steps}
    if steps and name in MAXIMISED and not named & TURNING:
        problem = mcda_steps.invert(problem)
    for step, its, own in steps:
        problem = mcda_steps.TRANSFORMS[step](problem, *its, **own)
    if name == "ELECTRE1" and "p" in options:
        options["p_"] = options.pop("p")
    if name == "SIMUS" and "b" not in options:
        options["b"] = _given("b", example)
    return Computed(*mcda_steps.DECIDERS[name](problem, *args, **options))


def _explained(
    figures: Callable[..., dict[str, Any]], example: dict[str, Any], found: Computed, printed: Computed, wrong: Any
) -> bool:
    """Whether rounding of the printed input explains every difference."""
    matrix, weights, senses = _numbers(example)
    spread = {name: np.zeros(np.shape(found.figures[name])) for name, one in wrong.items() if one}
    for table in (matrix, weights):
        for place in np.ndindex(table.shape):
            decimals = _printed(float(table[place]))
            if not decimals:
                continue
            kept = table[place]
            table[place] = kept + 0.5 * 10.0**-decimals
            moved = figures(matrix, weights, senses)
            table[place] = kept
            for name in spread:
                spread[name] += np.abs(np.asarray(moved[name], dtype=float) - np.asarray(found.figures[name]))
    for name, most in spread.items():
        wanted = np.asarray(printed.figures[name], dtype=float)
        room = _room(wanted, example.get("digits")) + most
        if (np.abs(np.asarray(found.figures[name], dtype=float) - wanted) > room).any():
            return False
    return True


def _numbers(example: dict[str, Any]) -> tuple[Any, Any, Any]:
    matrix = np.asarray(example["matrix"], dtype=float)
    weights = example.get("weights")
    senses = example.get("types") or example.get("objectives") or [1] * matrix.shape[1]
    return methods.checked(
        matrix, np.ones(matrix.shape[1]) if weights is None else weights, [SENSES[one] for one in senses]
    )


def _read(node: ast.expr, example: dict[str, Any]) -> tuple[str, list[Any], dict[str, Any]]:
    """Name, arguments and options of a call."""
    if not isinstance(node, ast.Call):
        raise TypeError(f"{ast.unparse(node)} is no call of a method")
    name = ast.unparse(node.func).rpartition(".")[2]
    options = {one.arg: _value(one.value, example) for one in node.keywords if one.arg}
    return name, [_value(one, example) for one in node.args], options


def _value(node: ast.expr, example: dict[str, Any]) -> Any:
    """An argument: a literal, a scaling by name, an expert made of a method, or what the example or its paper gives."""
    if isinstance(node, ast.Call):
        return _expert(node, example)
    if not isinstance(node, ast.Name | ast.Attribute):
        return ast.literal_eval(node)
    name = ast.unparse(node).rpartition(".")[2]
    if name in mcda_methods.SCALINGS:
        return mcda_methods.SCALINGS[name]
    found = _given(name, example)
    if found is not None:
        return found
    if name == "cvalues":  # COMET's own default: the ends of what the alternatives show (Sałabun 2015)
        matrix = np.asarray(example["matrix"], dtype=float)
        return np.array([matrix.min(axis=0), matrix.max(axis=0)]).T
    raise LookupError(f"the example names {name!r} and does not give it")


def _given(name: str, example: dict[str, Any]) -> Any:
    """What an option is called in the example or printed as in its paper; None where it is in neither."""
    for place in (example, example.get("parameters") or {}):
        if name in place:
            return place[name]
    words = (value for (word, own), value in PUBLISHED.items() if own == name and word in example.get("reference", ""))
    return next(words, None)


def _expert(node: ast.Call, example: dict[str, Any]) -> Callable[[Any], Any]:
    """``MethodExpert(TOPSIS(), weights, types)``: characteristic objects ranked by a method."""
    name, _args, _options = _read(ast.Call(node.func, [], []), example)
    if name != "MethodExpert":
        raise LookupError(f"there is no expert {name}")
    inner, args, options = _read(node.args[0], example)
    method, less = mcda_methods.METHODS[inner]
    _matrix, weights, senses = _numbers(example)
    return lambda objects: (
        -np.asarray(methods.ranks(method(objects, weights, senses, *args, **options), less_is_better=less), dtype=float)
    )


def differs(name: str, found: Any, expected: Any, digits: int | None = None) -> str | None:
    """What differs between figures beyond the digits printed."""
    ours, theirs = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if ours.shape != theirs.shape:
        return f"{name} has the shape {ours.shape} where {theirs.shape} is printed"
    if (np.abs(ours - theirs) <= _room(theirs, digits)).all():
        return None
    return f"{name} {np.round(ours, 6).tolist()} where {theirs.tolist()} is printed"


def _room(printed: Any, digits: int | None) -> Any:
    """Half a unit of the last digit printed, of each number as it is written; never finer than 1e-6."""
    places = np.vectorize(lambda one: _printed(float(one)) if digits is None else digits, otypes=[float])(printed)
    return np.maximum(0.5 * 10.0**-places * (1 + 1e-9), FINEST)


def _printed(value: float) -> int:
    """Decimal places a number is printed with."""
    return len(f"{value!r}".partition(".")[2].rstrip("0")) if "e" not in f"{value!r}" else 12
