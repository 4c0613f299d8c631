"""Calling a function value with arguments. Source: DMN 1.5, 10.3.2.13.2, 10.3.2.13.3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyshore.feel.origin import Place
from anyshore.feel.run import Raw, Run
from anyshore.feel.signatures import BuiltinFunction, choose
from anyshore.feel.types import coerce
from anyshore.feel.values import Function

# A call of a function takes about as long as this many turns of a loop.
_CALL_STEPS = 4


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
            value, fits = coerce(ordered[at], parameter.type, run)  # type: ignore[arg-type]
            if not fits:
                wanted = Raw(parameter.type)
                return run.none(
                    place, "feel.arguments", "the argument “{}” is {}, not {}", Raw(parameter.name), ordered[at], wanted
                )
            ordered[at] = value
    return enter(run, function, ordered, place)


def enter(run: Run, function: Function, arguments: Sequence[object], place: Place) -> object:
    """Run the body of a function on its converted arguments, one level deeper."""
    run.spend(_CALL_STEPS)
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
    value, fits = coerce(result, function.result, run)  # type: ignore[arg-type]
    if not fits:
        run.none(place, "feel.result", "the function gives {}, not {}", result, Raw(function.result))
    return value


def _ordered(run: Run, function: Function, arguments: list[object], names: tuple[str, ...] | None, place: Place) -> Any:
    wanted = [parameter.name for parameter in function.parameters]
    label = Raw(f"{function.name or 'the function'}()")
    if names is None:
        if len(arguments) == len(wanted):
            return arguments
        template = "{} takes {} arguments, not {}"
        return run.none(place, "feel.arguments", template, label, Raw(len(wanted)), Raw(len(arguments)))
    given = dict(zip(names, arguments, strict=True))
    if len(given) != len(names) or not given.keys() <= set(wanted):
        return run.none(place, "feel.arguments", "the arguments of {} are {}", label, Raw(", ".join(wanted)))
    # Parameters not named are null (10.3.2.13.5).
    return [given.get(one) for one in wanted]
