"""Functions and their calls to closures. Source: DMN 1.5, 10.3.2.13.2, 10.3.2.13.3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anyshore.feel import nodes
from anyshore.feel.compiler import Code, Compiler, Frame
from anyshore.feel.infer import infer
from anyshore.feel.invoke import apply
from anyshore.feel.origin import Place
from anyshore.feel.run import Raw, Run
from anyshore.feel.signatures import BuiltinFunction, choose
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
    place = c.place(node)
    if node.external:
        return lambda frame: frame[1].none(place, "feel.external", "functions in other languages are not run", Raw(""))
    parameters = tuple(Parameter(one.name, _resolved(c, one)) for one in node.parameters)
    slots = {one.name: c.slot() for one in node.parameters}
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
    if (folded := _folded(c, node)) is not None:
        value = folded
        return lambda frame: value
    c.needs_run = True
    codes = [c.code(argument) for argument in node.arguments]
    names, place = node.names, c.place(node)
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


def _folded(c: Compiler, node: nodes.Call) -> object:
    """The value of a conversion of one string that is written out, worked out once; None if it is not that."""
    match node:
        case nodes.Call(
            function=nodes.Name(name=name) as function, arguments=(nodes.Literal(value=str(text)),), names=None
        ) if name in _FOLDED:
            builtin = _builtin(c, function)
            if builtin is not None:
                rows, _ = choose(builtin, 1, None)
                return builtin.invoke(Run(), rows, [text], None)
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

    def invoke(frame: Frame) -> object:
        arguments = [code(frame) for code in codes]
        run = frame[1]
        run.steps -= 1
        run.place = place
        if run.steps < 0:
            run.spend()
        return function.invoke(run, rows, arguments, names)

    return invoke


CALLS: Mapping[type, Callable[[Compiler, Any], Code]] = {
    nodes.FunctionDefinition: definition,
    nodes.Call: call,
}
