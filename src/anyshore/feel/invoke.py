"""Calling a function value with arguments. Source: DMN 1.5, 10.3.2.13.2, 10.3.2.13.3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyshore.feel.builtins.rows import BuiltinFunction, choose
from anyshore.feel.origin import Place
from anyshore.feel.run import Raw, Run
from anyshore.feel.types import coerce
from anyshore.feel.values import Function


def apply(run: Run, function: Function, arguments: list[object], names: tuple[str, ...] | None, place: Place) -> object:
    """Call a function value: arguments are ordered, converted to the parameters' types, and counted."""
    run.place = place
    if isinstance(function, BuiltinFunction):
        rows, problem = choose(function, len(arguments), names)
        run.spend()
        if problem:
            return run.none(place, "feel.arguments", "{}", Raw(problem))
        return function.invoke(run, rows, arguments, names)
    ordered = _ordered(run, function, arguments, names, place)
    if ordered is None:
        return None
    for at, parameter in enumerate(function.parameters):
        if parameter.type is not None:
            value, fits = coerce(ordered[at], parameter.type)  # type: ignore[arg-type]
            if not fits:
                wanted = Raw(parameter.type)
                return run.none(
                    place, "feel.arguments", "the argument “{}” is {}, not {}", Raw(parameter.name), ordered[at], wanted
                )
            ordered[at] = value
    return enter(run, function, ordered, place)


def enter(run: Run, function: Function, arguments: Sequence[object], place: Place) -> object:
    """Run the body of a function on its converted arguments, one level deeper."""
    run.spend()
    run.depth -= 1
    if run.depth < 0:
        run.place = place
        run.over("depth", f"{run.limits.depth} functions called inside each other")
    try:
        result = function.body(run, arguments)
    finally:
        run.depth += 1
    if function.result is None:
        return result
    value, fits = coerce(result, function.result)  # type: ignore[arg-type]
    if not fits:
        run.none(place, "feel.result", "the function gives {}, not {}", result, Raw(function.result))
    return value


def _ordered(run: Run, function: Function, arguments: list[object], names: tuple[str, ...] | None, place: Place) -> Any:
    parameters = function.parameters
    label = Raw(f"{function.name or 'the function'}()")
    if len(arguments) != len(parameters):
        template = "{} takes {} arguments, not {}"
        return run.none(place, "feel.arguments", template, label, Raw(len(parameters)), Raw(len(arguments)))
    if names is None:
        return arguments
    given = dict(zip(names, arguments, strict=True))
    wanted = [parameter.name for parameter in parameters]
    if given.keys() != set(wanted):
        template = "the arguments of {} are {}"
        return run.none(place, "feel.arguments", template, label, Raw(", ".join(wanted)))
    return [given[one] for one in wanted]
