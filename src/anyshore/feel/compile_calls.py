"""Functions and their calls to closures. Source: DMN 1.5, 10.3.2.13.2, 10.3.2.13.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from anyshore.feel import nodes
from anyshore.feel.compiler import Code, Compiler, Frame
from anyshore.feel.infer import infer
from anyshore.feel.invoke import apply
from anyshore.feel.origin import Place
from anyshore.feel.run import Raw, Run
from anyshore.feel.signatures import BuiltinFunction, Row, choose, direct
from anyshore.feel.types import ANY, FeelType, resolve
from anyshore.feel.values import Function, Parameter

# ---- definitions

# A function value takes about as much time and memory as this many turns of a loop.
_FUNCTION_STEPS = 4


def definition(c: Compiler, node: nodes.FunctionDefinition) -> Code:
    """``function(a) body`` as a value."""
    return function_definition(c, node, None)


def function_definition(c: Compiler, node: nodes.FunctionDefinition, own_slot: int | None) -> Code:
    """A function value; with a slot of its own name, it can call itself."""
    if c.shared is not None:
        c.shared.has_functions = True
        for one in node.parameters:
            c.name_slot(one.name)
            c.fixed_name(str(one.type))
    place = c.place(node)
    if node.external:
        return lambda frame: frame[1].none(place, "feel.external", "functions in other languages are not run", Raw(""))
    parameters = tuple(Parameter(one.name, _resolved(c, one)) for one in node.parameters)
    slots: dict[str, int] = {}
    for one in node.parameters:
        if one.name in slots:
            c.fail(one, "feel.syntax", f"the parameter “{one.name}” is there twice", "Give each a name of its own.")
        slots[one.name] = c.slot()
    c.enter(slots)
    body, weight = c.weighed(node.body)
    c.leave()
    targets = tuple(slots.values())

    known = {one.name: one.type if isinstance(one.type, FeelType) else ANY for one in parameters}
    types = c.types

    def inferred() -> FeelType:
        return infer(node.body, known, types=types)

    def make(frame: Frame) -> Function:
        frame[1].spend(_FUNCTION_STEPS)
        captured = frame[:]

        def call(run: Run, arguments: Sequence[object]) -> object:
            run.spend(weight)
            inner = captured[:]
            inner[1] = run
            for slot, argument in zip(targets, arguments, strict=True):
                inner[slot] = argument
            return body(inner)

        function = Function("", parameters, call, None, inferred)
        if own_slot is not None:
            captured[own_slot] = function
        return function

    return make


def _resolved(c: Compiler, parameter: nodes.Parameter) -> FeelType | None:
    if parameter.type is ANY:
        return None
    try:
        return resolve(parameter.type, c.types)
    except KeyError as error:
        c.fail(parameter, "feel.unknown-type", f"there is no type “{error.args[0]}”")


# ---- calls


def call(c: Compiler, node: nodes.Call) -> Code:
    """``f(a, b)`` or ``f(x: a, y: b)``."""
    if (conversion := _conversion(c, node)) is not None:
        text = node.arguments[0]
        assert isinstance(text, nodes.Literal)
        if c.shared is not None:
            return itemgetter(c.shared.converted(text, conversion))
        if (value := conversion(text.value)) is not None:
            return lambda frame: value
    c.needs_run = True
    codes = [c.code(argument) for argument in node.arguments]
    names, place = node.names, c.place(node)
    if names is not None:
        for one in names:
            c.fixed_name(one)
    builtin = _builtin(c, node.function)
    if builtin is not None:
        return _builtin_call(builtin, codes, names, place)
    function = c.code(node.function)
    if (apart := _apart(c, node.function)) is not None:
        return _call_apart(function, apart, _builtin_call(apart, codes, names, place), codes, names, place)
    label = Raw(node.function.name) if isinstance(node.function, nodes.Name) else None

    def invoke(frame: Frame) -> object:
        callee = function(frame)
        if not isinstance(callee, Function):
            what = label if label is not None and callee is None else callee
            return frame[1].none(place, "feel.no-function", "{} is no function", what)
        return apply(frame[1], callee, [code(frame) for code in codes], names, place)

    return invoke


_FOLDED = frozenset(("date", "time", "date and time", "duration"))


def _conversion(c: Compiler, node: nodes.Call) -> Callable[[Any], object] | None:
    """What works out a conversion of one string that is written out, once and beforehand; None if it is not that."""
    match node:
        case nodes.Call(
            function=nodes.Name(name=name) as function, arguments=(nodes.Literal(value=str()),), names=None
        ) if name in _FOLDED and (builtin := _builtin(c, function)) is not None:
            rows, _ = choose(builtin, 1, None)
            return lambda text: builtin.invoke(Run(), rows, [text], None)
    return None


def _builtin(c: Compiler, node: nodes.Node) -> BuiltinFunction | None:
    """The built-in function a name surely stands for."""
    if not isinstance(node, nodes.Name) or node.name in c.names:
        return None
    slot, _ = c.find(node.name)
    found = c.builtins.get(node.name)
    return found if slot is None and isinstance(found, BuiltinFunction) else None


def _apart(c: Compiler, node: nodes.Node) -> BuiltinFunction | None:
    """The built-in function a name stands for where functions have names of their own and a variable has it too."""
    found = c.builtins.get(node.name) if isinstance(node, nodes.Name) and c.names.functions_apart else None
    return found if isinstance(found, BuiltinFunction) else None


def _call_apart(
    variable: Code, builtin: BuiltinFunction, call: Code, codes: list[Code], names: tuple[str, ...] | None, place: Place
) -> Code:
    """A call by a name a variable has: of the variable's function, else of the built-in one."""

    def invoke(frame: Frame) -> object:
        callee = variable(frame)
        if not isinstance(callee, Function) or callee is builtin:
            return call(frame)
        return apply(frame[1], callee, [code(frame) for code in codes], names, place)

    return invoke


def _builtin_call(function: BuiltinFunction, codes: list[Code], names: tuple[str, ...] | None, place: Place) -> Code:
    rows, problem = choose(function, len(codes), names)
    if problem:
        reason = Raw(problem)
        return lambda frame: frame[1].none(place, "feel.arguments", "{}", reason)

    if names is not None:

        def invoke_named(frame: Frame) -> object:
            arguments = [code(frame) for code in codes]
            return function.invoke(_entered(frame, place), rows, arguments, names)

        return invoke_named
    if (few := _FOR_FEW.get(len(codes))) is not None:
        return few(function, rows, codes, place)
    body, kinds, left_out = direct(function, rows[0], len(codes))

    def invoke(frame: Frame) -> object:
        arguments = [code(frame) for code in codes]
        run = _entered(frame, place)
        for value, accepted in zip(arguments, kinds, strict=True):
            if accepted and type(value) not in accepted:
                return function.invoke(run, rows, arguments, None)
        return body(run, *arguments, *left_out)

    return invoke


def _call_of_one(function: BuiltinFunction, rows: Sequence[Row], codes: list[Code], place: Place) -> Code:
    body, (accepted,), left_out = direct(function, rows[0], 1)
    (only,) = codes
    anything = not accepted

    def invoke(frame: Frame) -> object:
        value = only(frame)
        run = frame[1]
        run.steps -= 1
        run.place = place
        if run.steps < 0:
            run.spend()
        if anything or type(value) in accepted:
            return body(run, value, *left_out)
        return function.invoke(run, rows, [value], None)

    return invoke


def _call_of_two(function: BuiltinFunction, rows: Sequence[Row], codes: list[Code], place: Place) -> Code:
    body, (accepted, also_accepted), left_out = direct(function, rows[0], 2)
    first, second = codes
    anything, also_anything = not accepted, not also_accepted

    def invoke(frame: Frame) -> object:
        one, other = first(frame), second(frame)
        run = frame[1]
        run.steps -= 1
        run.place = place
        if run.steps < 0:
            run.spend()
        if (anything or type(one) in accepted) and (also_anything or type(other) in also_accepted):
            return body(run, one, other, *left_out)
        return function.invoke(run, rows, [one, other], None)

    return invoke


_FOR_FEW = {1: _call_of_one, 2: _call_of_two}
"""Number of arguments → calls of built-in functions with so many by position: nearly all are such."""


def _entered(frame: Frame, place: Place) -> Run:
    """The run, in which a call of a built-in function at a place has been counted."""
    run: Run = frame[1]
    run.steps -= 1
    run.place = place
    if run.steps < 0:
        run.spend()
    return run


CALLS: Mapping[type, Callable[[Compiler, Any], Code]] = {
    nodes.FunctionDefinition: definition,
    nodes.Call: call,
}
